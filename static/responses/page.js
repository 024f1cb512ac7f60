// The pages work without this. It keeps a form from being sent twice and offers to copy a code.
(() => {
  "use strict";

  const SLOW = 10000; // after so many milliseconds a page that did not come may be sent again

  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      button.removeAttribute("aria-disabled");
    }
  }

  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      // Else the place of a fault that was followed would be jumped to on the next page too.
      if (location.hash) history.replaceState(null, "", location.pathname + location.search);
      // The button stays enabled, else its move=next would not be sent.
      event.submitter?.setAttribute("aria-disabled", "true");
      setTimeout(() => release(form), SLOW);
    });
  }

  // Back from the browser's cache the page is as it was left: it may be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[method=post]").forEach(release);
  });

  for (const button of document.querySelectorAll("button[data-copies]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = document.getElementById(button.dataset.copies);
      const said = document.getElementById(`${button.dataset.copies}-said`);
      try {
        await navigator.clipboard.writeText(code.textContent.trim());
        said.textContent = button.dataset.said;
      } catch {
        // Where copying is not allowed, the code is marked, ready to be copied by hand.
        getSelection().selectAllChildren(code);
      }
    });
  }
})();
