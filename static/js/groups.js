/* Groups of components that a visitor folds: the choice is kept on the device until the group gets worse,
   and rows that are not on the page are fetched when their group is opened. */

const KEY = "groups";

function choices() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

/** Keep that a visitor opened or folded `group`, and how bad it was then, where the browser lets us. */
export function remember(group, isOpen) {
  const choice = { open: isOpen, weight: Number(group.dataset.weight) };
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...choices(), [group.dataset.group]: choice }));
  } catch {
    /* It stands as the visitor left it until the page is loaded again. */
  }
}

/** Fold and open the groups as they were left; one that is worse than then stands as the page has it, and one of
    `touched` (a Set) as the visitor has just left it. */
export function recall(main, touched) {
  const kept = choices();
  for (const group of main.querySelectorAll(".group[data-group]")) {
    const choice = kept[group.dataset.group];
    if (choice && !touched.has(group) && Number(group.dataset.weight) <= choice.weight) group.open = choice.open;
  }
}

/** Fetch the rows of an open group; until they are there, and where they cannot be had, its link leads to them. */
export async function fill(group) {
  const place = group.querySelector(":scope > .rows[data-rows]");
  if (!place || "filled" in place.dataset) return;
  await take(place);
}

/** Bring rows that were fetched in line with a page that changed. */
export function fillAgain(main) {
  for (const place of main.querySelectorAll(".rows[data-filled]")) take(place);
}

async function take(place) {
  const answer = await fetch(place.dataset.rows).catch(() => null);
  if (!answer || !answer.ok) return;
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = told.querySelectorAll(".row");
  if (!rows.length) return;
  const focused = place.contains(document.activeElement) && document.activeElement.closest("[data-component-id]");
  place.replaceChildren(...rows);
  place.dataset.filled = "";
  if (focused) place.querySelector(`[data-component-id="${focused.dataset.componentId}"] .name`)?.focus();
  document.dispatchEvent(new Event("rows:changed"));
}
