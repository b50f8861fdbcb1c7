// A Leaflet map as every page needs it: right in Arabic, calm on a phone, drawn from our own data.

const L = window.L; // the classic script is a tenth of the module's weight
const RINGS = [
  ["v", ["verified"]],
  ["t", ["treated"]],
  ["o", ["accepted", "assigned", "in_progress"]],
  ["r", ["reopened"]],
  ["w", ["reported"]],
];

/** Make the map in *element*; its data attributes say what and where (maps/parts/map.html). */
export function makeMap(element, { bounds } = {}) {
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: Boolean(element.dataset.attribution),
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile,
    zoomSnap: 0.25,
    maxZoom: 19,
    minZoom: 9,
  });
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, {
      attribution: element.dataset.attribution,
      className: "basemap",
      maxZoom: 19,
    }).addTo(map);
  }
  for (const [pane, depth] of [["ground", 300], ["streets", 450], ["labels", 640]]) {
    map.createPane(pane).style.zIndex = depth;
    map.getPane(pane).style.pointerEvents = pane === "ground" ? "" : "none";
  }
  if (bounds) map.fitBounds(bounds, { padding: [12, 12] });
  wakeOnTouch(map, element);
  // Leaflet lets a marker be focused, but opens it by the mouse alone.
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".leaflet-marker-icon")) event.target.click();
  });
  return map;
}

/** A finger that scrolls the page never moves the map: it moves after a tap, until one leaves it. */
function wakeOnTouch(map, element) {
  const wake = () => {
    element.classList.add("is-awake");
    map.dragging.enable();
    map.scrollWheelZoom.enable();
  };
  const rest = () => {
    element.classList.remove("is-awake");
    if (L.Browser.mobile) map.dragging.disable();
    map.scrollWheelZoom.disable();
  };
  map.on("click focus", wake);
  document.addEventListener("pointerdown", (event) => {
    if (!element.contains(event.target)) rest();
  });
  element.addEventListener("mouseleave", rest);
}

/** Fetch a layer of the ground as GeoJSON. */
export async function ground(element, name) {
  const address = element.dataset.layers.replace("LAYER", name);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** Draw the streets as thin lines: the main ones always, the others and the names from close by. */
export async function drawStreets(map, element) {
  const names = L.layerGroup();
  const named = new Set();
  const local = L.layerGroup();
  L.geoJSON(await ground(element, "streets"), {
    pane: "streets",
    interactive: false,
    style: ({ properties }) => ({ className: `street street--${properties.kind}` }),
    onEachFeature: ({ properties: { name } }, line) => {
      if (!name || named.has(name)) return;
      named.add(name);
      const corners = line.getLatLngs();
      names.addLayer(label(corners[Math.floor(corners.length / 2)], name, "street-name"));
    },
  }).eachLayer((line) => (line.feature.properties.kind === "local" ? line.addTo(local) : line.addTo(map)));
  from(map, 14, local);
  from(map, 14.5, names);
}

/** Show *layer* only from *zoom* on. */
export function from(map, zoom, layer) {
  const show = () => (map.getZoom() >= zoom ? layer.addTo(map) : layer.remove());
  map.on("zoomend", show);
  show();
}

/** A text on the map, in the middle of *place*. */
export function label(place, text, className) {
  const span = document.createElement("span");
  span.className = className;
  span.dir = "auto";
  span.textContent = text;
  return L.marker(place, {
    pane: "labels",
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: "label", html: span, iconSize: null }),
  });
}

/** A distortion's marker: the shape of its status, then its colour; a ring when it is late. */
export function statusIcon(icons, status, late) {
  return L.divIcon({
    className: `pin s-${status}${late ? " pin--late" : ""}`,
    html: `<svg class="icon" aria-hidden="true"><use href="${icons}#st-${status}"/></svg>`,
    iconSize: [36, 36],
  });
}

/** A cluster: the count in a disc, and a ring that shows the share by status. */
export function clusterIcon(count, kinds) {
  const size = [40, 46, 52, 58, 64][Math.min(String(count).length - 1, 4)];
  let start = 0;
  const arcs = RINGS.map(([name, statuses]) => {
    const share = (100 * statuses.reduce((sum, status) => sum + (kinds[status] || 0), 0)) / count;
    const arc = `<circle class="ring ring--${name}" cx="25" cy="25" r="21" pathLength="100" stroke-dasharray="${share} 100" stroke-dashoffset="${-start}"/>`;
    start += share;
    return share ? arc : "";
  });
  return L.divIcon({
    className: "cluster-icon",
    html: `<svg viewBox="0 0 50 50" aria-hidden="true"><circle class="disc" cx="25" cy="25" r="24"/>${arcs.join("")}</svg><b>${count.toLocaleString("en")}</b>`,
    iconSize: [size, size],
  });
}

/** Zoom and place buttons of the page itself: large, and at the start of the tab order. */
export function connectTools(map, tools) {
  if (!tools) return;
  tools.addEventListener("click", ({ target }) => {
    const tool = target.closest("[data-tool]")?.dataset.tool;
    if (tool === "in") map.zoomIn();
    if (tool === "out") map.zoomOut();
    if (tool === "locate") map.locate({ setView: true, maxZoom: 16 });
  });
  const said = tools.querySelector("[role=status]");
  map.on("locationfound", ({ latlng, accuracy }) => {
    L.circle(latlng, { radius: accuracy, className: "here", interactive: false }).addTo(map);
  });
  map.on("locationerror", () => {
    if (said) said.textContent = said.dataset.failed;
  });
}
