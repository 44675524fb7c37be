// The review desk: keys, pinning a remark to what is in view, keeping what was typed, choosing several in the queue.

const desk = document.querySelector("[data-review]");
const help = document.getElementById("keys");

// --- several at once ---------------------------------------------------------------------------------------------
const bulk = document.getElementById("bulk");
if (bulk) {
  const boxes = [...document.querySelectorAll('input[name="pick"]')];
  const all = bulk.querySelector("[data-pick-all]");
  const said = bulk.querySelector("[data-picked]");
  const count = () => {
    const picked = boxes.filter((box) => box.checked).length;
    said.textContent = picked ? `${picked} ${said.dataset.text}` : "";
  };
  if (boxes.length) all.hidden = false;
  all.addEventListener("click", () => {
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "pick") count();
  });
  count();
}

// --- one report --------------------------------------------------------------------------------------------------
if (desk) {
  const form = desk.querySelector("[data-desk-form]");
  const place = form?.elements.namedItem("place");
  const text = form?.elements.namedItem("text");
  const message = form?.elements.namedItem("message");
  const places = () => [...document.querySelectorAll("[data-place]")];

  // What is typed stays with the report in this tab, also over signing in again, until it has gone out.
  const draft = `review-${desk.dataset.filing}`;
  const wasKept = location.hash.startsWith("#remark-");
  const keep = () => sessionStorage.setItem(draft, JSON.stringify({ text: text?.value ?? "", message: message?.value ?? "" }));
  try {
    const kept = JSON.parse(sessionStorage.getItem(draft) ?? "{}");
    if (text && !text.value && kept.text && !wasKept) text.value = kept.text;
    if (message && !message.value && kept.message) message.value = kept.message;
  } catch {
    sessionStorage.removeItem(draft);
  }
  form?.addEventListener("input", keep);
  if (wasKept) keep();

  const pin = (value) => {
    if (!place || ![...place.options].some((option) => option.value === value)) return;
    place.value = value;
    text.focus();
    text.scrollIntoView({ block: "nearest" });
  };
  const inView = () => {
    const marked = document.querySelector(".is-current[data-place]");
    if (marked) return marked;
    const seen = places().filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
    return seen.at(-1) ?? places()[0];
  };
  const step = (by) => {
    const known = places();
    const index = known.indexOf(document.querySelector(".is-current[data-place]"));
    const next = known[Math.max(0, Math.min(known.length - 1, index + by))];
    for (const one of known) one.classList.toggle("is-current", one === next);
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "start" });
  };
  const go = (address) => {
    if (address) location.href = address;
  };
  const press = (key) => document.querySelector(`[data-key="${key}"]`)?.click();

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pin]");
    if (button) pin(button.dataset.pin);
    if (event.target.closest("[data-help]")) help.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const acts = {
      j: () => go(desk.dataset.next),
      k: () => go(desk.dataset.previous),
      n: () => step(1),
      p: () => step(-1),
      r: () => pin(inView()?.dataset.place),
      c: () => press("c"),
      a: () => press("a"),
      b: () => press("b"),
      "?": () => help.showModal(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}
