/* Who else is writing: asked every ten seconds, told as soon as this person writes. A line whose minute is over goes by
   itself, so that nothing false stands there when the network is gone. The same answer says what others began to hold
   on the incident while this screen was open, on screens without that line too; hold.js shows it. */

const PING = 10000, WRITES_FOR = 30000;
let wrote = 0, told = 0;

const place = () => document.querySelector("[data-presence]");
const token = () => document.querySelector("form.composer [name=csrfmiddlewaretoken]")?.value || "";

async function ask() {
  const here = place(), address = here?.dataset.presence || document.getElementById("holds")?.dataset.news;
  if (!address || document.hidden) return;
  const writes = here && Date.now() - wrote < WRITES_FOR;
  if (writes) told = Date.now();
  try {
    const body = writes ? new URLSearchParams({ csrfmiddlewaretoken: token() }) : undefined;
    const answer = await fetch(address, { method: writes ? "POST" : "GET", body, headers: { "HX-Request": "true" } });
    if (answer.ok) show(await answer.text());
  } catch {
    /* The next round asks again. */
  }
}

/* The line changes where its words do: a reader of the screen hears of it once and not every round. */
function show(text) {
  const news = new DOMParser().parseFromString(text, "text/html");
  document.dispatchEvent(new CustomEvent("console:holds", { detail: [...news.querySelectorAll(".hold[data-held]")] }));
  const here = place(), fresh = news.querySelector("[data-presence]");
  if (!here || !fresh) return;
  const names = (of) => [...of.querySelectorAll("p > span:first-child")].map((name) => name.textContent).join("|");
  if (names(here) === names(fresh)) {
    [...fresh.querySelectorAll("p")].forEach((line, index) => {
      const old = here.querySelectorAll("p")[index];
      old.dataset.until = until(line);
      old.querySelector(".ago").textContent = line.querySelector(".ago").textContent;
    });
    return;
  }
  here.replaceChildren(...fresh.childNodes);
  for (const line of here.querySelectorAll("p")) line.dataset.until = until(line);
}

function until(line) {
  return String(Date.now() + Number(line.dataset.secondsLeft) * 1000);
}

document.addEventListener("input", (event) => {
  if (!event.target.closest("form.composer") || !place()) return;
  wrote = Date.now();
  if (wrote - told > PING) ask();
});

window.addEventListener("pagehide", () => {
  const here = place();
  if (here && told) navigator.sendBeacon(here.dataset.presence, new URLSearchParams({ csrfmiddlewaretoken: token(), left: "on" }));
});

for (const line of place()?.querySelectorAll("p") || []) line.dataset.until = until(line);
setInterval(ask, PING);
setInterval(() => {
  for (const line of place()?.querySelectorAll("p") || []) if (Date.now() > Number(line.dataset.until)) line.remove();
}, 1000);
