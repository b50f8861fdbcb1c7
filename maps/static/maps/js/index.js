// The map of the index: districts by class, with their points per km².
import { connectTools, drawStreets, from, ground, label, makeMap } from "./basemap.js";

const L = window.L;
const element = document.querySelector("#map");
const drawn = JSON.parse(document.querySelector("#drawn").textContent);
const labels = JSON.parse(document.querySelector("#labels").textContent);
const map = makeMap(element);

connectTools(map, document.querySelector(".map-tools"));
try {
  const layer = L.geoJSON(await ground(element, "districts"), {
    pane: "ground",
    interactive: false,
    filter: ({ properties }) => properties.code in drawn,
    style: ({ properties: { code } }) => ({
      className: `d ${drawn[code].class}`,
      fillOpacity: 1,
      fillColor: drawn[code].class === "c0" ? "url(#few)" : undefined,
    }),
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [10, 10] });
  const names = L.layerGroup();
  for (const [code, { name, value }] of Object.entries(drawn)) {
    const short = value?.toLocaleString("en", { maximumFractionDigits: 0 });
    if (short) label(labels[code], short, "label-number").addTo(map);
    names.addLayer(label(labels[code], name, short ? "label-name" : "label-name label-name--alone"));
  }
  from(map, 13, names);
  await drawStreets(map, element);
} catch {
  document.querySelector("#map-failed").hidden = false;
}
