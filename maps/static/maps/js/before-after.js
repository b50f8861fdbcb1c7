// Two photos as one picture with a bar between them. Without this script they stand side by side.

/** Lay the photos of *pair* over each other; a range input moves the bar, so the arrow keys do. */
export function compare(pair) {
  if (!pair) return;
  const range = document.createElement("input");
  range.type = "range";
  range.value = 50;
  range.dir = document.documentElement.dir;
  range.setAttribute("aria-label", pair.dataset.label);
  range.addEventListener("input", () => pair.style.setProperty("--p", range.value));
  const bar = document.createElement("span");
  bar.className = "bar";
  const knob = document.createElement("span");
  knob.className = "knob";
  knob.innerHTML = `<svg class="icon icon--mirror" aria-hidden="true"><use href="${pair.dataset.icons}#ui-before-after"/></svg>`;
  pair.classList.add("ba");
  pair.append(bar, knob, range);
}
