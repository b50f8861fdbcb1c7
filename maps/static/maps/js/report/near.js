// Known distortions of the same kind close to the place: "same as this?"

const L = window.L;
const REACH_M = 60;
const METRES_PER_DEGREE = 111_000;
const SHOWN = 3;

/** Look for known cases around the place and kind that *form* names; `at` is told the place. */
export function findNear(form) {
  const box = form.querySelector("#near");
  const same = form.elements.same_as;
  let place = null;
  let newest = 0;

  form.addEventListener("change", ({ target }) => {
    if (target.name === "element") look();
  });

  async function look() {
    const turn = ++newest;
    const element = form.elements.element.value;
    if (!place || !element) return;
    const found = await known(box.dataset, element, place);
    if (turn !== newest) return;
    const isStillThere = found.some(({ id }) => id === same.value);
    if (!isStillThere) same.value = "";
    box.hidden = !found.length;
    box.querySelector("ul").replaceChildren(...found.map(shown));
  }

  function shown({ id, metres, properties }) {
    const item = box.querySelector("template:not([data-status])").content.cloneNode(true);
    const icon = form.querySelector(".tile:has(:checked) .icon").cloneNode(true);
    item.querySelector(".noph").append(icon);
    item.querySelector("[data-number]").textContent = id;
    item.querySelector("[data-metres]").textContent = Math.round(metres);
    item.querySelector("[data-since]").textContent = since(properties.first_reported_at);
    const words = box.querySelector(`template[data-status="${properties.status}"]`);
    item.querySelector("[data-shape]").append(words.content.cloneNode(true));
    const button = item.querySelector("button");
    button.setAttribute("aria-pressed", same.value === id);
    button.addEventListener("click", () => {
      same.value = same.value === id ? "" : id;
      for (const other of box.querySelectorAll("button")) {
        other.setAttribute("aria-pressed", other === button && same.value === id);
      }
    });
    return item;
  }

  return {
    at(latlng) {
      place = latlng;
      look();
    },
  };
}

/** The nearest of the open distortions of *element* around *place*; none when they cannot be asked. */
async function known({ url, statuses }, element, place) {
  const high = REACH_M / METRES_PER_DEGREE;
  const wide = high / Math.cos((place.lat * Math.PI) / 180);
  const bbox = [place.lng - wide, place.lat - high, place.lng + wide, place.lat + high];
  const question = new URLSearchParams({ bbox: bbox.map((n) => n.toFixed(6)).join(), element, status: statuses, limit: 50 });
  try {
    const answer = await fetch(`${url}?${question}`);
    const { features } = await answer.json();
    return features
      .map((feature) => ({ ...feature, metres: place.distanceTo(L.geoJSON(feature).getBounds().getCenter()) }))
      .sort((one, other) => one.metres - other.metres)
      .slice(0, SHOWN);
  } catch {
    return [];
  }
}

function since(moment) {
  const days = Math.round((Date.now() - new Date(moment)) / 86_400_000);
  const words = new Intl.RelativeTimeFormat(`${document.documentElement.lang}-u-nu-latn`, { numeric: "auto" });
  return words.format(-days, "day");
}
