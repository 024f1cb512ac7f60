// Keeps the form around the frame in step with the page in it. Without this the frame works alone.
const frame = document.getElementById("frame");
const form = document.getElementById("preview");

function follow() {
  let place;
  try {
    place = frame.contentWindow.location;
    if (!place.search) return;
  } catch {
    return; // Another site's page: nothing of ours.
  }
  const asked = new URLSearchParams(place.search);
  for (const field of form.elements) {
    if (field.name === "so_far" || (field.name && asked.has(field.name))) {
      field.value = asked.get(field.name) || "";
    }
  }
  const code = place.pathname.split("/").filter(Boolean).pop();
  form.elements.page.value = asked.get("ended") || code;
  document.getElementById("alone").href = place.pathname + place.search;
  const answered = document.getElementById("answered");
  answered.textContent = answered.dataset[asked.get("so_far") ? "some" : "none"];
}

// A device wider than the room is shown smaller; below half its size one scrolls instead.
function fit() {
  const box = frame.parentElement;
  const scale = Math.min(1, Math.max(0.5, (box.clientWidth - 2) / frame.offsetWidth));
  frame.style.transform = scale < 1 ? `scale(${scale})` : "";
  frame.style.marginBlockEnd = `${(scale - 1) * frame.offsetHeight + 2}px`;
  frame.style.marginInlineEnd = `${(scale - 1) * frame.offsetWidth}px`;
}

if (frame) {
  fit();
  addEventListener("resize", fit);
}
if (frame) frame.addEventListener("load", follow);
