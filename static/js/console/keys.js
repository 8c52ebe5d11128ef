/* The keyboard map. Single letters act outside fields only and can be switched off (WCAG 2.1.4); the list under "?" is
   made of the same links the keys follow. Undo in a hold is in hold.js. */

const list = document.querySelector("[data-keys]");
const lettersAct = list?.dataset.keys !== "off";
const PAUSE = 1500;
let before = "", timer = null;

const isField = (target) => target.matches?.("input, textarea, select, [contenteditable]") || target.closest?.("dialog[open]:not(#keys-list)");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const strong = event.ctrlKey || event.metaKey;
  if (strong && event.key === "Enter") return act(event, publish());
  if (event.altKey && /^Digit[1-9]$/.test(event.code)) return act(event, phase(Number(event.code.slice(-1))));
  if (strong || event.altKey || !lettersAct || isField(event.target)) return;
  letter(event);
});

function act(event, done) {
  if (done) event.preventDefault();
}

function publish() {
  const focused = document.activeElement?.closest("form")?.querySelector("[data-publish]");
  const pressed = focused || document.querySelector("[data-publish]");
  if (!pressed) return false;
  pressed.form.requestSubmit(pressed);
  return true;
}

function phase(number) {
  const steps = document.querySelectorAll(".stepper input[name=phase]");
  if (!steps[number - 1]) return false;
  steps[number - 1].click();
  return true;
}

function letter(event) {
  const key = before + event.key;
  before = "";
  clearTimeout(timer);
  if (event.key === "g" && key !== "gg") {
    before = "g";
    timer = setTimeout(() => (before = ""), PAUSE);
    return;
  }
  if (key === "?") return act(event, showList());
  if (key === "j" || key === "k") return act(event, move(key === "j" ? 1 : -1));
  if (key === "u") return act(event, write());
  if (key === "/") return act(event, search());
  act(event, follow(key));
}

function follow(key) {
  const link = list?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!link) return false;
  location.assign(link.href);
  return true;
}

function showList() {
  const dialog = document.getElementById("keys-list");
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else dialog.showModal();
  return true;
}

function move(step) {
  const rows = [...document.querySelectorAll("main .row-link, main .card h3 a, main .rows a")].filter((row) => row.offsetParent);
  if (!rows.length) return false;
  const now = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(now + step, 0), rows.length - 1)].focus();
  return true;
}

function write() {
  const text = document.querySelector("form.composer textarea[name=body]");
  if (!text) return follow("u");
  text.focus();
  return true;
}

function search() {
  const field = [...document.querySelectorAll("main input[type=search]")].find((one) => one.offsetParent);
  if (!field) return follow("/");
  field.focus();
  return true;
}

/* A screen opened at its text begins there. */
if (location.hash === "#id_body") document.getElementById("id_body")?.focus();
