// One district among its neighbours, with what was reported in it.
import { connectTools, drawStreets, ground, makeMap } from "./basemap.js";
import { showPoints } from "./points.js";

const L = window.L;
const element = document.querySelector("#map");
const { district, asOf } = element.dataset;
const map = makeMap(element);
connectTools(map, document.querySelector(".map-tools"));

const [districts, parks] = await Promise.all([ground(element, "districts"), ground(element, "parks")]);
const isThis = ({ properties: { code } }) => code === district;
const draw = (filter, className) =>
  L.geoJSON(districts, { pane: "ground", interactive: false, filter, style: { className, fillOpacity: 1 } }).addTo(map);
draw((feature) => !isThis(feature), "d");
map.fitBounds(draw(isThis, "d chosen").getBounds(), { padding: [16, 16] });
L.geoJSON(parks, { pane: "ground", interactive: false, style: { className: "park" } }).addTo(map);
showPoints(map, element, asOf ? { district, as_of: asOf } : { district }, ({ href }) => location.assign(href));
await drawStreets(map, element);
