// Brings the counts up to date while the page is looked at; without it, reloading does the same.
const counts = document.getElementById("counts");

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("counts");
  if (fresh && fresh.innerHTML !== counts.innerHTML) counts.innerHTML = fresh.innerHTML;
}

// A request that fails is tried again the next time.
setInterval(() => refresh().catch(() => {}), 1000 * Number(counts.dataset.seconds));
