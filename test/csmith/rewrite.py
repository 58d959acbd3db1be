# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Csmith's programs, line by line: it writes one statement a line, so two rewritings need no parser.

`truth` is the twin that counts its own lines; `without` has the statements of lines that never ran taken out;
`ending` leaves the program in the middle. None of them moves a line.
"""
import re

BRACE = re.compile(r"^(\s*)\{(?: /\* block id: \d+ \*/)?$")
CLOSE = re.compile(r"^\s+\}$")
LEAVES = re.compile(r"^\s*(?:end_here\(\); )?(?:return|goto|break|continue)\b")
IF = re.compile(r"^(\s+)if \((.*)\)$")
FOR = re.compile(r"^(\s+)for \((.*?); (.*?); (.*)\)$")
ELSE = re.compile(r"^\s+else$")
LABEL = re.compile(r"^\s*lbl_\d+:\s*$")
SIMPLE = re.compile(r"^(\s+)(\S.*;)$")
FUNCTION = re.compile(r"^(?:static |int main|[a-z]).*\)$")
DECLARATION = re.compile(r"^\s+(?:static |const |volatile |struct |union |signed |unsigned |u?int\d+_t\b|int |float )")


class Program:
    def __init__(self, text):
        self.text = text
        self.lines = text.split("\n")
        self.kind = {}     # line -> brace, close, if, for, simple, declaration
        self.bare = set()  # lines that are the whole body of an if, else or for without braces
        self.single = set()  # lines whose only condition is that of the `if` or `for` on them
        self.read()

    def read(self):
        inside = head = False
        for number, line in enumerate(self.lines, 1):
            if FUNCTION.match(line) and not line.endswith(";"):
                inside = True
                continue
            if line.startswith("}"):
                inside = False
            if not inside or not line.strip() or LABEL.match(line):
                continue
            kind = self.kind_of(line)
            if kind == "close" and self.is_left(number - 1):
                continue
            if kind:
                self.kind[number] = kind
            if head and kind in ("simple", "if", "for"):
                self.bare.add(number)
            if kind in ("if", "for") and not re.search(r"&&|\|\||\?", line):
                self.single.add(number)
            head = kind in ("if", "for") or bool(ELSE.match(line))

    def is_left(self, last):
        """Whether nothing comes to a closing brace behind this line, or that might be so."""
        line = self.lines[last - 1]
        return bool(LEAVES.match(line)) or (bool(CLOSE.match(line)) and last not in self.kind)

    @staticmethod
    def kind_of(line):
        if BRACE.match(line):
            return "brace"
        if CLOSE.match(line):
            return "close"
        if FOR.match(line):
            return "for"
        if IF.match(line):
            return "if"
        if SIMPLE.match(line) and not line.lstrip().startswith("if "):
            return "declaration" if DECLARATION.match(line) else "simple"
        return None

    def truth(self):
        """The twin; and the lines it counts."""
        out, counted = list(self.lines), set()
        for number, kind in self.kind.items():
            line, bare = self.lines[number - 1], number in self.bare
            if bare and kind != "simple":  # where its body ends is not looked for
                continue
            counted.add(number)
            mark = f"TRUTH({number});"
            if kind == "brace":
                line = line.replace("{", "{ " + mark, 1)
            elif kind == "close":
                line = line.replace("}", mark + " }", 1)
            elif kind == "if":
                line = IF.sub(lambda m: f"{m[1]}{mark} if (TRUTH_IF({number}, ({m[2]})))", line)
            elif kind == "for":
                line = FOR.sub(lambda m: f"{m[1]}{mark} for ({m[2]}; TRUTH_IF({number}, ({m[3]})); {m[4]})", line)
            else:
                line = SIMPLE.sub(lambda m: f"{m[1]}{{ {mark} {m[2]} }}" if bare else f"{m[1]}{mark} {m[2]}", line)
            out[number - 1] = line
        return "\n".join(out), counted

    def expected(self, number, begun, judged):
        """What a line's count is: how often its most frequent stretch ran, which of a loop's head is the test."""
        return max(begun, sum(judged)) if self.kind[number] == "for" else begun

    def coded(self):
        """Lines that become instructions. Others ("int i;", a brace) have the count of what is around them."""
        return {n for n, kind in self.kind.items() if kind in ("simple", "if", "for") or
                (kind == "declaration" and " = " in self.lines[n - 1] and " static " not in self.lines[n - 1])}

    def without(self, lines):
        """Statements are gone, or cannot run: `return`, `goto` and calls alike."""
        out, changed = list(self.lines), set()
        for number in lines:
            kind, line = self.kind.get(number), self.lines[number - 1]
            if kind == "simple":
                line = SIMPLE.sub(r"\1;", line)
            elif kind == "if":
                line = IF.sub(r"\1if (0)", line)
            elif kind == "for":
                line = FOR.sub(r"\1for (; 0; )", line)
            else:
                continue
            out[number - 1] = line
            changed.add(number)
        return "\n".join(out), changed

    def can_end(self):
        """Lines where the program may end."""
        main = next(n for n, line in enumerate(self.lines, 1) if line.startswith("int main"))
        return [n for n, kind in self.kind.items() if kind == "simple" and n not in self.bare and n < main]

    def ending(self, number):
        """The same program, which calls end_here (end.h) on that line first."""
        out = list(self.lines)
        out[number - 1] = SIMPLE.sub(r"\1end_here(); \2", out[number - 1])
        return Program("\n".join(out).replace("\n    func_1();", "\n    if (!setjmp(end_place)) func_1();"))
