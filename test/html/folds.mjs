// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node folds.mjs HTML_SAMPLE: what a page keeps folded (MC/DC, endings, tests, instances) without JavaScript and under the
// strict policy, open, in both schemes, on a telephone; and that it stays text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { makeReport, serve } from "./report.mjs";
import { open, pageOf, start, stop, violations } from "./tabs.mjs";

const STRICT = "default-src 'none'; style-src 'self'; img-src 'self'";
const report = makeReport(process.argv[2]);
const disk = pathToFileURL(report) + "/";
const of = (path) => pageOf(report, path);
const unfold = (page) => page.$$eval("details", (all) => all.forEach((each) => { each.open = true; }));
const NAMES = ["index.html", of("src/ordinary.c"), of("src/decide.c"), of("src/template.cpp")];

before(start);
after(async () => {
  await stop();
  rmSync(dirname(report), { recursive: true, force: true });
});

// Opens a page as the strictest build server serves it.
let strict;
before(async () => { strict = await serve(report, STRICT); });
after(() => strict.stop());
const served = (name, options) => open(strict.base + name, { javaScriptEnabled: false, ...options });

test("a decision's table has each evaluation, and the missing one", async () => {
  const page = await served(of("src/decide.c"));
  await page.click("text=MC/DC 1/2");
  const rows = (nth) => page.locator(`#L3 .mc table >> nth=${nth}`).locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  assert.deepEqual(await rows(0), [["1", "a > 1", "2", "5", "✓ decides alone"], ["2", "b < 2", "2", "0", "✗ not shown"]]);
  assert.deepEqual(await rows(1), [["T", "T", "true", "2×"], ["F", "–", "false", "5×"], ["T", "F", "false", "missing: shows 2"]]);
  assert.ok(await page.locator("#L3 .mc table >> nth=1").isVisible());
  /* Tables of code after the first, and those of telephones, have no visible heads; the decision's have. */
  await page.locator("#code").evaluate((all) => all.prepend(document.createElement("div")));
  await page.locator("#L3 .mc code").first().evaluate((condition) => { condition.textContent = "item->type == kind && item->number < limit"; });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const heads = await page.locator("#L3 .mc th").evaluateAll((all) => all.map((head) => [head.textContent, parseFloat(getComputedStyle(head).fontSize), head.getBoundingClientRect().width]));
    assert.deepEqual(heads.map(([text]) => text), ["#", "Condition", "True", "False", "MC/DC", "1", "2", "1", "2", "Decision", "Times"]);
    for (const [text, size, wide] of heads) assert.ok(size > 9 && wide > 5, `${text}: ${size}px, ${wide} wide, at ${width}`);
    const [fold, table] = [await page.locator("#L3 .mc").boundingBox(), await page.locator("#L3 .mc table >> nth=0").boundingBox()];
    assert.ok(table.x + table.width <= fold.x + fold.width + 1, `the table is cut off at ${width}`);
  }
  await page.close();
});

test("endings: crashes above the list, calm ones folded below; lines lead to them", async () => {
  const page = await served("index.html");
  assert.match(await page.locator("#endings-title").textContent(), /Where processes ended 3/);
  assert.deepEqual(await page.locator("#endings details:not(details details) > summary").allTextContents(),
    ["SIGSEGV src/ordinary.c:7:2 in choose<script>window.hacked = 1</script>, 2 processes of app <b>, first in test soak & run",
      "exit(3) src/ordinary.c:12:2 in choose<script>window.hacked = 1</script>, 1 process of app <b> in test soak & run"]);
  assert.equal(await page.locator("#calm > summary").textContent(), "Ended by exit(0): 5 processes");
  const [crash, list, calm] = [await page.locator("#endings").boundingBox(), await page.locator("#list").boundingBox(), await page.locator("#calm").boundingBox()];
  assert.ok(crash.y < list.y && list.y < calm.y);
  await page.click("#ending1 > summary", { position: { x: 5, y: 8 } });
  assert.deepEqual(await page.locator("#ending1 > h3").allTextContents(), ["Main thread", "Thread 4712 '<img src=x onerror='window.hacked = 1'>'"]);
  assert.match(await page.locator("#ending1 .excerpt .hit").first().textContent(), /return 2 \* x;/);
  await page.goto(strict.base + of("src/ordinary.c"));
  assert.deepEqual(await page.locator("#L7 .d").allTextContents(), ["ended here: SIGSEGV, 2 times"]);
  assert.deepEqual(await page.locator("#L12 .d").allTextContents(), ["ended here: exit(3)", "ended here: exit(0), 5 times"]);
  assert.deepEqual(await page.locator("#L17 .d").allTextContents(), ["another thread was here at the end: SIGSEGV, 2 times"]);
  await page.click("#L12 .d >> nth=1");
  assert.match(page.url(), /index\.html#ending3$/);
  assert.ok(await page.locator("#ending3").isVisible(), "the fold opens for who comes to it");
  await page.close();
});

test("a file says which tests ran it, the line which of them", async () => {
  const page = await served(of("src/ordinary.c"));
  const tests = page.locator("details:has(> summary:text-is('Run by 210 tests'))");
  await tests.locator("summary").click();
  const rows = await tests.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  const lines = await page.$$eval("#code tr[id] > td:nth-child(2):not(:empty)", (cells) => cells.map((cell) => cell.title));
  assert.equal(rows.length, 200);
  const code = await page.$$eval("#code tr[id] > td:nth-child(2):not(:empty)", (cells) => cells.map((cell) => Number(cell.parentNode.id.slice(1))));
  rows.forEach(([, , , where], test) => {
    const ranges = where.split(" ").map((range) => range.split("-").map(Number));
    const ran = code.filter((line) => ranges.some(([from, to]) => from <= line && line <= (to || from)));
    assert.deepEqual(ran, code.slice(0, 210 - test), `of test ${test}: ${where}`);
  });
  assert.deepEqual(rows[0].slice(0, 3), ["test 00 <img src=x onerror='window.hacked = 1'>", String(lines.length), "0"]);
  rows.forEach(([, count]) => assert.ok(Number(count) >= 210 - 200 && Number(count) <= lines.length));
  assert.match(await tests.textContent(), /And 10 that ran fewer lines\./);
  lines.forEach((title, i) => assert.match(title, new RegExp(`^\\d+, by ${210 - i} tests: test 00 .*, test 03 .* and ${206 - i} more$`)));
  await page.goto(strict.base + of("src/decide.c"));
  assert.equal(await page.locator("text=/^Run by/").count(), 0);
  await page.close();
});

test("the title leads to the tests, and unfolds them", async () => {
  const page = await open(disk + "index.html");
  assert.ok(!(await page.locator("#tests table").isVisible()));
  await page.click("h1 a");
  assert.ok(await page.locator("#tests table").isVisible());
  assert.match(page.url(), /#tests$/);
  await page.close();
});

test("a click on a count says the same", async () => {
  const page = await open(disk + of("src/ordinary.c"));
  await page.click("#L12 td:nth-child(2)");
  assert.match(await page.locator("dialog[open]").textContent(), /Line 12.*by 206 teststest 00.*furlong tests --for src\/ordinary\.c:12/);
  const listed = await page.locator("dialog[open] li").allTextContents();
  assert.equal(listed.length, 200, "all that the file lists");
  assert.match(listed[0], /^test 00 /);
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(page.trouble, []);
  await page.close();
});

for (const [title, options] of [["light", { colorScheme: "light" }], ["dark", { colorScheme: "dark" }],
  ["a telephone", { viewport: { width: 360, height: 740 } }]])
  test(`open, nothing overflows, nothing is inaccessible, and all is text: ${title}`, async () => {
    for (const name of NAMES) {
      const page = await open(disk + name, options);
      await unfold(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
      assert.deepEqual(await violations(page), [], name);
      assert.equal(await page.evaluate(() => window.hacked), undefined, name);
      assert.equal(await page.locator("main script, main img").count(), 0, name);
      assert.deepEqual(page.trouble, [], name);
      await page.close();
    }
  });

test("ways: one slash between crumbs, and the files before and after by their names", async () => {
  const page = await served(of("src/decide.c"));
  assert.deepEqual(await page.locator("header li").allTextContents().then((all) => all.slice(1)), ["src", "decide.c"]);
  assert.equal(await page.locator("a[rel=prev]").textContent(), "← Previous incomplete: crlf.c");
  assert.equal(await page.locator("a[rel=next]").textContent(), "→ Next incomplete: empty.c");
  await page.click("a[rel=prev]");
  assert.equal(await page.locator("h1").textContent(), "src/crlf.c");
  await page.close();
});

test("instances unfold without script", async () => {
  const page = await served(of("src/template.cpp"));
  await page.click(".instances summary");
  assert.deepEqual(await page.locator(".instances li").allTextContents(), ["void f<double>(double) never called", "void f<int>(int) 7×", "the worst of each line the least count, never ran 3–7"]);
  await page.close();
});
