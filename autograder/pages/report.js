"use strict";
// The report's tables: sorted by a click on a heading, searched by a student's name.
const words = new Intl.Collator(undefined, { numeric: true });
const number = (text) => (text.trim() === "–" ? -1 : parseFloat(text));

function sortBy(table, column, heading) {
  const isDown = heading.getAttribute("aria-sort") === "ascending";
  const sign = isDown ? -1 : 1;
  const rows = [...table.tBodies[0].rows];
  const keys = new Map(rows.map((row) => [row, row.cells[column]?.textContent ?? ""]));
  const areNumbers = heading.classList.contains("number");
  rows.sort((a, b) => sign * (areNumbers
    ? (number(keys.get(a)) || 0) - (number(keys.get(b)) || 0)
    : words.compare(keys.get(a), keys.get(b))));
  table.tBodies[0].append(...rows);
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
}

for (const table of document.querySelectorAll("table.sorts")) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, column, heading));
    heading.append(button);
  });
}

// Where a window is narrow, each cell says the heading of its column.
const narrow = matchMedia("(max-width: 45rem)");
function sayHeadings() {
  if (!narrow.matches) return;
  for (const table of document.querySelectorAll("table.stacks:not([data-said])")) {
    const folded = table.closest("details.opens:not([open])");
    if (folded) continue;
    table.dataset.said = "";
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, at) => {
        if (cell.tagName === "TD") cell.dataset.head = heads[at];
      });
    }
  }
}
narrow.addEventListener("change", sayHeadings);
for (const part of document.querySelectorAll("details.opens")) {
  part.addEventListener("toggle", sayHeadings);
}
sayHeadings();

const place = document.querySelector("[data-search-for]");
const label = document.createElement("label");
const field = document.createElement("input");
field.type = "search";
label.append("Search for a student ", field);
place.append(label);
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const table of document.querySelectorAll("table.sorts")) {
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
    }
  }
});
