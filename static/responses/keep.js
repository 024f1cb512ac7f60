// Keeps what is typed, here at once and on the server soon after, and sends a page as soon as there
// is a line. Without this the browser sends the form itself. For Chrome 80 and Safari 13.1 on.
(() => {
  "use strict";

  const form = document.getElementById("page");
  if (!form) return;
  const { study, page, who, draft } = form.dataset;
  const status = document.getElementById("keep-status");
  const PREFIX = `coprod:${study}:`;
  const KEY = `${PREFIX}${who}:${page}`; // two people may share a browser
  const PAUSE = 1000; // after the last change, until a draft is sent
  const AGAIN = 4000; // until the line is tried again
  const LONG = 45000; // an answer that takes longer is not waited for
  const OVERTAKEN = 200; // a draft of a higher number is there
  const IN_VAIN = [403, 409, 410]; // nobody's any more, the page was sent, the survey was left
  const TOO_MANY = 429; // others send from here too; what waits longer than a minute is shown
  const SMALL = 60000; // what a browser sends on after the page is gone: 64 KiB at most
  const PAGES = ["csrfmiddlewaretoken", "paradata", "website", "move", "asked", "nonce", "time_up"];
  const OWN = new Set([...PAGES, "-carried"]); // what the page sends beside answers
  const loaded = Date.now();

  function say(name, seconds) {
    const text = name ? status.dataset[name].replace("{seconds}", seconds) : "";
    if (status.textContent !== text) status.textContent = text;
  }

  // What this browser keeps; for somebody who is nobody yet, this tab alone. Some keep nothing:
  // then the server's draft is what there is.

  function storage() {
    return draft ? localStorage : sessionStorage;
  }

  function kept() {
    try {
      return JSON.parse(storage().getItem(KEY));
    } catch {
      return null;
    }
  }

  function keep(sent) {
    const fields = [...new FormData(form)].filter(([name]) => !OWN.has(name));
    try {
      const noted = form.elements.paradata.value;
      storage().setItem(KEY, JSON.stringify({ fields, sent, number, noted }));
    } catch {
      // Nothing can be kept here.
    }
  }

  function forget(mine) {
    try {
      Object.keys(storage())
        .filter((key) => (mine ? key === KEY : key.startsWith(PREFIX) && key !== KEY))
        .forEach((key) => storage().removeItem(key));
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
  let number = Number(form.dataset.draftNumber); // of the last draft; later ones have higher ones
  let unsent = false;
  let sending = false; // until the page has an answer
  let leaving = false; // it has one

  function body(button) {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (button || name === "csrfmiddlewaretoken" || !OWN.has(name)) data.append(name, value);
    }
    if (button) data.append(button.name, button.value);
    else data.append("draft_number", number);
    return data;
  }

  function post(address, data, more) {
    const keepalive = data.toString().length < SMALL;
    return fetch(address, { method: "POST", body: data, keepalive, ...more });
  }

  // What the server thinks of a draft is another matter than whether the line is there.
  async function save(quiet) {
    clearTimeout(timer);
    if (!draft || held || sending || leaving) return;
    unsent = false;
    try {
      const answer = await post(draft, body());
      if (answer.status === OVERTAKEN) {
        // Another window saved this page: what was typed last, here, counts.
        number += 1000;
        if (!unsent) save(quiet);
      } else if (answer.ok && !unsent) {
        keep(true);
        if (quiet !== true) say("saved");
      } else if (!answer.ok) say(IN_VAIN.includes(answer.status) ? "moved" : "");
    } catch {
      unsent = true;
      if (!held && !sending) say("offline");
      timer = setTimeout(save, AGAIN);
    }
  }

  function changed() {
    number += 1;
    keep(false);
    unsent = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  function leave() {
    if (!draft || leaving || !(unsent || sending)) return;
    if (navigator.sendBeacon && navigator.sendBeacon(draft, body())) unsent = false;
  }

  form.addEventListener("input", changed);
  form.addEventListener("click", ({ target }) => {
    if (target.closest(".mover")) changed();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  addEventListener("pagehide", () => {
    if (leaving) return;
    form.dispatchEvent(new Event("sending"));
    keep(!unsent && !sending);
    leave();
  });

  // Sending. The server leads on by a header; whatever else it answers, the browser asks for itself,
  // so that it is shown as a page. Sending the same page twice does the same as once.

  let held = null; // the button of a page that waits for a line
  let waiting = 0;

  async function send(button) {
    sending = true;
    held = null;
    clearTimeout(timer);
    button.setAttribute("aria-disabled", "true");
    form.dispatchEvent(new Event("sending"));
    keep(false);
    const patience = new AbortController();
    const slow = setTimeout(() => patience.abort(), LONG);
    try {
      const answer = await post(form.getAttribute("action") || location.pathname, body(button), {
        headers: { "X-Sent-By": "script" },
        signal: patience.signal,
      });
      const pause = Number(answer.headers.get("Retry-After"));
      // Not all of a hall at the same moment.
      if (answer.status === TOO_MANY && pause <= 60) {
        hold(button, (pause + 5 * Math.random()) * 1000, "crowded");
      } else lead(button, answer.headers.get("X-Go-To"));
    } catch {
      hold(button, AGAIN, "waiting");
    }
    clearTimeout(slow);
  }

  function hold(button, pause, why) {
    sending = false;
    held = button;
    say(why);
    waiting = setTimeout(retry, pause);
  }

  function lead(button, address) {
    leaving = true;
    sending = false;
    button.removeAttribute("aria-disabled");
    if (address) {
      forget(true);
      location.assign(address);
    } else {
      form.dataset.natively = "yes";
      button.click();
    }
  }

  function retry() {
    clearTimeout(waiting);
    if (held) send(held);
  }

  function tooSoon(button) {
    const wait = Number(form.dataset.wait) - (Date.now() - loaded) / 1000;
    if (wait <= 0 || button.value !== "next") return false;
    say("soon", Math.ceil(wait));
    setTimeout(() => say(""), 1000 * wait);
    return true;
  }

  // Which button was pressed, for browsers that do not say so when a form is sent.
  let pressed = null;
  document.addEventListener(
    "click",
    ({ target }) => {
      const button = target.closest && target.closest("button[type=submit]");
      if (button && button.form === form) pressed = button;
    },
    true,
  );

  // Before the guard against sending twice, which is for forms that the browser sends.
  form.addEventListener(
    "submit",
    (event) => {
      if (form.dataset.natively) {
        delete form.dataset.natively;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter || pressed || form.querySelector("button[value=next]");
      if (!sending && !leaving && !tooSoon(button)) send(button);
    },
    true,
  );
  addEventListener("online", () => (held ? retry() : unsent && save()));
  // Back from the browser's cache the page is as it was left: it may be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });

  forget(false);
  const before = kept();
  if (before) {
    form.elements.paradata.value = before.noted || "";
    form.dispatchEvent(new Event("noted"));
    // What was typed on another device since, and saved, counts more.
    if (!before.sent && (!draft || before.number >= number)) {
      number = before.number + 1;
      restore(before);
      save(true);
    }
  }
})();
