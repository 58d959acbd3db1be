#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""big.py DIR [LINES]: a made-up code base of LINES lines (500 000) with its data, two regions a line.

DIR gets src/*.c and furlong-data/big.cov. The shapes are like those of real C: functions of 40 lines with
loops, conditions and calls.
"""
import hashlib
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "report"))
from furdata import Module, branch, code, counter, gap  # noqa: E402

FUNCTIONS_PER_FILE = 25
BODY = 9  # ifs in a function; 4 lines each


def function(name, line):
    """Source lines and regions of one function; counters: 0 entry, then for each if: condition, body."""
    text = ["int %s(int x)" % name, "{", "\tint sum = x;"]
    regions, values, entered = [], [1000], 1000
    for i in range(BODY):
        at = line + len(text)
        text += ["\tif (x > %d && x < %d) {" % (i, i * 7), "\t\tsum += x * %d; /* a comment to fill the line */" % i,
                 "\t\tsum ^= sum >> 3;", "\t}"]
        second, body = random.randrange(entered), random.choice((0, 0, 5))
        values += [second, body, entered - second, max(second - body, 0)]
        c = 1 + 4 * i
        close = len("\tif (x > %d && x < %d)" % (i, i * 7))
        left = len("\tif (x > %d" % i)
        regions += [code((at, 6), (at, close), counter(0)), branch((at, 6), (at, left + 1), counter(c), counter(c + 2)),
                    code((at, left + 5), (at, close), counter(c)),
                    branch((at, left + 5), (at, close), counter(c + 1), counter(c + 3)),
                    gap((at, close + 1), (at, close + 2), counter(c + 1)),
                    code((at, close + 2), (at + 3, 3), counter(c + 1))]
    text += ["\treturn sum;", "}", ""]
    return text, [code((line + 1, 1), (line + len(text) - 2, 2), counter(0))] + regions, values


def main():
    out, lines = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500000
    random.seed(1)
    module = Module(os.path.join(out, "big"), 0xB16)
    os.makedirs(os.path.join(out, "src"), exist_ok=True)
    os.makedirs(os.path.join(out, "furlong-data"), exist_ok=True)
    written, number = 0, 0
    while written < lines:
        text, functions = [], []
        for i in range(FUNCTIONS_PER_FILE):
            name = "f%d_%d" % (number, i)
            more, regions, values = function(name, len(text) + 1)
            functions.append((name, regions, values))
            text += more
        path = os.path.join(os.path.abspath(out), "src", "d%02d" % (number % 20), "file%04d.c" % number)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        content = "\n".join(text) + "\n"
        with open(path, "w") as f:
            f.write(content)
        unit = module.unit([(path, hashlib.md5(content.encode()).digest())])
        for name, regions, values in functions:
            module.function(unit, name, [0], regions, values)
        written += len(text)
        number += 1
    with open(os.path.join(out, "furlong-data", "big.cov"), "wb") as f:
        f.write(module.data())


main()
