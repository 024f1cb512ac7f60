// At an end: nothing that was typed stays in this browser, and the panel gets its people back.
(() => {
  "use strict";

  const ended = document.querySelector("[data-ended]");
  if (ended) {
    try {
      Object.keys(localStorage)
        .filter((key) => key.startsWith(`coprod:${ended.dataset.ended}:`))
        .forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing was kept here.
    }
  }

  const link = document.getElementById("redirect");
  if (!link) return;
  const stay = document.getElementById("stay");
  const status = document.getElementById("redirect-status");
  status.textContent = link.dataset.text.replace("{seconds}", link.dataset.seconds);
  const timer = setTimeout(() => location.assign(link.href), 1000 * Number(link.dataset.seconds));
  stay.hidden = false;
  stay.addEventListener("click", () => {
    clearTimeout(timer);
    status.textContent = "";
    stay.hidden = true;
    link.focus();
  });
})();
