/* Times in the viewer's own zone, when it differs from the page's: a switch in the foot and in the head of an
   incident, kept on the device.
   The page's zone stays in the title of each stamp, and what is copied from `datetime` never changes. */

const KEY = "times-in";
const language = document.documentElement.lang || "en";
let pageZone = "", ownZone = "", isOwn = false;

/** Offer to read times in `own` (an IANA name) instead of the page's zone. */
export function offer(page, own) {
  [pageZone, ownZone] = [page, own];
  if (shortName(page) === shortName(own) && stamps().every((stamp) => offset(stamp, page) === offset(stamp, own))) return;
  isOwn = kept() === "own";
  const show = () => {
    for (const id of ["times-in", "times-here"]) label(document.getElementById(id));
    rewrite();
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-switches-zone]")) return;
    isOwn = !isOwn;
    keep(isOwn ? "own" : "page");
    show();
  });
  document.addEventListener("page:changed", show);
  show();
}

/* A browser may forbid to keep anything: the choice then lasts as long as the page is open. */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    /* See above. */
  }
}

function label(place) {
  if (!place) return;
  const words = document.getElementById("times-in").dataset, button = place.nextElementSibling || document.createElement("button");
  if (!button.isConnected) {
    Object.assign(button, { type: "button", className: "text-button" });
    Object.assign(button.dataset, { switchesZone: "", stays: "" });
    place.after(button);
  }
  place.textContent = words.words.replace("{zone}", shortName(isOwn ? ownZone : pageZone));
  button.textContent = (isOwn ? words.back : words.own).replace("{zone}", shortName(isOwn ? pageZone : ownZone));
}

function stamps() { return [...document.querySelectorAll("time[datetime*='T']")]; }

function rewrite() {
  for (const stamp of stamps()) {
    stamp.dataset.page ??= stamp.textContent;
    const hasChanged = stamp.dataset.own && stamp.textContent !== stamp.dataset.own && stamp.textContent !== stamp.dataset.page;
    if (hasChanged) stamp.dataset.page = stamp.textContent;
    if (isOwn) {
      stamp.dataset.own = inOwn(stamp);
      stamp.textContent = stamp.dataset.own;
      stamp.title = stamp.dataset.page;
    } else if (stamp.dataset.own) {
      stamp.textContent = stamp.dataset.page;
      stamp.removeAttribute("title");
    }
  }
}

/* As much of date and time as the page's own words show, in the same form. */
function inOwn(stamp) {
  if (language !== "en") return inOwnForm(stamp);
  const moment = new Date(stamp.dateTime), words = stamp.dataset.page, isLong = words.includes(" - ");
  const time = format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const hasYear = /\b\d{4}\b/.test(words), hasDay = hasYear || /\d.*\d{1,2}:\d{2}/.test(words.replace(/^\d{1,2}:\d{2}/, ""));
  const day = hasDay && format(moment, { month: "short", day: isLong ? "2-digit" : "numeric", ...(hasYear && { year: "numeric" }) });
  const told = hasDay ? `${day}${isLong ? " - " : ", "}${time}` : time;
  return /\d{2}:\d{2}$/.test(words) ? told : `${told} ${shortName(ownZone, moment)}`;
}

/* Other languages than English: the same parts in the order of the language. */
function inOwnForm(stamp) {
  const moment = new Date(stamp.dateTime), words = stamp.dataset.page.replace(/[ \u00a0]?[A-Z]{2,5}([+-]\d{1,4})?$/, "");
  const hasZone = words !== stamp.dataset.page, rest = words.replace(/\d{1,2}:\d{2}/, ""), hasYear = /\d{4}/.test(rest);
  const month = ["long", "short"].find((form) => rest.includes(monthOf(stamp.dateTime, form))) || "long";
  const day = /\d/.test(rest) && { day: "numeric", month, ...(hasYear && { year: "numeric" }) };
  const told = format(moment, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return hasZone ? `${told} ${shortName(ownZone, moment)}` : told;
}

function monthOf(moment, form) {
  return new Intl.DateTimeFormat(language, { month: form, timeZone: pageZone }).format(new Date(moment));
}

function format(moment, parts) {
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, { ...parts, timeZone: ownZone }).format(moment);
}

/* Letters such as CET where any English knows them: which zones have some depends on the country of the locale. */
function shortName(zone, moment = new Date()) {
  const names = [language, "en-US", "en-GB", "en-AU"].map((locale) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(moment)
      .find((part) => part.type === "timeZoneName").value);
  return names.find((name) => /^[A-Z]{2,5}$/.test(name)) || names[1];
}

function offset(stamp, zone) { return shortName(zone, new Date(stamp.dateTime)); }
