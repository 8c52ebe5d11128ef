/* Components are dragged among their neighbours by a handle, with mouse, pen or finger. The arrows beside it do the same
   one place at a time, by keyboard and without this file. */
"use strict";

(() => {
  const SLACK = 4;
  let drag = null;

  /* Under a heading the neighbours are its other components; without one, everything that stands on the page. */
  function placed(row) {
    const section = row.closest("section.group");
    const block = section ? row : row.closest(".group");
    const all = section ? section.querySelectorAll(":scope > .component-row") : block.parentElement.querySelectorAll(":scope > .group");
    return { row: block, rows: [...all] };
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button) return;
    const { row, rows } = placed(handle.closest(".component-row"));
    drag = { handle, row, rows, from: rows.indexOf(row), to: rows.indexOf(row), y: event.clientY };
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const moved = event.clientY - drag.y;
    if (Math.abs(moved) > SLACK) drag.row.classList.add("dragged");
    drag.to = drag.rows.filter((row) => row !== drag.row && middle(row) < event.clientY).length;
    mark();
  });

  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { handle, from, to } = drag;
    forget();
    if (to === from) return;
    const form = handle.closest("form");
    form.elements.places.value = to - from;
    htmx.trigger(handle, "dropped");
  });

  document.addEventListener("pointercancel", () => drag && forget());
  document.addEventListener("keydown", (event) => event.key === "Escape" && drag && forget());

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  }

  function mark() {
    const others = drag.rows.filter((row) => row !== drag.row);
    for (const row of drag.rows) row.classList.remove("drop-before", "drop-after");
    if (drag.to === drag.from) return;
    if (drag.to < others.length) others[drag.to].classList.add("drop-before");
    else others.at(-1)?.classList.add("drop-after");
  }

  function forget() {
    for (const row of drag.rows) row.classList.remove("dragged", "drop-before", "drop-after");
    drag = null;
  }
})();
