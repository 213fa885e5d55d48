/* A page is painted before its deferred scripts have come. This file is in the head and not
   deferred: a press on a form of the slow line waits for outbox_forms.js, because a browser that
   sends the form by itself shows its error page on a cut line and what was typed is gone; what is
   typed meanwhile is marked, so that it is not taken for what the page gave. */
(() => {
  "use strict";

  // The forms, each with the button that was pressed.
  const held = new Map();
  let isGivenUp = false;

  const isEarly = (form) => !isGivenUp && Boolean(form?.matches?.("form[data-outbox]:not([data-ready])"));

  const release = (form) => {
    const submitter = held.get(form);
    held.delete(form);
    form.removeAttribute("aria-busy");
    return submitter?.form === form ? submitter : null;
  };

  document.addEventListener("input", (event) => {
    if (isEarly(event.target.form)) event.target.dataset.early = "yes";
  }, true);

  document.addEventListener("submit", (event) => {
    if (!isEarly(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.set(event.target, event.submitter);
    event.target.setAttribute("aria-busy", "true");
  }, true);

  document.addEventListener("outbox:ready", (event) => {
    if (!held.has(event.target)) return;
    const submitter = release(event.target);
    // Other values stand in the fields than those the button was pressed on: its author looks first.
    if (event.detail.isAsSeen) event.target.requestSubmit(submitter);
    else event.target.previousElementSibling?.scrollIntoView({ block: "center" });
  });

  // The scripts have not come: as without them. Without a line nothing is sent into the void.
  const giveUp = () => {
    if (!navigator.onLine && document.querySelector("form[data-outbox]:not([data-ready])")) {
      window.addEventListener("online", giveUp, { once: true });
      return;
    }
    isGivenUp = true;
    [...held.keys()].forEach((form) => form.requestSubmit(release(form)));
  };
  // The document hears it first, and the forms join there.
  window.addEventListener("DOMContentLoaded", giveUp);
})();
