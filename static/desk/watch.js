// Brings what is watched up to date while the page is looked at; without it, reloading does the same.
const stale = document.getElementById("stale");

// Changes only what differs, so that what was opened, scrolled or focused stays so.
function morph(here, fresh) {
  if (here.isEqualNode(fresh)) return;
  if (here.nodeName !== fresh.nodeName) {
    here.replaceWith(fresh);
    return;
  }
  if (here.nodeType === Node.TEXT_NODE) {
    here.data = fresh.data;
    return;
  }
  for (const { name } of [...here.attributes ?? []]) {
    if (name !== "open" && !fresh.hasAttribute(name)) here.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes ?? []) here.setAttribute(name, value);
  children(here, fresh);
}

function children(here, fresh) {
  const wanted = [...fresh.childNodes];
  const found = [...here.childNodes];
  wanted.forEach((each, place) => (found[place] ? morph(found[place], each) : here.append(each)));
  found.slice(wanted.length).forEach((each) => each.remove());
}

async function refresh(part) {
  const address = part.dataset.live || window.location.href;
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh) throw new Error(part.id);
  children(part, fresh);
}

// One request at a time; one that fails is tried again, later and later, up to a minute.
async function watch(part) {
  const seconds = Number(part.dataset.seconds);
  for (let failures = 0; ; ) {
    const wait = Math.min(Math.max(60, seconds), seconds * 2 ** failures);
    await new Promise((go) => setTimeout(go, 1000 * wait));
    if (document.hidden) continue;
    try {
      await refresh(part);
      failures = 0;
    } catch {
      failures = Math.min(failures + 1, 6);
    }
    if (stale) stale.hidden = !failures;
  }
}

for (const part of document.querySelectorAll("[data-live]")) {
  if (part.dataset.live) refresh(part).catch(() => {});
  watch(part);
}
