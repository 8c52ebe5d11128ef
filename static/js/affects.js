/* "This affects me too": one tap, answered in its place, and known on this device for a day. */

const KEY = "affects", DAY = 24 * 60 * 60 * 1000;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

/** Show what was answered before, also after the page was brought up to date. */
export function recall(root) {
  const said = kept().said || {};
  for (const form of root.querySelectorAll("form.affects")) {
    const known = said[form.dataset.subject];
    if (known && known.until > Date.now()) show(form, known.words);
  }
}

/** Send the form once, and put the answer in its place. */
export async function press(form) {
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const memory = kept(), device = memory.device || crypto.getRandomValues(new Uint32Array(4)).join("-");
  const body = new URLSearchParams(new FormData(form));
  body.set("device", device);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/plain" } }).catch(() => null);
  if (!answer || answer.status >= 500) {
    delete form.dataset.sent;
    return form.submit();
  }
  const words = await answer.text();
  if (answer.ok) keep(memory, device, form.dataset.subject, words);
  show(form, words).focus();
}

function keep(memory, device, subject, words) {
  const said = Object.entries(memory.said || {}).filter(([, one]) => one.until > Date.now());
  const fresh = { ...Object.fromEntries(said), [subject]: { words, until: Date.now() + DAY } };
  try {
    localStorage.setItem(KEY, JSON.stringify({ device, said: fresh }));
  } catch {
    /* Where the browser keeps nothing, the server knows the network all the same. */
  }
}

function show(form, words) {
  const said = document.createElement("span");
  Object.assign(said, { textContent: words, tabIndex: -1 });
  form.dataset.noted = "";
  form.replaceChildren(said);
  return said;
}
