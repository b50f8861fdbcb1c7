// Rectangles drawn on a photo with a pointer, or moved by the arrow keys in their fields: both tell the same.

const SIDES = ["left", "top", "width", "height"];
const LEAST = 1; // percent: less is a slip of the finger
const FIRST = [40, 40, 20, 20]; // where a rectangle begins that is added by a key

const stage = document.querySelector("#stage");
if (stage) start();

function start() {
  const list = document.querySelector("#rects");
  const drawn = document.querySelector("#drawn");
  const add = document.querySelector("#add");
  const pattern = document.querySelector("#rect").content;

  for (const item of [...list.children]) if (!isFull(item)) item.remove(); // empty lines are for those without scripts
  [...list.children].forEach(connect);
  document.querySelector(".how-drawn").hidden = false;
  add.hidden = false;
  add.addEventListener("click", () => append(FIRST)?.querySelector("input").focus());
  draw();

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    const from = place(event);
    const item = append([...from, 0, 0]);
    if (!item) return;
    stage.setPointerCapture(event.pointerId);
    const follow = (moved) => fill(item, between(from, place(moved)));
    const end = () => {
      stage.removeEventListener("pointermove", follow);
      const [, , width, height] = values(item);
      if (width < LEAST || height < LEAST) remove(item);
    };
    stage.addEventListener("pointermove", follow);
    stage.addEventListener("lostpointercapture", end, { once: true });
  });

  function append(shares) {
    if (list.children.length >= Number(list.dataset.most)) return null;
    list.append(pattern.cloneNode(true));
    const item = list.lastElementChild;
    connect(item);
    fill(item, shares);
    return item;
  }

  function connect(item) {
    const button = item.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      remove(item);
      (next?.querySelector("button") ?? add).focus();
    });
    item.addEventListener("input", draw);
    item.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!step || !event.target.matches("input")) return;
      event.preventDefault();
      event.target.value = rounded(Math.min(100, Math.max(0, Number(event.target.value) + step)));
      draw();
    });
  }

  function remove(item) {
    item.remove();
    draw();
  }

  function fill(item, shares) {
    SIDES.forEach((side, index) => (input(item, side).value = rounded(shares[index])));
    draw();
  }

  function draw() {
    drawn.replaceChildren(
      ...[...list.children].map((item) => {
        const [x, y, width, height] = values(item);
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        Object.entries({ x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
        return rect;
      }),
    );
  }
}

/** The pointer's place, in percent of the picture. */
function place({ clientX, clientY }) {
  const box = stage.getBoundingClientRect();
  const share = (value, start, side) => Math.min(100, Math.max(0, ((value - start) / side) * 100));
  return [share(clientX, box.left, box.width), share(clientY, box.top, box.height)];
}

function between([x, y], [otherX, otherY]) {
  return [Math.min(x, otherX), Math.min(y, otherY), Math.abs(x - otherX), Math.abs(y - otherY)];
}

function input(item, side) {
  return item.querySelector(`[name="${side}"]`);
}

function values(item) {
  return SIDES.map((side) => Number(input(item, side).value) || 0);
}

function isFull(item) {
  return SIDES.some((side) => input(item, side).value);
}

function rounded(value) {
  return String(Math.round(value * 10) / 10);
}
