// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node shot.mjs REPORT PAGE OUT.png [dark] [nojs] [narrow] [tall] [full] [x,y of scroll]: a picture of a page, to be looked at.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [report, page_name, out, ...flags] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({
  colorScheme: flags.includes("dark") ? "dark" : "light",
  javaScriptEnabled: !flags.includes("nojs"),
  viewport: flags.includes("narrow") ? { width: 390, height: 844 } : { width: 1280, height: flags.includes("tall") ? 1340 : 900 },
});
await page.goto(pathToFileURL(resolve(report)) + "/" + page_name);
if (flags.includes("print")) await page.emulateMedia({ media: "print" });
await page.waitForTimeout(500);
await page.screenshot({ path: out, fullPage: flags.includes("full") });
await browser.close();
