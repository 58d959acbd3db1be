#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a program of many lines, of which its run reaches about half: generate_code.py DIR [LINES]

Files of some five thousand lines in a tree of directories; functions with conditions, loops and switches; one
main that calls into every file. Always the same for the same LINES.
"""
import os
import random
import sys

FILE_LINES = 5000


def function(pick, name, callee):
    lines = [f"static unsigned {name}(unsigned x, unsigned y)", "{", "\tunsigned sum = x;", ""]
    for _ in range(pick.randint(2, 6)):
        kind = pick.randrange(4)
        if kind == 0:
            lines += [f"\tif (x > {pick.randint(0, 99)}u && y % {pick.randint(2, 5)}u == {pick.randint(0, 2)}u) {{",
                      f"\t\tsum += x * {pick.randint(2, 9)}u;", "\t} else {", "\t\tsum ^= y + 1;", "\t}"]
        elif kind == 1:
            lines += [f"\tfor (unsigned i = 0; i < {pick.randint(1, 4)}u; i++) {{",
                      f"\t\tsum += i * y; /* round {pick.randint(1, 9)} */", "\t}"]
        elif kind == 2:
            lines += [f"\tswitch (sum % {pick.randint(3, 5)}u) {{"]
            for case in range(3):
                lines += [f"\tcase {case}:", f"\t\tsum += {pick.randint(1, 99)};", "\t\tbreak;"]
            lines += ["\tdefault:", "\t\tsum--;", "\t}"]
        else:
            lines += ["\t/* What the arguments were, before they are mixed. */", "\tif (y == 77)", "\t\treturn 0;"]
    if callee:
        lines.append(f"\tsum += {callee}(sum & 31, y >> 1);")
    return lines + ["\treturn sum ^ y;", "}", ""]


def write_file(path, number):
    pick = random.Random(number)
    lines = [f"/* File {number} of a generated program. */", ""]
    called, index = None, 0
    while len(lines) < FILE_LINES:
        name = f"f{number}_{index}"
        lines += function(pick, name, called)
        # Chains of calls that break off, so that what follows a break is never reached.
        called = name if pick.random() < 0.9 else None
        index += 1
    lines += [f"unsigned file{number}(unsigned x)", "{", f"\treturn {name}(x, x + {number}u);", "}"]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    return len(lines)


def main():
    root = sys.argv[1]
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 500000
    files = max(1, round(wanted / FILE_LINES))
    total = 0
    for number in range(files):
        folder = os.path.join(root, f"part{number // 10}")
        os.makedirs(folder, exist_ok=True)
        total += write_file(os.path.join(folder, f"file{number}.c"), number)
    with open(os.path.join(root, "main.c"), "w", encoding="ascii") as file:
        file.writelines(f"unsigned file{n}(unsigned x);\n" for n in range(files))
        file.write("int main(void)\n{\n\tunsigned sum = 0;\n\tfor (unsigned i = 0; i < 50; i++) {\n")
        file.writelines(f"\t\tsum += file{n}(i);\n" for n in range(files))
        file.write("\t}\n\treturn sum == 42 ? 0 : 0;\n}\n")
    print(f"{files + 1} files, {total + 2 * files + 9} lines")


if __name__ == "__main__":
    main()
