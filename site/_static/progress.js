// Lessons that the reader has done: ticked in the table, kept in this browser alone.
const table = [...document.querySelectorAll(".bd-article table")].find((t) =>
  t.querySelector('a[href^="lessons/"]'),
);
if (table) {
  const key = "neuron-by-neuron-done";
  let done;
  try {
    done = new Set(JSON.parse(localStorage.getItem(key) || "[]"));
  } catch {
    done = new Set(); // somebody else's entry, or a browser that keeps nothing
  }
  const rows = [...table.querySelectorAll("tbody tr")];
  const told = document.createElement("p");
  told.setAttribute("aria-live", "polite");
  told.className = "progress-told";

  function tell() {
    const links = rows.map((row) => row.querySelector("a"));
    const next = links.find((link) => !done.has(link.getAttribute("href")));
    told.textContent = `${done.size} of ${rows.length} lessons done. `;
    if (next) told.append("Next: ", next.cloneNode(true));
  }

  for (const row of rows) {
    const link = row.querySelector("a");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = done.has(link.getAttribute("href"));
    box.setAttribute("aria-label", `done: ${link.textContent}`);
    box.addEventListener("change", () => {
      done[box.checked ? "add" : "delete"](link.getAttribute("href"));
      try {
        localStorage.setItem(key, JSON.stringify([...done]));
      } catch {
        // then it is kept until the page is closed
      }
      tell();
    });
    row.cells[0].append(box);
  }
  tell();
  table.before(told);
}
