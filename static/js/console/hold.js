/* The hold: counts down what the server holds, says it once, and asks what became of it. Without this script the
   bar stands as it is, its buttons work, and the post leaves on time all the same. */

"use strict";

(() => {
  const spoken = document.getElementById("spoken");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const say = (sentence) => { if (spoken) spoken.textContent = sentence; };

  const partial = async (address) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  };

  /* One bar ------------------------------------------------------------------------------------------------- */

  /* `since` is when the bar came (performance.now); what it says was true then. */
  const watch = (bar, since = performance.now()) => {
    const count = bar.querySelector("[data-count]");
    const line = bar.querySelector(".left > span");
    const waits = bar.dataset.state === "waiting";
    const ends = since + Number(bar.dataset.left || 0) * 1000;
    const left = () => ends - performance.now();
    let asking = 0;
    let drawing = 0;
    let pressed = false;

    const draw = () => {
      count.textContent = left() > 0 ? `in ${Math.ceil(left() / 1000)} s` : "now";
    };

    const thin = () => {
      const from = `scaleX(${Math.min(left() / 1000 / Math.max(Number(bar.dataset.of), 0.1), 1)})`;
      if (still.matches) line.style.transform = from;
      else line.animate([{ transform: from }, { transform: "scaleX(0)" }], { duration: Math.max(left(), 1), fill: "forwards" });
    };

    const stop = () => {
      clearTimeout(asking);
      clearInterval(drawing);
    };

    const end = (outcome) => {
      stop();
      const { state, to } = outcome.dataset;
      const written = document.querySelector(".held-here") || location.pathname === bar.dataset.held;
      say(outcome.querySelector("p").textContent);
      for (const words of document.querySelectorAll(`[data-outcome-of="${bar.id.replace("held-", "")}"]`)) {
        words.replaceChildren(...outcome.cloneNode(true).childNodes);
      }
      bar.replaceChildren(...outcome.childNodes);
      bar.className = `hold ended ${state}`;
      if ("mine" in bar.dataset && written && state !== "gone") setTimeout(() => location.assign(to), 1500);
      else if (state !== "refused") setTimeout(() => bar.remove(), 6000);
    };

    const ask = async () => {
      try {
        const found = await partial(bar.dataset.held);
        if (pressed) return;
        if (found.id !== bar.id) return end(found);
        if (found.dataset.state !== bar.dataset.state) {
          stop();
          bar.replaceWith(found);
          return watch(found);
        }
      } catch {
        /* No answer: the server lets it go on time all the same, and is asked again. */
        if (waits && left() < 0) count.textContent = "– no answer yet, asking again";
      }
      if (pressed) return;
      /* Somebody else may take it back meanwhile; at its time the answer comes at once. */
      asking = setTimeout(ask, waits && left() < 2000 ? Math.max(left() + 100, 400) : 2000);
    };

    /* Undo and Publish now are answered by a screen: nothing found out meanwhile leads anywhere else. */
    bar.addEventListener("submit", () => {
      pressed = true;
      stop();
    });

    if (waits) {
      drawing = setInterval(draw, 250);
      thin();
      /* A little later: what changes while a screen loads is not read. */
      if ("mine" in bar.dataset) setTimeout(() => say(bar.dataset.say), 400);
    }
    asking = setTimeout(ask, waits ? Math.max(Math.min(left(), 2000), 0) + 100 : 2000);
  };

  const came = performance.getEntriesByType("navigation")[0]?.responseStart;
  const known = new Set();
  for (const bar of document.querySelectorAll(".hold[data-held]")) {
    known.add(bar.id);
    watch(bar, came);
  }

  /* What others began to hold while this screen was open (presence.js asks). Whoever is writing keeps text and caret. */
  document.addEventListener("console:holds", (event) => {
    const begun = event.detail.filter((bar) => !known.has(bar.id) && !document.getElementById(bar.id));
    for (const bar of begun) {
      known.add(bar.id);
      document.getElementById("holds").append(bar);
      watch(bar);
    }
    if (begun.length) say(begun.map((bar) => bar.dataset.say).join(" "));
  });

  /* ctrl or cmd + Z takes back while something of mine is held and no field has an undo of its own. */
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
    const undo = document.querySelector(".hold[data-mine] [data-undo]");
    if (!undo || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    undo.click();
  });

  /* The sheet with the numbers -------------------------------------------------------------------------------- */

  /* Over the composer the text stays where it is: confirming puts the seal into its form and sends that again. */
  const over = (text) => {
    const sheet = new DOMParser().parseFromString(text, "text/html").getElementById("sheet");
    const composer = document.querySelector("form.composer");
    if (!sheet || !composer) return;
    document.getElementById("sheet")?.remove();
    sheet.removeAttribute("open");
    sheet.dataset.over = "";
    sheet.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      composer.elements.confirmed.value = sheet.querySelector("[name=confirmed]").value;
      sheet.close();
      composer.requestSubmit();
    });
    sheet.querySelector("[data-cancel]").addEventListener("click", (event) => {
      event.preventDefault();
      sheet.close();
    });
    sheet.addEventListener("close", () => sheet.remove());
    document.body.append(sheet);
    sheet.showModal();
    sheet.querySelector("[data-cancel]").focus();
  };

  document.addEventListener("console:sheet", (event) => over(event.detail));

  /* As a screen of its own it has no dialog's Escape. */
  const screen = document.querySelector("dialog.sheet[open]");
  if (screen) document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") screen.querySelector("[data-cancel]").click();
  });
})();
