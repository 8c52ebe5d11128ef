/* What a stamp knows beyond its words: the same instant in the page's zone, the reader's, UTC and Unix seconds,
   on a panel that pointer, tap and focus open and Esc closes; and ways to copy it, or a link. Words come from the page. */

const language = `${document.documentElement.lang || "en"}-u-nu-latn`;
const pageZone = document.documentElement.dataset.zone || "UTC";
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || pageZone;
const SHORT = 200;

let panel = null, shownFor = null, timer = 0;

/** Show or hide the panel for what happened at `stamp`. */
export function reach(stamp, event) {
  if (event.type === "pointerover" && event.pointerType !== "mouse") return;
  if (event.type === "click" && stamp.closest("a, summary, button")) return;
  clearTimeout(timer);
  /* The first tap or key holds what pointer or focus opened, the second closes it. */
  if (event.type === "click" && shownFor === stamp && panel.dataset.by === "click") return hide();
  if (shownFor !== stamp) show(stamp);
  if (panel.dataset.by !== "click") panel.dataset.by = event.type;
}

function show(stamp) {
  hide();
  panel = document.getElementById("time-panel").content.firstElementChild.cloneNode(true);
  shownFor = stamp;
  const moment = new Date(stamp.dateTime), said = {
    page: inZone(moment, pageZone), own: inZone(moment, ownZone), utc: at(moment, "UTC"), unix: String(moment / 1000),
  };
  for (const [name, words] of Object.entries(said)) panel.querySelector(`[data-is="${name}"]`).textContent = words;
  panel.querySelector("button").dataset.copy = stamp.dateTime;
  stamp.setAttribute("aria-expanded", "true");
  stamp.after(panel);
  place();
  document.addEventListener("keydown", escape);
  document.addEventListener("pointerover", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("pointerdown", leave);
}

function hide() {
  if (!panel) return;
  shownFor.removeAttribute("aria-expanded");
  panel.remove();
  panel = shownFor = null;
  document.removeEventListener("keydown", escape);
  document.removeEventListener("pointerover", leave);
  document.removeEventListener("focusin", leave);
  document.removeEventListener("pointerdown", leave);
}

/* Below the stamp, and within the window. */
function place() {
  const around = (panel.offsetParent || document.body).getBoundingClientRect(), here = shownFor.getBoundingClientRect();
  const most = document.documentElement.clientWidth - panel.offsetWidth - 8;
  panel.style.left = `${Math.max(8, Math.min(here.left, most)) - around.left}px`;
  panel.style.top = `${here.bottom - around.top + 4}px`;
}

function escape(event) {
  if (event.key !== "Escape") return;
  const hadFocus = panel.contains(document.activeElement), stamp = shownFor;
  hide();
  if (hadFocus) stamp.focus({ preventScroll: true });
}

/* The pointer may cross the gap between stamp and panel; focus and what was tapped keep it where it is. */
function leave(event) {
  clearTimeout(timer);
  const isHere = panel.contains(event.target) || shownFor.contains(event.target);
  if (isHere) return;
  if (event.type === "pointerover" && panel.dataset.by !== "pointerover") return;
  if (event.type === "pointerover") timer = setTimeout(hide, SHORT);
  else hide();
}

/* Words ---------------------------------------------------------------------------- */

function at(moment, zone) {
  const parts = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(language, { ...parts, timeZone: zone }).format(moment);
}

function inZone(moment, zone) {
  const name = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "long" }).formatToParts(moment)
    .find((part) => part.type === "timeZoneName").value;
  return [at(moment, zone), name, offset(moment, zone)].filter(Boolean).join(" · ");
}

/* "5 hours, 30 minutes ahead of UTC", nothing for UTC itself. */
function offset(moment, zone) {
  const minutes = Math.round((wall(moment, zone) - wall(moment, "UTC")) / 60000);
  if (!minutes) return "";
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const counted = [[hours, "hour"], [rest, "minute"]].filter(([count]) => count).map(([count, unit]) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
  const duration = new Intl.ListFormat(language, { type: "unit" }).format(counted);
  return panel.dataset[minutes > 0 ? "ahead" : "behind"].replace("{duration}", duration);
}

function wall(moment, zone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const told = Object.fromEntries(new Intl.DateTimeFormat("en-u-ca-gregory", { ...parts, timeZone: zone })
    .formatToParts(moment).map((part) => [part.type, Number(part.value)]));
  return Date.UTC(told.year, told.month - 1, told.day, told.hour, told.minute);
}

/* Copying ----------------------------------------------------------------------------- */

/** Copy what `way` (a button or a link) stands for and say so in its place. */
export async function copy(way) {
  if (way.classList.contains("copied")) return;
  await put(way.dataset.copy || way.href);
  const words = [...way.childNodes], said = document.createElement("span");
  Object.assign(said, { textContent: way.dataset.copied });
  said.setAttribute("role", "status");
  way.classList.add("copied");
  way.replaceChildren(said);
  setTimeout(() => {
    way.replaceChildren(...words);
    way.classList.remove("copied");
  }, 2000);
}

/** Hand the page to the sheet of the system. */
export function share() {
  navigator.share({ title: document.title, url: location.href }).catch(() => {});
}

/** Print the page. */
export function print() { window.print(); }

/* Pages without https have no clipboard of their own. */
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).catch(() => {});
  const field = document.createElement("textarea");
  Object.assign(field, { value: text, className: "hidden-text" });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  return field.remove();
}
