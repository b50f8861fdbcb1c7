// Two cases on one map: their shapes, their numbers, and the line between them.
import { connectTools, drawStreets, makeMap, statusIcon } from "./basemap.js";

const L = window.L;
const ABOVE = { direction: "top", offset: [0, -16] };
const BELOW = { direction: "bottom", offset: [0, 16] };
const element = document.querySelector("#map");
await drawBoth(JSON.parse(document.querySelector("#drawn").textContent));

async function drawBoth({ line, sides }) {
  const both = L.featureGroup([L.geoJSON(line, { interactive: false, style: { className: "apart" } })]);
  const north = Math.max(...sides.map(({ place: [lat] }) => lat));
  for (const { shape, place, status, late, number } of sides) {
    if (shape.type !== "Point") L.geoJSON(shape, { interactive: false, style: { className: "thing" } }).addTo(both);
    L.marker(place, { icon: statusIcon(element.dataset.icons, status, late), keyboard: false })
      .bindTooltip(number, { permanent: true, className: "number-label", ...(place[0] === north ? ABOVE : BELOW) })
      .addTo(both);
  }
  const map = makeMap(element).fitBounds(both.getBounds(), { padding: [64, 64], maxZoom: 19 });
  connectTools(map, document.querySelector(".map-tools"));
  both.addTo(map);
  await drawStreets(map, element);
}
