/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * core.js: what script adds to pages that are complete without it; and what shows packed pages. The parts in this
 * directory become one script.js and share these names. Text from the report only ever becomes text nodes, or is
 * markup that the report's writer has escaped. */
const root = (document.currentScript.src || "").replace(/script\.js([?#].*)?$/, "");
const form = document.documentElement.dataset.form; /* "view" or "single" where pages are packed; else undefined */
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
/* What a reader chose, for all reports on this computer; where nothing can be stored, for this page. */
const stored = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem("furlong-" + name, value);
    return localStorage.getItem("furlong-" + name);
  } catch {
    return value;
  }
};

/* An address is #L12 on a page of its own, and #file/main.c.html:L12 where pages are packed. */
const addressed = () => {
  const hash = decodeURIComponent(location.hash.slice(1));
  const [, key, anchor] = (form && /^(.*?\.html)(?::(.*))?$/.exec(hash)) || [];
  return key ? { key, anchor: anchor || "" } : { key: "", anchor: hash };
};
const addressOf = (anchor, key = addressed().key) => "#" + (form && key ? key + ":" : "") + anchor;

/* Each part says what it does to a page that has come: to the one that was loaded, and to each that is unpacked. */
const dressers = [];
const dress = () => dressers.forEach((dresser) => dresser());

/* Markup of the report as its reader sees it, without what stands after the text: macros, races, changes. */
const ENTITIES = { lt: "<", gt: ">", amp: "&", "#34": '"', "#39": "'" };
const plain = (markup) => markup.replace(/<details.*?<\/details>|<a class=[rd].*?<\/a>|<small class="c.*?<\/small>/g, "").replace(/<[^>]*>/g, "")
  .replace(/&(lt|gt|amp|#34|#39);/g, (_, name) => ENTITIES[name]);

/* A way to what is folded unfolds it. */
document.addEventListener("click", (event) => {
  const href = event.target.closest?.("a[href*='#']")?.getAttribute("href") || "";
  const fold = document.getElementById(href.slice(href.search(/[#:][^#:]*$/) + 1));
  if (fold?.tagName === "DETAILS") fold.open = true;
});
