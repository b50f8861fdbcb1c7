// Visits that wait: a choice is sent at once, and the nearest first where the device knows its place.
const button = document.querySelector("#near");
const said = document.querySelector("#near-said");
for (const form of document.querySelectorAll("[data-autosubmit]")) {
  form.addEventListener("change", () => form.submit());
}
if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(sortFrom, fail, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}

function sortFrom({ coords }) {
  const address = new URL(location.href);
  address.searchParams.set("near", `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`);
  location.assign(address);
}

function fail() {
  button.disabled = false;
  said.textContent = button.dataset.failed;
}
