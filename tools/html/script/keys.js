/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * keys.js: single keys, their help and the switch that turns them off; light and dark. */
const KEYS = [
  ["/", "find files, functions, text", () => { input.focus(); input.select(); }],
  ["n", "next uncovered or partly covered lines, then the next file with some; next race", () => nextStop("n")],
  ["p", "previous ones", () => previousStop("n")],
  ["l", "next lines that never ran; L: previous", () => nextStop("l")],
  ["L", null, () => previousStop("l")],
  ["b", "next line with a branch that never came, or text that never ran; B: previous", () => nextStop("b")],
  ["B", null, () => previousStop("b")],
  ["r", "next line with a race; R: previous", () => nextStop("r")],
  ["R", null, () => previousStop("r")],
  ["c", "next line that changed since the base; C: previous", () => nextStop("c")],
  ["C", null, () => previousStop("c")],
  ["w", "which tests ran the line, where tests have names", () => showTests(here)],
  ["t", "heat: how often lines ran, as a strip beside the counts", () => toggleHeat()],
  ["d", "dark, light, or as the system says", () => nextTheme()],
  ["u", "up to the directory", () => all("header nav li a").slice(-2, -1)[0]?.click()],
  ["h", "the overview", () => go(".home")],
  ["?", "this help", () => help()],
];
let keysOn = stored("keys") !== "off";

const THEMES = ["", "dark", "light"];
const setTheme = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};
const nextTheme = () => {
  const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || "") + 1) % THEMES.length];
  stored("theme", theme);
  setTheme(theme);
};
setTheme(stored("theme") || "");
const themeButton = make("button", { type: "button", class: "theme", "aria-label": "Dark, light, or as the system says", title: "Dark, light, or as the system says (d)" }, "◐");
themeButton.addEventListener("click", nextTheme);
document.querySelector("header").append(themeButton);

/* What the title of the line's count says, for those who have no mouse; all tests that the file lists and that ran the line;
 * and how to learn of others. */
const testsOf = (line) => [...document.querySelectorAll("#ran tbody tr")]
  .filter((row) => row.cells[3].textContent.split(" ").some((range) => {
    const [from, to] = range.split("-").map(Number);
    return from <= line && line <= (to || from);
  }))
  .map((row) => row.cells[0].textContent);
const showTests = (line) => {
  const said = document.querySelector("#L" + line + " td[title*=' test']")?.title.replace(/(tests?): .*/s, "$1"); /* all are named below */
  const dialog = make("dialog", { "aria-labelledby": "tests-title" }, make("h2", { id: "tests-title" }, "Line " + line),
    make("p", {}, line ? said || "No test with a name ran it." : "Go to a line first: by a key, or by a click on its number."));
  if (said) dialog.append(make("ul", { class: "ran", tabindex: 0, "aria-label": "Tests" }, ...testsOf(line).map((name) => make("li", {}, name))));
  if (said) dialog.append(make("p", {}, "In a terminal: ", make("code", {}, `furlong tests --for ${document.querySelector("h1").textContent}:${line}`)));
  dialog.append(make("form", { method: "dialog" }, make("button", {}, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};
document.addEventListener("click", (event) => {
  const count = event.target.closest("#code tr[id] > td[title*=' test']");
  if (count) showTests(count.parentNode.id.slice(1));
});
const help = () => {
  let dialog = document.getElementById("help");
  if (!dialog) {
    const keys = make("dl", { class: "keys" });
    for (const [key, what] of KEYS) if (what) keys.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, what));
    const box = make("input", { type: "checkbox" });
    box.checked = keysOn;
    box.addEventListener("change", () => {
      keysOn = box.checked;
      stored("keys", keysOn ? "on" : "off");
    });
    dialog = make("dialog", { id: "help", "aria-labelledby": "help-title" }, make("h2", { id: "help-title" }, "Keys"), keys,
      make("label", {}, box, " Single keys work on this computer"),
      make("p", {}, make("a", { href: form === "single" ? "#help.html" : root + "help.html" }, "How to read a page")),
      make("form", { method: "dialog" }, make("button", {}, "Close")));
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  }
  dialog.showModal();
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, dialog[open]")) return;
  if (!keysOn && event.key !== "?") return;
  const action = KEYS.find(([key]) => key === event.key);
  if (!action) return;
  event.preventDefault();
  action[2]();
});

if (dressers.ready) { /* of a view: nothing to dress before its page is there */
  if (form === "single") dress();
  dressers.ready();
} else {
  dress();
}
