// A job: its stops on a map, numbered in the order of the way.
import { connectTools, drawStreets, ground, makeMap } from "./basemap.js";
import { connectProofs } from "./proof.js";

const L = window.L;
const element = document.querySelector("#map");
const stops = JSON.parse(document.querySelector("#drawn").textContent);
const places = stops.map(({ place }) => place);
const map = makeMap(element).fitBounds(L.latLngBounds(places), { padding: [36, 36], maxZoom: 17 });
connectTools(map, document.querySelector(".map-tools"));
connectProofs();
L.polyline(places, { className: "way", interactive: false }).addTo(map);
stops.forEach(({ place, shape, title }, index) => {
  if (shape.type !== "Point") L.geoJSON(shape, { interactive: false, style: { className: "thing" } }).addTo(map);
  const number = index + 1;
  const icon = L.divIcon({ className: "stoppin", html: `<b>${number}</b>`, iconSize: [32, 32] });
  L.marker(place, { icon, title: `${number} ${title}`, alt: `${number} ${title}` })
    .on("click", () => document.querySelectorAll(".stop")[index].scrollIntoView())
    .addTo(map);
});
await drawStreets(map, element);
L.geoJSON(await ground(element, "parks"), { pane: "ground", interactive: false, style: { className: "park" } }).addTo(map);
