// Saves the form of a part while one writes, and never lets go of typed text.
//
// Every change goes to this computer's storage at once and to the server a few seconds later; what the server has
// confirmed is dropped from the storage. When sending fails, the text stays and is sent again; when the session is
// over, signing in again comes back to this page and the text is put back. Without this script the form posts plainly.

const AFTER_MS = 2500;
const AGAIN_MS = 15000;

function readFields(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!["csrfmiddlewaretoken", "version", "base", "then"].includes(name) && typeof value === "string") {
      fields[name] = value.replace(/\r\n?/g, "\n");
    }
  }
  return fields;
}

function writeFields(form, fields) {
  for (const control of form.elements) {
    if (!control.name || ["hidden", "submit", "button", "file"].includes(control.type)) continue;
    if (control.type === "radio") control.checked = fields[control.name] === control.value;
    else if (control.type === "checkbox") control.checked = control.name in fields;
    else control.value = fields[control.name] ?? "";
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function sameFields(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? "") === (other[name] ?? ""));
}

const store = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a full or closed storage: the server has it */ }
  },
  drop(key) {
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
  },
};

class Autosave {
  constructor(form) {
    this.form = form;
    this.said = form.querySelector("[data-part=said]");
    this.key = form.dataset.store;
    this.sent = readFields(form);
    this.timer = 0;
    this.running = null;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save({ keepalive: true });
    });
    addEventListener("pagehide", () => this.save({ keepalive: true }));
    addEventListener("online", () => this.save());
    this.restore();
  }

  get version() { return this.form.elements.version; }
  get base() { return this.form.elements.base; }

  say(text, { failed = false, link = null, button = null } = {}) {
    this.said.textContent = text;
    this.said.classList.toggle("is-failed", failed);
    if (link) {
      const anchor = Object.assign(document.createElement("a"), { href: link.href, textContent: link.text });
      this.said.append(" ", anchor);
    }
    for (const one of button ?? []) {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: one.text });
      made.className = "btn btn-link btn-sm";
      made.addEventListener("click", one.act);
      this.said.append(" ", made);
    }
  }

  isDirty() { return !sameFields(readFields(this.form), this.sent); }

  changed() {
    if (!this.isDirty()) return;
    store.write(this.key, { version: this.version.value, base: this.base.value, fields: readFields(this.form) });
    if (!this.said.classList.contains("is-failed")) this.say(this.form.dataset.textTyping);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AFTER_MS);
  }

  // One request at a time: each needs the version that the one before brought back.
  async save(options = {}) {
    clearTimeout(this.timer);
    if (this.running) return this.running;
    if (!this.isDirty()) return "ok";
    this.running = this.send(options).finally(() => { this.running = null; });
    const result = await this.running;
    if (result === "ok" && this.isDirty()) this.timer = setTimeout(() => this.save(), AFTER_MS);
    return result;
  }

  async send({ keepalive = false } = {}) {
    const fields = readFields(this.form);
    const body = { draft: this.form.dataset.draft, version: this.version.value, base: this.base.value, fields };
    this.say(this.form.dataset.textSaving);
    let response;
    try {
      response = await fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify(body),
        redirect: "manual",
        keepalive,
      });
    } catch {
      return this.failed();
    }
    if (response.type === "opaqueredirect" || response.status === 401) return this.signedOut();
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return this.kept(answer, fields);
    if (response.status === 409) {
      const compare = { text: this.form.dataset.textCompare, act: () => this.form.submit() };
      this.say(this.form.dataset.textConflict, { failed: true, button: [compare] });
      return "conflict";
    }
    if (answer.text) {
      this.say(answer.text, { failed: true });
      return "refused";
    }
    return response.status === 403 ? this.signedOut() : this.failed();
  }

  kept(answer, fields) {
    this.version.value = answer.version;
    this.base.value = answer.base;
    this.sent = fields;
    if (this.isDirty()) {
      store.write(this.key, { version: answer.version, base: answer.base, fields: readFields(this.form) });
    } else {
      store.drop(this.key);
    }
    this.say(answer.text);
    return "ok";
  }

  failed() {
    this.say(this.form.dataset.textFailed, { failed: true });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN_MS);
    return "failed";
  }

  signedOut() {
    const back = encodeURIComponent(location.pathname + location.search);
    const href = `${this.form.dataset.signIn}?next=${back}`;
    this.say(this.form.dataset.textSignedOut, { failed: true, link: { href, text: this.form.dataset.textSignIn } });
    return "signed out";
  }

  // What was typed is saved first; only then does the page go on, so a lost connection loses nothing.
  async submit(event) {
    if (this.passing) return;
    event.preventDefault();
    const button = event.submitter;
    // A form cannot be submitted from within its own submit event: let that one end first.
    await new Promise((done) => setTimeout(done));
    if (this.running) await this.running;
    const result = await this.save();
    if (result === "failed" || result === "signed out") return;
    this.passing = true;
    this.form.requestSubmit(button);
  }

  restore() {
    const kept = store.read(this.key);
    if (!kept) return;
    if (sameFields(kept.fields, this.sent)) {
      store.drop(this.key);
    } else if (String(kept.version) === this.version.value) {
      writeFields(this.form, kept.fields);
      this.say(this.form.dataset.textRestored);
      this.timer = setTimeout(() => this.save(), AFTER_MS);
    } else {
      this.offer(kept);
    }
  }

  // The page has changed since: put back on the old version, saving shows both texts side by side.
  offer(kept) {
    const back = () => {
      this.version.value = kept.version;
      this.base.value = kept.base;
      writeFields(this.form, kept.fields);
      this.save();
    };
    const drop = () => { store.drop(this.key); this.say(""); };
    const texts = this.form.dataset;
    this.say(texts.textFound, {
      failed: true,
      button: [{ text: texts.textRestore, act: back }, { text: texts.textDrop, act: drop }],
    });
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);

// The page of two versions: once the choice is sent, the kept text has served.
for (const form of document.querySelectorAll("form[data-clears]")) {
  form.addEventListener("submit", () => store.drop(form.dataset.clears));
}

// Files: say at once what is too large, before it is sent.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const said = form.querySelector("[data-part=file-said]");
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelector("input[type=file]").files];
    const large = files.find((file) => file.size > Number(form.dataset.most));
    said.textContent = large ? `“${large.name}”：${form.dataset.textLarge}` : form.dataset.textSending;
    if (large) event.preventDefault();
  });
}
