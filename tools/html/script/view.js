/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * view.js: shows packed pages. Their lines come a table at a time, when they are about to be seen: a file of any
 * length opens at once. */
let lazy = []; /* of the page that is shown: {body, first, rows()} not yet filled */
let shown = form === "single" ? "index.html" : ""; /* key */

const fill = (item) => {
  lazy = lazy.filter((other) => other !== item);
  item.body.innerHTML = item.rows();
};
/* The ways of the other parts to lines that may not be there yet. */
const fillLine = (from, to) => lazy.filter((item) => item.first <= to && item.first + item.count > from).forEach(fill);
const fillAll = () => lazy.slice().forEach(fill);
let fillBelow = () => {}; /* what stands below the lines, if that is long */

const rowsOf = (key, parts, offset, first, count) => {
  const anchors = (text) => text.replace(/href=#L/g, "href=#" + key + ":L"); /* of our own markup only */
  let rows = "";
  for (let i = 0; i < count; i++) {
    const [start, times, branches, text] = [parts.starts, parts.counts, parts.branches, parts.texts].map((cells) => spell(cells[offset + i]));
    const kind = start[0] === " " ? "" : " class=" + start[0];
    rows += "<tr id=L" + (first + i) + kind + "><td>" + (anchors(start.slice(1)) || first + i);
    if (times || branches || text)
      rows += "<td" + (times[0] === " " ? "" : ">") + times + "<td" + (branches[0] === " " ? "" : ">") + branches + "<td>" + text;
  }
  return rows;
};

/* Anchors of a packed page stand after its key. */
const addressAnchors = (key, within) => {
  for (const link of all("a[href^='#']", within))
    if (!/\.html(:|$)/.test(link.getAttribute("href"))) link.setAttribute("href", addressOf(link.getAttribute("href").slice(1), key));
};
/* Puts a page's markup in place, and the rows of code where they belong when they are due. */
const showPage = (key, source) => {
  const parts = { starts: source.starts, counts: source.counts, branches: source.branches, texts: source.texts };
  const runs = [];
  let offset = 0;
  const markup = source.page.replace(/\x01(\d+),(\d+);/g, (_, first, count) => {
    const run = { first: Number(first), count: Number(count), offset };
    offset += run.count;
    runs.push(run);
    return "<tbody data-run=" + (runs.length - 1) + ">";
  });
  const main = document.querySelector("main");
  document.title = plain(/<title>(.*?)<\/title>/s.exec(markup)[1]);
  document.querySelector("header nav").innerHTML = /<header><nav[^>]*>(.*?)<\/nav>/s.exec(markup)[1].replace(form === "single" ? /<img[^>]*>/ : "", "");
  const below = markup.indexOf("<section id=functions");
  main.innerHTML = markup.slice(markup.indexOf("<main>") + 6, below < 0 ? undefined : below);
  fillBelow = () => {};
  if (below >= 0)
    fillBelow = () => {
      fillBelow = () => {};
      main.insertAdjacentHTML("beforeend", markup.slice(below));
      const section = document.getElementById("functions");
      addressAnchors(key, section);
      dressTables(section);
    };
  setSkip(/<a class=skip href="([^"]*)"/.exec(markup)[1]);
  addressAnchors(key, document.querySelector("header"));
  addressAnchors(key, main);
  lazy = all("tbody[data-run]", main).map((body) => {
    const run = runs[body.dataset.run];
    return { body, first: run.first, count: run.count, rows: () => rowsOf(key, parts, run.offset, run.first, run.count) };
  });
  if (lazy.length) fill(lazy[0]);
  watch();
  shown = key;
};
const watch = () => {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const item = entry.isIntersecting && lazy.find((each) => entry.target.contains(each.body));
      if (item) fill(item);
    }
  }, { rootMargin: "2000px" });
  for (const item of lazy) near.observe(item.body.closest("div"));
  const rest = () => { /* so that the browser's own search finds all lines, soon */
    if (lazy.length) fill(lazy[0]);
    if (lazy.length) later(rest);
    else fillBelow();
  };
  const later = window.requestIdleCallback || ((task) => setTimeout(task, 50));
  later(rest);
};

const bundleOf = async (key) => {
  const file = (index || (await loadIndex())).find((each) => each.page === key);
  return file ? file.bundle : form === "single" ? "rest" : null;
};
const say = (text) => document.querySelector("main").replaceChildren(make("h1", {}, "Not found"), make("p", {}, text));

/* The way past the head of a page is no address. */
const skip = document.querySelector(".skip");
const setSkip = (href) => skip.setAttribute("href", href);

if (form) {
  skip.addEventListener("click", (event) => {
    const target = document.getElementById(skip.getAttribute("href").slice(1));
    event.preventDefault();
    target?.setAttribute("tabindex", "-1");
    target?.focus();
  });
  const home = { skip: skip.getAttribute("href"), title: document.title, nav: document.querySelector("header nav").innerHTML, main: document.querySelector("main").innerHTML };
  const showHome = () => {
    document.title = home.title;
    setSkip(home.skip);
    document.querySelector("header nav").innerHTML = home.nav;
    document.querySelector("main").innerHTML = home.main;
    lazy = [];
    shown = "index.html";
  };
  const arrive = async () => {
    const { key, anchor } = addressed();
    const other = (key || (form === "single" ? "index.html" : "")) !== shown;
    if (other && form === "single" && (!key || key === "index.html")) {
      showHome();
    } else if (other) {
      const name = await bundleOf(key);
      const source = name && (await bundle(name)).get(key);
      if (addressed().key !== key) return; /* somebody went on meanwhile */
      if (source) showPage(key, source);
      else say(key ? "There is no such page in this report: " + key : "This page shows sources; an address ends in #file/NAME.html.");
    }
    if (other) {
      dress();
      if (!anchor) scrollTo(0, 0);
    }
    if (!anchor || range()[0]) return;
    fillBelow();
    document.getElementById(anchor)?.scrollIntoView();
  };
  window.addEventListener("hashchange", arrive);
  dressers.ready = arrive;
}
