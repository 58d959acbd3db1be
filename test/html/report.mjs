// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Makes the report that the browser tests look at, and serves it. The counts are invented (invent.c); the file
// names and contents are as nasty as a file system and a compiler allow.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const ordinary = `/* A block
 * comment </table><script>window.hacked = 1</script> */
#include <stdio.h>

static int twice(int x)
{
\treturn 2 * x; // "quoted" & <b>bold</b>
}

int choose(int a, int b)
{
\tif (a > b)
\t\treturn a;
\tif (b > 100 && a < 3) {
\t\tputs("R\\"(no raw)\\" <img src=x onerror='window.hacked = 1'>");
\t\tb = twice(b);
\t}
\twhile (a < b)
\t\ta++;
\treturn a &amp;&amp; b; /* an entity in the source stays one */
}
`;

const repeat = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join("");

export const sources = {
  "src/ordinary.c": ordinary,
  "src/crlf.c": ordinary.replaceAll("\n", "\r\n"),
  "src/no newline.c": ordinary.trimEnd(),
  "src/empty.c": "",
  "src/<img src=x onerror=window.hacked=1>.c": ordinary,
  "src/\"&'.c": ordinary,
  "src/javascript:window.hacked=1.c": ordinary,
  "src/Upper.c": ordinary,
  "src/upper.c": ordinary,
  "src/bidi \u202e.c": ordinary,
  "src/line\nbreak.c": ordinary,
  "src/bytes.c": Buffer.concat([Buffer.from("int f(int x)\n{\n\tif (x) puts(\"\xff\xfe \x01\x1b[31m\0\");\n\treturn 0;\n}\n", "latin1")]),
  "src/template.cpp": "template <class T>\nvoid f(T x)\n{\n\tx++;\n\n\tx--;\n}\n",
  "src/decide.c": "int decide(int a, int b)\n{\n\treturn a > 1 && b < 2;\n}\n",
  "src/wide.c": `int wide(int x)\n{\n\tconst char *s = "${"x<y>&".repeat(200000)}";\n\treturn x;\n}\n`,
  "src/huge.c": repeat(12500, (i) => `int g${i}(int x)\n{\n\treturn x + ${i};\n}${i === 12499 ? " /* the end */" : ""}\n`),
  "src/long.cpp": repeat(700, (i) => `int f${i}(int x)\n{\n\tif (x > ${i})\n\t\treturn x;\n\treturn ${i};\n}\n\n`),
};
for (let directory = 0; directory < 12; directory++)
  for (let file = 0; file < 30; file++)
    sources[`many/part${directory}/deep/er/file${file}.c`] = `int part${directory}_${file}(int x)\n{\n\treturn x;\n}\n`;

// Returns where the report stands.
export function makeReport(sample) {
  const work = mkdtempSync(join(tmpdir(), "furlong-html-"));
  const files = [];
  for (const [name, text] of Object.entries(sources)) {
    const path = join(work, "source", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    files.push(`${path}=${name}`);
  }
  // "=" parts the two names on the command line, so this one is given without a shown name elsewhere
  const safe = files.filter((file) => file.split("=").length === 2);
  writeFileSync(join(work, "source/img.c"), ordinary);
  for (const name of Object.keys(sources).filter((each) => each.includes("=")))
    safe.push(`${join(work, "source/img.c")}=${name}`);
  const report = join(work, "report");
  execFileSync(sample, [report, "-t", "Sample <b>&\"'", "-n", "A note with <script>window.hacked = 1</script> in it",
    "-l", "Counts of process 4711 were lost", "-R", "12", "-T", "210", "-c", join(work, "compact"), "-s", join(work, "single.html"), ...safe, `!${join(work, "source/img.c")}=src/changed.c`, "/nowhere/missing.c"]);
  return report;
}

export function pagesOf(report) {
  const below = (directory) => readdirSync(join(report, directory)).map((name) => directory + "/" + name);
  return [...readdirSync(report), ...below("dir"), ...below("file"), ...below("race")].filter((name) => name.endsWith(".html"));
}

// Serves a directory with a content security policy; returns the address and a way to stop.
export async function serve(report, policy) {
  const types = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://host").pathname).slice(1);
    try {
      const body = readFileSync(join(report, name));
      response.writeHead(200, { "Content-Type": types[name.split(".").pop()], "Content-Security-Policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { base: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
