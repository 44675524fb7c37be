// Copying what stands on the page: a button with data-copy names the element. Selecting and copying works without https
// too, takes a table along as a table, and leaves plain text for programs that know no other.

function copy(source) {
  const selection = window.getSelection();
  const range = document.createRange();
  range.selectNodeContents(source);
  selection.removeAllRanges();
  selection.addRange(range);
  const done = document.execCommand("copy");
  if (done) selection.removeAllRanges(); // otherwise it stays selected, to be copied by hand
  return done;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source || !copy(source)) return;
  const words = button.querySelector("span") ?? button;
  button.dataset.words ??= words.textContent;
  words.textContent = button.dataset.copied;
  clearTimeout(button.copiedUntil);
  button.copiedUntil = setTimeout(() => (words.textContent = button.dataset.words), 2500);
});
