/* Finding a component while typing: rows on the page are hidden or shown in place; where the page has not all
   rows, names and states come from the list of components that is published for programs. */

let attended = null;

/** Let `form` answer at once from now on. Its own address answers without script. */
export function attend(form) {
  if (attended === form) return;
  attended = form;
  const section = form.closest("section");
  section.dataset.finding = "";
  const show = () => (form.dataset.list ? showListed(form) : showInPlace(form, section));
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  document.addEventListener("page:changed", () => wish(form).isAny || show());
  if (!wish(form).isAny) show();
}

function wish(form) {
  const words = form.elements.q.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const onlyAffected = form.elements.affected.checked;
  const fits = (name, state) => (!onlyAffected || state !== "operational")
    && words.every((word) => name.toLocaleLowerCase().includes(word));
  return { fits, isAny: !words.length && !onlyAffected };
}

function say(form, count, isAny) {
  const place = form.querySelector("[role=status]");
  const words = count === 0 ? place.dataset.none : count === 1 ? place.dataset.one : place.dataset.some;
  const said = isAny ? "" : words.replace("{count}", count);
  if (place.textContent !== said) place.textContent = said;
  place.classList.toggle("hidden-text", isAny);
}

function showInPlace(form, section) {
  const { fits, isAny } = wish(form);
  let count = 0;
  for (const group of section.querySelectorAll(".group")) {
    const title = group.querySelector("h3")?.textContent || "";
    let inGroup = 0;
    for (const row of group.querySelectorAll("[data-component-id]")) {
      row.hidden = !fits(`${row.querySelector(".name").textContent} ${title}`, row.dataset.componentStatus);
      inGroup += row.hidden ? 0 : 1;
    }
    group.hidden = !inGroup;
    if (group.tagName === "DETAILS") openWhileFinding(group, isAny);
    count += inGroup;
  }
  say(form, count, isAny);
}

const stood = new Map();

/* What was folded before is folded again afterwards. */
function openWhileFinding(group, isOver) {
  if (!stood.has(group)) stood.set(group, group.open);
  group.open = !isOver || stood.get(group);
  if (isOver) stood.delete(group);
}

/* Many components: their list ------------------------------------------------------------------ */

const SHOWN = 50;
let listed = null, listedAt = 0, asked = 0;

async function components(form) {
  if (!listed || Date.now() - listedAt > 30000) {
    listedAt = Date.now();
    listed = fetch(form.dataset.list).then((answer) => answer.json()).then((told) => told.components);
    listed.catch(() => (listed = null));
  }
  return listed;
}

async function showListed(form) {
  const mine = ++asked;
  const { fits, isAny } = wish(form);
  let found = [];
  if (!isAny) {
    try {
      const all = await components(form);
      const titles = new Map(all.filter((one) => one.group).map((one) => [one.id, one.name]));
      found = all.filter((one) => !one.group && !isHidden(one) && fits(`${one.name} ${titles.get(one.group_id) || ""}`, one.status));
    } catch {
      return;
    }
  }
  if (mine !== asked) return;
  const place = form.nextElementSibling?.matches(".found-list") ? form.nextElementSibling : newList(form);
  place.hidden = isAny;
  place.replaceChildren(...found.slice(0, SHOWN).map((one) => entry(form, one)));
  for (const group of form.closest("section").querySelectorAll(".group:not(.found-list)")) group.hidden = !isAny;
  say(form, found.length, isAny);
}

function isHidden(component) {
  return component.only_show_if_degraded && component.status === "operational";
}

function newList(form) {
  const place = document.createElement("ul");
  place.className = "plain group found-list";
  place.dataset.stays = "";
  form.after(place);
  return place;
}

function entry(form, component) {
  const item = document.createElement("li"), link = document.createElement("a"), state = document.createElement("span");
  item.className = "row row-head";
  link.className = "name";
  link.dir = "auto";
  link.href = form.dataset.component.replace("-", component.id);
  link.textContent = component.name;
  state.className = `state state-${component.status}`;
  const glyph = document.querySelector(`.group .glyph-${component.status}`);
  if (glyph) state.append(glyph.cloneNode(true));
  const word = document.createElement("span");
  word.textContent = form.getAttribute(`data-${component.status.replaceAll("_", "-")}`);
  state.append(word);
  item.append(link, state);
  return item;
}
