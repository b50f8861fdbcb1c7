// One distortion: its two photos as one picture, where it is, and its address to hand on.
import { connectTools, drawStreets, ground, makeMap, statusIcon } from "./basemap.js";
import { compare } from "./before-after.js";
import { connectShare } from "./share.js";

const L = window.L;
const element = document.querySelector("#map");
compare(document.querySelector("#pair"));
connectShare(document.querySelector("#share"));
await drawPlace(JSON.parse(document.querySelector("#drawn").textContent));

async function drawPlace({ shape, place, status, late }) {
  const map = makeMap(element).setView(place, 16);
  connectTools(map, document.querySelector(".map-tools"));
  const [districts, parks] = await Promise.all([ground(element, "districts"), ground(element, "parks")]);
  L.geoJSON(districts, { pane: "ground", interactive: false, style: { className: "d", fillOpacity: 1 } }).addTo(map);
  L.geoJSON(parks, { pane: "ground", interactive: false, style: { className: "park" } }).addTo(map);
  if (shape.type !== "Point") L.geoJSON(shape, { interactive: false, style: { className: "thing" } }).addTo(map);
  const icon = statusIcon(element.dataset.icons, status, late);
  L.marker(place, { icon, interactive: false, keyboard: false }).addTo(map);
  await drawStreets(map, element);
}
