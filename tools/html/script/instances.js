/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.js: the lines of a template with the counts of one of its instances, and back to those of all. */
let alone = null; /* {lines: [{row, kind, count, outcomes}], note} while one instance is shown */

/* What stands in data-lines (instances.c): [line, count] of each line of code. */
const countsOf = (item) => {
  const [first, counts] = item.dataset.lines.split(":");
  return counts.split(",").map((count, i) => [Number(first) + i, count]).filter(([, count]) => count);
};
const showAll = () => {
  for (const { row, kind, count, outcomes } of alone?.lines || []) {
    row.classList.remove("u");
    if (kind) row.classList.add(kind);
    row.cells[1].replaceWith(count);
    row.cells[2].replaceWith(outcomes);
  }
  alone?.note.remove();
  alone = null;
};
const sayAlone = (item, from, to) => {
  const button = make("button", { type: "button" }, "Show all instances");
  button.addEventListener("click", showAll);
  const note = make("p", { class: "alone", role: "status" }, `Lines ${from}–${to} count `, make("code", {}, item.querySelector("code").textContent), " alone. ", button);
  document.querySelector("main").append(note);
  return note;
};
const showAlone = (item) => {
  const counts = countsOf(item);
  const own = new Map(counts);
  const from = counts[0][0], to = counts[counts.length - 1][0];
  showAll();
  fillLine(from, to);
  const lines = [];
  for (let line = from; line <= to; line++) {
    const row = document.getElementById("L" + line);
    if (!row?.cells[2]) continue; /* an empty line */
    const kind = ["u", "p", "x"].find((each) => row.classList.contains(each)) || "";
    lines.push({ row, kind, count: row.cells[1], outcomes: row.cells[2] });
    row.classList.remove("u", "p", "x");
    if (own.get(line) === "0") row.classList.add("u");
    row.cells[1].replaceWith(make("td", {}, own.get(line) || ""));
    row.cells[2].replaceWith(make("td"));
  }
  alone = { lines, note: sayAlone(item, from, to) };
  location.hash = addressOf("L" + from);
};
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details.instances")) return;
  for (const item of all("li[data-lines]:not(:has(button))", event.target)) {
    const button = make("button", { type: "button", "aria-label": "Show alone: " + item.querySelector("code").textContent }, "Show alone");
    button.addEventListener("click", () => showAlone(item));
    item.append(" ", button);
  }
}, true);
dressers.push(() => { alone = null; }); /* another page has come, and took its lines along */
