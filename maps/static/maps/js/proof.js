// Where and when the photos of a form were taken: the device's place at a touch, each file's own time.

const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 };

/** Let each form that asks for photos send the place and the time with them. */
export function connectProofs() {
  document.querySelectorAll("[data-proof]").forEach(connect);
}

function connect(proof) {
  const field = proof.parentElement;
  const files = field.querySelector("input[type=file]");
  const hidden = (name) => field.querySelector(`input[type=hidden][name$="${name}"]`);
  const said = proof.querySelector("[role=status]");
  const button = proof.querySelector("button");

  files.addEventListener("change", async () => {
    const moments = [...files.files].map((file) => new Date(file.lastModified).toISOString());
    hidden("taken_at").value = moments.join(",");
    const asked = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (asked?.state === "granted" && !hidden("lon").value) locate();
  });
  if (!navigator.geolocation) return;
  button.addEventListener("click", locate);
  said.textContent = said.dataset.none;
  proof.hidden = false;

  function locate() {
    said.textContent = said.dataset.locating;
    navigator.geolocation.getCurrentPosition(keep, () => (said.textContent = said.dataset.failed), PATIENCE);
  }

  function keep({ coords }) {
    const metres = Math.ceil(coords.accuracy);
    hidden("lon").value = coords.longitude.toFixed(7);
    hidden("lat").value = coords.latitude.toFixed(7);
    hidden("accuracy_m").value = metres;
    const exact = document.createElement("bdi");
    exact.dir = "ltr";
    exact.textContent = `± ${metres.toLocaleString("en")}`;
    said.replaceChildren(said.dataset.found, " ", exact, " ", said.dataset.unit);
  }
}
