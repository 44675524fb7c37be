// The wall turns its pages and fetches them anew each minute. What it shows is replaced whole, so nothing gathers in
// memory; when the server is away the last figures stay with their time, and it says so until the server is back.

const body = document.body;
const box = document.getElementById("wall-pages");
const dots = document.getElementById("wall-dots");
const asOf = document.getElementById("wall-as-of");
const away = document.getElementById("wall-away");
const paused = document.getElementById("wall-paused");
const between = Number(body.dataset.between) * 1000;
const seconds = Number(body.dataset.seconds);
const PATIENCE = 20_000;
const FIRST_RETRY = 3_000;

let shown = 0;
let isPaused = false;
let etag = "";
let failures = 0;
let turning;
let fetching;

const pages = () => box.querySelectorAll(".wall-page");

function draw() {
  const all = pages();
  all.forEach((page, at) => {
    page.classList.toggle("is-shown", at === shown);
    page.toggleAttribute("inert", at !== shown);
  });
  while (dots.children.length > all.length) dots.lastChild.remove();
  while (dots.children.length < all.length) dots.append(document.createElement("i"));
  [...dots.children].forEach((dot, at) => dot.classList.toggle("is-shown", at === shown));
}

function show(place) {
  const count = pages().length;
  shown = count ? (place + count) % count : 0;
  draw();
  clearTimeout(turning);
  if (!isPaused && count > 1) turning = setTimeout(() => show(shown + 1), seconds * 1000);
}

function pause(on) {
  isPaused = on;
  paused.hidden = !on;
  body.classList.toggle("is-paused", on);
  show(shown);
}

function replace(html) {
  const key = pages()[shown]?.dataset.page;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  box.replaceChildren(...fresh.body.childNodes);
  shown = Math.max([...pages()].findIndex((page) => page.dataset.page === key), 0);
  draw(); // the time of the page runs on
}

function say(text) {
  away.hidden = !text;
  if (away.textContent !== text) away.textContent = text;
}

function gone() {
  etag = "";
  const note = document.createElement("p");
  note.className = "wall-note";
  note.textContent = body.dataset.gone;
  box.replaceChildren(note);
  show(0);
  say("");
}

async function refresh() {
  const response = await fetch(body.dataset.figures, {
    cache: "no-store",
    credentials: "omit", // neither session nor language of whoever signed in on this machine
    referrerPolicy: "no-referrer",
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status === 404) return gone();
  if (response.status !== 200 && response.status !== 304) throw new Error(String(response.status));
  const html = response.status === 200 ? await response.text() : "";
  if ((response.headers.get("X-Script") ?? body.dataset.script) !== body.dataset.script) return location.reload();
  if (html) {
    replace(html);
    etag = response.headers.get("ETag") ?? "";
  }
  asOf.textContent = response.headers.get("X-As-Of");
  say("");
}

async function keepFresh() {
  clearTimeout(fetching);
  let wait = between;
  try {
    await refresh();
    failures = 0;
  } catch {
    failures += 1;
    say(body.dataset.reconnecting);
    wait = Math.min(between, FIRST_RETRY * 2 ** Math.min(failures - 1, 6)) * (0.8 + 0.4 * Math.random());
  }
  clearTimeout(fetching); // another one may have begun meanwhile: one chain goes on
  fetching = setTimeout(keepFresh, wait);
}

document.addEventListener("keydown", (event) => {
  const act = {
    " ": () => pause(!isPaused),
    ArrowRight: () => show(shown + 1),
    ArrowLeft: () => show(shown - 1),
    Home: () => show(0),
    End: () => show(-1),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  }[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});

let resting;
document.addEventListener("mousemove", () => {
  body.classList.remove("is-still");
  clearTimeout(resting);
  resting = setTimeout(() => body.classList.add("is-still"), 3000);
});
addEventListener("online", keepFresh);

body.style.setProperty("--page-time", `${seconds}s`);
show(0);
fetching = setTimeout(keepFresh, between);
