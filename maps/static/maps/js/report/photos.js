// Photos before they are sent: made small, shown, and taken out again.

const LONGEST = 2048; // pixels; the server keeps no more
const QUALITY = 0.85;
const SMALL_ENOUGH = 1_000_000; // bytes

/** Show the photos that are chosen in *form*; `files` is what goes with the report. */
export function listPhotos(form) {
  const most = Number(form.querySelector("#id_photos").dataset.most);
  const list = form.querySelector("#thumbs");
  const said = form.querySelector("#photos-said");
  let files = [];

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      input.value = "";
      const made = await Promise.all(chosen.map(smaller));
      said.textContent = files.length + made.length > most ? said.dataset.tooMany : "";
      files = [...files, ...made].slice(0, most);
      show();
    });
  }

  function show() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.hidden = !files.length;
    list.replaceChildren(...files.map(thumb));
  }

  function thumb(file) {
    const item = form.querySelector("#thumb").content.cloneNode(true);
    item.querySelector("img").src = URL.createObjectURL(file);
    item.querySelector("button").addEventListener("click", () => {
      files = files.filter((other) => other !== file);
      show();
      form.querySelector("#id_photos").focus();
    });
    return item;
  }

  return { files: () => files };
}

/** The photo as a JPEG of at most LONGEST pixels, without what the phone wrote into it. */
async function smaller(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    if (scale === 1 && file.size < SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file; // a kind that this browser cannot read: the server can, or says why not
  }
}
