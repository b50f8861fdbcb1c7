// Hand on the page's address: by the phone's own sheet, or to the clipboard where there is none.

/** Show *button* where sharing is possible, and let it share this page. */
export function connectShare(button) {
  if (!button || !(navigator.share || navigator.clipboard)) return;
  button.hidden = false;
  const words = button.querySelector("span");
  button.addEventListener("click", async () => {
    const url = location.origin + location.pathname;
    if (navigator.share) {
      await navigator.share({ title: document.title, url }).catch(() => {}); // closed without sharing
      return;
    }
    await navigator.clipboard.writeText(url);
    words.textContent = button.dataset.copied;
  });
}
