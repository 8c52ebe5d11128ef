/* What is being written is kept: on the server within a second or so, and in this browser until the server says so.
   Drafts are the same on every device; the form works without this file. */

const QUIET = 700, AGAIN = 5000;
/* A form that takes the place of another has its address: what the first one sent is under way for both. */
const timers = new WeakMap(), underWay = new Map();
const NOT_KEPT = ["csrfmiddlewaretoken", "request_key", "confirmed", "seen"];

const composer = (target) => target.closest?.("form[data-draft]");
const shelf = (form) => `console draft ${form.dataset.draft}`;

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = composer(event.target);
    if (!form || !event.target.name) return;
    keepHere(form);
    later(form, QUIET);
  });
}

document.addEventListener("console:published", (event) => forget(composer(event.target)));
document.addEventListener("submit", (event) => {
  const form = event.submitter?.hasAttribute("data-forgets") && composer(event.target);
  if (!form) return;
  forget(form);
  /* A save that is under way would bring back what is thrown away; one without an answer is not waited for long. */
  const saving = underWay.get(form.dataset.draft);
  if (!saving) return;
  event.preventDefault();
  underWay.delete(form.dataset.draft);
  Promise.race([saving, new Promise((go) => setTimeout(go, AGAIN))]).then(() => form.requestSubmit(event.submitter));
});

function forget(form) {
  if (!form) return;
  clearTimeout(timers.get(form));
  form.dataset.published = "";
  clearShelf(form);
}

/* What this browser keeps, null for nothing; it may forbid to keep or even to ask, and the server keeps it all the same. */
function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(shelf(form)));
  } catch {
    clearShelf(form);
    return null;
  }
}

function clearShelf(form) {
  try {
    localStorage.removeItem(shelf(form));
  } catch {
    /* There is no shelf. */
  }
}

/* A screen that is left sends what is not kept yet. */
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft][data-unsaved]")) {
    if (form.dataset.published === undefined) fetch(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
  }
});

document.addEventListener("htmx:load", (event) => {
  const form = event.target.matches?.("form[data-draft]") ? event.target : event.target.querySelector?.("form[data-draft]");
  if (form && form.dataset.opened === undefined) open(form);
});

function open(form) {
  form.dataset.opened = "";
  if (form.querySelector("#conflict, .mistakes")) later(form, QUIET);
  const said = kept(form);
  if (!said || said.body === form.elements.body.value) return;
  for (const [name, value] of Object.entries(said)) put(form, name, value);
  say(form, "Brought back what this browser kept");
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

function put(form, name, value) {
  const field = form.elements[name];
  if (!field || NOT_KEPT.includes(name)) return;
  if (field.type === "checkbox") field.checked = value !== null;
  else field.value = value;
}

function keepHere(form) {
  form.dataset.unsaved = "";
  const said = Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.includes(name)));
  for (const box of form.querySelectorAll("input[type=checkbox][name]")) said[box.name] = box.checked ? box.value : null;
  try {
    localStorage.setItem(shelf(form), JSON.stringify(said));
  } catch {
    /* The shelf is full or forbidden; the server keeps it all the same. */
  }
}

function later(form, pause) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), pause));
}

function save(form) {
  if (form.dataset.published !== undefined || !form.isConnected) return;
  const address = form.dataset.draft;
  const saving = Promise.all([underWay.get(address), send(form)])
    .finally(() => underWay.get(address) === saving && underWay.delete(address));
  underWay.set(address, saving);
}

async function send(form) {
  delete form.dataset.unsaved;
  const sent = new FormData(form);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: sent, headers: { "HX-Request": "true" } });
    if (!answer.ok) return missed(form, answer.status >= 500);
    const line = document.getElementById("draft");
    if (line) line.outerHTML = await answer.text();
    if (form.dataset.unsaved === undefined) clearShelf(form);
    if (form.dataset.reopens) history.replaceState(history.state, "", form.dataset.reopens);
  } catch {
    missed(form, true);
  }
}

/* A server that is silent or broken is asked again; one that refused is not, until something else is typed. */
function missed(form, again) {
  form.dataset.unsaved = "";
  say(form, "Kept in this browser; the server did not take it yet");
  if (again) later(form, AGAIN);
}

function say(form, words) {
  const line = form.querySelector("#draft");
  if (line) line.textContent = words;
}
