/* Only what HTML cannot do: the reader lands on the summary of errors, a submitted form is not
   sent twice, and a part swapped in by htmx announces its errors in the same way. */
(() => {
  "use strict";

  const landOnErrors = (root) => {
    const summary = root.querySelector(".form-errors");
    if (summary) summary.focus();
  };

  const release = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };

  // The second click of an impatient hand. The button is not disabled, because a disabled button
  // would not send its own name and value. After some seconds the form is free again: the answer
  // may have been a file to save, and then the page stays.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    window.setTimeout(() => release(form), 5000);
  });

  // Coming back by the Back button, the same form may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("htmx:afterSwap", (event) => landOnErrors(event.target));
  landOnErrors(document);
})();
