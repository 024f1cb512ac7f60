// Counts a vignette's words by arm and language while it is written, and marks its slots. Without
// it the counts are those of what was saved last.
const known = JSON.parse(document.getElementById("vignette-known").textContent);
const slot = /\{\s*([a-z][a-z0-9_]*)\s*\}/g;

const count = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

function filled(text, arm, language) {
  return text.replace(slot, (whole, factor) => known.factors[factor]?.[arm[factor]]?.[language] ?? "");
}

function marked(text) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(slot)) {
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    pieces.push(text.slice(end, found.index), mark);
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
}

// Beside the field, where it is written.
document.getElementById("id_body").closest("fieldset")?.after(
  document.getElementById("words").closest("section"),
);

for (const shown of document.querySelectorAll("[data-slots]")) {
  const language = shown.dataset.slots;
  const box = document.getElementById(`id_body_${language}`);
  const cells = document.querySelectorAll(`[data-words="${language}"]`);
  const update = () => {
    shown.replaceChildren(...marked(box.value));
    for (const cell of cells) {
      const arm = known.arms[Number(cell.parentElement.dataset.arm)];
      cell.textContent = count(filled(box.value, arm, language));
    }
  };
  box.addEventListener("input", update);
}
