/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sort.js: lists sort by any column, and show only what matches a word. Rows of a tree keep their parents: what is
 * sorted is siblings. */
const depthOf = (row) => Number((/^i(\d+)$/.exec(row.cells[0].className) || [0, 1])[1]);
const keyOf = (row, column) => {
  const text = row.cells[column].textContent.trim();
  if (row.cells[column].matches("th, .t")) return text;
  const number = parseFloat(text.replace(/[^\d.]/g, ""));
  return Number.isNaN(number) ? Infinity : number;
};
const sortBody = (body, column, sign) => { /* a row that names its group stays the first */
  const top = { children: [] };
  const open = [top];
  for (const row of [...body.rows].filter((each) => !each.matches(".g"))) {
    const depth = depthOf(row);
    const item = { row, key: keyOf(row, column), children: [] };
    open.length = Math.min(open.length, depth);
    open[open.length - 1].children.push(item);
    open.push(item);
  }
  const compare = (a, b) => {
    if (column === 0 && a.row.className !== b.row.className) return a.row.className === "d" ? -1 : 1;
    if (a.key === b.key) return 0;
    if (a.key === Infinity || b.key === Infinity) return a.key === Infinity ? 1 : -1;
    return (a.key < b.key ? -1 : 1) * sign;
  };
  const place = (item) => {
    item.children.sort(compare);
    for (const child of item.children) {
      body.append(child.row);
      place(child);
    }
  };
  place(top);
};
const sortTable = (table, column, sign) => {
  for (const body of table.tBodies) sortBody(body, column, sign);
};
const makeSortable = (table) => {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    let control = heading.querySelector("a");
    if (!control) {
      control = make("button", { type: "button" }, ...heading.childNodes);
      heading.append(control);
    }
    control.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const now = heading.getAttribute("aria-sort");
      const first = /Missed|Total|Calls|Times|Processes|Races/.test(heading.textContent) ? "descending" : "ascending";
      const next = now ? (now === "ascending" ? "descending" : "ascending") : first;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", next);
      sortTable(table, column, next === "ascending" ? 1 : -1);
    });
  });
};

/* A row stays when it, or one below it in the tree, matches; and the row of a group as long as one of it does. */
const filterTable = (table, words) => {
  for (const body of table.tBodies) {
    const rows = [...body.rows];
    let below = 0, any = false;
    for (const row of rows.reverse()) {
      const group = row.matches(".g");
      const text = row.textContent.toLowerCase();
      const depth = group ? 0 : depthOf(row);
      const match = words.every((word) => text.includes(word)) || (group ? any : below > depth);
      row.hidden = !match;
      if (!match) continue;
      any = true;
      below = depth;
    }
  }
};
const makeFilterable = (table) => {
  if (table.rows.length < 12) return;
  const box = make("input", { type: "search", class: "filter", placeholder: "Show only…", "aria-label": "Show only rows that have these words", spellcheck: "false" });
  box.addEventListener("input", () => filterTable(table, box.value.toLowerCase().split(/\s+/).filter(Boolean)));
  table.before(box);
};
const dressTables = (within) => {
  for (const table of all("table.list", within)) {
    makeSortable(table);
    makeFilterable(table);
  }
};
dressers.push(() => dressTables(document.querySelector("main")));
