/* Choosing components: a search over the list, chips for the likely ones, and all of them in two steps. Rows chosen in
   the list join the ones the message is about. Without this file the list is long, and works. */

const LIKELY_STATE = "partial_outage";

const states = (target) => target.closest?.(".states");
const rowOf = (code) => document.querySelector(`.picker select[name="state_${CSS.escape(code)}"]`)?.closest(".state-row");

function take(row) {
  const place = states(row).querySelector(".listed");
  place.append(row);
  row.hidden = false;
}

function changed(field) {
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function close(picker) {
  const chosen = [...picker.querySelectorAll(".picker-rows .state-row")].filter((row) => row.querySelector("select").value);
  chosen.forEach(take);
  hideTaken(picker.closest(".states"));
  const find = picker.querySelector("[data-find-component]");
  if (find) find.value = "";
  sieve(picker);
}

function hideTaken(place) {
  for (const chip of place.querySelectorAll("[data-affect]")) chip.hidden = !rowOf(chip.dataset.affect);
  const likely = place.querySelector(".likely");
  if (likely) likely.hidden = !likely.querySelector("[data-affect]:not([hidden])");
}

function sieve(picker) {
  const words = (picker.querySelector("[data-find-component]")?.value || "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const row of picker.querySelectorAll(".picker-rows .state-row")) {
    const name = row.querySelector("label").textContent.toLocaleLowerCase();
    row.hidden = !words.every((word) => name.includes(word));
    found += row.hidden ? 0 : 1;
  }
  const none = picker.querySelector("[data-none]");
  if (none) none.hidden = found > 0;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-find-component]")) sieve(event.target.closest(".picker"));
});

/* Enter in the search goes to the first component found and sends nothing. */
document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.(".picker[open]");
  if (!picker) return;
  if (event.key === "Escape") {
    picker.open = false;
    picker.querySelector("summary").focus();
  } else if (event.key === "Enter" && event.target.matches("[data-find-component]")) {
    event.preventDefault();
    picker.querySelector(".picker-rows .state-row:not([hidden]) select")?.focus();
  }
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-affect]");
  if (chip) {
    const row = rowOf(chip.dataset.affect);
    if (!row) return;
    const field = row.querySelector("select");
    field.value = LIKELY_STATE;
    const place = states(row);
    take(row);
    hideTaken(place);
    field.focus();
    changed(field);
  }
  if (event.target.closest("[data-picked]")) {
    const picker = event.target.closest(".picker");
    picker.open = false;
    picker.querySelector("summary").focus();
  }
  if (event.target.closest("[data-all-components]")) setAll(event.target.closest(".picker"));
});

function setAll(picker) {
  const state = picker.querySelector("[data-all-state]").value;
  const fields = [...picker.querySelectorAll(".picker-rows select")];
  for (const field of fields) field.value = state;
  picker.open = false;
  picker.querySelector("summary").focus();
  if (fields.length) changed(fields[0]);
}

/* Opened by hand it takes the screen of a phone; one that stands open from the start stays in its place. */
document.addEventListener("click", (event) => {
  const picker = event.target.closest(".picker > summary")?.parentElement;
  if (picker && !picker.open && picker.querySelector("[data-picked]")) picker.dataset.sheet = "";
});

document.addEventListener("toggle", (event) => {
  const picker = event.target;
  if (!picker.matches?.(".picker")) return;
  if (!picker.open) {
    close(picker);
    delete picker.dataset.sheet;
  } else if (picker.dataset.sheet !== undefined) picker.querySelector("[data-find-component]")?.focus();
}, { capture: true });

/* What a component was is said where something else is chosen. */
document.addEventListener("change", (event) => {
  const row = event.target.matches(".state-row select") ? event.target.closest(".state-row") : null;
  const seen = row?.querySelector("input[type=hidden]");
  if (seen) row.toggleAttribute("data-changed", seen.value !== "" && seen.value !== event.target.value);
});
