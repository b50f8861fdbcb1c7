// The report's page with a script: a map, small photos, known cases nearby, nothing lost on the way.
import { keepDraft } from "./report/draft.js";
import { findNear } from "./report/near.js";
import { listPhotos } from "./report/photos.js";
import { pickPlace } from "./report/place.js";
import { sendWhole } from "./report/send.js";

const form = document.querySelector("#report");
document.body.classList.add("is-live");

const draft = keepDraft(form);
const photos = listPhotos(form);
const near = findNear(form);
sendWhole(form, { photos, draft });
countLetters(form.querySelector("#id_description"), form.querySelector("#counter"));
pickPlace(form, near.at);

function countLetters(text, counter) {
  const show = () => {
    counter.hidden = !text.value;
    counter.firstElementChild.textContent = `${text.value.length.toLocaleString("en")} / ${text.maxLength.toLocaleString("en")}`;
  };
  text.addEventListener("input", show);
  show();
}
