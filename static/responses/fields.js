// What questions do at once: appear when they are asked, exclude each other, show what was moved.
// Without this the server asks the same when the page is sent. For Chrome 80 and Safari 13.1 on.
(() => {
  "use strict";

  const form = document.getElementById("page");
  if (!form) return;
  const earlier = JSON.parse(form.dataset.values || "{}");
  const items = [...form.querySelectorAll("[data-item]")];

  // Conditions, decided as the server does: a comparison with what was not answered is false. What
  // was chosen and counts as no answer is {missing: its code}: equal to it, never more or less.

  function answer(code) {
    const item = items.find((one) => one.dataset.item === code);
    if (!item) return code in earlier ? earlier[code] : null;
    if (item.hidden) return null;
    const given = [...item.querySelectorAll("input, select, textarea")].filter(
      (field) => field.name === code && (field.checked || !/radio|checkbox/.test(field.type)),
    );
    const values = given.map(value).filter((one) => plain(one).trim() !== "");
    if (item.dataset.kind === "multiple") return values;
    const last = values.length ? values[values.length - 1] : null;
    const text = item.dataset.kind === "number" && last !== null ? typed(item, last) : last;
    const slider = given.find((field) => field.type === "range");
    return slider && slider.value === slider.dataset.untouched ? null : text;
  }

  function value(field) {
    const chosen = field.selectedOptions ? field.selectedOptions[0] : field;
    if (!chosen) return "";
    return chosen.dataset.missing === undefined ? field.value : { missing: field.value };
  }

  function plain(one) {
    return one !== null && typeof one === "object" && "missing" in one ? one.missing : one;
  }

  // A number as the page's language writes it, with a point and without grouping; null if it is none.
  function typed(item, text) {
    const { decimal, group } = item.dataset;
    const plain = text.normalize("NFKC").trim().replace(/\u2212/g, "-").replace(/^[+]/, "");
    const point = decimal === "." ? "[.]" : "[,]";
    const between = group === "." ? "[.]" : group === "," ? "[,]" : "[\\s’']";
    const whole = new RegExp(`^-?\\d+(${point}\\d+)?$`);
    const grouped = new RegExp(`^-?\\d{1,3}(${between}\\d{3})+(${point}\\d+)?$`);
    if (whole.test(plain)) return plain.replace(decimal, ".");
    if (grouped.test(plain)) return plain.replace(new RegExp(between, "g"), "").replace(decimal, ".");
    const pointed = /^-?\d+[.](\d+)$/.exec(plain);
    return pointed && decimal !== "." && pointed[1].length !== 3 ? plain : null;
  }

  function number(text) {
    return /^\s*-?\d+([.]\d+)?\s*$/.test(text) ? Number(text) : NaN;
  }

  function compare(operator, first, second) {
    const [left, right] = [plain(first), plain(second)];
    if (typeof left !== "string" || typeof right !== "string" || !left || !right) return false;
    const [a, b] = [number(left), number(right)];
    const numbers = !Number.isNaN(a) && !Number.isNaN(b);
    const same = numbers ? a === b : left === right;
    if (operator === "==" || operator === "!=") return same === (operator === "==");
    if (!numbers || left !== first || right !== second) return false;
    return { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b }[operator];
  }

  function operand([kind, value]) {
    return kind === "name" ? answer(value) : value;
  }

  function holds([kind, ...parts]) {
    if (kind === "and") return holds(parts[0]) && holds(parts[1]);
    if (kind === "or") return holds(parts[0]) || holds(parts[1]);
    if (kind === "not") return !holds(parts[0]);
    if (kind === "answered") {
      const given = answer(parts[0]);
      return [].concat(given === null ? [] : given).some((one) => one && plain(one) === one);
    }
    if (kind === "compare") return compare(parts[0], operand(parts[1]), operand(parts[2]));
    const all = operand(parts[1]);
    return [].concat(all === null ? [] : all).some((one) => compare("==", operand(parts[0]), one));
  }

  function show() {
    // In the order of the page, so that what waits for something hidden is hidden too.
    for (const item of items) {
      // What the server asks for stays in sight.
      const asked = item.matches(".item-fault, .item-open");
      if (item.dataset.shownIf && !asked) item.hidden = !holds(JSON.parse(item.dataset.shownIf));
    }
  }

  // Options that stand alone, and boxes that say why there is no value.

  function others(item, field) {
    return [...item.querySelectorAll("input, select, textarea")].filter((one) => one !== field);
  }

  function empty(field) {
    if (/checkbox|radio/.test(field.type)) field.checked = false;
    else if (field.type === "range") field.value = field.dataset.untouched;
    else field.value = "";
  }

  function exclude(item, field) {
    const box = field.name.endsWith(".missing");
    if (box || field.dataset.exclusive !== undefined) {
      if (field.checked) others(item, field).forEach(empty);
    } else {
      for (const other of others(item, field)) {
        const alone = other.dataset.exclusive !== undefined && field.checked;
        if (other.name.endsWith(".missing") || alone) other.checked = false;
      }
    }
  }

  form.addEventListener("input", ({ target }) => {
    const item = target.closest("[data-item]");
    if (item && target.name) {
      exclude(item, target);
      item.dispatchEvent(new CustomEvent("answered"));
    }
    show();
  });

  // Sliders.

  for (const slider of form.querySelectorAll("input[data-untouched]")) {
    const output = slider.closest("[data-item]").querySelector("output");
    const update = () => {
      const untouched = slider.value === slider.dataset.untouched;
      slider.classList.toggle("untouched", untouched);
      output.textContent = untouched ? "" : slider.value;
      if (untouched) slider.setAttribute("aria-valuetext", slider.dataset.untouchedText);
      else slider.removeAttribute("aria-valuetext");
    };
    slider.closest("[data-item]").addEventListener("answered", update);
    // A press on the thumb where it stands means the lowest value.
    slider.addEventListener("click", () => {
      if (slider.value !== slider.dataset.untouched) return;
      slider.stepUp();
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    update();
  }

  // Points to give out.

  for (const group of form.querySelectorAll("[data-total]")) {
    const left = group.querySelector("[data-left]");
    const update = () => {
      const texts = [...group.querySelectorAll("input")].map((field) => field.value);
      const given = texts.map((text) => text.normalize("NFKC").trim() || "0");
      const rest = Number(group.dataset.total) - given.reduce((sum, one) => sum + Number(one), 0);
      const whole = given.every((text) => /^\d+$/.test(text));
      const said = rest < 0 ? group.dataset.over : group.dataset.text;
      left.textContent = whole ? said.replace("{left}", Math.abs(rest)) : "";
    };
    group.closest("[data-item]").addEventListener("answered", update);
    update();
  }

  // Rankings: buttons and dragging move the rows, the selects keep what is sent.

  for (const list of form.querySelectorAll("[data-ranking]")) {
    const rows = () => [...list.children].filter((row) => row.dataset.option);
    const field = (row) => row.querySelector("select");
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    list.after(said);

    const number = () => {
      rows().forEach((row, at) => {
        field(row).value = String(at + 1);
      });
      field(rows()[0]).dispatchEvent(new Event("input", { bubbles: true }));
    };
    const move = (row, by, button) => {
      const all = rows();
      const to = all.indexOf(row) + by;
      // At an end the row stays, and the order as it stands is the answer.
      if (all[to] && by < 0) all[to].before(row);
      if (all[to] && by > 0) all[to].after(row);
      number();
      button.focus();
      const label = row.querySelector("label").textContent.trim();
      said.textContent = `${label}: ${list.dataset.place} ${rows().indexOf(row) + 1}`;
    };
    for (const row of rows()) {
      const buttons = document.createElement("span");
      buttons.className = "movers";
      for (const [by, sign, name] of [[-1, "↑", "up"], [1, "↓", "down"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "copy mover";
        button.textContent = sign;
        const label = row.querySelector("label").textContent.trim();
        button.setAttribute("aria-label", `${list.dataset[name]}: ${label}`);
        button.addEventListener("click", () => move(row, by, button));
        buttons.append(button);
      }
      row.append(buttons);
      row.draggable = true;
      row.addEventListener("dragstart", () => row.classList.add("dragged"));
      row.addEventListener("dragend", () => {
        row.classList.remove("dragged");
        number();
      });
    }
    list.addEventListener("dragover", (event) => {
      const dragged = list.querySelector(".dragged");
      const over = event.target.closest("[data-option]");
      if (!dragged || !over) return;
      event.preventDefault();
      if (over === dragged) return;
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(dragged);
      else over.after(dragged);
    });
    // A whole ranking that came back is shown in its order.
    const sort = () => {
      const places = rows().map((row) => Number(field(row).value));
      if (new Set(places).size === places.length && !places.includes(0)) {
        const focused = document.activeElement;
        rows()
          .sort((a, b) => Number(field(a).value) - Number(field(b).value))
          .forEach((row) => list.append(row));
        if (list.contains(focused)) focused.focus();
      }
    };
    list.addEventListener("change", sort);
    sort();
  }

  form.addEventListener("restored", () => {
    items.forEach((item) => item.dispatchEvent(new CustomEvent("answered")));
    form.querySelectorAll("[data-ranking]").forEach((list) => list.dispatchEvent(new Event("change")));
    show();
  });
  show();
})();
