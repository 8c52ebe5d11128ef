/* Looking closer at a trace: one slider for each strip, one panel for all of them.
   Mouse: hovering opens, a click pins. Touch: a tap takes the nearest day with an event, dragging scrubs.
   Keys: arrows a day, Page Up and Down the next day with an event, Home, End, Enter opens history, Escape closes. */

const STEP = 8, REACH = 24, OPEN_AFTER = 80, CLOSE_AFTER = 150;
const panel = make("div", { className: "day-panel", hidden: true });
panel.dataset.stays = "";
const days = new Map(), heard = new WeakSet();
let current = null, at = -1, isPinned = false, opening = 0, closing = 0;

/** Take over `strip` (an element with data-days) at the event that reached for it first. */
export async function inspect(strip, event) {
  daysOf(strip);
  listen(strip);
  if (event.type === "pointerover" && event.pointerType === "mouse") hover(strip, event);
  /* What happened before the strip listened itself. */
  if (heard.has(event)) return;
  if (event.type === "pointerdown") press(strip, event);
  if (event.type === "keydown") key(strip, event);
}

/* Fetched once; what failed is fetched anew when somebody reaches for it again. */
function daysOf(strip) {
  const address = strip.dataset.days;
  if (!days.has(address)) days.set(address, fetchDays(address));
  return days.get(address);
}

async function fetchDays(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? (await answer.json()).days : [];
  } catch {
    days.delete(address);
    return [];
  }
}

const listened = new WeakSet();

function listen(strip) {
  if (listened.has(strip)) return;
  listened.add(strip);
  strip.addEventListener("pointermove", (event) => event.pointerType === "mouse" ? hover(strip, event) : scrub(strip, event));
  strip.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  for (const [kind, act] of [["pointerdown", press], ["keydown", key]]) {
    strip.addEventListener(kind, (event) => {
      heard.add(event);
      act(strip, event);
    });
  }
  strip.addEventListener("blur", () => !panel.contains(document.activeElement) && close());
}

/* Where a pointer is ------------------------------------------------------------- */

function count(strip) { return Number(strip.dataset.count); }
function isMirrored() { return getComputedStyle(document.documentElement).direction === "rtl"; }

function dayUnder(strip, event) {
  const picture = strip.querySelector("svg").getBoundingClientRect();
  const share = (event.clientX - picture.left) / picture.width;
  const along = isMirrored() ? 1 - share : share;
  return Math.max(0, Math.min(count(strip) - 1, Math.floor(along * (count(strip) * STEP - 2) / STEP)));
}

async function nearestEvent(strip, event) {
  const index = dayUnder(strip, event), known = await daysOf(strip);
  const width = strip.querySelector("svg").getBoundingClientRect().width / count(strip);
  const reach = Math.floor(REACH / width);
  for (let away = 0; away <= reach; away += 1) {
    for (const one of [index - away, index + away]) if (known[one]?.eventful) return one;
  }
  return index;
}

function hover(strip, event) {
  if (isPinned) return;
  clearTimeout(closing);
  clearTimeout(opening);
  const index = dayUnder(strip, event);
  if (current === strip) show(strip, index);
  else opening = setTimeout(() => show(strip, index), OPEN_AFTER);
}

function leave() {
  clearTimeout(opening);
  if (!isPinned) closing = setTimeout(close, CLOSE_AFTER);
}

async function press(strip, event) {
  if (event.pointerType === "mouse") {
    isPinned = true;
    show(strip, dayUnder(strip, event));
  } else {
    isPinned = true;
    show(strip, await nearestEvent(strip, event));
  }
}

function scrub(strip, event) {
  if (event.buttons || event.pressure) show(strip, dayUnder(strip, event));
}

/* Keys ------------------------------------------------------------------------------ */

/* A key that is pressed before the days have come acts when they are there, if the strip still has the focus. */
async function key(strip, event) {
  const known = await daysOf(strip);
  if (document.activeElement !== strip) return;
  const last = count(strip) - 1, from = current === strip ? at : Number(strip.getAttribute("aria-valuenow"));
  const forward = isMirrored() ? "ArrowLeft" : "ArrowRight", back = isMirrored() ? "ArrowRight" : "ArrowLeft";
  const moves = {
    [forward]: () => from + 1, [back]: () => from - 1, ArrowUp: () => from + 1, ArrowDown: () => from - 1,
    Home: () => 0, End: () => last,
    PageUp: () => eventful(known, from, -1), PageDown: () => eventful(known, from, 1),
  };
  if (moves[event.key]) {
    isPinned = true;
    draw(strip, Math.max(0, Math.min(last, moves[event.key]())), known);
  } else if (event.key === "Enter" && known[from]?.history) location.assign(known[from].history);
}

function eventful(known, from, direction) {
  for (let one = from + direction; known[one]; one += direction) if (known[one].eventful) return one;
  return from;
}

/* The panel ---------------------------------------------------------------------------- */

async function show(strip, index) { draw(strip, index, await daysOf(strip)); }

function draw(strip, index, known) {
  const day = known[index];
  if (!day) return;
  current = strip;
  at = index;
  strip.setAttribute("aria-valuenow", index);
  strip.setAttribute("aria-valuetext", day.text);
  strip.style.setProperty("--day", index);
  strip.style.setProperty("--days", count(strip));
  strip.classList.add("inspected");
  for (const other of document.querySelectorAll(".strip.inspected")) if (other !== strip) other.classList.remove("inspected");
  fill(day);
  if (panel.previousElementSibling !== strip) strip.after(panel);
  panel.hidden = false;
  place(strip, index);
}

function fill(day) {
  const lines = day.lines.map((words) => make("p", { textContent: words }));
  const links = (day.incidents || []).map((one) => make("li", {}, [make("a", { href: one.path, textContent: one.title, dir: "auto" })]));
  if (day.more) links.push(make("li", {}, [make("a", { href: day.history, textContent: `+${day.more}` })]));
  panel.replaceChildren(make("p", { className: "day-name", textContent: day.heading }), ...lines,
    ...(links.length ? [make("ul", { className: "plain" }, links)] : []));
}

/* Floating on wide screens, clamped inside the row; in the flow on phones. */
function place(strip, index) {
  if (matchMedia("(width < 48rem)").matches) return panel.style.removeProperty("inset-inline-start");
  const box = strip.getBoundingClientRect();
  const along = (index + 0.5) / count(strip) * box.width;
  const start = Math.max(0, Math.min(box.width - panel.offsetWidth, along - panel.offsetWidth / 2));
  panel.style.setProperty("inset-inline-start", `${strip.offsetLeft * (isMirrored() ? 0 : 1) + start}px`);
}

function close() {
  current?.classList.remove("inspected");
  current = null;
  isPinned = false;
  panel.hidden = true;
}

function make(name, properties, children = []) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

panel.addEventListener("pointerenter", () => clearTimeout(closing));
panel.addEventListener("pointerleave", leave);
document.addEventListener("keydown", (event) => event.key === "Escape" && close());
document.addEventListener("pointerdown", (event) => {
  if (!panel.contains(event.target) && !event.target.closest(".strip")) close();
});
