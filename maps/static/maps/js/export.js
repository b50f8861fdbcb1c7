// A file that is being written: looks again until it is finished, then shows the page anew.
const bar = document.querySelector("#progress");
const words = document.querySelector("#percent");
const PAUSE = 2000;

async function look() {
  const answer = await fetch(bar.dataset.progress).catch(() => null);
  if (answer?.ok) {
    const { rows_all: all, rows_done: done, is_finished: isFinished } = await answer.json();
    if (isFinished) {
      location.reload();
      return;
    }
    bar.value = all ? Math.floor((100 * done) / all) : 0;
    words.textContent = `${bar.value}%`;
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
