/* An open page kept current: polls its live part, says what changed, keeps relative times true.
   The page is whole without this file. Words come from the page, so that they are in its language. */

const script = document.getElementById("page-script");
const main = document.getElementById("main");
const SECOND = 1000, MINUTE = 60 * SECOND;

/* Relative times ------------------------------------------------------------------ */

const relative = new Intl.RelativeTimeFormat(`${document.documentElement.lang || "en"}-u-nu-latn`, { numeric: "always" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]], MONTH = 30 * 86400;

function refreshAges(root = document) {
  for (const age of root.querySelectorAll(".ago[data-at]")) {
    const seconds = Date.now() / 1000 - Number(age.dataset.at);
    const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) || [];
    if (Math.abs(seconds) > MONTH) drop(age);
    else if (unit) age.textContent = relative.format(-Math.trunc(seconds / length), unit);
  }
}

/* A companion of a stamp that has become history goes, with the dot before it. */
function drop(age) {
  const before = age.previousSibling;
  if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.replace(/ · $/, "");
  age.remove();
}

/* What a reader would notice -------------------------------------------------------- */

function seen() {
  const components = new Map(), groups = new Map(), stories = new Map(), updates = new Map();
  for (const row of main.querySelectorAll("[data-component-id]")) {
    components.set(row.dataset.componentId, { row, name: text(row, ".name"), state: text(row, ".component-status") });
  }
  for (const card of main.querySelectorAll("[data-incident]")) {
    stories.set(card.dataset.incident, {
      row: card, name: text(card, "h3, .story-name"), update: card.dataset.update, phase: text(card, ".phase"),
    });
  }
  for (const row of main.querySelectorAll("article.update[id]")) {
    updates.set(row.id, { row, name: text(main, "h1"), phase: text(row, ".update-title") });
  }
  for (const group of main.querySelectorAll(".group[data-group]")) {
    groups.set(group.dataset.group, {
      row: group, name: text(group, "h3"), state: text(group, "summary .state"), weight: Number(group.dataset.weight),
      isElsewhere: Boolean(group.querySelector(":scope > .rows")),
    });
  }
  return { components, groups, stories, updates };
}

function text(root, selector) {
  const found = root.querySelector(selector);
  return found ? found.textContent.trim() : "";
}

function* changes(before, after) {
  for (const [code, now] of after.components) {
    const was = before.components.get(code);
    if (was && was.state !== now.state) yield { words: "state", key: code, ...now };
  }
  for (const [code, now] of after.groups) {
    const was = before.groups.get(code);
    /* Its rows say it themselves where they were on the page before and after. */
    if (was && was.state !== now.state && (was.isElsewhere || now.isElsewhere)) yield { words: "state", key: code, ...now };
  }
  for (const [code, now] of after.stories) {
    const was = before.stories.get(code);
    if (!was) yield { words: "opened", key: code, ...now };
    else if (was.update !== now.update) yield { words: "told", key: code, ...now };
  }
  for (const [code, was] of before.stories) {
    if (!after.stories.has(code)) yield { words: "over", key: code, name: was.name };
  }
  for (const [id, now] of after.updates) {
    if (before.updates.size && !before.updates.has(id)) yield { words: "told", key: id, ...now };
  }
}

const news = document.getElementById("live-news");

function announce(found) {
  /* A language chooses how a state is written inside its sentence: {state} in small letters, {State} as it is. */
  const said = found.map((one) => news.dataset[one.words].replace("{name}", one.name)
    .replace("{state}", (one.state || "").toLowerCase()).replace("{State}", one.state || "").replace("{phase}", one.phase || ""));
  if (said.length) news.textContent = said.join(" ");
}

const fresh = new Map();

function highlight(found) {
  for (const one of found) if (one.row) fresh.set(one.key, Date.now() + MINUTE);
  const { components, groups, stories, updates } = seen();
  let above = false;
  for (const [key, until] of fresh) {
    const row = (components.get(key) || groups.get(key) || stories.get(key) || updates.get(key) || {}).row;
    if (!row || until < Date.now()) fresh.delete(key);
    else row.classList.add("fresh");
    above ||= Boolean(row) && found.some((one) => one.key === key) && row.getBoundingClientRect().bottom < 0;
  }
  for (const row of main.querySelectorAll(".fresh")) {
    const key = row.dataset.componentId || row.dataset.group || row.dataset.incident || row.id;
    if (!fresh.has(key)) row.classList.remove("fresh");
  }
  if (above) document.getElementById("live-below").hidden = false;
}

/* Once: what a visitor folds again stays folded until it gets worse again. */
function openWorsened(before, after) {
  for (const [code, now] of after.groups) {
    const was = before.groups.get(code);
    if (was && now.weight > was.weight) now.row.open = true;
  }
}

/* The poll ---------------------------------------------------------------------------- */

const QUICK = 30 * SECOND, CALM = 60 * SECOND, SLOWEST = 5 * MINUTE;
const paused = document.getElementById("live-paused");
let failures = 0, timer = 0, polledAt = Date.now(), before = null, lastBody = "";

function pause() {
  if (failures) return Math.min(QUICK / 2 * 2 ** failures, SLOWEST);
  const quickUntil = Number(main.querySelector("[data-quick-until]")?.dataset.quickUntil || 0);
  return quickUntil * 1000 > Date.now() ? QUICK : CALM;
}

function schedule() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(poll, pause() * (0.9 + Math.random() * 0.2));
}

async function poll() {
  clearTimeout(timer);
  polledAt = Date.now();
  try {
    await bringMorphing();
  } catch {
    return settled(false);
  }
  htmx.trigger(main, "poll");
}

/* htmx and its morphing come with the first poll: nothing needs them before, and most visits have ended by then. */
let bringing = null;

function bringMorphing() {
  /* A page with a form that filters has brought it. */
  if (window.htmx) return bringing ||= Promise.resolve(keepWhatVisitorsDid());
  return bringing ||= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script.dataset.live;
    tag.addEventListener("load", () => resolve(keepWhatVisitorsDid()));
    tag.addEventListener("error", () => {
      bringing = null;
      tag.remove();
      reject(new Error("no morphing"));
    });
    /* Before the page is complete htmx would wait for an event that is over. */
    if (document.readyState === "complete") document.head.append(tag);
    else addEventListener("load", () => document.head.append(tag));
  });
}

function settled(hasWorked) {
  failures = hasWorked ? 0 : failures + 1;
  paused.hidden = hasWorked;
  schedule();
}

function keepWhatVisitorsDid() {
  /* What a visitor opened stays open: the server does not know of it. */
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(node.tagName === "DETAILS" && name === "open") && !isKeptByFinding(name, node)
    && !isKeptByTraces(name, node) && !isKeptByStamps(name, node);
  /* Rows that were fetched stay where the new page only says where they are. */
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node, fresh) =>
    !(node.dataset && ("noted" in node.dataset || ("filled" in node.dataset && fresh.dataset && "rows" in fresh.dataset)));
  Idiomorph.defaults.callbacks.beforeNodeRemoved = (node) => !(node.dataset && "stays" in node.dataset);
}

/* Forms of the page that filter fetch as well; and what a reader looked for is not replaced by what is published. */
const ANSWER = "#found > .found";

function keepCurrent() {
  main.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== main) return;
    const body = event.detail.serverResponse;
    event.detail.shouldSwap &&= body !== lastBody && !main.querySelector(ANSWER);
    lastBody = body;
    before = seen();
  });
  main.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== main) return;
    const after = seen(), found = [...changes(before, after)];
    openWorsened(before, after);
    announce(found);
    highlight(found);
    refreshAges(main);
    document.dispatchEvent(new Event("page:changed"));
  });
  main.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === main) settled(event.detail.successful);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (Date.now() - polledAt > 5 * SECOND) poll();
    else schedule();
  });
  document.addEventListener("page:poll", poll);
  schedule();
}

/* What somebody types, and what is hidden because of it. */
function isKeptByFinding(name, node) {
  if (["INPUT", "TEXTAREA", "OPTION"].includes(node.tagName)) return ["value", "checked", "selected"].includes(name);
  return name === "data-finding" || (["hidden", "open"].includes(name) && Boolean(node.closest("[data-finding]")));
}

/* A stamp that has the focus must not lose it, nor the title that names the page's zone. */
function isKeptByStamps(name, node) {
  return node.tagName === "TIME" && ["role", "tabindex", "aria-expanded", "title"].includes(name);
}

/* A strip is a picture to the server and a slider here: of its attributes only facts are taken over. */
function isKeptByTraces(name, node) {
  const strip = node.closest(".strip[role]");
  if (!strip || name.startsWith("data-")) return false;
  return node === strip || (node.tagName === "svg" && ["role", "aria-hidden"].includes(name));
}

/* Parts that are fetched when somebody reaches for them --------------------------------- */

/* Whether this device keeps something; a browser may forbid even to ask. */
function isKept(key) {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function once(load) {
  let loaded = null;
  return () => (loaded ||= load());
}

function listenForTraces() {
  const load = once(() => import(script.dataset.traces));
  const reach = async (event) => {
    const strip = event.target.closest?.(".strip[data-days]");
    if (!strip) return;
    if (/^(Arrow|Page|Home$|End$)/.test(event.key)) event.preventDefault();
    (await load()).inspect(strip, event);
  };
  for (const kind of ["pointerover", "pointerdown", "focusin", "keydown"]) main.addEventListener(kind, reach);
  prepareTraces();
  document.addEventListener("page:changed", prepareTraces);
}

/* One tab stop for each strip. It is a slider only where there is script to move it. */
function prepareTraces() {
  for (const strip of main.querySelectorAll(".strip[data-days]")) {
    const picture = strip.querySelector("svg");
    if (strip.hasAttribute("role")) {
      strip.setAttribute("aria-label", picture.getAttribute("aria-label"));
      continue;
    }
    const last = Number(strip.dataset.count) - 1;
    const slider = { role: "slider", tabindex: 0, "aria-label": picture.getAttribute("aria-label"),
      "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": last, "aria-valuetext": strip.dataset.today };
    for (const [name, value] of Object.entries(slider)) strip.setAttribute(name, value);
    picture.setAttribute("aria-hidden", "true");
    picture.removeAttribute("role");
  }
}

function listenForGroups() {
  const load = once(() => import(script.dataset.groups));
  const folded = new Set();
  const fold = async (event) => {
    const group = event.target.closest?.("summary")?.closest(".group[data-group]");
    if (!group) return;
    folded.add(group);
    const isOpen = !group.open;
    (await load()).remember(group, isOpen);
  };
  const fill = async (event) => {
    if (event.target.open && event.target.querySelector(":scope > .rows[data-rows]")) (await load()).fill(event.target);
  };
  main.addEventListener("click", fold);
  main.addEventListener("toggle", fill, true);
  document.addEventListener("page:changed", async () => {
    if (main.querySelector(".rows[data-filled]")) (await load()).fillAgain(main);
  });
  if (main.querySelector(".group[data-group]") && isKept("groups")) load().then((groups) => groups.recall(main, folded));
}

function listenForFinding() {
  const load = once(() => import(script.dataset.find));
  const find = async (event) => {
    const form = event.target.closest?.("form[data-find]");
    if (form) (await load()).attend(form);
  };
  for (const kind of ["focusin", "input", "pointerover"]) main.addEventListener(kind, find);
}

function listenForAffected() {
  const load = once(() => import(script.dataset.affects));
  main.addEventListener("submit", async (event) => {
    if (!event.target.matches("form.affects")) return;
    event.preventDefault();
    (await load().catch(() => ({ press: (form) => form.submit() }))).press(event.target);
  });
  const recall = async () => {
    if (isKept("affects") && main.querySelector("form.affects")) (await load()).recall(main);
  };
  document.addEventListener("page:changed", recall);
  recall();
}

/* The way to the form opens it here. Whoever wants a tab of its own gets one. */
function listenForSubscribing() {
  const load = once(() => import(script.dataset.subscribe));
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !/(^|\/)subscribe$/.test(link.pathname) || link.origin !== location.origin) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
    event.preventDefault();
    (await load().catch(() => ({ open: () => location.assign(link.href) }))).open(link);
  });
}

const STAMPS = ":is(.stamp, .update-timestamp, .prose, .facts) time[datetime*='T']";

/* A stamp tells more of itself by pointer, tap and key; links and times are copied. */
function listenForStamps() {
  const load = once(() => import(script.dataset.stamps));
  const reach = async (event) => {
    const stamp = event.target.closest?.("time[datetime*='T']");
    if (stamp) (await load()).reach(stamp, event);
  };
  for (const kind of ["pointerover", "click", "focusin"]) main.addEventListener(kind, reach);
  main.addEventListener("click", async (event) => {
    const way = event.target.closest?.("[data-copied], [data-does]");
    if (way) (await load())[way.dataset.does || "copy"](way);
  });
  main.addEventListener("keydown", (event) => {
    if (event.target.matches("time[role]") && [" ", "Enter"].includes(event.key)) {
      event.preventDefault();
      event.target.click();
    }
  });
  const prepare = () => {
    for (const stamp of main.querySelectorAll(STAMPS)) {
      if (!stamp.closest("a, summary")) Object.assign(stamp, { tabIndex: 0, role: "button" });
    }
  };
  document.addEventListener("page:changed", prepare);
  prepare();
}

async function offerZone() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const page = document.documentElement.dataset.zone;
  if (page && own && own !== page) (await import(script.dataset.zone)).offer(page, own);
}

document.documentElement.dataset.script = navigator.share ? "shares" : "";
refreshAges();
setInterval(refreshAges, MINUTE);
if (main.hasAttribute("hx-get")) keepCurrent();
listenForTraces();
listenForGroups();
listenForFinding();
listenForSubscribing();
listenForStamps();
listenForAffected();
offerZone();
