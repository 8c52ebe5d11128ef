/* The form of /subscribe and of a subscription made livelier, and opened as a dialog from other pages.
   Everything works without this file. Words come from the page, so that they are in its language. */

const LIVELY = "form[data-expectation]";

/* Opened over another page -------------------------------------------------------- */

/** Show the form `link` leads to as a modal dialog; follow the link where it cannot be had. */
export async function open(link) {
  const told = await take(link.href);
  if (!told) return location.assign(link.href);
  await Promise.all([...told.querySelectorAll('link[rel="stylesheet"]')].map(dress));
  /* From within one that is open, such as "enter the address again": that one makes room. */
  link.closest("dialog")?.close();
  const dialog = document.createElement("dialog");
  dialog.className = "subscribe-dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.dir = document.documentElement.dir;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button close", textContent: script().dataset.close });
  close.addEventListener("click", () => dialog.close());
  const place = document.createElement("div");
  dialog.append(close, place);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  fill(place, told);
  dialog.showModal();
  focusOn(place);
}

function script() { return document.getElementById("page-script"); }

async function take(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  if (!answer || answer.status >= 500) return null;
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  return told.querySelector("main h1") ? told : null;
}

function dress(sheet) {
  if ([...document.querySelectorAll('link[rel="stylesheet"]')].some((own) => own.href === sheet.href)) return null;
  const own = document.createElement("link");
  return new Promise((done) => {
    Object.assign(own, { rel: "stylesheet", href: sheet.href, onload: done, onerror: done });
    document.head.append(own);
  });
}

/* A page has one heading of the first level: in a dialog the form's is of the second. */
function fill(place, told) {
  for (const one of told.querySelectorAll("[autofocus]")) one.removeAttribute("autofocus");
  place.replaceChildren(...told.querySelector("main").childNodes);
  const first = place.querySelector("h1");
  if (place.closest("dialog")) {
    const title = document.createElement("h2");
    title.append(...first.childNodes);
    first.replaceWith(title);
  }
  const heading = place.querySelector("h1, .masthead h2");
  Object.assign(heading, { id: "dialog-title", tabIndex: -1 });
  attend(place);
}

function focusOn(place) { (place.querySelector(".error-summary") || place.querySelector("h1, .masthead h2")).focus(); }

/* The form ------------------------------------------------------------------------------ */

function attend(place) {
  for (const button of place.querySelectorAll("button[data-copy]")) offerCopy(button);
  const form = place.querySelector(LIVELY);
  if (!form) return;
  form.classList.add("lively");
  agree(form);
  form.addEventListener("change", (event) => agree(form, event.target));
  form.addEventListener("input", (event) => event.target.name === "find" && find(form, event.target.value));
  if (form.elements.find?.value) find(form, form.elements.find.value);
  expect(form);
  if (form.classList.contains("subscribe")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, place);
    });
  }
}

/* The answer takes the place of the form, and the focus. */
async function send(form, place) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const told = await take(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!told) return HTMLFormElement.prototype.submit.call(form);
  if (!place.closest("dialog")) document.title = told.title;
  fill(place, told);
  focusOn(place);
}

/* Groups and their components -------------------------------------------------------------- */

/* What was ticked decides: a group's box all its components, a component's that of its group. */
function agree(form, changed) {
  for (const branch of form.querySelectorAll(".branch:has(.trunk)")) {
    const trunk = branch.querySelector(".trunk input"), twigs = [...branch.querySelectorAll(".twigs input")];
    if (trunk.checked && (changed === trunk || !changed)) for (const twig of twigs) twig.checked = true;
    if (changed === trunk && !trunk.checked) for (const twig of twigs) twig.checked = false;
    const count = twigs.filter((twig) => twig.checked).length;
    trunk.checked = count === twigs.length;
    trunk.indeterminate = count > 0 && count < twigs.length;
  }
}

function find(form, words) {
  const wanted = words.trim().toLowerCase();
  for (const branch of form.querySelectorAll(".branch")) {
    const isNamed = branch.querySelector(".trunk")?.textContent.toLowerCase().includes(wanted);
    let shown = 0;
    for (const choice of branch.querySelectorAll(".choice:not(.trunk)")) {
      const isFound = isNamed || choice.textContent.toLowerCase().includes(wanted) || choice.querySelector("input").checked;
      choice.hidden = !isFound;
      shown += isFound;
    }
    branch.hidden = !shown;
  }
}

/* How much would come ------------------------------------------------------------------------ */

const ASKED = ["channel", "what", "groups", "components", "kind", "kind_asked", "severity"];

function expect(form) {
  const line = form.querySelector(".expectation [role=status]");
  let timer = 0, asked = "";
  const ask = async () => {
    const query = chosen(form), words = `${form.dataset.expectation}?${query}`;
    if (words === asked) return;
    asked = words;
    const answer = await fetch(words).catch(() => null);
    const said = answer?.ok ? await answer.text() : "";
    if (asked === words && line.textContent !== said) line.textContent = said;
  };
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
}

/* A whole group by its own name, which keeps addresses short. */
function chosen(form) {
  const query = new URLSearchParams();
  const incident = new URL(form.action).searchParams.get("incident");
  if (incident) query.set("incident", incident);
  for (const input of form.elements) {
    const isOff = ["radio", "checkbox"].includes(input.type) && !input.checked;
    const isInGroup = input.name === "components" && input.closest(".branch")?.querySelector(".trunk input")?.checked;
    if (ASKED.includes(input.name) && !isOff && !isInGroup) query.append(input.name, input.value);
  }
  return query;
}

/* Copying ------------------------------------------------------------------------------------- */

function offerCopy(button) {
  const words = [...button.childNodes];
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => button.replaceChildren(...words), 2000);
  });
}

const here = document.querySelector(`main:has(${LIVELY}), main:has([data-copy])`);
if (here) attend(here);
