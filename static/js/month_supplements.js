/* Night and overtime of the cell one is in, as two fields below the sheet of the month: they write
   the brackets into its text, 8 (н2 с1:30), which can be typed there as well. */
(() => {
  "use strict";

  const box = document.getElementById("month-supplements");
  const table = document.querySelector(".month-table");
  const cellsOf = window.portalMonthCells;
  if (!box || !table || !cellsOf) return;
  const [night, overtime] = box.querySelectorAll("input");
  const name = box.querySelector("[data-cell]");
  let now = null;

  const hoursOf = (minutes) => (minutes ? cellsOf.hoursText(minutes) : "");
  table.addEventListener("month:here", (event) => {
    now = event.detail;
    const { entry, gate } = now.cell;
    const isWorked = Boolean(gate && entry?.minutes);
    name.textContent = now.name;
    night.value = hoursOf(entry?.night);
    overtime.value = hoursOf(entry?.overtime);
    night.disabled = overtime.disabled = !isWorked;
  });
  box.addEventListener("change", () => {
    if (!now?.cell.entry) return;
    const { entry } = now.cell;
    const inside = cellsOf.supplementsText(night.value.trim(), overtime.value.trim());
    now.change(now.cell, [cellsOf.shortText(entry), inside, entry.note].filter(Boolean).join(" "));
  });
  // Enter in a field would send the month.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
