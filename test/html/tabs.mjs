// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A browser for the tests, pages in it, and what they show.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import axe from "axe-core";
import { chromium } from "playwright-core";

let browser;
export async function start() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
}
export async function stop() {
  await browser?.close();
}

// Opens a page; `trouble` collects what should not happen.
export async function open(address, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(180000); /* machines may be slow, and busy */
  page.trouble = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.trouble.push(message.text()));
  page.on("pageerror", (error) => page.trouble.push(String(error)));
  page.on("requestfailed", (request) => page.trouble.push("failed: " + request.url()));
  page.on("response", (response) => response.status() >= 400 && page.trouble.push(response.status() + " " + response.url()));
  page.on("dialog", (dialog) => page.trouble.push("dialog: " + dialog.message()));
  await page.goto(address);
  return page;
}

// Looks at each of the pages in turn in one tab, and at what went wrong in it.
export async function visit(base, names, options, look) {
  const page = await open("about:blank", options);
  for (const name of names) {
    page.trouble.length = 0;
    await page.goto(base + name);
    await look(page, name);
    assert.deepEqual(page.trouble, [], name);
  }
  await page.close();
}

// Of each line: its cells' text, without links to races and endings.
export const rowsOf = (page) => page.$$eval("#code tr[id]", (rows) => rows.map((row) =>
  [...row.cells].map((cell) => {
    for (const race of cell.querySelectorAll(".r, .d")) { /* and the blank before it */
      race.previousSibling.data = race.previousSibling.data.replace(/ $/, "");
      race.remove();
    }
    return cell.textContent;
  })));

export async function violations(page) {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], preload: false }));
  return result.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
}

// What a data script of a report says, read by other means than the report's own.
export function unpacked(report, name) {
  const [, length, characters] = /^furlongData\("\w+",(\d+),"(.*)"\);\n$/s.exec(readFileSync(join(report, "data", name + ".js"), "utf16le").slice(1));
  const bits = [...characters].map((c) => (c.charCodeAt(0) - 0x3400).toString(2).padStart(15, "0")).join("");
  const bytes = Uint8Array.from({ length: Number(length) }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8), 2));
  return Buffer.from(inflateRawSync(bytes)).toString("utf8");
}

// The page of a source, by its path as shown.
export function pageOf(report, path) {
  return unpacked(report, "index").split("\n").map((line) => line.split("\t")).find((row) => row[0] === "F" && row[4] === path)[1];
}
