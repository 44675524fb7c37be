// The list below the bar's search box: arrows walk through it, Escape closes it, so does leaving it.

const form = document.querySelector("[data-search]");
if (form) {
  const box = form.querySelector("input");
  const found = form.querySelector("#bar-found");
  const links = () => [...found.querySelectorAll("a")];
  const close = () => (found.hidden = true);

  found.addEventListener("htmx:afterSwap", () => (found.hidden = !box.value.trim()));
  box.addEventListener("input", () => box.value.trim() || close());
  box.addEventListener("focus", () => (found.hidden = !box.value.trim() || !found.childElementCount));
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !found.hidden) {
      event.preventDefault();
      box.focus();
      close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || found.hidden) return;
    event.preventDefault();
    const stops = [box, ...links()];
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });
}
