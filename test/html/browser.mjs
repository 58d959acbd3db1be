// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node browser.mjs HTML_SAMPLE: looks at a report as people do: with and without JavaScript, in both colour
// schemes, from disk and under strict content security policies, by keyboard, on a telephone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "parse5";
import { makeReport, ordinary, pagesOf, serve, sources } from "./report.mjs";
import { open, pageOf as sourcePage, rowsOf, start, stop, violations, visit } from "./tabs.mjs";

const STRICT = "default-src 'none'; style-src 'self'; img-src 'self'"; // as Jenkins serves artifacts
const SCRIPTED = STRICT + "; script-src 'self'";
const report = makeReport(process.argv[2]);
const disk = pathToFileURL(report) + "/";
const pages = pagesOf(report);
const kinds = ["index.html", "index~~missed.html", "help.html", "dir/src.html", "dir/many.html", "file/src~ordinary.c.html", "file/src~decide.c.html", "file/src~template.cpp.html",
  "file/src~empty.c.html", "file/src~changed.c.html", "file/~nowhere~missing.c.html", "file/src~bytes.c.html"];
const racePages = pages.filter((name) => name.startsWith("race/"));
const titleOf = (name) => /<h1 id=title>([^<]*)/.exec(readFileSync(join(report, name), "utf8"))[1].trim();
const heapRace = racePages.find((name) => titleOf(name).startsWith("Heap"));
const quietRace = racePages.find((name) => readFileSync(join(report, name), "utf8").includes("Suppressed by"));
const dataRace = racePages.find((name) => name !== heapRace && name !== quietRace);
kinds.push(heapRace, quietRace, dataRace);

before(start);
after(async () => {
  await stop();
  rmSync(dirname(report), { recursive: true, force: true });
});

const pageOf = (path) => sourcePage(report, path);
const missedOf = (page) => page.$$eval("#list tbody tr", (rows) => rows.map((row) =>
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

// What the page itself says: the driver hears of a new fragment a moment later.
const at = (page) => page.evaluate(() => location.href);
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
    await visit(disk, kinds, { colorScheme }, async (page, name) => assert.deepEqual(await violations(page), [], name));
  });

test("under a policy without scripts the page is complete and styled", async (t) => {
  const { base, stop } = await serve(report, STRICT);
  t.after(stop);
  await visit(base, kinds, { javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator("header").evaluate((e) => getComputedStyle(e).display), "flex");
  });
  const page = await open(base + "index.html"); // the browser may only say that it did not load our script
  assert.ok(page.trouble.every((line) => /script\.js/.test(line)), page.trouble.join());
  await page.close();
});

test("under a policy with our script nothing is refused", async (t) => {
  const { base, stop } = await serve(report, SCRIPTED);
  t.after(stop);
  await visit(base, kinds, {}, async (page) => {
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("wide");
    await page.locator("#found a").first().waitFor();
  });
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
  const shown = Object.keys(sources).filter((each) => each.startsWith("src/")).map((each) => each.replace("\u202e", "[U+202E]").replace("\n", "␊"));
  await visit(disk, shown.map(pageOf), {}, async (page, address) => {
    assert.equal(await page.evaluate(() => window.hacked), undefined, address);
    assert.equal(pageOf(await page.locator("h1").textContent()), address);
  });
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
  await page.click("#list thead >> text=Missed");
  assert.match((await at(page)), /index~~missed\.html$/);
  assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Missed");
  assert.ok(inOrder(await missedOf(page), -1));
  await page.click("#list thead >> text=Name");
  assert.ok(!inOrder(await missedOf(page), -1), "the sample must tell the orders apart");
  await page.close();
});

test("without JavaScript arrows lead through all that is uncovered, into the next file", async () => {
  const page = await open(disk + "file/src~long.cpp.html", { javaScriptEnabled: false });
  const bad = await page.$$eval("#code tr.u, #code tr.p", (rows) => rows.map((row) => Number(row.id.slice(1))));
  const seen = [];
  await page.click("text=First uncovered");
  for (;;) {
    const line = Number((await at(page)).split("#L")[1]);
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
  assert.ok(!(await at(page)).includes("ordinary"));
  await page.close();
});

test("with script any column sorts, and siblings stay together", async () => {
  const page = await open(disk + "index.html");
  const names = () => page.$$eval("#list tbody th", (cells) => cells.map((cell) => cell.className + cell.textContent));
  const first = await names();
  await page.click("#list thead >> text=Total");
  assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Total");
  const sorted = await names();
  assert.notDeepEqual(sorted, first);
  await page.click("#list thead >> text=Missed");
  assert.ok(inOrder(await missedOf(page), -1));
  await page.click("#list thead >> text=Missed");
  assert.ok(inOrder(await missedOf(page), 1));
  await page.click("#list thead >> text=Name");
  assert.deepEqual(await names(), first);
  await page.close();
});

test("keys: next and previous uncovered, up, search, and off", async () => {
  const page = await open(disk + "file/src~long.cpp.html");
  const all = await page.$$eval("#code tr", (rows) => rows.filter((row) => row.querySelector(".v")).map((row) => row.id));
  const heads = all.slice(0, 7);
  for (const head of heads) {
    await page.keyboard.press("n");
    assert.equal(new URL((await at(page))).hash, "#" + head);
  }
  await page.keyboard.press("p");
  assert.equal(new URL((await at(page))).hash, "#" + heads.at(-2));
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
  const here = (await at(page));
  await page.keyboard.press("h");
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal((await at(page)), here);
  await page.close();
});

test("a range of lines has an address", async () => {
  const page = await open(disk + "file/src~ordinary.c.html#L5-L8");
  assert.deepEqual(await page.$$eval("tr.here", (rows) => rows.map((row) => row.id)), ["L5", "L6", "L7", "L8"]);
  await page.locator("#L10 td").first().click();
  await page.locator("#L13 td").first().click({ modifiers: ["Shift"] });
  assert.equal(new URL((await at(page))).hash, "#L10-L13");
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

test("columns are where they were, however long the file", async () => {
  const page = await open(disk + "file/src~long.cpp.html");
  const edges = async (line) => {
    await page.goto(disk + "file/src~long.cpp.html#L" + line);
    return page.$$eval("#L" + line + " td", (cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
  };
  const first = await edges(3); /* if (x > 0) */
  assert.equal(first.length, 4);
  assert.deepEqual(await edges(7 * 300 + 3), first);
  const [top, bottom] = await page.$$eval("#L1000, #L1001", (rows) => [rows[0].getBoundingClientRect().bottom, rows[1].getBoundingClientRect().top]);
  assert.ok(Math.abs(top - bottom) <= 1, "no gap where a table ends");
  await page.close();
});

test("the list leads to each race, the suppressed ones folded", async () => {
  const page = await open(disk + "index.html", { javaScriptEnabled: false });
  assert.equal(await page.locator("#races-title span").textContent(), "13");
  const links = await page.$$eval(".races th a", (all) => all.map((link) => link.getAttribute("href")));
  assert.deepEqual([...links].sort(), [...racePages].sort());
  assert.equal(await page.locator("details.suppressed .races tbody tr").count(), 1);
  assert.ok(!(await page.locator("details.suppressed table").isVisible()));
  await page.click(".races th a >> nth=0");
  assert.match((await at(page)), /race\/[0-9a-f]{32}\.html$/);
  await page.click("header >> text=Races");
  assert.match((await at(page)), /index\.html#races$/);
  await page.close();
});

test("a race shows both sides with their source, what the memory is, and where all came from", async () => {
  const page = await open(disk + dataRace, { javaScriptEnabled: false });
  const sides = page.locator(".access");
  assert.equal(await sides.count(), 2);
  const [left, right] = [await sides.nth(0).boundingBox(), await sides.nth(1).boundingBox()];
  assert.ok(Math.abs(left.y - right.y) < 1 && right.x > left.x + left.width, "side by side");
  const line = Number(/:(\d+) in /.exec(await page.locator("h1 small").textContent())[1]);
  for (const side of [sides.nth(0), sides.nth(1)]) {
    const excerpt = side.locator(".excerpt:visible");
    assert.equal(await excerpt.count(), 1);
    assert.equal((await excerpt.locator(".hit").textContent()).trimEnd(), ordinary.split("\n")[line - 1]);
  }
  assert.equal(await page.locator(".access >> nth=0 >> li.sys >> nth=0 >> b").textContent(), "memcpy"); // it made the access
  assert.ok(!(await page.locator(".access .fold ol").first().isVisible()));
  await page.click(".access .fold > summary >> nth=0");
  assert.ok(await page.locator(".access .fold ol").first().isVisible());
  assert.match(await page.locator(".facts").textContent(), /Global 'items<img src=x onerror='window\.hacked = 1'>' of size 112/);
  assert.equal(await page.locator("section[aria-labelledby=threads] h3").count(), 2);
  assert.equal(await page.locator("section[aria-labelledby=threads] .stack:not(.stack .stack)").count(), 1, "one birth, shown once");
  assert.equal(await page.locator(".others a").count(), 11);
  await page.click(".others a >> nth=0");
  assert.match((await at(page)), /race\/[0-9a-f]{32}\.html$/);
  await page.close();
});

test("a use after free shows who freed, the locks, and a deep stack in part", async () => {
  const page = await open(disk + heapRace, { javaScriptEnabled: false });
  assert.match(await page.locator(".lead").textContent(), /Thread T1 'worker <script>.*<\/script>' wrote \(atomically\) 8 bytes and thread T2 '"'&␛\[31m' freed 8 bytes/);
  assert.match(await page.locator(".lead").textContent(), /Both held a lock in common/);
  assert.deepEqual(await page.$$eval("section[aria-labelledby=memory] h3", (all) => all.map((e) => e.textContent.slice(0, 9))), ["Allocated", "Freed by "]);
  await page.click(".held a >> nth=0");
  assert.match((await at(page)), /#M1$/);
  assert.ok(await page.locator("h3#M1").isVisible());
  const deep = page.locator(".access").nth(1);
  assert.match(await deep.locator("li").first().textContent(), /2 times in a row/);
  assert.match(await deep.locator(".middle > summary").textContent(), /^30 more frames$/); // 2 in a row + 60 + the cut = 62 rows, 24 and 8 shown
  assert.match(await deep.locator(".cut").textContent(), /more frames, which are not known/);
  await page.close();
});

test("a race names its object, and the list groups races by it", async () => {
  const page = await open(disk + heapRace, { javaScriptEnabled: false });
  assert.match(await page.locator("h1").textContent(), /Heap-use-after-free on conn<b>->state/);
  assert.match(await page.locator(".facts").textContent(), /Field state of struct <i>conn/);
  await page.goto(disk + "index.html");
  const groups = await page.$$eval(".races tbody", (all) => all.map((body) =>
    [body.querySelector(".g b")?.textContent, body.querySelectorAll("tr:not(.g)").length]));
  assert.deepEqual(groups.slice(0, 2), [["state of struct <i>conn", 1], ["global 'items<img src=x onerror='window.hacked = 1'>'", 12]]);
  await page.goto(disk + dataRace);
  assert.match(await page.locator("#others").textContent(), /On the same object global 'items/);
  await page.close();
});

test("the picture has a lane for each thread, and the earlier access above the later one", async () => {
  const page = await open(disk + heapRace, { javaScriptEnabled: false });
  const [from, to] = [await page.locator(".picture rect >> nth=0").boundingBox(), await page.locator(".picture rect >> nth=1").boundingBox()];
  assert.ok(from.y + from.height < to.y);
  assert.deepEqual(await page.$$eval(".picture .deed", (all) => all.map((text) => text.textContent.split(" ")[0])), ["free", "atomic"]);
  assert.deepEqual(await page.$$eval(".picture .small", (all) => all.map((text) => text.textContent)),
    ["creates", "creates", "last heard", "holds M1 (both)", "holds M1 (both)"]);
  const heights = await page.$$eval(".picture :is(.beside, rect)", (all) => all.map((it) => [it.textContent || "access", it.getBoundingClientRect().y]));
  assert.deepEqual(heights.sort((a, b) => a[1] - b[1]).map(([what]) => what),
    ["allocates", "releases, unheard", "access", "releases, unheard", "access"], "downwards as it happened");
  assert.match(await page.locator(".picture figcaption").textContent(),
    /The last that T1 had heard of T2 was from before that access, nor did it acquire what T2 released after its access\./);
  const lanes = await page.$$eval(".picture .name", (all) => all.map((text) => [text.textContent.slice(0, 4), Number(text.getAttribute("x"))]));
  assert.deepEqual(lanes.map(([name]) => name), ["main", "T1 '", "T2 '"]);
  assert.ok(Math.abs(lanes[2][1] - Number(await page.locator(".picture .deed >> nth=0").getAttribute("x"))) < 1, "T2 freed");
  await page.close();
});

test("what stands in the picture is in its boxes, in the picture, and ends in the line", async () => {
  for (const path of [heapRace, dataRace]) {
    const page = await open(disk + path, { javaScriptEnabled: false });
    const spills = await page.$eval(".picture svg", (svg) => {
      const within = (outer, inner) => inner.left >= outer.left && inner.right <= outer.right;
      const box = (element) => element.getBoundingClientRect();
      const boxes = [...svg.querySelectorAll("rect")].map(box);
      return [...svg.querySelectorAll("text")].filter((text) => {
        const around = boxes.find((rect) => box(text).top >= rect.top && box(text).bottom <= rect.bottom + 1 && Math.abs(box(text).left + box(text).right - rect.left - rect.right) < 4);
        return !within(box(svg), box(text)) || (around && !within(around, box(text)));
      }).map((text) => text.textContent);
    });
    assert.deepEqual(spills, [], path);
    for (const place of await page.locator(".picture .place").allTextContents())
      assert.match(place, /:\d+$/);
    assert.equal(await page.locator(".picture .place").count(), 2);
    await page.close();
  }
});

test("lines with races say so, once a race and deed", async () => {
  const page = await open(disk + "file/src~ordinary.c.html", { javaScriptEnabled: false });
  assert.equal(await page.locator(".raceways span").textContent(), "13 races:");
  assert.deepEqual(await page.locator("#L8 .r").allTextContents(), ["race: write"]);
  assert.deepEqual(await page.locator("#L14 .r").allTextContents(), ["race: atomic write", "race: write"]);
  await page.click("#L8 .r");
  assert.match(await page.locator("h1 small").textContent(), /src\/ordinary\.c:8 in twice/);
  await page.close();
});

test("the line that accepts a race can be copied, and is text", async () => {
  const page = await open(disk + dataRace);
  const lines = await page.locator(".copy code").allTextContents();
  assert.match(lines[0], /^furlong races [0-9a-f]{12}$/);
  assert.equal(lines[1], "race:^twice(int)$");
  await page.locator(".copy button").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.locator(".copy button", { hasText: /Copied|Selected/ }).waitFor();
  assert.equal(await page.locator(".copy").count(), 2);
  await page.goto(disk + quietRace);
  assert.equal(await page.locator(".copy").count(), 1, "it is accepted already");
  await page.close();
});

test("keys on a race's page: next and previous race, up", async () => {
  const page = await open(disk + "index.html");
  const list = await page.$$eval(".races th a", (all) => all.map((link) => link.getAttribute("href")));
  const arrive = async (name) => {
    await page.waitForURL((url) => url.href === disk + name);
    await page.locator(".search").waitFor(); // the script is at work
  };
  await page.goto(disk + list[0]);
  await arrive(list[0]);
  for (const [key, name] of [["n", list[1]], ["n", list[2]], ["p", list[1]], ["u", "index.html#races"]]) {
    await page.keyboard.press(key);
    await arrive(name);
  }
  await page.close();
});

test("races stay text too", async () => {
  await visit(disk, racePages, {}, async (page, name) => {
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    assert.equal(await page.evaluate(() => window.hacked), undefined, name);
    assert.equal(await page.locator("main script, main img, main h1 b").count(), 0, name);
  });
});

test("on a telephone the code has three quarters of the width", async () => {
  await visit(disk, [pageOf("src/ordinary.c"), pageOf("src/long.cpp")], { viewport: { width: 390, height: 844 } }, async (page, name) => {
    const [code, whole] = await page.evaluate(() => {
      const table = document.querySelector(".code"), cells = table.tBodies[0].rows[1].cells;
      return [cells[cells.length - 1].getBoundingClientRect().width, table.getBoundingClientRect().width];
    });
    assert.ok(code / whole > 0.75, name + ": " + code + " of " + whole);
    const cut = await page.$$eval(".code > tbody > tr > td:nth-child(-n+2)", (all) => all.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent));
    assert.deepEqual(cut, [], name);
  });
});

test("nothing overflows a narrow screen", async () => {
  await visit(disk, [...kinds, pageOf("src/wide.c")], { viewport: { width: 360, height: 740 } }, async (page, name) => {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
  });
});
