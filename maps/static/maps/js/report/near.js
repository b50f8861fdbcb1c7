// Known distortions of the same kind close to the place: "same as this?"

const SHOWN = 5;

/** Look for known cases around the place and kind that *form* names; `at` is told the place. */
export function findNear(form) {
  const box = form.querySelector("#near");
  let place = null;
  let newest = 0;

  form.addEventListener("change", ({ target }) => {
    if (target.name === "element") look();
  });

  async function look() {
    const turn = ++newest;
    const element = form.elements.element.value;
    if (!place || !element) return;
    const found = await known(box.dataset.url, element, place, form.elements.accuracy_m.value);
    if (turn !== newest) return;
    const chosen = box.querySelector("input:checked")?.value;
    box.hidden = !found.length;
    box.querySelector("ul").replaceChildren(...found.map(shown));
    for (const choice of box.querySelectorAll("input")) {
      choice.checked = choice.value === chosen && found.some(({ id }) => id === chosen);
    }
    form.elements.asked.value = "";
  }

  function shown({ id, properties }) {
    const item = box.querySelector("template:not([data-status])").content.cloneNode(true);
    item.querySelector(".ph").replaceChildren(picture(properties.photo));
    item.querySelector("[data-number]").textContent = id;
    item.querySelector("[data-metres]").textContent = Math.round(properties.distance_m);
    item.querySelector("[data-since]").textContent = since(properties.first_reported_at);
    item.querySelector("[data-people]").textContent = properties.supporters.toLocaleString("en");
    const words = box.querySelector(`template[data-status="${properties.status}"]`);
    item.querySelector("[data-shape]").append(words.content.cloneNode(true));
    item.querySelector("input").value = id;
    return item;
  }

  function picture(photo) {
    if (photo) return Object.assign(new Image(92, 92), { src: photo, alt: "" });
    const none = document.createElement("span");
    none.className = "noph";
    none.append(form.querySelector(".tile:has(:checked) .icon").cloneNode(true));
    return none;
  }

  return {
    at(latlng) {
      place = latlng;
      look();
    },
  };
}

/** The open distortions of *element* around *place*; none when they cannot be asked. */
async function known(url, element, { lng, lat }, accuracy) {
  const question = new URLSearchParams({ element, lon: lng.toFixed(6), lat: lat.toFixed(6) });
  if (accuracy) question.set("accuracy_m", accuracy);
  try {
    const answer = await fetch(`${url}?${question}`);
    const { features } = await answer.json();
    return features.slice(0, SHOWN);
  } catch {
    return [];
  }
}

function since(moment) {
  const days = Math.round((Date.now() - new Date(moment)) / 86_400_000);
  const words = new Intl.RelativeTimeFormat(`${document.documentElement.lang}-u-nu-latn`, { numeric: "auto" });
  return words.format(-days, "day");
}
