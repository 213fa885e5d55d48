/* The month of a workshop as a sheet: arrows, typing, selection, copy and paste as a spreadsheet
   does, undo, what is wrong or unusual at once. Only changed cells are sent, in one hidden field,
   each with what the page showed. Without this file the sheet is read, and its days lead to their
   own pages. */
(() => {
  "use strict";

  const form = document.getElementById("month");
  const source = document.getElementById("month-data");
  const cellsOf = window.portalMonthCells;
  if (!form || !source || !cellsOf) return;
  const data = JSON.parse(source.textContent);
  const { words, days } = data;
  const field = form.elements.cells;
  const table = form.querySelector(".month-table");
  const said = document.getElementById("month-said");
  const PAGE = 10;
  // The Russian letters by the place of the key, for a keyboard that is set to Latin.
  const PLACES = {
    Backquote: "Ё", KeyQ: "Й", KeyW: "Ц", KeyE: "У", KeyR: "К", KeyT: "Е", KeyY: "Н", KeyU: "Г",
    KeyI: "Ш", KeyO: "Щ", KeyP: "З", BracketLeft: "Х", BracketRight: "Ъ", KeyA: "Ф", KeyS: "Ы",
    KeyD: "В", KeyF: "А", KeyG: "П", KeyH: "Р", KeyJ: "О", KeyK: "Л", KeyL: "Д", Semicolon: "Ж",
    Quote: "Э", KeyZ: "Я", KeyX: "Ч", KeyC: "С", KeyV: "М", KeyB: "И", KeyN: "Т", KeyM: "Ь",
    Comma: "Б", Period: "Ю",
  };

  // --- The cells ----------------------------------------------------------------------------
  const rowsById = new Map(data.rows.map((row) => [String(row.id), row]));
  const rows = [...table.querySelectorAll("tbody tr")].map((tr) => ({
    tr, ...rowsById.get(tr.dataset.row),
  }));
  const makeCell = (row, r, c) => {
    const [text, mark] = row.entered[c + 1] ?? ["", null];
    const td = document.getElementById(`c-${row.id}-${days[c].day}`);
    // `said` is what the server refused of the text it was sent; gone with the next change.
    return { r, c, td, key: `${row.id}-${days[c].day}`, base: text, mark, text, gate: row.gates[c], said: "", theirs: null };
  };
  const grid = rows.map((row, r) => days.map((day, c) => makeCell(row, r, c)));
  const all = grid.flat();
  const contextOf = ({ r, c }) => ({
    codes: days[c].codes, full: rows[r].full[c], isOff: days[c].isOff, present: data.present, dayOff: data.dayOff,
  });
  const isChanged = (cell) => cell.text !== cell.base;
  const nameOf = ({ r, c }) => cellsOf.fill(words.more.cell, { number: rows[r].number, day: days[c].label });

  // A cell as it was stored is not read again: its letter may be out of use by now.
  const look = (cell) => {
    if (!isChanged(cell)) {
      const code = cell.base.match(/^\p{L}*/u)[0];
      cell.entry = cell.mark && { minutes: cell.mark[0], code, reason: cell.mark[1], note: cell.mark[2], night: cell.mark[3], overtime: cell.mark[4] };
      cell.wrong = "";
      cell.isFault = false;
      return;
    }
    try {
      cell.entry = cellsOf.read(cell.text, contextOf(cell));
      cell.wrong = cell.said;
      cell.isFault = false;
    } catch (fault) {
      if (!(fault instanceof cellsOf.Fault)) throw fault;
      cell.entry = null;
      cell.isFault = true;
      cell.wrong = cellsOf.sentenceOf(fault, days[cell.c].codes, words);
    }
  };

  const besides = (cell) => {
    const mine = rows[cell.r];
    const here = rows.reduce(
      (sum, row, r) => (r !== cell.r && row.person === mine.person ? sum + (grid[r][cell.c].entry?.minutes ?? 0) : sum), 0,
    );
    return here + (mine.elsewhere[cell.c + 1] ?? 0);
  };
  const oddOf = (cell) =>
    cell.wrong ? [] : cellsOf.oddities(cell.entry, {
      ...contextOf(cell), elsewhere: besides(cell), output: rows[cell.r].output[cell.c + 1] ?? 0,
    }).map((name) => words.odd[name]);

  const paint = (cell) => {
    const shown = cell.wrong || (isChanged(cell) && !cell.entry) ? cell.text : cellsOf.shortText(cell.entry);
    if (!cell.td.querySelector("input")) cell.td.textContent = shown;
    cell.odd = oddOf(cell);
    const { classList } = cell.td;
    classList.toggle("month-changed", isChanged(cell));
    classList.toggle("month-wrong", Boolean(cell.wrong || cell.theirs));
    classList.toggle("month-odd", cell.odd.length > 0);
    classList.toggle("month-gap", !shown && cell.gate > 0 && !days[cell.c].isOff);
    const { night = 0, overtime = 0 } = cell.entry ?? {};
    classList.toggle("month-extra", night + overtime > 0);
    cell.td.title = [
      night && cellsOf.fill(words.night, { minutes: night }), overtime && cellsOf.fill(words.overtime, { minutes: overtime }), cell.entry?.note, cell.wrong, cell.theirs?.[0], ...cell.odd].filter(Boolean).join("\n");
    if (cell.wrong) cell.td.setAttribute("aria-invalid", "true");
    else cell.td.removeAttribute("aria-invalid");
  };

  // --- What stands around the sheet ---------------------------------------------------------
  const linkTo = (cell) => {
    const link = document.createElement("a");
    link.href = `#${cell.td.id}`;
    link.textContent = nameOf(cell);
    link.addEventListener("click", (event) => { event.preventDefault(); goTo(cell); });
    return link;
  };
  const button = (label, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn btn-outline-primary btn-sm", textContent: label });
    made.addEventListener("click", act);
    return made;
  };
  const listOf = (cells, textOf, actsOf = () => []) =>
    cells.map((cell) => {
      const item = document.createElement("li");
      item.append(linkTo(cell), `: ${textOf(cell)} `, ...actsOf(cell));
      return item;
    });
  const decide = (cell, text) => {
    cell.theirs = null;
    change([[cell, text]]);
    goTo(cell);
  };
  const problemBox = document.getElementById("month-problem");
  const oddBox = document.getElementById("month-odd-box");
  const explain = document.getElementById("month-explain");

  const report = () => {
    const changed = all.filter(isChanged);
    const wrong = all.filter((cell) => cell.wrong || cell.theirs);
    document.getElementById("month-wrong").replaceChildren(
      ...listOf(wrong, (cell) => cell.wrong || cell.theirs[0], (cell) => (cell.theirs
        ? [button(`${words.keepMine}: ${cell.text || "—"}`, () => decide(cell, cell.text)), " ",
          button(`${words.takeTheirs}: ${cell.theirs[1] || "—"}`, () => decide(cell, cell.theirs[1]))]
        : [])),
    );
    problemBox.hidden = !wrong.length && !problemBox.dataset.kept;
    const odd = all.filter((cell) => cell.odd.length);
    document.getElementById("month-odd").replaceChildren(...listOf(odd, (cell) => cell.odd.join("; ")));
    oddBox.hidden = !odd.length;
    if (explain && changed.some((cell) => cell.gate === 2)) explain.hidden = false;
    if (said) said.textContent = changed.length ? cellsOf.fill(words.changed, { count: changed.length }) : words.unchanged;
    rows.forEach((row, r) => {
      const minutes = grid[r].map((cell) => cell.entry?.minutes ?? 0);
      const total = minutes.reduce((sum, one) => sum + one, 0);
      row.tr.querySelector("[data-hours]").textContent = total ? cellsOf.hoursText(total) : "";
      row.tr.querySelector("[data-days]").textContent = minutes.filter(Boolean).length || "";
    });
  };

  const write = () => {
    const changed = all.filter(isChanged).map((cell) => [rows[cell.r].id, days[cell.c].day, cell.mark, cell.text]);
    field.value = changed.length ? JSON.stringify(changed) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const settle = (cells) => {
    cells.forEach(look);
    if (cells.includes(here)) tellHere();
    // The person's other line on the same day may have become unusual, or usual.
    const touched = new Set(cells);
    cells.forEach((cell) => rows.forEach((row, r) => {
      if (row.person === rows[cell.r].person) touched.add(grid[r][cell.c]);
    }));
    touched.forEach(paint);
    report();
  };

  // --- Changes and their undoing ------------------------------------------------------------
  const past = [];
  const future = [];
  const put = (steps, side) => {
    steps.forEach((step) => { step.cell.text = step[side]; step.cell.said = ""; });
    settle(steps.map((step) => step.cell));
    write();
  };
  // What is read as the same entry is written the same way: 8,5 becomes 8:30.
  const tidy = (cell, text) => {
    try {
      return cellsOf.wholeText(cellsOf.read(text, contextOf(cell)));
    } catch {
      return text.trim();
    }
  };
  const change = (pairs) => {
    const steps = pairs
      .map(([cell, text]) => ({ cell, before: cell.text, after: text === cell.base ? text : tidy(cell, text) }))
      .filter(({ cell, before, after }) => cell.gate && (before !== after || cell.said));
    if (steps.length) {
      past.push(steps);
      future.length = 0;
      put(steps, "after");
    } else settle(pairs.map(([cell]) => cell));
  };
  const step = (from, to, side) => {
    const steps = from.pop();
    if (!steps) return;
    to.push(steps);
    put(steps, side);
    goTo(steps[0].cell);
  };

  // --- Where one is, and what is selected ---------------------------------------------------
  let here = grid[0][0];
  let anchor = here;
  const inside = () => {
    const [top, bottom] = [here.r, anchor.r].sort((a, b) => a - b);
    const [left, right] = [here.c, anchor.c].sort((a, b) => a - b);
    return { top, bottom, left, right };
  };
  const selected = () => {
    const { top, bottom, left, right } = inside();
    return grid.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  };
  let marked = [];
  const mark = () => {
    marked.forEach(({ td }) => { td.classList.remove("month-selected"); td.removeAttribute("aria-selected"); });
    marked = here === anchor ? [] : selected().flat();
    marked.forEach(({ td }) => { td.classList.add("month-selected"); td.setAttribute("aria-selected", "true"); });
  };
  // To month_supplements.js: the cell it is about, and how it is changed.
  const tellHere = () => table.dispatchEvent(new CustomEvent("month:here", {
    detail: { cell: here, name: nameOf(here), change: (cell, text) => change([[cell, text]]) },
  }));
  const goTo = (cell, isExtended = false) => {
    here.td.tabIndex = -1;
    here = cell;
    if (!isExtended) anchor = cell;
    mark();
    here.td.tabIndex = 0;
    tellHere();
    here.td.focus();
    here.td.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const at = (r, c) => grid[Math.min(Math.max(r, 0), grid.length - 1)][Math.min(Math.max(c, 0), days.length - 1)];

  // --- Typing -------------------------------------------------------------------------------
  let editor = null;
  const letterOf = (event) => {
    if (/^\p{Script=Cyrillic}$/u.test(event.key)) return event.key;
    return /^[\p{Script=Latin}`[\];',.]$/u.test(event.key) ? PLACES[event.code] || "" : "";
  };
  const close = (isKept) => {
    if (!editor) return;
    const { input, cell } = editor;
    editor = null;
    input.remove();
    if (isKept && input.value !== cell.text) change([[cell, input.value]]);
    else paint(cell);
  };
  const edit = (cell, text, isTyped) => {
    close(true);
    if (!cell.gate) {
      if (said) said.textContent = words.closed;
      return;
    }
    const input = document.createElement("input");
    Object.assign(input, { className: "month-input", value: text, maxLength: 300, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", `${words.edit}: ${nameOf(cell)}`);
    cell.td.replaceChildren(input);
    editor = { input, cell, isTyped };
    input.focus();
    input.setSelectionRange(text.length, text.length);
    input.addEventListener("blur", () => { if (editor?.input === input) close(true); });
  };
  const leave = (r, c) => {
    close(true);
    goTo(at(r, c));
  };

  const whileEditing = (event) => {
    const { input, cell, isTyped } = editor;
    const { r, c } = cell;
    if (event.key === "Escape") { close(false); goTo(cell); }
    else if (event.key === "Enter" && event.ctrlKey) { close(true); goTo(cell); form.requestSubmit(); }
    else if (event.key === "Enter") leave(r + (event.shiftKey ? -1 : 1), c);
    else if (event.key === "Tab") leave(r, c + (event.shiftKey ? -1 : 1));
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") leave(r + (event.key === "ArrowUp" ? -1 : 1), c);
    else if (isTyped && event.key === "ArrowLeft") leave(r, c - 1);
    else if (isTyped && event.key === "ArrowRight") leave(r, c + 1);
    else {
      const isCode = !event.ctrlKey && !event.altKey && !event.metaKey && /^\p{L}*$/u.test(input.value);
      const letter = isCode && !/^\p{Script=Cyrillic}$/u.test(event.key) ? letterOf(event) : "";
      if (!letter) return false;
      input.setRangeText(letter, input.selectionStart, input.selectionEnd, "end");
    }
    return true;
  };

  const moves = {
    ArrowUp: ({ r, c }) => at(r - 1, c), ArrowDown: ({ r, c }) => at(r + 1, c),
    ArrowLeft: ({ r, c }) => at(r, c - 1), ArrowRight: ({ r, c }) => at(r, c + 1),
    PageUp: ({ r, c }) => at(r - PAGE, c), PageDown: ({ r, c }) => at(r + PAGE, c),
    Home: ({ r }, isFar) => at(isFar ? 0 : r, 0), End: ({ r }, isFar) => at(isFar ? grid.length : r, days.length),
  };
  const shortcuts = {
    KeyZ: (event) => (event.shiftKey ? step(future, past, "after") : step(past, future, "before")),
    KeyY: () => step(future, past, "after"),
    KeyA: () => { anchor = at(0, 0); here = at(grid.length, days.length); mark(); },
  };
  const whileMoving = (event) => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.altKey || event.isComposing) return false;
    if (event.key in moves) goTo(moves[event.key](here, isCommand), event.shiftKey);
    else if (isCommand && event.key === "Enter") form.requestSubmit();
    else if (isCommand && data.open && event.code in shortcuts) shortcuts[event.code](event);
    else if (isCommand || !data.open) return false;
    else if (event.key === "Enter") goTo(at(here.r + (event.shiftKey ? -1 : 1), here.c));
    else if (event.key === "F2") edit(here, here.text, false);
    else if (event.key === "Escape") goTo(here);
    else if (event.key === "Delete" || event.key === "Backspace") change(selected().flat().map((cell) => [cell, ""]));
    else if (/^\d$/.test(event.key)) edit(here, event.key, true);
    else {
      const letter = letterOf(event);
      if (!letter) return false;
      edit(here, letter.toUpperCase(), true);
    }
    return true;
  };
  table.addEventListener("keydown", (event) => {
    const isDone = editor ? whileEditing(event) : event.target.closest("tbody td") && whileMoving(event);
    if (isDone) event.preventDefault();
  });

  // --- As a spreadsheet does ----------------------------------------------------------------
  const isOnSheet = () => !editor && document.activeElement?.closest?.(".month-table tbody td");
  const quoted = (text) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const unquoted = (text) => (/^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text);
  const copy = (event) => {
    if (!isOnSheet()) return false;
    event.clipboardData.setData("text/plain", selected().map((row) => row.map((cell) => quoted(cell.text)).join("\t")).join("\r\n"));
    event.preventDefault();
    said.textContent = cellsOf.fill(words.copied, { count: selected().flat().length });
    return true;
  };
  const paste = (event) => {
    if (!isOnSheet() || !data.open) return;
    event.preventDefault();
    const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t").map(unquoted));
    const { top, left } = inside();
    const isOne = lines.length === 1 && lines[0].length === 1;
    const targets = isOne
      ? selected().flat().map((cell) => [cell, lines[0][0]])
      : lines.flatMap((line, r) => line.map((text, c) => [grid[top + r]?.[left + c], text]));
    const fit = targets.filter(([cell]) => cell?.gate);
    const left_out = targets.filter(([cell, text]) => !cell?.gate && text.trim()).length;
    change(fit);
    if (!isOne && fit.length) {
      anchor = fit[0][0];
      here = fit.at(-1)[0];
      goTo(here, true);
    }
    said.textContent = cellsOf.fill(words.pasted, { count: fit.length, left: left_out });
  };
  if (said) {
    document.addEventListener("copy", copy);
    document.addEventListener("cut", (event) => { if (copy(event) && data.open) change(selected().flat().map((cell) => [cell, ""])); });
    document.addEventListener("paste", paste);
  }

  // --- The mouse and the finger -------------------------------------------------------------
  const cellAt = (target) => all.find((cell) => cell.td === target.closest?.("tbody td[role=gridcell]"));
  table.addEventListener("pointerdown", (event) => {
    const cell = cellAt(event.target);
    if (!cell || event.button || editor?.cell === cell) return;
    close(true);
    event.preventDefault();
    goTo(cell, event.shiftKey);
    if (event.pointerType === "touch" && data.open) edit(cell, cell.text, false);
  });
  table.addEventListener("pointerover", (event) => {
    const cell = event.buttons === 1 && event.pointerType === "mouse" && !editor && cellAt(event.target);
    if (cell) goTo(cell, true);
  });
  table.addEventListener("focusin", (event) => {
    const cell = cellAt(event.target);
    if (cell && cell !== here && event.target === cell.td) goTo(cell);
  });
  table.addEventListener("dblclick", (event) => {
    const cell = cellAt(event.target);
    if (cell && data.open) edit(cell, cell.text, false);
  });

  // --- Sending, and what came back ----------------------------------------------------------
  // Before the outbox hears of it: what is wrong is not sent at all.
  form.addEventListener("submit", (event) => {
    close(true);
    const wrong = all.filter((cell) => cell.isFault);
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = cellsOf.fill(words.wrong, { count: wrong.length });
    goTo(wrong[0]);
  }, true);

  const takeField = () => {
    all.forEach((cell) => { cell.text = cell.base; });
    const sent = new Map((field.value ? JSON.parse(field.value) : []).map(([id, day, mark, text]) => [`${id}-${day}`, [mark, text]]));
    all.filter((cell) => sent.has(cell.key)).forEach((cell) => {
      const [mark, text] = sent.get(cell.key);
      // The page may show something newer by now: what was typed is compared with what was seen.
      if (JSON.stringify(mark) !== JSON.stringify(cell.mark)) {
        cell.mark = mark;
        cell.base = null;
      }
      cell.text = text;
      cell.said = data.problems[cell.key] ?? "";
      cell.theirs = data.theirs[cell.key] ?? null;
    });
    all.forEach(look);
    all.forEach(paint);
    report();
  };
  form.addEventListener("outbox:restored", takeField);

  all.forEach((cell) => { cell.td.tabIndex = -1; });
  // A sentence about no cell in particular stays; that of cells goes with the last of them.
  const isAboutCells = Object.keys({ ...data.problems, ...data.theirs }).length > 0;
  if (!problemBox.hidden && !isAboutCells) problemBox.dataset.kept = "yes";
  takeField();
  document.querySelectorAll("#month-keys, #month-save").forEach((one) => { one.hidden = !data.open; });
  here.td.tabIndex = 0;
  const begin = all.find((cell) => cell.wrong || cell.theirs) ?? all.find((cell) => cell.gate && cell.td.classList.contains("month-gap"));
  if (begin && window.matchMedia("(pointer: fine)").matches) goTo(begin);
  else if (begin) { here.td.tabIndex = -1; here = begin; anchor = begin; here.td.tabIndex = 0; }
  if (!problemBox.hidden) problemBox.scrollIntoView({ block: "nearest" });
})();
