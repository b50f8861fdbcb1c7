// The desk: the case among its neighbours on a small map, and digits as shortcuts for its moves.
import { connectTools, drawStreets, ground, makeMap, statusIcon } from "./basemap.js";
import { connectProofs } from "./proof.js";

const L = window.L;
const element = document.querySelector("#map");
if (element && element.offsetParent) drawAround(JSON.parse(document.querySelector("#drawn").textContent));
connectNext();
connectProofs();
document.addEventListener("keydown", press);
for (const form of document.querySelectorAll("[data-autosubmit]")) {
  form.addEventListener("change", () => form.submit());
}

async function drawAround({ shape, place, status, late, accuracy, same, near }) {
  const { icons, caseUrl } = element.dataset;
  const map = makeMap(element).setView(place, 18);
  connectTools(map, document.querySelector(".map-tools"));
  L.circle(place, { radius: same, className: "ring-same", interactive: false }).addTo(map);
  if (accuracy) L.circle(place, { radius: accuracy, className: "here", interactive: false }).addTo(map);
  if (shape.type !== "Point") L.geoJSON(shape, { interactive: false, style: { className: "thing" } }).addTo(map);
  for (const row of near) {
    const go = () => location.assign(caseUrl.replace("NUMBER", row.number));
    L.marker(row.place, { icon: statusIcon(icons, row.status, row.late), title: row.title, alt: row.title }).on("click", go).addTo(map);
  }
  const icon = statusIcon(icons, status, late);
  icon.options.className += " pin--chosen";
  L.marker(place, { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(map);
  await drawStreets(map, element);
  L.geoJSON(await ground(element, "parks"), { pane: "ground", interactive: false, style: { className: "park" } }).addTo(map);
}

/** The link to the next case of the queue, after the one that is open. */
function connectNext() {
  const next = document.querySelector(".qrow[aria-current]")?.closest("li").nextElementSibling?.querySelector("a");
  const link = document.querySelector("[data-key='0']");
  if (!next || !link) return;
  link.href = next.href;
  link.hidden = false;
}

/** A digit opens a move's form, or makes a move that asks nothing: letters differ on an Arabic keyboard. */
function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "Escape") document.querySelector(".move[open]")?.removeAttribute("open");
  const digit = "٠١٢٣٤٥٦٧٨٩".indexOf(event.key) >= 0 ? "٠١٢٣٤٥٦٧٨٩".indexOf(event.key) : event.key;
  if (!/^\d$/.test(digit)) return;
  const button = document.querySelector(`[data-key="${digit}"]:not([hidden])`);
  if (!button) return;
  event.preventDefault();
  button.click();
  button.closest("details")?.querySelector(".moveform :is(select, textarea, input:not([type=hidden]))")?.focus();
}
