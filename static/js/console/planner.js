// Tells the planner which zone the person's own clock is in, until they say another. The server does the rest.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("[data-own-zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field || field.value || !zone) return;
  field.value = zone;
  // Without a start there is nothing to tell on any clock yet.
  if (field.form.elements.starts_at.value) field.dispatchEvent(new Event("change", { bubbles: true }));
});
