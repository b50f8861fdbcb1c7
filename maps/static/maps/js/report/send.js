// Sending without leaving the page, so that photos outlive a lost connection and a mistake.

/** Send *form* with its photos; what is refused is shown in place, what is taken opens its own page. */
export function sendWhole(form, { photos, draft }) {
  const button = form.querySelector("#send");
  const words = button.textContent;
  const summary = document.querySelector("#summary");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    setBusy(true);
    try {
      const answer = await fetch(location.href, { method: "POST", body: whole() });
      if (answer.redirected) {
        draft.clear();
        location.assign(answer.url);
        return;
      }
      showRefusal(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      tell(form.dataset.failed);
    }
    setBusy(false);
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  });

  function whole() {
    const body = new FormData(form);
    body.delete("photos");
    for (const file of photos.files()) body.append("photos", file, file.name);
    return body;
  }

  function setBusy(isBusy) {
    button.disabled = isBusy;
    button.textContent = isBusy ? button.dataset.sending : words;
  }

  function tell(text) {
    const note = form.querySelector("#failed").content.cloneNode(true);
    note.querySelector("span").textContent = text;
    summary.replaceChildren(note);
  }

  /** Take over the errors of the *page* that the server answered with, and nothing else of it. */
  function showRefusal(page) {
    const told = page.querySelector("#summary");
    if (!told) {
      tell(page.querySelector("h1")?.textContent || form.dataset.failed);
      return;
    }
    summary.replaceChildren(...told.childNodes);
    for (const spot of form.querySelectorAll("[data-errors]")) {
      const errors = page.getElementById(spot.id).childNodes;
      const isBad = errors.length > 0;
      spot.closest(".field")?.classList.toggle("field--bad", isBad);
      form.querySelector(`[aria-describedby~="${spot.id}"]`)?.toggleAttribute("aria-invalid", isBad);
      spot.replaceChildren(...errors);
    }
    const asked = page.querySelector("#near:not([hidden]) ul");
    if (asked) {
      const near = form.querySelector("#near");
      near.hidden = false;
      near.querySelector("ul").replaceChildren(...asked.children);
    }
    for (const name of ["id", "observed_at", "asked"]) {
      form.elements[name].value = page.querySelector(`[name="${name}"]`).value;
    }
  }
}
