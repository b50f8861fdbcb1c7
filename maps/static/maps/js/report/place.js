// Where it is: the device's place, a tap, a dragged pin, or what was typed. One pin shows it.
import { connectTools, drawStreets, ground, makeMap } from "../basemap.js";

const L = window.L;
const CLOSE_ZOOM = 17;
const ROUGH_M = 100;
const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 };
const FAILURES = ["", "denied", "unavailable", "timeout"]; // by GeolocationPositionError.code
const PIN = `<svg viewBox="0 0 40 48" aria-hidden="true"><path d="M20 46C16 36 5 30 5 18a15 15 0 0 1 30 0c0 12-11 18-15 28z"/><circle cx="20" cy="18" r="5"/></svg>`;

/** Let *form* take its place from a map; *tell* is called with each new place. */
export async function pickPlace(form, tell) {
  const element = form.querySelector("#map");
  const said = form.querySelector("#picked");
  const accuracy = form.querySelector("#accuracy");
  const { place: typed, accuracy_m: exact } = form.elements;
  form.querySelector("#picker").hidden = false;
  form.querySelector("#by-hand").open = Boolean(form.querySelector("#by-hand .error"));

  const map = makeMap(element);
  connectTools(map, form.querySelector(".map-tools"));
  const pin = L.marker([0, 0], {
    draggable: true,
    keyboard: false,
    icon: L.divIcon({ className: "place-pin", html: PIN, iconSize: [40, 48], iconAnchor: [20, 46] }),
  });
  const ring = L.circle([0, 0], { className: "here", interactive: false });
  let districts = { features: [] };

  map.on("click", ({ latlng }) => put(latlng));
  pin.on("dragend", () => put(pin.getLatLng()));
  form.querySelector("#pin-here").addEventListener("click", () => put(map.getCenter()));
  form.querySelector("#locate").addEventListener("click", locate);
  typed.addEventListener("change", () => {
    exact.value = "";
    show(read(typed.value, map), null);
  });

  try {
    districts = await ground(element, "districts");
    const drawn = L.geoJSON(districts, { pane: "ground", interactive: false, style: () => ({ className: "d" }) });
    map.fitBounds(drawn.addTo(map).getBounds());
    drawStreets(map, element);
  } catch {
    say(said.dataset.failed, true);
    form.querySelector("#by-hand").open = true;
    return;
  }
  if (typed.value) show(read(typed.value, map), Number(exact.value) || null);

  function locate() {
    say(said.dataset.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => put(L.latLng(coords.latitude, coords.longitude), Math.ceil(coords.accuracy)),
      ({ code }) => say(said.dataset[FAILURES[code]], true),
      PATIENCE,
    );
  }

  /** Take *latlng* as the place; *metres* is how exact it is, where the device says so. */
  function put(latlng, metres = null) {
    typed.value = `${latlng.lat.toFixed(6)}, ${latlng.lng.toFixed(6)}`;
    exact.value = metres ?? "";
    typed.dispatchEvent(new Event("input", { bubbles: true }));
    show(latlng, metres);
  }

  function show(latlng, metres) {
    ring.remove();
    accuracy.hidden = !metres;
    if (!latlng) {
      pin.remove();
      say("");
      return;
    }
    pin.setLatLng(latlng).addTo(map);
    if (metres) {
      ring.setLatLng(latlng).setRadius(metres).addTo(map);
      accuracy.querySelector("bdi").textContent = metres.toLocaleString("en");
      map.fitBounds(ring.getBounds(), { maxZoom: CLOSE_ZOOM });
    } else if (!map.getBounds().contains(latlng) || map.getZoom() < CLOSE_ZOOM - 2) {
      map.setView(latlng, Math.max(map.getZoom(), CLOSE_ZOOM - 1));
    }
    const district = districts.features.find(({ geometry }) => covers(geometry, latlng));
    if (!district) say(said.dataset.outside, true);
    else if (metres > ROUGH_M) say(said.dataset.rough, true);
    else say(district.properties.name);
    tell(latlng);
  }

  function say(text, isBad = false) {
    said.textContent = text;
    said.classList.toggle("is-bad", isBad);
  }
}

/** Two plain numbers as a place on the map, in whichever order; the server reads all the other forms. */
function read(text, map) {
  const [one, other] = (text.match(/-?\d+\.\d+/g) || []).map(Number);
  if (other === undefined) return null;
  const ways = [L.latLng(one, other), L.latLng(other, one)].filter(({ lat }) => Math.abs(lat) <= 90);
  return ways.find((way) => map.getBounds().pad(1).contains(way)) || ways[0];
}

/** Whether a GeoJSON MultiPolygon covers the place: a ray to the east crosses its rings oddly often. */
function covers({ coordinates }, { lat, lng }) {
  const rings = coordinates.flat();
  const crossed = rings.flatMap((ring) =>
    ring.slice(1).filter(([x, y], index) => {
      const [x0, y0] = ring[index];
      return y > lat !== y0 > lat && lng < x0 + ((lat - y0) / (y - y0)) * (x - x0);
    }),
  );
  return crossed.length % 2 === 1;
}
