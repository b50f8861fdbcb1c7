// The planner's map: districts by the chosen measure, and what was treated, with its photos.
import { connectTools, drawStreets, from, ground, label, makeMap } from "./basemap.js";
import { showPoints } from "./points.js";

const L = window.L;
const element = document.querySelector("#map");
const { done } = element.dataset;
const drawn = JSON.parse(document.querySelector("#drawn").textContent);
const labels = JSON.parse(document.querySelector("#labels").textContent);
const sheet = document.querySelector("#sheet");
const card = document.querySelector("#map-card");
const map = makeMap(element);
const shapes = new Map();

connectTools(map, document.querySelector(".map-tools"));
document.querySelector("[data-tool=print]").addEventListener("click", () => print());
for (const form of document.querySelectorAll("[data-autosubmit]")) form.addEventListener("change", () => form.submit());
try {
  drawDistricts(await ground(element, "districts"));
  connectPoints(document.querySelector("#show-done"));
  await drawStreets(map, element);
} catch {
  document.querySelector("#map-failed").hidden = false;
}

function drawDistricts(collection) {
  const layer = L.geoJSON(collection, {
    pane: "ground",
    filter: ({ properties }) => properties.code in drawn,
    style: ({ properties: { code } }) => ({
      className: `d ${drawn[code].class}`,
      fillOpacity: 1,
      fillColor: drawn[code].class === "c0" ? "url(#few)" : undefined,
    }),
    onEachFeature: ({ properties: { code } }, path) => {
      shapes.set(code, path);
      path.on("click", () => choose(code));
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [10, 10] });
  const names = L.layerGroup();
  for (const [code, { name, value }] of Object.entries(drawn)) {
    if (value !== null) label(labels[code], value.toLocaleString("en"), "label-number").addTo(map);
    names.addLayer(label(labels[code], name, value === null ? "label-name label-name--alone" : "label-name"));
  }
  from(map, matchMedia("(min-width: 60rem)").matches ? 11.5 : 13, names);
  mark(element.dataset.chosen);
}

/** Show a district, or the whole city, in the sheet; the address says it too. */
async function choose(code) {
  const address = withDistrict(location.href, code);
  const answer = await fetch(address);
  if (!answer.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  sheet.replaceChildren(...page.querySelector("#sheet").childNodes);
  document.querySelector(".pf [name=district]").value = code;
  for (const link of document.querySelectorAll("thead a, .pf .ends a, .pf .hint a")) link.href = withDistrict(link.href, code);
  history.replaceState(null, "", address);
  mark(code);
}

function withDistrict(href, code) {
  const address = new URL(href);
  address.hash = "";
  if (code) address.searchParams.set("district", code);
  else address.searchParams.delete("district");
  return address;
}

function mark(code) {
  for (const [name, path] of shapes) path.getElement()?.classList.toggle("chosen", name === code);
  shapes.get(code)?.bringToFront();
  for (const row of document.querySelectorAll("tr[data-code]")) row.classList.toggle("is-on", row.dataset.code === code);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-district]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(link.dataset.district);
  if (link.dataset.district) sheet.scrollIntoView({ block: "nearest" });
  sheet.focus({ preventScroll: true });
});

/** What was treated and verified, while the *box* is ticked. */
function connectPoints(box) {
  const params = new URLSearchParams({ status: done });
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (value && ["element", "sub_municipality", "amana", "source", "as_of"].includes(name)) params.set(name, value);
  }
  let hide = () => {};
  const show = () => {
    hide();
    hide = box.checked ? showPoints(map, element, params, showCase) : () => {};
  };
  box.addEventListener("change", show);
  show();
}

/** A treated distortion with its photos before and after, beside each other. */
async function showCase(found) {
  const body = document.querySelector("#card-done").content.cloneNode(true);
  for (const spot of body.querySelectorAll("[data-fact]")) spot.textContent = found[spot.dataset.fact];
  body.querySelector("[data-href]").href = found.href;
  const figures = [...body.querySelectorAll("figure")];
  const none = body.querySelector("[data-none]");
  card.querySelector(".map-card-body").replaceChildren(body);
  card.hidden = false;
  const answer = await fetch(`${element.dataset.api}/${found.number}`);
  const { photos } = answer.ok ? (await answer.json()).properties : { photos: [] };
  for (const figure of figures) {
    const photo = photos.findLast(({ kind }) => kind === figure.dataset.kind);
    if (!photo) continue;
    figure.querySelector("img").src = photo.thumb;
    figure.querySelector("img").alt = figure.querySelector("figcaption").textContent;
    figure.hidden = false;
  }
  none.hidden = photos.length > 0;
}

card.querySelector("button").addEventListener("click", () => {
  card.hidden = true;
  element.focus();
});
