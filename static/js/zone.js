/* Times in the viewer's own zone, when it differs from the page's: a switch in the foot, kept on the device.
   The page's zone stays in the title of each stamp, and what is copied from `datetime` never changes. */

const KEY = "times-in";
const language = document.documentElement.lang || "en";
let pageZone = "", ownZone = "", isOwn = false;

/** Offer to read times in `own` (an IANA name) instead of the page's zone. */
export function offer(page, own) {
  [pageZone, ownZone] = [page, own];
  if (shortName(page) === shortName(own) && stamps().every((stamp) => offset(stamp, page) === offset(stamp, own))) return;
  isOwn = localStorage.getItem(KEY) === "own";
  const place = document.getElementById("times-in");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text-button";
  place.after(button);
  const label = () => {
    place.textContent = place.dataset.words.replace("{zone}", shortName(isOwn ? own : page));
    button.textContent = (isOwn ? place.dataset.back : place.dataset.own).replace("{zone}", shortName(isOwn ? page : own));
  };
  button.addEventListener("click", () => {
    isOwn = !isOwn;
    localStorage.setItem(KEY, isOwn ? "own" : "page");
    label();
    rewrite();
  });
  document.addEventListener("page:changed", rewrite);
  label();
  rewrite();
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

/* As much of date and time as the page's own words show. */
function inOwn(stamp) {
  const moment = new Date(stamp.dateTime), words = stamp.dataset.page;
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ownZone };
  if (/\p{L}{3,}.*\d.*\d{1,2}:\d{2}/u.test(words)) Object.assign(format, { month: "short", day: "numeric" });
  if (/\b\d{4}\b/.test(words.replace(/\d{1,2}:\d{2}/, ""))) format.year = "numeric";
  if (!/\d{2}:\d{2}$/.test(words)) format.timeZoneName = "short";
  return new Intl.DateTimeFormat(language, format).format(moment);
}

function shortName(zone, moment = new Date()) {
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" }).formatToParts(moment);
  return parts.find((part) => part.type === "timeZoneName").value;
}

function offset(stamp, zone) { return shortName(zone, new Date(stamp.dateTime)); }
