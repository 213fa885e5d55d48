/* The sheets of a shift without a mouse: arrows between the lines, the letter of a reason, digits
   for a personnel number, Enter to save. Without this file both sheets are plain forms. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-shift]");
  if (!form) return;
  const rows = [...form.querySelectorAll("tr[data-row]")];
  // The Russian letters by the place of the key, for a keyboard that is set to Latin.
  const PLACES = {
    Backquote: "Ё", KeyQ: "Й", KeyW: "Ц", KeyE: "У", KeyR: "К", KeyT: "Е", KeyY: "Н", KeyU: "Г",
    KeyI: "Ш", KeyO: "Щ", KeyP: "З", BracketLeft: "Х", BracketRight: "Ъ", KeyA: "Ф", KeyS: "Ы",
    KeyD: "В", KeyF: "А", KeyG: "П", KeyH: "Р", KeyJ: "О", KeyK: "Л", KeyL: "Д", Semicolon: "Ж",
    Quote: "Э", KeyZ: "Я", KeyX: "Ч", KeyC: "С", KeyV: "М", KeyB: "И", KeyN: "Т", KeyM: "Ь",
    Comma: "Б", Period: "Ю",
  };
  const PRESENT = "Я";
  const PAGE = 10;
  const PAUSE = 900;

  const letterOf = (event) =>
    /^\p{Script=Cyrillic}$/u.test(event.key) ? event.key.toUpperCase() : PLACES[event.code] || "";

  // What is typed quickly after one another belongs together: a letter code, a number.
  const typed = { text: "", at: 0, row: null };
  const together = (char, row) => {
    const goes = Date.now() - typed.at < PAUSE && typed.row === row;
    typed.text = (goes ? typed.text : "") + char;
    typed.at = Date.now();
    typed.row = row;
    return typed.text;
  };

  const focusOn = (element) => {
    if (!element) return;
    element.focus();
    element.scrollIntoView({ block: "nearest" });
    if (element.select) element.select();
  };

  const rowAt = (row, step) => {
    const place = rows.indexOf(row) + step;
    return rows[Math.min(Math.max(place, 0), rows.length - 1)];
  };

  const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE };

  // On a day off the first choice is the day off, and nobody is present unless told so.
  const first = form.querySelector(".shift-reason option");
  const isDayOff = first !== null && first.dataset.letter !== PRESENT;

  // --- Attendance ---------------------------------------------------------------------------
  const partsOf = (row) => ({
    reason: row.querySelector(".shift-reason"),
    minutes: row.querySelector(".shift-minutes"),
    note: row.querySelector(".shift-note"),
  });

  // The minutes of who is absent are empty; the note is there where a reason asks for it.
  const settle = (row, hasChanged) => {
    const { reason, minutes, note } = partsOf(row);
    if (!reason) return;
    const option = reason.selectedOptions[0];
    const isWorked = "worked" in option.dataset;
    minutes.readOnly = !isWorked;
    minutes.tabIndex = isWorked ? 0 : -1;
    if (!isWorked) minutes.value = "";
    else if (hasChanged && reason.value === "" && !minutes.value && !isDayOff) minutes.value = minutes.dataset.full;
    note.hidden = !("text" in option.dataset) && !note.value;
    row.classList.toggle("shift-exception", reason.value !== "");
  };

  const choose = (row, letters) => {
    const { reason, minutes, note } = partsOf(row);
    if (isDayOff && letters === PRESENT) {
      reason.selectedIndex = 0;
      settle(row, true);
      minutes.value = minutes.dataset.full;
      return true;
    }
    const known = [...reason.options];
    const option = known.find((one) => one.dataset.letter === letters);
    if (!option) return known.some((one) => one.dataset.letter.startsWith(letters));
    reason.value = option.value;
    if (isDayOff && option.value === "") minutes.value = "";
    settle(row, true);
    const isPresent = reason.value === "";
    if ("text" in option.dataset) focusOn(note);
    else if ("worked" in option.dataset && !isPresent) focusOn(minutes);
    return true;
  };

  const findNumber = (digits) =>
    rows.find((row) => row.dataset.number === digits) ||
    rows.find((row) => row.dataset.number.endsWith(digits));

  const onAttendance = (event, row) => {
    const { reason, minutes } = partsOf(row);
    const isReason = event.target === reason;
    if (event.key in steps && !event.altKey) {
      const there = partsOf(rowAt(row, steps[event.key]));
      focusOn(event.target === minutes && !there.minutes.readOnly ? there.minutes : there.reason);
      return true;
    }
    if (!isReason) return false;
    if (event.key === "Enter") {
      form.requestSubmit();
      return true;
    }
    if (/^\d$/.test(event.key)) {
      const found = findNumber(together(event.key, "number"));
      if (found) focusOn(partsOf(found).reason);
      return true;
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      choose(row, reason.options[0].dataset.letter);
      return true;
    }
    const letter = letterOf(event);
    if (!letter) return false;
    // Two letters of one code; a letter that leads nowhere begins anew.
    if (!choose(row, together(letter, row))) {
      typed.text = letter;
      choose(row, letter);
    }
    return true;
  };

  // --- Output -------------------------------------------------------------------------------
  const onOutput = (event, row) => {
    const cells = (one) => [...one.querySelectorAll(".shift-quantity")];
    const input = event.target;
    const column = cells(row).indexOf(input);
    if (column < 0) return false;
    if (event.key in steps) {
      let there = rowAt(row, steps[event.key]);
      const step = Math.sign(steps[event.key]);
      // Lines of who was absent have no cells.
      while (!cells(there).length && rowAt(there, step) !== there) there = rowAt(there, step);
      focusOn(cells(there)[column]);
      return true;
    }
    // As in a spreadsheet: a cell is typed anew, so the arrows are free to leave it.
    const beside = { ArrowLeft: column - 1, ArrowRight: column + 1 }[event.key];
    const there = cells(row)[beside];
    if (there === undefined || event.shiftKey) return false;
    focusOn(there);
    return true;
  };

  const isAttendance = form.dataset.shift === "attendance";
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const row = event.target.closest("tr[data-row]");
    if (!row) return;
    if ((isAttendance ? onAttendance : onOutput)(event, row)) event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (row && event.target.classList.contains("shift-reason")) settle(row, true);
  });

  const settleAll = () => { if (isAttendance) rows.forEach((row) => settle(row, false)); };
  // What was typed before was laid into the fields again (outbox_forms.js).
  form.addEventListener("outbox:restored", settleAll);
  settleAll();
  form.querySelectorAll(".shift-keys").forEach((hint) => { hint.hidden = false; });
  if (form.hasAttribute("data-begin") && window.matchMedia("(pointer: fine)").matches) {
    focusOn(form.querySelector(".shift-reason:not([hidden])"));
  }
})();
