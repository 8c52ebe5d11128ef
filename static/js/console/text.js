/* The text of a composer: blanks and variables are marked, Next goes to the open blank, facts and templates go where the
   caret is, titles are counted. Everything it does has a plain way without this file. */

const MARKS = /(?<![{$%\\])\{(?:\?[^{}\n]{1,80}|components|start|duration|next_update|page)\}(?!\})/g;
const BLANK = /(?<![{$%\\])\{\?\s*([^{}\n]{1,80}?)\s*\}/;
const COUNTED_FROM = 60, LONG = 80, LONG_PRESS = 600;

const composer = (target) => target.closest?.("form.composer");
const bodyOf = (form) => form?.elements.body;

/* Blanks ---------------------------------------------------------------------------------------- */

function firstBlank(field, from = 0) {
  const rest = BLANK.exec(field.value.slice(from));
  const found = rest ? [from, rest] : [0, BLANK.exec(field.value)];
  return found[1] && { start: found[0] + found[1].index, end: found[0] + found[1].index + found[1][0].length, asks: found[1][1] };
}

function goToBlank(form, from = 0) {
  for (const field of [form.elements.title, bodyOf(form)]) {
    const blank = field && firstBlank(field, field === document.activeElement ? from : 0);
    if (!blank) continue;
    field.focus();
    field.setSelectionRange(blank.start, blank.end);
    return blank;
  }
  return null;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-publishes]") || event.submitter?.hasAttribute("formaction")) return;
  const blank = goToBlank(form);
  if (!blank) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector("[data-blanks]")?.classList.add("blocking");
  tell(form, `Not published. Still open: ${blank.asks}.`);
}, { capture: true });

document.addEventListener("click", (event) => {
  const form = composer(event.target);
  if (!form) return;
  if (event.target.closest("[data-next-blank]")) goToBlank(form, bodyOf(form).selectionEnd);
  const fact = event.target.closest("[data-insert]");
  if (fact) insert(bodyOf(form), fact.dataset.insert);
  if (event.target.closest("[data-edit-mine]")) {
    event.preventDefault();
    form.querySelector("#conflict")?.remove();
    bodyOf(form).focus();
  }
});

function tell(form, words) {
  const place = form.querySelector("[data-blanks] [role=status]");
  if (place && place.textContent !== words) place.textContent = words;
}

function countBlanks(form) {
  const place = form.querySelector("[data-blanks]");
  if (!place) return;
  const all = [form.elements.title, bodyOf(form)].filter(Boolean).flatMap((field) => field.value.match(new RegExp(BLANK, "g")) || []);
  place.hidden = !all.length;
  if (!all.length) place.classList.remove("blocking");
  if (all.length) tell(form, `${all.length === 1 ? "One blank" : `${all.length} blanks`} to fill: ${BLANK.exec(all[0])[1]}`);
}

/* The marks stand on a copy of the text behind it. */
function mark(field) {
  const paper = field.closest(".paper");
  if (!paper) return;
  const copy = paper.querySelector(".marks") || paper.insertBefore(Object.assign(document.createElement("div"), { className: "marks" }), field);
  copy.setAttribute("aria-hidden", "true");
  copy.dir = "auto";
  const pieces = [];
  let last = 0;
  for (const found of field.value.matchAll(MARKS)) {
    const piece = document.createElement("mark");
    piece.textContent = found[0];
    if (found[0].startsWith("{?")) piece.className = "blank";
    pieces.push(field.value.slice(last, found.index), piece);
    last = found.index + found[0].length;
  }
  copy.replaceChildren(...pieces, `${field.value.slice(last)}\n`);
  copy.scrollTop = field.scrollTop;
}

document.addEventListener("scroll", (event) => {
  const copy = event.target.closest?.(".paper")?.querySelector(".marks");
  if (copy) copy.scrollTop = event.target.scrollTop;
}, { capture: true });

/* Insertion, caret ------------------------------------------------------------------------------- */

function insert(field, words) {
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function noteCaret(field) {
  const form = composer(field);
  if (!form?.elements.caret_from) return;
  form.elements.caret_from.value = field.selectionStart;
  form.elements.caret_to.value = field.selectionEnd;
}

document.addEventListener("selectionchange", () => {
  const field = document.activeElement;
  if (field?.matches("form.composer textarea[name=body]")) noteCaret(field);
});

/* A long press on a template replaces the whole text. */
let pressing = null;
document.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest("[data-template]");
  clearTimeout(pressing);
  if (chip) pressing = setTimeout(() => instead(chip), LONG_PRESS);
});
for (const kind of ["pointerup", "pointercancel", "pointerleave"]) document.addEventListener(kind, () => clearTimeout(pressing));
document.addEventListener("contextmenu", (event) => {
  const chip = event.target.closest("[data-template]");
  if (!chip) return;
  event.preventDefault();
  instead(chip);
});

function instead(chip) {
  clearTimeout(pressing);
  const form = composer(chip);
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "instead", value: "on" }));
  chip.click();
}

/* Counting, opening -------------------------------------------------------------------------------- */

function count(field) {
  const place = field.parentElement.querySelector(".count-line") || field.parentElement.appendChild(Object.assign(document.createElement("p"), { className: "hint count-line" }));
  const length = [...field.value].length;
  const words = length < COUNTED_FROM ? "" : length <= LONG ? `${length} of ${LONG}` : `${length} of ${LONG}: lists and mails will cut it`;
  if (place.textContent !== words) place.textContent = words;
}

document.addEventListener("input", (event) => {
  const form = composer(event.target);
  if (!form) return;
  if (event.target.name === "title") count(event.target);
  if (event.target.name === "body") {
    mark(event.target);
    noteCaret(event.target);
  }
  countBlanks(form);
});

/* Whoever does not ask for the list of recipients any more is not sent it again. */
document.addEventListener("toggle", (event) => {
  if (event.target.id === "audience" && !event.target.open) event.target.querySelector("[name=who]")?.remove();
}, { capture: true });

document.addEventListener("htmx:load", (event) => {
  const forms = event.target.matches?.("form.composer") ? [event.target] : event.target.querySelectorAll?.("form.composer") || [];
  for (const form of forms) open(form, event.target !== document.body);
});

function open(form, isSwapped) {
  const field = bodyOf(form);
  if (!field || form.dataset.read !== undefined) return;
  form.dataset.read = "";
  mark(field);
  countBlanks(form);
  if (form.elements.title) count(form.elements.title);
  if (field.value && matchMedia("(min-width: 64em)").matches && !form.querySelector("#rehearsal .update")) form.querySelector("[data-rehearse]")?.click();
  const [from, to] = (form.dataset.caret || "").split(",").map(Number);
  if (!form.dataset.caret) return;
  field.setSelectionRange(from, to);
  if (isSwapped || field.matches("[autofocus]")) goToBlank(form) || field.focus();
}
