/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What script adds to pages that are complete without it: search (/), sorting by any column, keys,
 * links to ranges of lines. Text from the report only ever becomes text nodes. */
"use strict";
(() => {
  const root = document.currentScript.src.replace(/script\.js([?#].*)?$/, "");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  /* Sorting. Rows of a tree keep their parents: what is sorted is siblings. */
  const depthOf = (row) => Number((/^i(\d+)$/.exec(row.cells[0].className) || [0, 1])[1]);
  const keyOf = (row, column) => {
    const text = row.cells[column].textContent.trim();
    if (row.cells[column].matches("th, .t")) return text;
    const number = parseFloat(text.replace(/[^\d.]/g, ""));
    return Number.isNaN(number) ? Infinity : number;
  };
  const sortTable = (table, column, sign) => {
    for (const body of table.tBodies) sortBody(body, column, sign);
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
  for (const table of all("table.list")) {
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
  }

  /* Search. The list of files is fetched when somebody first wants to search; a script, because pages
   * opened from disk may load those but no data. */
  let files = null;
  window.furlongFiles = (list) => {
    files = list.map(([path, page, percent]) => ({ path, page, percent, folded: path.toLowerCase() }));
    show();
  };
  const input = make("input", {
    type: "search", placeholder: "Find a file  ( / )", "aria-label": "Find a file", role: "combobox", autocomplete: "off",
    spellcheck: "false", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
  });
  const found = make("ul", { id: "found", role: "listbox", "aria-label": "Files found", hidden: "" });
  const search = make("div", { class: "search", role: "search" }, input, found);
  document.querySelector("header").append(search);
  let chosen = 0;
  const load = () => {
    if (files || document.getElementById("files-script")) return;
    document.head.append(make("script", { id: "files-script", src: root + "files.js" }));
  };
  const rank = (file, words) => {
    const name = file.folded.slice(file.folded.lastIndexOf("/") + 1);
    return (name.startsWith(words[0]) ? 0 : name.includes(words[0]) ? 1 : 2) * 10000 + file.path.length;
  };
  const close = () => {
    found.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const options = all("[role=option]", found);
    if (!options.length) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length || !files) return close();
    const hits = files.filter((file) => words.every((word) => file.folded.includes(word)));
    hits.sort((a, b) => rank(a, words) - rank(b, words));
    found.replaceChildren(...hits.slice(0, 40).map((file, index) =>
      make("li", { role: "option", id: "found" + index, "aria-selected": "false" },
        make("a", { href: root + file.page, tabindex: "-1" }, make("span", {}, file.path), make("span", {}, file.percent)))));
    if (!hits.length)
      found.append(make("li", { class: "none", role: "option", "aria-disabled": "true", id: "found0" }, "No such file"));
    found.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(0);
  };
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); }); /* a window in the background gets no focus event */
  /* A click on what was found comes after the blur; who is back by then goes on. */
  input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && close(), 150));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") all("a", found)[found.hidden ? -1 : chosen]?.click();
    else if (event.key === "Escape") input.blur();
    else return;
    event.preventDefault();
  });

  /* Links to lines: any line number can be clicked, and with Shift a range of them. */
  const code = document.getElementById("code");
  let here = 0;
  const range = () => (/^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash) || []).slice(1).map(Number);
  const markRange = () => {
    for (const row of all("tr.here")) row.classList.remove("here");
    const [from, to] = range();
    if (!from) return;
    here = from;
    for (let line = from; line <= (to || from); line++) document.getElementById("L" + line)?.classList.add("here");
    if (to) document.getElementById("L" + from)?.scrollIntoView();
  };
  if (code) {
    code.addEventListener("click", (event) => {
      const cell = event.target.closest("td:first-child");
      if (!cell || event.target.closest(".v") || event.ctrlKey || event.metaKey) return;
      const line = Number(cell.parentNode.id.slice(1));
      const [from] = range();
      if (event.shiftKey && from && from !== line) {
        event.preventDefault();
        history.replaceState(null, "", "#L" + Math.min(from, line) + "-L" + Math.max(from, line));
        markRange();
      } else if (!event.target.closest("a")) {
        location.hash = "L" + line;
      }
    });
    window.addEventListener("hashchange", markRange);
    markRange();
  }

  /* A button beside each line that is there to be copied. Pages from disk have no clipboard in some browsers:
   * then the line is selected, and the user's own key copies it. */
  for (const line of all(".copy > code")) {
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
  }

  /* Keys */
  const stored = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("furlong-keys", value);
      return localStorage.getItem("furlong-keys");
    } catch {
      return value;
    }
  };
  let keysOn = stored() !== "off";
  const lines = code ? all("a.v", code).map((link) => Number(link.closest("tr").id.slice(1))) : [];
  const stops = [...new Set(lines)];
  const go = (selector) => document.querySelector(selector)?.click();
  const move = (line, otherwise) => {
    if (!line) return go(otherwise);
    here = line; /* now: the event that follows the new address comes later than the next key may */
    location.hash = "L" + line;
  };
  const next = () => move(stops.find((stop) => stop > here), "a[rel=next]");
  const previous = () => move(stops.filter((stop) => stop < here).pop(), "a[rel=prev]");
  const help = () => {
    let dialog = document.querySelector("dialog");
    if (!dialog) {
      const keys = make("dl", { class: "keys" });
      for (const [key, what] of [
        ["/", "find a file"], ["n", "next uncovered lines, then the next file with some"],
        ["p", "previous uncovered lines"], ["u", "up to the directory"], ["h", "the overview"], ["?", "this help"],
      ]) keys.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, what));
      const box = make("input", { type: "checkbox" });
      box.checked = keysOn;
      box.addEventListener("change", () => {
        keysOn = box.checked;
        stored(keysOn ? "on" : "off");
      });
      dialog = make("dialog", { "aria-labelledby": "help-title" }, make("h2", { id: "help-title" }, "Keys"), keys,
        make("label", {}, box, " Single keys work on this computer"),
        make("p", {}, make("a", { href: root + "help.html" }, "How to read a page")),
        make("form", { method: "dialog" }, make("button", {}, "Close")));
      document.body.append(dialog);
    }
    dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, dialog[open]")) return;
    if (!keysOn && event.key !== "?") return;
    const action = {
      "/": () => input.focus(), n: next, p: previous, "?": help,
      u: () => all("header li a").slice(-2, -1)[0]?.click(), h: () => go(".home"),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
