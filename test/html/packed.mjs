// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node packed.mjs HTML_SAMPLE: the two forms of a report that are read by script, beside the form that needs none; and
// what script adds to each of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeReport, pagesOf, serve, sources } from "./report.mjs";
import { open, pageOf, rowsOf, start, stop, unpacked, violations } from "./tabs.mjs";

const SCRIPTED = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'";
const report = makeReport(process.argv[2]);
const work = dirname(report);
const disk = pathToFileURL(report) + "/";
const compact = pathToFileURL(join(work, "compact")) + "/";
const single = pathToFileURL(join(work, "single.html")) + "";
const races = pagesOf(report).filter((name) => name.startsWith("race/"));
const of = (path) => pageOf(report, path);

before(start);
after(async () => {
  await stop();
  rmSync(work, { recursive: true, force: true });
});

const seen = (page) => page.evaluate(() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  document.querySelectorAll(".filter, main button[aria-pressed]").forEach((each) => each.remove());
  return [document.title, document.querySelector("header nav").textContent.trim(), document.querySelector("main").textContent.replace(/\s+/g, " ").trim()];
});
// What the page itself says: the driver hears of a new fragment a moment later.
const at = (page) => page.evaluate(() => location.href);
const settled = (page) => page.waitForFunction(() => !document.querySelector("tbody[data-run]:empty") && !document.querySelector("p.functions:not(:has(~ #functions))") && document.querySelector("#title, h1"));

test("each packed page says what the page of its own says", async () => {
  const own = await open(disk + "index.html");
  const packed = await open(single);
  const view = await open(compact + "index.html");
  const names = [...["ordinary.c", "crlf.c", "no newline.c", "empty.c", "bytes.c", "long.cpp"].map((each) => of("src/" + each)),
    ...races.slice(0, 3), "dir/src.html", "help.html"];
  for (const name of names) {
    await own.goto(disk + name);
    await packed.goto(single + "#" + name);
    await packed.waitForFunction((title) => document.title === title, await own.title());
    await settled(packed);
    assert.deepEqual(await rowsOf(packed), await rowsOf(own), name);
    assert.deepEqual(await seen(packed), await seen(own), name);
    if (!name.startsWith("file/")) continue;
    await view.goto(compact + "view.html#" + name);
    await view.waitForFunction((title) => document.title === title, await own.title());
    await settled(view);
    assert.deepEqual(await rowsOf(view), await rowsOf(own), name);
  }
  for (const page of [own, packed, view]) {
    assert.deepEqual(page.trouble, []);
    await page.close();
  }
});

test("hostile names and contents stay text when they are unpacked", async () => {
  const page = await open(single);
  for (const name of [...Object.keys(sources).filter((each) => /[<"]|javascript|bytes/.test(each)).map(of), ...races.slice(0, 2)]) {
    await page.goto(single + "#" + name);
    await page.locator("h1").waitFor();
    await settled(page);
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    assert.equal(await page.evaluate(() => window.hacked), undefined, name);
    assert.equal(await page.locator("main script, main img").count(), 0, name);
  }
  await page.close();
});

test("a packed report is a fraction of the pages' size, and has every page in it once", () => {
  const size = (path) => (statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0) : statSync(path).size);
  assert.ok(!existsSync(join(work, "compact/file")));
  assert.ok(size(join(work, "compact/data")) * 5 < size(join(report, "file")));
  const files = pagesOf(report).filter((name) => name.startsWith("file/"));
  const bundles = [...new Set(unpacked(report, "index").split("\n").filter((line) => line[0] === "F").map((line) => line.split("\t")[3]))];
  const keys = bundles.flatMap((name) => unpacked(report, name).split("\x1d")[0].split("\x1e"));
  assert.deepEqual(keys.sort(), files.sort());
});

test("links, ranges and keys work in packed pages", async () => {
  const page = await open(single + "#" + of("src/ordinary.c") + ":L5-L8");
  await page.locator("tr.here").first().waitFor();
  assert.deepEqual(await page.$$eval("tr.here", (rows) => rows.map((row) => row.id)), ["L5", "L6", "L7", "L8"]);
  await page.locator("#L10 td").first().click();
  await page.locator("#L13 td").first().click({ modifiers: ["Shift"] });
  assert.match((await at(page)), /ordinary\.c\.html:L10-L13$/);
  await page.click("#L8 .r");
  await page.locator(".access").first().waitFor();
  await page.click("header >> text=Races");
  await page.locator("#races-title").waitFor();
  assert.match((await at(page)), /#index\.html:races$/);
  await page.goBack();
  await page.locator(".access").first().waitFor();
  await page.keyboard.press("h");
  await page.locator("#list").waitFor();
  await page.click("#list >> text=src/");
  await page.waitForFunction(() => /^src\//.test(document.querySelector("h1").textContent));
  await page.goto(single + "#" + of("src/long.cpp"));
  await page.waitForFunction(() => /long/.test(document.querySelector("h1").textContent));
  await page.keyboard.press("n");
  assert.match((await at(page)), /long\.cpp\.html:L\d+$/);
  await page.goto(single + "#file/nothing.html");
  await page.locator("text=no such page").waitFor();
  assert.deepEqual(page.trouble, []);
  await page.close();
});

test("under a policy with our script packed pages come from a server too", async (t) => {
  const { base, stop: close } = await serve(join(work, "compact"), SCRIPTED);
  t.after(close);
  const page = await open(base + "view.html#" + of("src/crlf.c"));
  await page.locator("h1", { hasText: "crlf" }).waitFor(); // the policy forbids what waitForFunction does
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.trouble, []);
  const without = await open(base + "view.html#" + of("src/crlf.c"), { javaScriptEnabled: false });
  assert.match(await without.locator("main").textContent(), /need JavaScript/);
  await page.close();
  await without.close();
});

for (const colorScheme of ["light", "dark"])
  test(`no accessibility violation in one file, ${colorScheme}`, async () => {
    const page = await open(single, { colorScheme });
    assert.deepEqual(await violations(page), []);
    for (const name of [of("src/ordinary.c"), races[0]]) {
      await page.goto(single + "#" + name);
      await page.waitForFunction(() => !/Coverage/.test(document.querySelector("h1").textContent));
      await page.keyboard.press("/");
      await page.keyboard.type("twice");
      await page.locator("#found .function").first().waitFor();
      assert.deepEqual(await violations(page), [], name);
      await page.keyboard.press("Escape");
    }
    await page.close();
  });

test("search finds functions and text, and leads to their lines", async () => {
  for (const [address, line] of [[disk + "index.html", /file\/part.*|file\/many.*#L2$/], [compact + "index.html", /view\.html#file.*:L2$/], [single, /#file.*:L2$/]]) {
    const page = await open(address);
    await page.keyboard.press("/");
    await page.keyboard.type("part3_7");
    await page.locator("#found .function a").first().waitFor();
    assert.match(await page.locator("#found .function a").first().textContent(), /^part3_7\(\).*file7\.c:2$/);
    await page.locator("#found .function a").first().click();
    await page.waitForURL(line);
    await page.locator("tr.here, tr:target").first().waitFor();
    await page.keyboard.press("/");
    await page.fill(".search input", 'puts("R\\"(no raw');
    await page.locator("#found .text a").first().waitFor();
    assert.match(await page.locator("#found .text a").first().textContent(), /^puts\("R\\"\(no raw\)\\" <img src=x.*:15$/);
    await page.locator("#found .text a").first().click();
    await page.waitForFunction(() => document.querySelector("tr.here, tr:target")?.id === "L15");
    await page.fill(".search input", "there is no such text anywhere");
    await page.locator("text=Nothing has it").waitFor();
    assert.deepEqual(page.trouble, []);
    await page.close();
  }
});

test("keys lead to lines that never ran, to partial ones and to races", async () => {
  const page = await open(disk + of("src/ordinary.c"));
  const stops = async (key, back) => {
    const lines = [];
    for (;;) {
      await page.keyboard.press(key);
      const line = Number(/#L(\d+)$/.exec((await at(page)))?.[1] || 0);
      if (!line || line === lines[lines.length - 1]) break;
      lines.push(line);
    }
    await page.keyboard.press(back);
    assert.equal((await at(page)).endsWith("#L" + lines[Math.max(0, lines.length - 2)]), true, key + " " + lines);
    await page.goto(disk + of("src/crlf.c"));
    await page.goto(disk + of("src/ordinary.c"));
    return lines;
  };
  const classes = await page.$$eval("#code tr[id]", (rows) => rows.map((row) => [row.className, row.cells[1]?.textContent || ""]));
  const heads = (kind) => classes.map(([name], i) => [name, i + 1]).filter(([name, line]) => {
    if (name !== kind) return false;
    let before = line - 2;
    while (before >= 0 && !classes[before][1]) before--;
    return before < 0 || classes[before][0] !== kind;
  }).map(([, line]) => line);
  assert.deepEqual(await stops("b", "B"), heads("p"));
  assert.deepEqual(await stops("r", "R"), await page.$$eval("#code tr[id]", (rows) => rows.filter((row) => row.querySelector("a.r")).map((row) => Number(row.id.slice(1)))));
  await page.goto(disk + of("src/long.cpp"));
  const never = await page.$$eval("#code tr.u", (rows) => Number(rows[0].id.slice(1)));
  await page.keyboard.press("l");
  assert.ok((await at(page)).endsWith("#L" + never));
  await page.close();
});

test("heat, a theme and a filter, which stay as they were chosen", async () => {
  const page = await open(disk + of("src/ordinary.c"), { colorScheme: "light" });
  await page.keyboard.press("t");
  const heat = await page.$$eval("#code td[data-heat]", (cells) => cells.map((cell) => [Number(cell.title || cell.textContent), Number(cell.dataset.heat)]));
  assert.ok(heat.length > 5);
  for (const [count, level] of heat) assert.equal(level === 0, count === 0);
  const hottest = Math.max(...heat.map(([count]) => count));
  assert.ok(heat.filter(([count]) => count === hottest).every(([, level]) => level === 9));
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.click(".theme");
  const dark = await ground();
  assert.notEqual(dark, light);
  assert.deepEqual(await violations(page), []);
  await page.reload();
  assert.equal(await ground(), dark);
  assert.ok(await page.locator("html.heat").count());
  await page.goto(disk + "index.html");
  await page.locator("#list").evaluate((list) => list.previousElementSibling.focus());
  await page.keyboard.type("part11");
  const rows = await page.$$eval("#list tbody tr:not([hidden]) th", (cells) => cells.map((cell) => cell.textContent));
  assert.ok(rows.some((name) => /part11/.test(name)) && rows.every((name) => /part11|many\//.test(name)), rows.join());
  await page.close();
});

test("a key says which tests ran a line", async () => {
  const page = await open(disk + of("src/ordinary.c") + "#L12");
  for (const [line, text, first] of [[12, /, by 206 tests$/, /^test 00 .*<img src=x onerror='window\.hacked = 1'>$/], [3, /^No test with a name ran it\.$/]]) {
    await page.goto(disk + of("src/ordinary.c") + "#L" + line);
    await page.locator("#L" + line + ".here").waitFor();
    await page.keyboard.press("w");
    assert.match(await page.locator("dialog[open] p").first().textContent(), text);
    if (first) assert.ok((await page.locator("dialog[open] li").allTextContents()).some((name) => first.test(name)));
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  }
  await page.close();
});

test("the map shows files by their lines, and each leads to its page", async () => {
  const page = await open(disk + "dir/src.html", { javaScriptEnabled: false });
  const areas = await page.$$eval(".map a", (all) => all.map((link) => {
    const box = link.querySelector("rect");
    const [, lines] = / of ([\d\u2009\u202f ]+) lines/.exec(link.querySelector("title").textContent);
    return [Number(lines.replace(/\D/g, "")), box.width.baseVal.value * box.height.baseVal.value, link.getAttribute("href")];
  }));
  assert.ok(areas.length > 5);
  const [lines, area] = areas.reduce(([l, a], [line, size]) => [l + line, a + size], [0, 0]);
  for (const [count, size] of areas) assert.ok(Math.abs(size / area - count / lines) < 0.01, count + " " + size);
  for (const [, , href] of areas) assert.ok(existsSync(join(report, "dir", href)), href);
  await page.locator(".map a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/file\//);
  await page.close();
});

test("of a file of 50 000 lines the first rows are there at once, the last ones when they are asked for", async () => {
  const page = await open("about:blank");
  await page.addInitScript(() => { /* idle when the test says so */
    window.later = [];
    window.requestIdleCallback = (task) => window.later.push(task);
  });
  const rows = () => page.locator("#code tr[id]").count();
  await page.goto(compact + "view.html#" + of("src/huge.c"));
  await page.locator("#L1").waitFor();
  assert.equal(await rows(), 1000);
  await page.goto(compact + "view.html#" + of("src/huge.c") + ":L50000");
  await page.locator("#L50000.here").waitFor();
  await page.waitForFunction(() => {
    const box = document.querySelector("#L50000").getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  });
  assert.ok((await rows()) <= 3000, "only what is near is there");
  await page.evaluate(() => { while (window.later.length) window.later.shift()(); });
  await settled(page);
  assert.equal(await rows(), 50000);
  assert.equal((await page.locator("#L50000 td").nth(3).textContent()), "} /* the end */");
  await page.close();
});

test("where functions are very many the lines come first, and a link leads to the functions", async () => {
  const name = of("src/huge.c");
  for (const [address, options] of [[disk + name + "?", { javaScriptEnabled: false }], [compact + "view.html#" + name, {}]]) {
    const page = await open(address, options);
    if (!address.endsWith("?")) { /* the frame in which lines are there has no functions yet */
      const order = await page.evaluate(() => new Promise((resolve) => {
        const look = () => (document.getElementById("L1") ? resolve(Boolean(document.getElementById("functions"))) : requestAnimationFrame(look));
        look();
      }));
      assert.ok(!order || (await page.locator("#L50000").count()), address);
    }
    await page.locator("p.functions a").click();
    while (!(await page.evaluate(() => document.getElementById("functions")?.getBoundingClientRect().top < innerHeight)));
    assert.ok(await page.evaluate(() => document.getElementById("code").compareDocumentPosition(document.getElementById("functions")) & Node.DOCUMENT_POSITION_FOLLOWING));
    assert.equal(await page.locator("#functions tbody tr").count(), 12500);
    await page.locator("#functions tbody a").nth(2).click();
    while (!/L10$/.test(await at(page)));
    assert.deepEqual(page.trouble, []);
    await page.close();
  }
});

test("the instances of a template stand by their function, and each can be shown alone", async () => {
  for (const address of [disk + of("src/template.cpp"), single + "#" + of("src/template.cpp")]) {
    const page = await open(address);
    await page.locator("#L7").waitFor();
    const counts = () => page.$$eval("#code tr[id]", (rows) => rows.map((row) => row.className + (row.cells[1]?.textContent || "")));
    const of_all = await counts();
    assert.deepEqual(of_all, ["", "", "7", "7", "7", "7", "7"]);
    await page.locator(".instances summary").click();
    assert.deepEqual(await page.$$eval(".instances li", (items) => items.map((item) => item.textContent)),
      ["void f<double>(double) never called Show alone", "void f<int>(int) 7× Show alone", "the worst of each line the least count, never ran 3–7 Show alone"]);
    await page.locator(".instances button").first().click();
    assert.deepEqual(await counts(), ["", "", "u0", "u0", "u0", "u0", "u0"].map((each, i) => (i === 2 ? "u here0" : each)));
    assert.match(await page.locator("[role=status]").textContent(), /Lines 3–7 count void f<double>\(double\) alone/);
    assert.deepEqual(await violations(page), []);
    await page.locator(".instances button").last().click();
    assert.match(await page.locator("[role=status]").textContent(), /Lines 3–7 count the worst of each line alone/);
    assert.deepEqual((await counts()).filter((each) => each.endsWith("0")).length, 5);
    await page.locator("[role=status] button").click();
    assert.deepEqual(await counts(), of_all.map((each, i) => (i === 2 ? "here7" : each)));
    assert.equal(await page.locator("[role=status]").count(), 0);
    assert.deepEqual(page.trouble, []);
    await page.close();
  }
});
