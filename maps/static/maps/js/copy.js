// An address that is shown once: copied by a button, where the browser can.
const button = document.querySelector("#copy");
const address = document.querySelector("#address");
address.addEventListener("focus", () => address.select());
if (navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address.value);
    button.textContent = button.dataset.done;
  });
}
