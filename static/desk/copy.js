// Copies what stands in a box; without it, the box can be selected and copied by hand.
const copied = document.getElementById("copied");

async function copy(button) {
  const box = document.getElementById(button.dataset.copy);
  box.select();
  // A page without TLS has no clipboard of its own.
  if (navigator.clipboard) await navigator.clipboard.writeText(box.value);
  else document.execCommand("copy");
  copied.textContent = `${button.dataset.done}: ${box.labels[0].textContent}`;
  const said = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = said; }, 2000);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button).catch(() => {}));
}
