// The public map: districts by their verified rate, or distortions in clusters made by the server.
import { connectTools, drawStreets, from, ground, label, makeMap } from "./basemap.js";
import { showPoints } from "./points.js";

const L = window.L;
const element = document.querySelector("#map");
const { icons, view, districtUrl, parkUrl } = element.dataset;
const drawn = JSON.parse(document.querySelector("#drawn").textContent);
const labels = JSON.parse(document.querySelector("#labels").textContent);
const params = new URLSearchParams(location.search);
const card = document.querySelector("#map-card");

const map = makeMap(element);
connectTools(map, document.querySelector(".map-tools"));
await start();

async function start() {
  try {
    const districts = drawDistricts(await ground(element, "districts"));
    placeMap(districts);
    element.classList.add("is-ready");
    drawSites();
    if (view === "points") {
      params.delete("view");
      showPoints(map, element, params, (found) => showCard("case", found));
    }
    await drawStreets(map, element);
  } catch {
    document.querySelector("#map-failed").hidden = false;
  }
}

function drawDistricts(collection) {
  const chosen = (params.get("district") || "").split(",");
  const layer = L.geoJSON(collection, {
    pane: "ground",
    style: ({ properties: { code } }) => ({
      className: `d ${view === "points" ? "" : drawn[code]?.class || "cx"} ${chosen.includes(code) ? "chosen" : ""}`,
      fillOpacity: 1,
      fillColor: view !== "points" && drawn[code]?.class === "c0" ? "url(#few)" : undefined,
    }),
    onEachFeature: ({ properties: { code } }, path) => {
      const kind = ["c0", "cx"].includes(drawn[code]?.class) ? "few" : "district";
      path.on("click", () => showCard(kind, { ...drawn[code], href: districtUrl.replace("CODE", code) }));
    },
  }).addTo(map);
  if (view === "points") return layer;
  const numbers = L.layerGroup();
  const names = L.layerGroup();
  for (const [code, place] of Object.entries(labels)) {
    const { name, class: shade, verified } = drawn[code] || {};
    if (!name) continue;
    const hasRate = shade !== "c0" && shade !== "cx";
    if (hasRate) numbers.addLayer(label(place, `${verified}`, "label-number"));
    names.addLayer(label(place, name, hasRate ? "label-name" : "label-name label-name--alone"));
  }
  numbers.addTo(map);
  from(map, matchMedia("(min-width: 60rem)").matches ? 12 : 13, names);
  return layer;
}

/** Begin where the address says (#zoom/lat/lon), else with the whole city, or the chosen district. */
function placeMap(districts) {
  const [zoom, lat, lon] = location.hash.slice(1).split("/").map(Number);
  const chosen = (params.get("district") || "").split(",");
  const part = L.featureGroup(districts.getLayers().filter(({ feature }) => chosen.includes(feature.properties.code)));
  if (zoom && lat && lon) map.setView([lat, lon], zoom);
  else map.fitBounds((part.getLayers().length ? part : districts).getBounds(), { padding: [10, 10] });
  map.on("moveend", () => {
    const { lat: y, lng: x } = map.getCenter();
    history.replaceState(null, "", `#${map.getZoom()}/${y.toFixed(5)}/${x.toFixed(5)}`);
  });
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[data-keeps-place]");
    if (link) link.hash = location.hash;
  });
}

async function drawSites() {
  const [parks, kiosks] = await Promise.all([ground(element, "parks"), ground(element, "kiosks")]);
  const layers = {
    parks: L.geoJSON(parks, {
      pane: "streets",
      style: () => ({ className: "park" }),
      onEachFeature: ({ properties }, path) => path.on("click", () => showCard("park", { ...properties, href: parkUrl.replace("CODE", properties.code) })),
    }),
    kiosks: L.geoJSON(kiosks, {
      pointToLayer: ({ properties }, place) =>
        L.marker(place, {
          title: properties.name,
          alt: properties.name,
          icon: L.divIcon({
            className: "pin pin--kiosk",
            html: `<svg class="icon" aria-hidden="true"><use href="${icons}#ui-kiosk"/></svg>`,
            iconSize: [34, 34],
          }),
        }).on("click", () => showCard("kiosk", properties)),
    }),
  };
  for (const box of document.querySelectorAll("[data-layer]")) {
    const show = () => (box.checked ? layers[box.dataset.layer].addTo(map) : layers[box.dataset.layer].remove());
    box.addEventListener("change", show);
    show();
  }
}

/** Fill the card's template for *kind* from *facts*: texts by data-fact, the link by data-href. */
function showCard(kind, facts) {
  const body = document.querySelector(`#card-${kind}`).content.cloneNode(true);
  for (const spot of body.querySelectorAll("[data-fact]")) {
    const value = facts[spot.dataset.fact];
    const words = spot.dataset[`word${value}`];
    spot.textContent = words || (typeof value === "number" ? Math.round(value).toLocaleString("en") : value || "—");
  }
  const link = body.querySelector("[data-href]");
  if (link) link.href = facts.href;
  card.querySelector(".map-card-body").replaceChildren(body);
  card.hidden = false;
}

card.querySelector("button").addEventListener("click", () => {
  card.hidden = true;
  element.focus();
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") card.hidden = true;
});
