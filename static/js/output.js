/* The sheet of output: steppers, paste from a spreadsheet with a preview, warnings while one types.
   Without this file the sheet is a plain form; the server reads and checks everything again. */
(() => {
  "use strict";

  const form = document.querySelector('form[data-shift="output"]');
  if (!form || !form.querySelector(".shift-quantity")) return;
  const words = JSON.parse(form.dataset.words);
  const rows = [...form.querySelectorAll("tr[data-row]")];
  const columns = [...form.querySelectorAll("th[data-column]")];
  const MOST = 100000;

  const say = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const cellsOf = (row) => [...row.querySelectorAll(".shift-quantity")];
  const columnName = (place) => columns[place].firstChild.textContent.trim();
  const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

  // Digits of every script as ours: ３ and ٣ are three. The digits of a script follow its nought.
  // (Not NFKC: it would read 5² as 52.) Only the mathematical ones stand without a gap.
  const MATHEMATICAL = 0x1d7ce;
  const plainDigits = (text) =>
    [...text].map((char) => {
      if (!/\p{Nd}/u.test(char) || /\d/.test(char)) return char;
      const code = char.codePointAt(0);
      if (code >= MATHEMATICAL && code < MATHEMATICAL + 50) return String((code - MATHEMATICAL) % 10);
      let value = 0;
      while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
      return String(value);
    }).join("");

  // What a spreadsheet has in a cell: a count, nothing, or a sentence on why it is neither.
  const read = (text) => {
    const bare = plainDigits(text).replace(/[\s'_]/g, "").replace(",", ".");
    if (bare === "") return { value: null };
    if (/^[-\u2012\u2013\u2014]$/.test(bare)) return { value: null };
    if (!/^\d+(\.\d*)?$/.test(bare)) return { error: say(words.letters, { text: text.trim() }) };
    if (!/^\d+(\.0*)?$/.test(bare)) return { error: say(words.part, { text: text.trim() }) };
    const value = parseInt(bare, 10);
    return value > MOST ? { error: say(words.large, { text: text.trim() }) } : { value };
  };
  const quantity = (input) => read(input.value).value || 0;

  // --- Warnings -----------------------------------------------------------------------------
  const stored = new Map(rows.flatMap(cellsOf).map((input) => [input, Number(input.dataset.base)]));
  const over = form.querySelector("[data-over]");

  const warnOfOrder = () => {
    const said = columns.map((head, place) => {
      const more = rows.reduce((sum, row) => {
        const input = cellsOf(row)[place];
        return input ? sum + quantity(input) - stored.get(input) : sum;
      }, 0) - Number(head.dataset.room);
      head.classList.toggle("output-above", more > 0);
      return more > 0 ? say(words.over, { operation: columnName(place), count: grouped(more) }) : "";
    }).filter(Boolean);
    const text = said.join(" ");
    if (over.textContent !== text) over.textContent = text;
  };

  const warnOfNorm = (row) => {
    const load = row.querySelector("[data-load]");
    if (row.dataset.attended === "") return;
    const byNorm = cellsOf(row).reduce(
      (sum, input, place) => sum + quantity(input) * Number(columns[place].dataset.norm || 0),
      Number(row.dataset.beside),
    );
    const minutes = Number(row.dataset.attended);
    load.textContent = byNorm > minutes
      ? say(words.load, { norm: grouped(Math.round(byNorm)), minutes: grouped(minutes) })
      : "";
  };

  const changed = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));
  form.addEventListener("input", (event) => {
    if (!event.target.classList.contains("shift-quantity")) return;
    warnOfOrder();
    warnOfNorm(event.target.closest("tr[data-row]"));
  });

  // --- Steppers -----------------------------------------------------------------------------
  const step = (input, by) => {
    const now = read(input.value);
    // Read-only: this person may not do the operation; the line says why.
    if (now.error || input.readOnly) return;
    const next = Math.min(Math.max((now.value || 0) + by, 0), MOST);
    input.value = next ? grouped(next) : "";
    changed(input);
  };

  const button = (input, by) => {
    const text = by > 0 ? words.more : words.less;
    const element = make("button", by > 0 ? "+" : "−", "output-step");
    element.type = "button";
    // The keys + and − do the same: the way by Tab stays one stop for a cell.
    element.tabIndex = -1;
    element.setAttribute("aria-label", say(text, { cell: input.getAttribute("aria-label") }));
    element.addEventListener("click", () => {
      step(input, by);
      // Enter saves from the cell; left on the button it would count once more.
      // A finger opens no keyboard over the sheet.
      if (window.matchMedia("(pointer: fine)").matches) input.focus();
      else element.blur();
    });
    return element;
  };
  const held = document.activeElement;
  rows.flatMap(cellsOf).filter((input) => !input.readOnly).forEach((input) => {
    const box = make("span", undefined, "output-stepper");
    input.replaceWith(box);
    box.append(button(input, -1), input, button(input, 1));
  });
  // Who was quicker than this file keeps the focus, though the cell was moved into its box.
  if (held !== document.activeElement) held.focus();
  form.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("shift-quantity")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { "+": 1, "=": 1, Add: 1, "-": -1, "−": -1, Subtract: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(event.target, by);
  });

  // --- Paste --------------------------------------------------------------------------------
  const panel = form.querySelector("[data-paste]");
  const close = () => { panel.hidden = true; panel.replaceChildren(); };

  const gridOf = (text) => {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    return lines.map((line) => line.split("\t"));
  };
  const place = (row, column, name) => say(words.place, { row, column, cell: name });

  // With personnel numbers in the first column each line goes to its person, wherever they stand.
  const numbers = new Map(rows.map((row) => [row.dataset.number, row]));
  const numberOf = (line) => plainDigits(line[0]).replace(/[\s№#]/g, "");
  const isByNumber = (grid) =>
    grid.every((line) => line.length > 1) && grid.some((line) => numbers.has(numberOf(line)));

  const targetsByNumber = (grid, wrong) => {
    const seen = new Set();
    return grid.map((line, at) => {
      const number = numberOf(line);
      const row = numbers.get(number);
      const here = place(at + 1, 1, line[0].trim() || "—");
      if (!row) wrong.push(`${here} ${say(words.unknown, { text: number || "—" })}`);
      else if (seen.has(number)) wrong.push(`${here} ${say(words.twice, { text: number })}`);
      seen.add(number);
      return { row, values: line.slice(1), shift: 2 };
    });
  };

  const targetsBelow = (grid, first, wrong) => {
    const from = rows.indexOf(first);
    if (from + grid.length > rows.length) {
      const there = place(rows.length - from + 1, 1, "—");
      wrong.push(`${there} ${say(words.rows, { count: rows.length - from })}`);
    }
    return grid.slice(0, rows.length - from)
      .map((line, at) => ({ row: rows[from + at], values: line, shift: 1 }));
  };

  const cellOf = (target, at, column, start, wrong, edits) => {
    const text = target.values[column];
    const found = read(text);
    const place_ = start + column;
    if (found.value === null) return;
    const name = `${target.row.dataset.number} × ${columns[place_] ? columnName(place_) : "—"}`;
    const here = place(at + 1, column + target.shift, name);
    const input = cellsOf(target.row)[place_];
    if (found.error) wrong.push(`${here} ${found.error}`);
    else if (!columns[place_]) wrong.push(`${here} ${say(words.columns, { count: columns.length - start })}`);
    else if (!input) { if (found.value) wrong.push(`${here} ${say(words.absent, { text: target.row.dataset.number })}`); }
    else if (found.value !== quantity(input)) edits.push({ input, value: found.value, place: place_, row: target.row });
  };

  const plan = (grid, first, start) => {
    const wrong = [];
    const edits = [];
    const targets = isByNumber(grid) ? targetsByNumber(grid, wrong) : targetsBelow(grid, first, wrong);
    targets.forEach((target, at) => {
      if (!target.row) return;
      target.values.forEach((_text, column) => cellOf(target, at, column, start, wrong, edits));
    });
    return { wrong, edits };
  };

  const acts = (...buttons) => {
    const box = make("div", undefined, "output-acts");
    box.append(...buttons);
    return box;
  };
  const act = (text, name, does) => {
    const element = make("button", text, `btn ${name}`);
    element.type = "button";
    element.addEventListener("click", does);
    return element;
  };

  const showWrong = (wrong, back) => {
    panel.classList.add("form-errors");
    const list = make("ul");
    wrong.forEach((text) => list.append(make("li", text)));
    panel.append(make("p", words.wrong, "form-errors-head"), list,
      acts(act(words.cancel, "btn-outline-primary", () => { close(); back.focus(); })));
  };

  const preview = (edits) => {
    const table = make("table", undefined, "table table-sheets");
    const head = make("tr");
    const labels = [words.person, words.operation, words.before, words.after];
    labels.forEach((text, at) => {
      const cell = make("th", text, at > 1 ? "number" : "");
      cell.scope = "col";
      head.append(cell);
    });
    const body = make("tbody");
    edits.forEach((edit) => {
      const line = make("tr");
      const person = make("th", edit.input.getAttribute("aria-label").split(":")[0]);
      person.scope = "row";
      line.append(person);
      [columnName(edit.place), edit.input.value || "—", grouped(edit.value)].forEach((text, at) => {
        const cell = make("td", text, at > 0 ? "number" : "");
        cell.dataset.label = labels[at + 1];
        line.append(cell);
      });
      body.append(line);
    });
    const top = make("thead");
    top.append(head);
    table.append(top, body);
    const box = make("div", undefined, "table-box");
    box.append(table);
    return box;
  };

  const apply = (edits) => {
    edits.forEach((edit) => {
      edit.input.value = edit.value ? grouped(edit.value) : "";
      changed(edit.input);
    });
    close();
    edits[0].input.focus();
    over.textContent = [say(words.done, { count: edits.length }), over.textContent].filter(Boolean).join(" ");
  };

  const show = ({ wrong, edits }, back) => {
    panel.replaceChildren();
    panel.classList.remove("form-errors");
    panel.hidden = false;
    const leave = () => { close(); back.focus(); };
    if (wrong.length) showWrong(wrong, back);
    else if (!edits.length) panel.append(make("p", words.nothing), acts(act(words.cancel, "btn-outline-primary", leave)));
    else {
      const put = act(words.apply, "btn-primary", () => apply(edits));
      panel.append(make("h2", words.title), make("p", say(words.counted, { count: grouped(edits.length) })),
        preview(edits), acts(put, act(words.cancel, "btn-outline-primary", leave)));
      put.focus();
      return;
    }
    panel.focus();
  };

  form.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.classList.contains("shift-quantity") || input.readOnly) return;
    const text = event.clipboardData.getData("text/plain");
    const grid = gridOf(text);
    const row = input.closest("tr[data-row]");
    const start = cellsOf(row).indexOf(input);
    event.preventDefault();
    if (grid.length === 1 && grid[0].length === 1) {
      const found = read(text);
      if (!found.error) {
        close();
        input.value = found.value ? grouped(found.value) : "";
        changed(input);
        return;
      }
    }
    show(plan(grid, row, start), input);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    const cell = form.querySelector(".shift-quantity");
    cell.focus();
  });

  warnOfOrder();
})();
