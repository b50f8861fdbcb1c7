// The public map: districts by their verified rate, or distortions in clusters made by the server.
import { clusterIcon, connectTools, drawStreets, from, ground, label, makeMap, statusIcon } from "./basemap.js";

const L = window.L;
const element = document.querySelector("#map");
const { icons, view, clusters, caseUrl, districtUrl } = element.dataset;
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
    if (view === "points") showPoints();
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
      path.on("click", () => showCard("district", { ...drawn[code], href: districtUrl.replace("CODE", code) }));
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

function showPoints() {
  const points = L.layerGroup().addTo(map);
  let newest = 0;
  const load = async () => {
    const turn = ++newest;
    const box = map.getBounds().pad(0.1);
    const asked = new URLSearchParams(params);
    asked.delete("view");
    asked.set("bbox", [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => n.toFixed(6)).join());
    asked.set("zoom", Math.round(map.getZoom()));
    const answer = await fetch(`${clusters}?${asked}`);
    if (!answer.ok || turn !== newest) return;
    points.clearLayers();
    for (const found of (await answer.json()).clusters) points.addLayer(marker(found));
  };
  map.on("moveend", load);
  load();
}

function marker(found) {
  const place = [found.lat, found.lon];
  if (found.count > 1) {
    const title = element.dataset.clusterTitle.replace("0", found.count);
    return L.marker(place, { icon: clusterIcon(found.count, found.kinds), title, alt: title }).on("click", () =>
      map.setView(place, Math.min(map.getZoom() + 2, 19)),
    );
  }
  const words = element.dataset[`status${found.status}`] || "";
  return L.marker(place, { icon: statusIcon(icons, found.status, found.late), title: found.element_name, alt: `${found.element_name}, ${words}` }).on(
    "click",
    () => showCard("case", { ...found, words, href: caseUrl.replace("NUMBER", found.number) }),
  );
}

async function drawSites() {
  const [parks, kiosks] = await Promise.all([ground(element, "parks"), ground(element, "kiosks")]);
  const layers = {
    parks: L.geoJSON(parks, {
      pane: "streets",
      style: () => ({ className: "park" }),
      onEachFeature: ({ properties }, path) => path.on("click", () => showCard("park", properties)),
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
