// Two cases on one map: their shapes, their numbers, and the line between them.
import { connectTools, drawStreets, makeMap, statusIcon } from "./basemap.js";

const L = window.L;
const element = document.querySelector("#map");
await drawBoth(JSON.parse(document.querySelector("#drawn").textContent));

async function drawBoth({ line, sides }) {
  const both = L.featureGroup([L.geoJSON(line, { interactive: false, style: { className: "apart" } })]);
  for (const { shape, place, status, late, number } of sides) {
    if (shape.type !== "Point") L.geoJSON(shape, { interactive: false, style: { className: "thing" } }).addTo(both);
    L.marker(place, { icon: statusIcon(element.dataset.icons, status, late), keyboard: false })
      .bindTooltip(number, { permanent: true, className: "number-label", direction: "top", offset: [0, -16] })
      .addTo(both);
  }
  const map = makeMap(element).fitBounds(both.getBounds(), { padding: [48, 64], maxZoom: 18 });
  connectTools(map, document.querySelector(".map-tools"));
  both.addTo(map);
  await drawStreets(map, element);
}
