/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * search.js: one box for files, functions and text. The index is fetched when somebody first wants to search, the text
 * of all files when a search asks for it, bundle by bundle. */
const SHOWN = 30;
const input = make("input", {
  type: "search", placeholder: "Files, functions, text  ( / )", "aria-label": "Find files, functions, text", role: "combobox",
  autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
});
const found = make("ul", { id: "found", role: "listbox", "aria-label": "Found", hidden: "" });
document.querySelector("header").append(make("div", { class: "search", role: "search" }, input, found));
let chosen = 0;
let searching = 0; /* the search for text that is under way; a newer one ends it */

const rank = (name, words) => (name.startsWith(words[0]) ? 0 : name.includes(words[0]) ? 1 : 2) * 10000 + name.length;
const closeSearch = () => {
  searching++;
  found.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
};
const choose = (number) => {
  const options = all("[role=option]", found);
  if (!options.length) return;
  chosen = (number + options.length) % options.length;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
  options[chosen].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[chosen].id);
};
const option = (href, text, note, kind) => {
  const number = all("[role=option]", found).length;
  return make("li", { role: "presentation", class: kind },
    make("a", { role: "option", id: "found" + number, "aria-selected": "false", href, tabindex: "-1" }, make("span", {}, text), make("span", {}, note)));
};
const lineIn = (file) => file.path.slice(file.path.lastIndexOf("/") + 1);

const showNames = (words) => {
  const files = index.filter((file) => words.every((word) => file.folded.includes(word)));
  files.sort((a, b) => rank(lineIn(a).toLowerCase(), words) - rank(lineIn(b).toLowerCase(), words) || a.path.length - b.path.length);
  const functions = [];
  for (const file of index)
    for (const item of file.functions)
      if (words.every((word) => item.folded.includes(word))) functions.push({ file, item });
  functions.sort((a, b) => rank(a.item.folded, words) - rank(b.item.folded, words));
  for (const file of files.slice(0, SHOWN)) found.append(option(pageAddress(file.page), file.path, file.percent, "file"));
  for (const { file, item } of functions.slice(0, SHOWN))
    found.append(option(lineAddress(file.page, item.line), item.name + "()",
      (item.count ? "" : "never called, ") + lineIn(file) + ":" + item.line, "function"));
  return files.length + functions.length;
};

const searchText = async (wordsAsTyped) => {
  const mine = ++searching;
  const folded = wordsAsTyped.toLowerCase();
  let hits = 0;
  const note = make("li", { class: "none", role: "option", "aria-disabled": "true", id: "foundnote" }, "Searching all text…");
  found.append(note);
  for (const name of [...new Set(index.map((file) => file.bundle))]) {
    const pages = await bundle(name);
    if (mine !== searching) return;
    for (const file of index.filter((each) => each.bundle === name)) {
      const source = pages.get(file.page);
      if (!source) continue;
      const numbers = [...source.page.matchAll(/\x01(\d+),(\d+);/g)];
      let run = 0, row = 0;
      for (const cell of source.texts) {
        while (run < numbers.length && row >= Number(numbers[run][2])) { row = 0; run++; }
        if (run >= numbers.length) break;
        const line = Number(numbers[run][1]) + row++;
        if (!cell.length) continue;
        const text = plain(spell(cell));
        if (!text.toLowerCase().includes(folded) || hits++ >= SHOWN) continue;
        note.before(option(lineAddress(file.page, line), text.trim().slice(0, 120), lineIn(file) + ":" + line, "text"));
      }
    }
    if (hits > SHOWN) break;
  }
  if (mine !== searching) return;
  if (hits > SHOWN) note.textContent = "More lines have it";
  else if (hits || all("a", found).length) note.remove();
  else note.textContent = "Nothing has it";
  choose(Math.min(chosen, all("[role=option]", found).length - 1));
};

const showFound = async () => {
  const typed = input.value;
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return closeSearch();
  if (!index) await loadIndex();
  if (input.value !== typed) return;
  searching++;
  found.replaceChildren();
  const names = showNames(words);
  found.hidden = false;
  input.setAttribute("aria-expanded", "true");
  choose(0);
  if (typed.trim().length > 2) searchText(typed.trim());
  else if (!names) found.append(make("li", { class: "none", role: "option", "aria-disabled": "true", id: "found0" }, "No such name"));
};
input.addEventListener("focus", () => index || loadIndex());
input.addEventListener("input", showFound);
/* A click on what was found comes after the blur; who is back by then goes on. */
input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && closeSearch(), 150));
found.addEventListener("click", closeSearch);
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter") {
    const link = found.hidden ? null : all("[role=option]", found)[chosen];
    if (link?.href) { input.blur(); link.click(); }
  } else if (event.key === "Escape") input.blur();
  else return;
  event.preventDefault();
});
