# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads race reports of the program `play`, from the race data that Furlong writes or from text in TSan's layout, and
finds out which operations they speak of: the stack's digit_N functions spell an operation's number."""
import bisect
import collections
import re
import subprocess

Side = collections.namedtuple("Side", "op size address thread number") # number: of the operation; None: not in the stack
Report = collections.namedtuple("Report", "kind later earlier")


def number_of(functions):
    digits = [int(f[6:]) for f in functions if f and f.startswith("digit_")]
    return sum(digit << 4 * (len(digits) - 1 - place) for place, digit in enumerate(digits)) if len(digits) == 5 else None


def functions_of(program):
    """A function from an offset in the program to the name of the function there."""
    table = []
    for line in subprocess.run(["nm", "-n", program], capture_output=True, text=True, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[1] in "tT":
            table.append((int(fields[0], 16), fields[2]))
    starts = [start for start, _ in table]

    def name(offset):
        place = bisect.bisect_right(starts, offset) - 1
        return table[place][1] if place >= 0 else None
    return name


def from_race_data(text, program):
    name = functions_of(program)
    modules, reports, kind, sides, frames = {}, [], None, [], None
    path = program.rsplit("/", 1)[-1]
    for line in text.splitlines():
        word, *fields = line.split(" ")
        if word == "module":
            modules[fields[0]] = fields[2]
        elif word == "report":
            kind, sides = fields[0], []
        elif word == "access":
            frames = []
            sides.append((fields, frames))
        elif word == "frame" and frames is not None:
            if modules.get(fields[0], "").endswith(path):
                frames.append(name(int(fields[1], 0)))
        elif word in ("location", "lock", "thread"):
            frames = None
        elif word == "end" and kind:
            reports.append(Report(kind, *(Side(f[0], int(f[1]), int(f[2], 0), int(f[3]), number_of(stack))
                                          for f, stack in sides)))
            kind, frames = None, None
    return reports


def from_text(text):
    """TSan's layout; Furlong prints it too."""
    reports = []
    for block in re.split(r"^={10,}\n", text, flags=re.M):
        kind = re.search(r"WARNING: \w+: (.*?) \(pid", block)
        sides = []
        for part in block.split("\n\n"):
            head = re.search(r"^  (?:Previous )?((?:atomic )?\w+) of size (\d+) at 0x(\w+) by (main thread|thread T(\d+))",
                             part, re.M | re.I)
            if head:
                stack = re.findall(r"^    #\d+ (\S+)", part, re.M)
                sides.append(Side(head[1].lower().replace(" ", "-"), int(head[2]), int(head[3], 16),
                                  int(head[5] or 0), number_of(stack)))
        if kind and len(sides) >= 2:
            reports.append(Report(kind[1].replace(" ", "-"), *sides[:2]))
    return reports
