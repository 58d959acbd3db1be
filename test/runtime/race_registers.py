#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Race's slow paths leave vector registers alone: race_registers.py LIBRARY.

Compiled code takes all registers but one for preserved. What is reachable from the slow paths in the library's
machine code must hold no vector or floating-point instruction and no call out of the library, except behind
the two that save them all.
"""
import re
import subprocess
import sys

VECTOR = {"x86-64": re.compile(r"%[xyz]mm\d|%mm\d|%st\b"), "aarch64": re.compile(r"[\s{,\[][vqdsbh]\d+\b(?!\s*<)")}
SAVES = ("fl_report_race_saved", "fl_foreign_walk_saved")


def functions(library):
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", library], check=True, capture_output=True, text=True)
    name, bodies = None, {}
    for line in text.stdout.splitlines():
        start = re.match(r"[0-9a-f]+ <(.+)>:", line)
        if start:
            name = start.group(1)
            bodies[name] = []
        elif name and "\t" in line:
            bodies[name].append(line.split("\t", 1)[1])
    return bodies


def main(library):
    bodies = functions(library)
    todo = [n for n in bodies if re.fullmatch(r"__furlong_race_((read|write|atomic)_?[a-z0-9]+|fence)", n)]
    seen, faults = set(), 0
    vector = VECTOR["x86-64" if any("%r" in l for l in bodies[todo[0]]) else "aarch64"]
    assert len(todo) == 21, f"{len(todo)} slow paths"
    while todo:
        name = todo.pop()
        if name in seen or name in SAVES:
            continue
        seen.add(name)
        for line in bodies[name]:
            if vector.search(line.split("<")[0].split("#")[0]):
                print(f"{name}: {line}")
                faults += 1
            target = re.search(r"\b(?:call|jmp|j[a-z]+|bl|b)\s+[0-9a-f]+ <([^>+]+)", line)
            if target and target.group(1) not in bodies or re.search(r"\bcall\s+\*", line):
                print(f"{name}: leaves the library: {line}")
                faults += 1
            elif target and "@plt" in target.group(1):
                print(f"{name}: leaves the library: {line}")
                faults += 1
            elif target:
                todo.append(target.group(1))
    print(f"{len(seen)} functions, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
