/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lines.js: links to lines and ranges of them, stops for the keys, heat, and lines that are there to be copied. */
const code = () => document.getElementById("code");
let here = 0; /* the line that keys go on from */
const range = () => (/^L(\d+)(?:-L?(\d+))?$/.exec(addressed().anchor) || []).slice(1).map(Number);
const setAddress = (anchor) => {
  history.replaceState(null, "", addressOf(anchor));
  markRange();
};
const markRange = () => {
  for (const row of all("tr.here")) row.classList.remove("here");
  const [from, to] = range();
  if (!from) return;
  here = from;
  fillLine(from, to || from);
  for (let line = from; line <= (to || from); line++) document.getElementById("L" + line)?.classList.add("here");
  if (to || form) document.getElementById("L" + from)?.scrollIntoView();
};
document.addEventListener("click", (event) => {
  const cell = event.target.closest("#code tr[id] > td:first-child");
  if (!cell || event.target.closest(".v") || event.ctrlKey || event.metaKey) return;
  const line = Number(cell.parentNode.id.slice(1));
  const [from] = range();
  if (event.shiftKey && from && from !== line) {
    event.preventDefault();
    setAddress("L" + Math.min(from, line) + "-L" + Math.max(from, line));
  } else if (!event.target.closest("a")) {
    location.hash = addressOf("L" + line);
  }
});
window.addEventListener("hashchange", markRange);

/* Where keys stop: heads of stretches that are not covered, of those that never ran, of partial ones, lines with races, changed ones. */
const STOPS = { n: "a.v", l: ".u", b: ".p", r: ".r", c: ".c" };
const stopsOf = (kind) => {
  fillAll();
  const rows = all("#code " + STOPS[kind]).map((element) => element.closest("tr[id]")).filter(Boolean);
  const lines = [...new Set(rows.map((row) => Number(row.id.slice(1))))];
  if (kind !== "l" && kind !== "b") return lines;
  return lines.filter((line, i) => i === 0 || isStretchEnd(lines[i - 1], line, STOPS[kind]));
};
/* Whether a line of code of another kind is between two. */
const isStretchEnd = (from, to, kind) => {
  for (let line = from + 1; line < to; line++) {
    const row = document.getElementById("L" + line);
    if (row && row.cells[1]?.textContent && !row.matches(kind)) return true;
  }
  return false;
};
const go = (selector) => document.querySelector(selector)?.click();
const moveTo = (line, otherwise) => {
  if (!line) return otherwise && go(otherwise);
  here = line; /* now: the event that follows the new address comes later than the next key may */
  location.hash = addressOf("L" + line);
};
const nextStop = (kind) => moveTo(stopsOf(kind).find((stop) => stop > here), kind === "n" && "a[rel=next]");
const previousStop = (kind) => moveTo(stopsOf(kind).filter((stop) => stop < here).pop(), kind === "n" && "a[rel=prev]");

/* Heat: a strip beside the count whose strength is the count's logarithm; the count itself says the number. */
const countOf = (row) => {
  const cell = row.cells[1];
  return Number(parseInt(cell?.title, 10) || cell?.textContent.replace(/\D/g, "") || 0);
};
const showHeat = (on) => {
  document.documentElement.classList.toggle("heat", on);
  if (!on) return;
  fillAll();
  const rows = all("#code tr[id]").filter((row) => row.cells[1]?.textContent);
  const most = Math.log1p(rows.reduce((top, row) => Math.max(top, countOf(row)), 1));
  for (const row of rows) {
    const count = countOf(row);
    row.cells[1].dataset.heat = count ? 1 + Math.min(8, Math.floor((9 * Math.log1p(count)) / (most + 1e-9))) : 0;
  }
};
const toggleHeat = () => {
  const on = stored("heat", stored("heat") === "on" ? "off" : "on") === "on";
  showHeat(on);
};

/* A button beside each line that is there to be copied. Pages from disk have no clipboard in some browsers: then the
 * line is selected, and the user's own key copies it. */
const makeCopyable = (line) => {
  const button = make("button", { type: "button", "aria-label": "Copy " + line.textContent }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(line);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  line.after(button);
};

/* Beside the ways out of a file: what else script can do with its lines. */
const addTools = () => {
  const ways = document.querySelector("nav.ways[aria-label=Uncovered]");
  if (!ways) return;
  const heat = make("button", { type: "button", "aria-pressed": String(stored("heat") === "on") }, "Heat");
  heat.addEventListener("click", () => {
    toggleHeat();
    heat.setAttribute("aria-pressed", String(document.documentElement.classList.contains("heat")));
  });
  ways.append(" ", heat);
};
dressers.push(() => {
  here = 0;
  all(".copy > code").forEach(makeCopyable);
  addTools();
  if (stored("heat") === "on" && code()) showHeat(true);
  markRange();
});
