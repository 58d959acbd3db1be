/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * data.js: packed pages (pack.h, squeeze.h): fetched when wanted, as scripts, because pages opened from disk may load
 * those but no data. */
const SCRIPT_FIRST = 0x3400;
const packed = new Map(); /* name: [resolve], or the data themselves before somebody asks */
const wanted = new Map(); /* name: promise of text */

window.furlongData = (name, length, characters) => {
  const resolve = packed.get(name);
  if (typeof resolve === "function") resolve([length, characters]);
  else packed.set(name, [length, characters]);
};

const inflate = ([length, characters]) => {
  const bytes = new Uint8Array(length);
  let held = 0, bits = 0, at = 0;
  for (let i = 0; i < characters.length; i++) {
    held = (held << 15) | (characters.charCodeAt(i) - SCRIPT_FIRST);
    bits += 15;
    while (bits >= 8 && at < length) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
};

/* The text behind a name; null when it cannot be had. In a single file a name that is not there never comes. */
const unpack = (name) => {
  if (!wanted.has(name))
    wanted.set(name, new Promise((resolve) => {
      if (packed.has(name)) return resolve(packed.get(name));
      packed.set(name, resolve);
      if (form === "single") return; /* the data follow the script */
      const script = make("script", { src: root + "data/" + name + ".js" });
      script.addEventListener("error", () => resolve(null));
      document.head.append(script);
    }).then((data) => data && inflate(data)));
  return wanted.get(name);
};

/* Markup that is a byte in packed pages. */
const spell = (text) => text.replace(/[\x0e-\x1c]/g, (byte) => words[byte.charCodeAt(0) - firstWord]);

/* A bundle's pages by their paths; their cells are yet to be spelled. */
const bundles = new Map();
const bundle = async (name) => {
  if (!bundles.has(name)) {
    const columns = ((await unpack(name)) || "").split("\x1d").map((column) => column.split("\x1e"));
    const [keys, pages, starts, counts, branches, texts] = columns;
    const cells = (column, i) => column[i].split("\x1f");
    bundles.set(name, new Map(keys.map((key, i) => [key, {
      page: spell(pages?.[i] || ""),
      get starts() { return cells(starts, i); },
      get counts() { return cells(counts, i); },
      get branches() { return cells(branches, i); },
      get texts() { return cells(texts, i); },
    }])));
  }
  return bundles.get(name);
};

/* What search knows: files with their functions. */
let index = null;
const loadIndex = async () => {
  const files = [];
  for (const line of ((await unpack("index")) || "").split("\n")) {
    const [kind, first, second, third, ...rest] = line.split("\t");
    if (kind === "F") {
      const path = rest.join("\t");
      files.push({ path, page: first, percent: second, bundle: third, folded: path.toLowerCase(), functions: [] });
    } else if (kind === "f") {
      const name = [third, ...rest].join("\t");
      files[files.length - 1].functions.push({ name, line: Number(first), count: Number(second), folded: name.toLowerCase() });
    }
  }
  index = files;
  return files;
};
/* Where a file's page is, seen from here. */
const pageAddress = (page) => {
  if (form === "single") return "#" + page;
  return sourcesArePacked() ? root + "view.html#" + page : root + page;
};
const sourcesArePacked = () => form === "view" || document.documentElement.dataset.sources === "packed";
const lineAddress = (page, line) => pageAddress(page) + (form === "single" || sourcesArePacked() ? ":L" : "#L") + line;
