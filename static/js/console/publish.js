/* Publishing without leaving the screen before the server has said yes. A lost answer is said loudly, the text stays,
   and the same request is sent again: its key makes it one post. The form works without this file. */

const PATIENCE = 15000;
const PAUSES = [2, 4, 8, 15, 30];
const trying = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-publishes]") || event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  publish(form);
});

/* Whoever goes on writing means another text: that one is sent when they say so. */
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-publishes]");
  if (!form || !trying.has(form)) return;
  rest(form);
  say(form, "Your text is safe.");
});

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-publishes]")) if (trying.has(form)) publish(form);
});

async function publish(form) {
  if (form.dataset.sending !== undefined) return;
  const times = trying.get(form)?.times || 0;
  rest(form);
  wait(form, true);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true", "X-Publish": "1" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    await take(form, answer);
  } catch {
    failed(form, "The server did not answer.", times);
  } finally {
    wait(form, false);
  }
}

async function take(form, answer) {
  if (answer.status === 201) {
    form.dispatchEvent(new CustomEvent("console:published", { bubbles: true }));
    location.assign(answer.headers.get("Location"));
    return;
  }
  if (answer.status === 401) return form.submit();
  if (answer.redirected) return location.assign(answer.url);
  if (answer.status === 403) return failed(form, "The server did not take this form: copy the text and reload.", null);
  if (answer.status >= 500 || ![409, 422].includes(answer.status)) {
    return failed(form, `The server answered with an error (${answer.status}).`, answer.status >= 500 ? trying.get(form)?.times || 0 : null);
  }
  const text = await answer.text();
  if (answer.headers.has("X-Sheet")) {
    document.dispatchEvent(new CustomEvent("console:sheet", { detail: text }));
    return;
  }
  const region = document.getElementById(form.dataset.publishes) || form;
  htmx.swap(region, text, { swapStyle: "outerHTML" });
  const wrong = document.querySelector("#conflict, .mistakes");
  wrong?.scrollIntoView({ block: "start" });
  (document.querySelector("#conflict") || document.querySelector("form[data-publishes] [autofocus]"))?.focus({ preventScroll: true });
}

/* A phase that was chosen before htmx had come, or that the browser brought back: the states follow it now. */
window.addEventListener("load", () => {
  for (const form of document.querySelectorAll("form.composer")) {
    const chosen = form.querySelector(".stepper input:checked");
    const followed = form.elements.namedItem("states_for");
    if (chosen && followed && followed.value !== chosen.value) chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

/* What is said when it failed --------------------------------------------------------------------- */

function failed(form, why, times) {
  if (times === null) return say(form, `${why} Your text is safe.`);
  const pause = PAUSES[Math.min(times, PAUSES.length - 1)];
  trying.set(form, { times: times + 1, timer: setTimeout(() => publish(form), pause * 1000) });
  say(form, `${why} Your text is safe; trying again.`);
}

function say(form, words) {
  const strip = form.querySelector(".strip");
  let bar = strip.querySelector(".failure");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "failure";
    bar.append(document.createElement("p"), tools(form));
    bar.firstChild.setAttribute("role", "alert");
    strip.prepend(bar);
  }
  const said = document.createElement("strong");
  said.textContent = "Not published.";
  if (bar.firstChild.textContent !== `Not published. ${words}`) bar.firstChild.replaceChildren(said, ` ${words}`);
}

function tools(form) {
  const place = document.createElement("div");
  place.className = "buttons";
  place.append(button("Retry", () => publish(form)), button("Copy text", (event) => copy(form, event.target)));
  return place;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

async function copy(form, pressed) {
  const text = form.elements.body;
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select();
    document.execCommand("copy");
  }
  pressed.textContent = "Copied";
  setTimeout(() => (pressed.textContent = "Copy text"), 2000);
}

function rest(form) {
  clearTimeout(trying.get(form)?.timer);
  trying.delete(form);
}

function wait(form, on) {
  const pressed = form.querySelector("[data-publish]");
  if (on) form.dataset.sending = "";
  else delete form.dataset.sending;
  if (!pressed) return;
  pressed.toggleAttribute("aria-busy", on);
  pressed.textContent = on ? "Publishing…" : "Publish";
}
