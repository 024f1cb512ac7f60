// Keeps what saves something from being sent twice by a second click. Without it, the second is
// told that what the first has just saved is there already.
(() => {
  "use strict";

  const SLOW = 30000; // after so many milliseconds a page that did not come may be sent again
  const once = "form.warn-unsaved-form, form[data-once]";

  // The buttons of a change form stand below it, outside of it.
  const buttons = (form) => [...form.elements].filter((each) => each.type === "submit");

  function release(form) {
    delete form.dataset.sent;
    for (const button of buttons(form)) button.removeAttribute("aria-disabled");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(once)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The buttons stay enabled, else the name of the one that was pressed would not be sent.
    for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
    setTimeout(() => release(form), SLOW);
  });

  // Back from the browser's cache the page is as it was left: it may be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll(once).forEach(release);
  });
})();
