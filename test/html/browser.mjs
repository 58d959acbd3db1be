// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node browser.mjs HTML_SAMPLE: looks at a report as people do: with and without JavaScript, in both colour
// schemes, from disk and under strict content security policies, by keyboard, on a telephone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { parse } from "parse5";
import { makeReport, ordinary, pagesOf, serve, sources } from "./report.mjs";

const STRICT = "default-src 'none'; style-src 'self'; img-src 'self'"; // as Jenkins serves artifacts
const SCRIPTED = STRICT + "; script-src 'self'";
const report = makeReport(process.argv[2]);
const disk = pathToFileURL(report) + "/";
const pages = pagesOf(report);
const kinds = ["index.html", "index~~missed.html", "help.html", "dir/src.html", "dir/many.html", "file/src~ordinary.c.html",
  "file/src~empty.c.html", "file/src~changed.c.html", "file/~nowhere~missing.c.html", "file/src~bytes.c.html"];
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  rmSync(dirname(report), { recursive: true, force: true });
});

// Opens a page; `trouble` collects what should not happen.
async function open(address, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.trouble = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.trouble.push(message.text()));
  page.on("pageerror", (error) => page.trouble.push(String(error)));
  page.on("requestfailed", (request) => page.trouble.push("failed: " + request.url()));
  page.on("response", (response) => response.status() >= 400 && page.trouble.push(response.status() + " " + response.url()));
  page.on("dialog", (dialog) => page.trouble.push("dialog: " + dialog.message()));
  await page.goto(address);
  return page;
}

const pageOf = (path) => {
  const list = readFileSync(join(report, "files.js"), "utf8");
  return JSON.parse(list.slice(list.indexOf("["), list.lastIndexOf("]") + 1).replace(/,\s*\]$/, "]")).find((row) => row[0] === path)[1];
};
const rowsOf = (page) => page.$$eval("#code tr[id]", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
const missedOf = (page) => page.$$eval(".list tbody tr", (rows) => rows.map((row) =>
  [Number(/\d+/.exec(row.cells[0].className)[0]), Number(row.cells[2].textContent.replace(/\D/g, ""))]));

// Of rows [depth, number], whether siblings stand in the order of their numbers.
function inOrder(rows, sign) {
  const last = [];
  for (const [depth, number] of rows) {
    last.length = depth + 1;
    if (last[depth] !== undefined && (number - last[depth]) * sign < 0) return false;
    last[depth] = number;
  }
  return true;
}

test("every page is HTML that a strict parser accepts", () => {
  assert.ok(pages.length > 300);
  for (const name of pages) {
    const errors = [];
    parse(readFileSync(join(report, name), "utf8"), { onParseError: (error) => errors.push(error.code + " line " + error.startLine) });
    assert.deepEqual(errors, [], name);
  }
});

test("every link leads somewhere, and nothing is inline", () => {
  const ids = new Map();
  const walk = (node, visit) => {
    visit(node);
    for (const child of node.childNodes || []) walk(child, visit);
  };
  const elements = (name) => {
    const found = [];
    walk(parse(readFileSync(join(report, name), "utf8")), (node) => node.attrs && found.push(node));
    return found;
  };
  const idsOf = (name) => {
    if (!ids.has(name)) ids.set(name, new Set(elements(name).flatMap((e) => e.attrs.filter((a) => a.name === "id").map((a) => a.value))));
    return ids.get(name);
  };
  for (const name of pages)
    for (const element of elements(name)) {
      if (element.tagName === "script") assert.ok(element.attrs.some((a) => a.name === "src"), name);
      assert.notEqual(element.tagName, "style");
      for (const { name: attribute, value } of element.attrs) {
        assert.ok(!/^(style|on.*)$/.test(attribute), `${name}: ${attribute}`);
        if (attribute !== "href" && attribute !== "src") continue;
        const [path, anchor] = value.split("#");
        const target = path ? normalize(join(dirname(name), path)) : name;
        assert.match(target, /^[a-z0-9._~/-]+$/);
        assert.ok(existsSync(join(report, target)), `${name} -> ${value}`);
        if (anchor) assert.ok(idsOf(target).has(anchor), `${name} -> ${value}`);
      }
    }
});

for (const colorScheme of ["light", "dark"])
  test(`no accessibility violation, ${colorScheme}`, async () => {
    for (const name of kinds) {
      const page = await open(disk + name, { colorScheme });
      assert.deepEqual(page.trouble, [], name);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], preload: false }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`), [], name);
      await page.close();
    }
  });

test("under a policy without scripts the page is complete and styled", async (t) => {
  const { base, stop } = await serve(report, STRICT);
  t.after(stop);
  for (const name of kinds) {
    const page = await open(base + name, { javaScriptEnabled: false });
    assert.deepEqual(page.trouble, [], name);
    assert.equal(await page.locator("header").evaluate((e) => getComputedStyle(e).display), "flex");
    await page.close();
  }
  const page = await open(base + "index.html"); // the browser may only say that it did not load our script
  assert.ok(page.trouble.every((line) => /script\.js/.test(line)), page.trouble.join());
  await page.close();
});

test("under a policy with our script nothing is refused", async (t) => {
  const { base, stop } = await serve(report, SCRIPTED);
  t.after(stop);
  for (const name of kinds) {
    const page = await open(base + name);
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("wide");
    await page.locator("#found a").first().waitFor();
    assert.deepEqual(page.trouble, [], name);
    await page.close();
  }
});

test("source text comes through unchanged", async () => {
  for (const name of ["src/ordinary.c", "src/no newline.c", "src/crlf.c", "src/long.cpp"]) {
    const page = await open(disk + pageOf(name));
    const lines = sources[name].replaceAll("\r", "").replace(/\n$/, "").split("\n");
    const rows = await rowsOf(page);
    assert.equal(rows.length, lines.length);
    rows.forEach((cells, i) => {
      assert.equal(cells[0].replace(/[↑↓→]/g, ""), String(i + 1));
      assert.equal(cells[3] ?? "", lines[i]);
    });
    await page.close();
  }
});

test("hostile names and contents stay text", async () => {
  for (const name of Object.keys(sources).filter((each) => each.startsWith("src/"))) {
    const page = await open(disk + pageOf(name.replace("\u202e", "[U+202E]").replace("\n", "␊")));
    assert.equal(await page.evaluate(() => window.hacked), undefined, name);
    assert.equal(await page.locator("h1").textContent(), name.replace("\u202e", "[U+202E]").replace("\n", "␊"));
    assert.deepEqual(page.trouble, [], name);
    await page.close();
  }
  const page = await open(disk + "file/src~bytes.c.html");
  assert.match((await rowsOf(page))[2][3], /puts\("\ufffd\ufffd ␁␛\[31m␀"\)/);
  await page.goto(disk + "index.html");
  await page.keyboard.press("/");
  await page.keyboard.type("onerror");
  assert.equal(await page.locator("#found span").first().textContent(), "src/<img src=x onerror=window.hacked=1>.c");
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.match(await page.locator(".notes").textContent(), /<script>window\.hacked = 1<\/script>/);
  await page.close();
});

test("without JavaScript lists sort by following links", async () => {
  const page = await open(disk + "index.html", { javaScriptEnabled: false });
  assert.equal(await page.locator("th[aria-sort]").textContent(), "Name");
  await page.click("thead >> text=Missed");
  assert.match(page.url(), /index~~missed\.html$/);
  assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Missed");
  assert.ok(inOrder(await missedOf(page), -1));
  await page.click("thead >> text=Name");
  assert.ok(!inOrder(await missedOf(page), -1), "the sample must tell the orders apart");
  await page.close();
});

test("without JavaScript arrows lead through all that is uncovered, into the next file", async () => {
  const page = await open(disk + "file/src~long.cpp.html", { javaScriptEnabled: false });
  const bad = await page.$$eval("#code tr.u, #code tr.p", (rows) => rows.map((row) => Number(row.id.slice(1))));
  const seen = [];
  await page.click("text=First uncovered");
  for (;;) {
    const line = Number(page.url().split("#L")[1]);
    seen.push(line);
    const next = page.locator(`#L${line} a[aria-label=Next]`);
    if (!(await next.count())) break;
    await next.click();
    if (seen.length > 1) {
      const back = await page.locator(`#L${line} a[aria-label=Previous]`).getAttribute("href");
      assert.equal(back, "#L" + seen[seen.length - 2]);
    }
    if (seen.length === 40) break;
  }
  assert.equal(seen.length, 40);
  for (const line of bad.filter((each) => each <= seen[39])) // each line belongs to the stretch that began before it
    assert.ok(seen.some((head) => head <= line && bad.filter((b) => b >= head && b <= line).length === line - head + 1
      || head === Math.max(...seen.filter((h) => h <= line))), "line " + line);
  assert.ok(seen.every((line, i) => bad.includes(line) && (i === 0 || line > seen[i - 1])));
  await page.goto(disk + "file/src~ordinary.c.html");
  await page.click("a[rel=next]");
  assert.ok(!page.url().includes("ordinary"));
  await page.close();
});

test("with script any column sorts, and siblings stay together", async () => {
  const page = await open(disk + "index.html");
  const names = () => page.$$eval(".list tbody th", (cells) => cells.map((cell) => cell.className + cell.textContent));
  const first = await names();
  await page.click("thead >> text=Total");
  assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Total");
  const sorted = await names();
  assert.notDeepEqual(sorted, first);
  await page.click("thead >> text=Missed");
  assert.ok(inOrder(await missedOf(page), -1));
  await page.click("thead >> text=Missed");
  assert.ok(inOrder(await missedOf(page), 1));
  await page.click("thead >> text=Name");
  assert.deepEqual(await names(), first);
  await page.close();
});

test("keys: next and previous uncovered, up, search, and off", async () => {
  const page = await open(disk + "file/src~long.cpp.html");
  const all = await page.$$eval("#code tr", (rows) => rows.filter((row) => row.querySelector(".v")).map((row) => row.id));
  const heads = all.slice(0, 7);
  for (const head of heads) {
    await page.keyboard.press("n");
    assert.equal(new URL(page.url()).hash, "#" + head);
  }
  await page.keyboard.press("p");
  assert.equal(new URL(page.url()).hash, "#" + heads.at(-2));
  await page.keyboard.press("u");
  await page.waitForURL(/dir\/src\.html$/);
  await page.keyboard.press("/");
  await page.keyboard.type("part11 file7.c");
  await page.locator("#found a").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/part11.*file7\.c\.html$/);
  await page.keyboard.press("?");
  await page.locator("dialog input").uncheck();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  const here = page.url();
  await page.keyboard.press("h");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(page.url(), here);
  await page.close();
});

test("a range of lines has an address", async () => {
  const page = await open(disk + "file/src~ordinary.c.html#L5-L8");
  assert.deepEqual(await page.$$eval("tr.here", (rows) => rows.map((row) => row.id)), ["L5", "L6", "L7", "L8"]);
  await page.locator("#L10 td").first().click();
  await page.locator("#L13 td").first().click({ modifiers: ["Shift"] });
  assert.equal(new URL(page.url()).hash, "#L10-L13");
  await page.close();
});

test("missing, changed and empty sources say so", async () => {
  const page = await open(disk + "file/~nowhere~missing.c.html");
  assert.match(await page.locator(".warning").textContent(), /missing: \/nowhere\/missing\.c could not be read/);
  assert.ok((await rowsOf(page)).length > 0);
  await page.goto(disk + "file/src~changed.c.html");
  assert.match(await page.locator(".warning").textContent(), /has changed since it was compiled/);
  await page.goto(disk + "file/src~ordinary.c.html");
  assert.equal(await page.locator(".warning").count(), 0);
  await page.close();
});

test("no cell of a list runs into the next", async () => {
  for (const [name, width] of [["index.html", 1280], ["index.html", 800], ["index.html", 360], ["file/src~ordinary.c.html", 1280]]) {
    const page = await open(disk + name, { viewport: { width, height: 740 } });
    const wide = await page.$$eval(".list th, .list td", (cells) => cells.filter((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return getComputedStyle(cell).display !== "none" && text.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
    }).map((cell) => cell.textContent));
    assert.deepEqual(wide, [], name + " " + width);
    await page.close();
  }
});

test("nothing overflows a narrow screen", async () => {
  for (const name of [...kinds, pageOf("src/wide.c")]) {
    const page = await open(disk + name, { viewport: { width: 360, height: 740 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
    await page.close();
  }
});
