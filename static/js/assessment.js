// Finds the level of a risk while one chooses. The server computes it again from the stored preset; this only shows it.

const form = document.querySelector("form[data-assessment]");
const config = JSON.parse(document.getElementById("assessment-config").textContent);
const why = form.querySelector("[data-part=level-why]");
const holder = form.querySelector("[data-part=level-badge]");
const lower = form.querySelector("[data-part=lower]");
const likelihood = form.querySelector("[data-part=likelihood]");
const SCALE = 1000; // factors such as 0.1 are multiplied as whole numbers, as exactly as on the server

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const word = (level) => config.words[level];
const rank = (level) => config.order.length - config.order.indexOf(level);
const highest = (levels) => levels.reduce((one, other) => (rank(other) > rank(one) ? other : one));
const chosen = (name) => {
  const control = form.elements[name];
  return control && control.value !== undefined ? String(control.value).trim() : "";
};

function weighted() {
  const keys = Object.keys(config.weights);
  if (!keys.length) return chosen("lc-L");
  if (keys.some((key) => !chosen(`ind-${key}`))) return "";
  const total = keys.reduce((sum, key) => sum + config.weights[key] * Number(chosen(`ind-${key}`)), 0);
  const weights = keys.reduce((sum, key) => sum + config.weights[key], 0);
  return String(Math.round((total / weights) * 100 + 1e-9) / 100);
}

function factorsOf(method) {
  return config.methods[method].factors.map((factor) =>
    method === "lc" && factor === "L" ? [factor, weighted()] : [factor, chosen(`${method}-${factor}`)]);
}

function levelOf(score, method) {
  const { atLeast, above } = config.methods[method];
  const reaches = (level) => (atLeast ? score >= atLeast[level] : score > above[level]);
  return config.order.find((level) => level !== "low" && reaches(level)) ?? "low";
}

function scoreOf(method) {
  const factors = factorsOf(method);
  if (!factors.length || factors.some(([, value]) => value === "" || !Number.isFinite(Number(value)))) return null;
  const product = factors.reduce((all, [, value]) => all * Math.round(Number(value) * SCALE), 1);
  const score = product / SCALE ** factors.length;
  const said = `${factors.map(([name, value]) => `${name} ${value}`).join(" × ")} = ${Number(score.toFixed(4))}`;
  return { level: levelOf(score, method), said };
}

function compute() {
  const method = chosen("method") || Object.keys(config.methods)[0];
  for (const section of form.querySelectorAll("[data-method]")) section.hidden = section.dataset.method !== method;
  if (likelihood) likelihood.textContent = weighted() ? `L = ${weighted()}` : "";
  const found = method === "catalogue" ? null : scoreOf(method);
  const isDirect = [...form.querySelectorAll("input[name^=direct-]")].some((box) => box.checked);
  const scored = isDirect ? "major" : found?.level ?? "";
  const isLowered = Boolean(scored && config.mayBeLowered && chosen("lower_reason"));
  const raised = chosen("chosen");
  const levels = [raised || scored || config.floor || "larger"];
  if (scored) levels.push(scored);
  if (config.floor && !isLowered) levels.push(config.floor);
  show(highest(levels), { method, found, isDirect, scored });
}

function show(level, { method, found, isDirect, scored }) {
  const said = [];
  if (found) said.push(fill(config.texts.found, { score: found.said, level: word(found.level) }));
  else if (method !== "catalogue") said.push(config.texts.open);
  if (isDirect) said.push(config.texts.direct);
  const isLower = config.floor && scored && rank(scored) < rank(config.floor);
  if (config.floor && (isLower || method === "catalogue")) {
    said.push(fill(config.mayBeLowered ? config.texts.floor : config.texts.fixed, { level: word(config.floor) }));
  }
  why.textContent = said.join(" ");
  const badges = document.getElementById("level-badges");
  holder.replaceChildren(badges.content.querySelector(`[data-level=${level}]`).cloneNode(true));
  if (lower) lower.hidden = !(isLower || chosen("lower_reason"));
}

form.addEventListener("input", compute);
form.addEventListener("change", compute);
compute();
