// Parts of a study are dragged to their place by a handle. Without it, and with a keyboard or on a
// touch screen, the arrows beside the handle do the same a step at a time.
const boxes = ".desk-item, .desk-part";
let carried = null;

const modelOf = (form) => form.elements.model.value;
const formOf = (box) => box.querySelector(":scope > .desk-bar form[data-order]");

// The parts among which this one has its place.
function likes(box) {
  const model = modelOf(formOf(box));
  return [...box.parentElement.children].filter((other) => {
    const form = other.matches(boxes) && formOf(other);
    return form && modelOf(form) === model;
  });
}

function unmark() {
  for (const box of document.querySelectorAll(".desk-before, .desk-after")) {
    box.classList.remove("desk-before", "desk-after");
  }
}

// The part over which the carried one is, and whether it would come to stand after it.
function under(event) {
  const box = event.target.closest?.(boxes);
  const among = carried ? likes(carried) : [];
  const target = among.find((other) => other === box || other.contains(box));
  if (!target || target === carried) return null;
  const { top, height } = target.getBoundingClientRect();
  return { target, among, after: event.clientY > top + height / 2 };
}

function drop(event) {
  const found = under(event);
  if (!found) return;
  event.preventDefault();
  const rest = found.among.filter((other) => other !== carried);
  const place = rest.indexOf(found.target) + (found.after ? 1 : 0);
  const form = formOf(carried);
  const to = document.createElement("input");
  Object.assign(to, { type: "hidden", name: "to", value: String(place) });
  form.append(to);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-order]")) {
  const box = form.closest(boxes);
  if (!box || likes(box).length < 2) continue;
  const handle = document.createElement("span");
  handle.className = "desk-handle";
  handle.textContent = "⠿";
  handle.draggable = true;
  handle.setAttribute("aria-hidden", "true");
  handle.addEventListener("dragstart", (event) => {
    carried = box;
    box.classList.add("desk-carried");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", box.id);
    event.dataTransfer.setDragImage(box, 0, 0);
  });
  handle.addEventListener("dragend", () => {
    box.classList.remove("desk-carried");
    unmark();
    carried = null;
  });
  form.before(handle);
}

document.addEventListener("dragover", (event) => {
  const found = under(event);
  unmark();
  if (!found) return;
  event.preventDefault();
  found.target.classList.add(found.after ? "desk-after" : "desk-before");
});
document.addEventListener("drop", drop);
