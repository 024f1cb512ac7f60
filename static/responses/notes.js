// Notes how long things took, never what was typed, and sends a page whose time is up. For Chrome 80
// and Safari 13.1 on.
(() => {
  "use strict";

  const form = document.getElementById("page");
  if (!form) return;

  // Paradata: times since the page was first shown, in milliseconds, and counts. They outlive a
  // reload, and a page that comes back with faults, with what was typed.

  let began = Date.now();
  let noted = {};
  let hiddenSince = document.visibilityState === "hidden" ? began : 0;
  let hiddenFor = 0;
  let hiddenTimes = 0;

  function write() {
    if (form.dataset.paradata !== "on") return;
    const facts = {
      w: innerWidth,
      h: innerHeight,
      touch: matchMedia("(pointer: coarse)").matches,
      began,
      hidden_ms: hiddenFor + (hiddenSince ? Date.now() - hiddenSince : 0),
      hidden_count: hiddenTimes,
      items: noted,
    };
    const text = JSON.stringify(facts);
    form.elements.paradata.value = text.length < 8000 ? text : JSON.stringify({ ...facts, items: {} });
  }

  form.addEventListener("noted", () => {
    try {
      const before = JSON.parse(form.elements.paradata.value);
      began = Math.min(before.began, began);
      noted = before.items;
      hiddenFor = before.hidden_ms;
      hiddenTimes = before.hidden_count;
    } catch {
      // Nothing was noted.
    }
  });

  function about(target) {
    const item = target.closest && target.closest("[data-item]");
    if (!item) return null;
    const code = item.dataset.item;
    noted[code] = noted[code] || { changes: 0, pastes: 0 };
    return noted[code];
  }

  form.addEventListener("change", ({ target }) => {
    const item = about(target);
    if (!item) return;
    item.last = Date.now() - began;
    if (item.first === undefined) item.first = item.last;
    item.changes += 1;
    write();
  });
  form.addEventListener("paste", ({ target }) => {
    const item = about(target);
    if (item) item.pastes += 1;
    write();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      hiddenSince = Date.now();
      hiddenTimes += 1;
    } else if (hiddenSince) {
      hiddenFor += Date.now() - hiddenSince;
      hiddenSince = 0;
    }
  });
  form.addEventListener("sending", write);

  // A page with a limit sends itself, but asks before.

  const time = document.getElementById("time");
  const WARNING = 20000;
  let limit = Date.now() + Math.max(WARNING, 1000 * Number(form.dataset.left));

  function tick() {
    const left = limit - Date.now();
    time.hidden = left > WARNING;
    if (!time.hidden) {
      const text = time.dataset.text.replace("{seconds}", Math.ceil(WARNING / 1000));
      const words = time.querySelector(".time-left");
      if (words.textContent !== text) words.textContent = text;
    }
    if (left <= 0) {
      limit = Date.now() + WARNING;
      form.elements.time_up.value = "yes";
      form.querySelector("button[value=next]").click();
    }
  }

  if (time) {
    document.getElementById("limit").hidden = false;
    document.getElementById("more-time").addEventListener("click", () => {
      limit = Date.now() + 1000 * Number(form.dataset.maxSeconds);
      tick();
      form.querySelector("button[value=next]").focus();
    });
    setInterval(tick, 500);
  }
})();
