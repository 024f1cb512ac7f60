// Keeps what is typed, here at once and on the server soon after, and holds a page back while there
// is no line. Notes how long things took, never what was typed. For Chrome 80 and Safari 13.1 on.
(() => {
  "use strict";

  const form = document.getElementById("page");
  if (!form || !form.dataset.draft) return;
  const { study, page, draft } = form.dataset;
  const status = document.getElementById("keep-status");
  const PREFIX = `coprod:${study}:`;
  const PAUSE = 1000; // after the last change, until a draft is sent
  const AGAIN = 4000; // until the line is tried again
  const OWN = new Set(["csrfmiddlewaretoken", "paradata", "website", "move", "asked"]);
  const began = Date.now();

  function say(name, seconds) {
    const text = name ? status.dataset[name].replace("{seconds}", seconds) : "";
    if (status.textContent !== text) status.textContent = text;
  }

  // What this browser keeps. Some refuse to: then the server's draft is what there is.

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + page));
    } catch {
      return null;
    }
  }

  function keep(sent) {
    const fields = [...new FormData(form)].filter(([name]) => !OWN.has(name));
    try {
      localStorage.setItem(PREFIX + page, JSON.stringify({ fields, sent }));
    } catch {
      // Nothing can be kept here.
    }
  }

  function forget(others) {
    try {
      Object.keys(localStorage)
        .filter((key) => key.startsWith(PREFIX) && (!others || key !== PREFIX + page))
        .forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing was kept here.
    }
  }

  function restore({ fields }) {
    const given = new Map();
    fields.forEach(([name, value]) => given.set(name, [...(given.get(name) || []), value]));
    for (const field of form.elements) {
      if (!field.name || OWN.has(field.name) || field.type === "hidden") continue;
      const values = given.get(field.name) || [];
      if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    form.dispatchEvent(new Event("restored"));
  }

  // Drafts.

  let timer = 0;
  let unsent = false;
  let offline = false;

  function body() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || !OWN.has(name)) data.append(name, value);
    }
    return data;
  }

  // Whether the line is there; what the server thinks of a draft is another matter.
  async function save() {
    clearTimeout(timer);
    unsent = false;
    try {
      const answer = await fetch(draft, { method: "POST", body: body(), keepalive: true });
      offline = false;
      if (answer.ok && !unsent) {
        keep(true);
        say("saved");
      } else if (!answer.ok) say("");
    } catch {
      offline = true;
      unsent = true;
      if (!held) say("offline");
      timer = setTimeout(save, AGAIN);
    }
    return !offline;
  }

  function changed() {
    keep(false);
    unsent = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  function leave() {
    if (!unsent || sending) return;
    if (navigator.sendBeacon && navigator.sendBeacon(draft, body())) unsent = false;
  }

  form.addEventListener("input", changed);
  form.addEventListener("click", ({ target }) => {
    if (target.closest(".mover")) changed();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  addEventListener("pagehide", leave);

  // Sending, as soon as there is a line.

  let held = null;
  let sending = false;

  async function retry() {
    if (!held) return;
    if (!(await save())) return;
    const button = held;
    held = null;
    say("");
    button.click();
  }

  function tooSoon(event) {
    const wait = Number(form.dataset.minSeconds) - (Date.now() - began) / 1000;
    if (wait <= 0 || !event.submitter || event.submitter.value !== "next") return false;
    say("soon", Math.ceil(wait));
    return true;
  }

  // Before the guard against sending twice, which must not see a sending that is held.
  form.addEventListener(
    "submit",
    (event) => {
      if (form.dataset.sent) return;
      const button = event.submitter || form.querySelector("button[value=next]");
      if (tooSoon(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (offline || navigator.onLine === false) {
        event.preventDefault();
        event.stopImmediatePropagation();
        held = button;
        offline = true;
        keep(false);
        say("waiting");
        clearTimeout(timer);
        timer = setTimeout(retry, AGAIN);
      } else {
        sending = true;
        clearTimeout(timer);
        keep(false);
        note();
      }
    },
    true,
  );
  addEventListener("online", () => (held ? retry() : unsent && save()));
  setInterval(() => {
    if (held) retry();
  }, AGAIN);

  // Paradata: times since the page was shown, in milliseconds, and counts.

  const noted = {};
  let hiddenSince = document.visibilityState === "hidden" ? began : 0;
  let hiddenFor = 0;
  let hiddenTimes = 0;

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
  });
  form.addEventListener("paste", ({ target }) => {
    const item = about(target);
    if (item) item.pastes += 1;
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

  function note() {
    if (form.dataset.paradata !== "on") return;
    const facts = {
      v: 1,
      w: innerWidth,
      h: innerHeight,
      touch: matchMedia("(pointer: coarse)").matches,
      hidden_ms: hiddenFor,
      hidden_count: hiddenTimes,
      items: noted,
    };
    const text = JSON.stringify(facts);
    form.elements.paradata.value = text.length < 8000 ? text : JSON.stringify({ ...facts, items: {} });
  }

  // A page with a limit sends itself, but asks before.

  const time = document.getElementById("time");
  let limit = began + 1000 * Number(form.dataset.maxSeconds);
  const WARNING = 20000;

  function tick() {
    const left = limit - Date.now();
    time.hidden = left > WARNING;
    if (!time.hidden) {
      const text = time.dataset.text.replace("{seconds}", Math.ceil(WARNING / 1000));
      const words = time.querySelector(".time-left");
      if (words.textContent !== text) words.textContent = text;
    }
    if (left <= 0 && !held && !form.dataset.sent) {
      limit = Date.now() + WARNING;
      form.querySelector("button[value=next]").click();
    }
  }

  if (time) {
    document.getElementById("more-time").addEventListener("click", () => {
      limit = Date.now() + 1000 * Number(form.dataset.maxSeconds);
      tick();
      form.querySelector("button[value=next]").focus();
    });
    setInterval(tick, 500);
  }

  forget(true);
  const before = kept();
  if (before && !before.sent) {
    restore(before);
    save();
  }
})();
