#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""seed.py OUT: a small data file with every kind of structure, for fuzzers to start from."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "report"))
from furdata import NEVER_EMITTED, Module, branch, code, counter, expansion, expression, gap, skipped  # noqa: E402

module = Module("/src/app", 7, "label")
unit = module.unit([("/src/a.c", b"0123456789abcdef"), ("b.h", None)])
c, e = counter, expression
module.function(unit, "_Z1fIiEvT_", [0, 1, 0], [
    code((3, 1), (9, 2), c(0)), branch((4, 6), (4, 11), c(1), e(0)), gap((4, 22), (4, 23), c(1)),
    code((4, 23), (6, 3), e(1)), expansion((5, 10), (5, 13), 1), skipped((7, 0), (8, 0)),
    code((1, 19), (1, 42), c(1), file=1), expansion((1, 20), (1, 22), 2, file=1), code((2, 1), (2, 5), c(1), file=2),
], [7, 5], [("-", c(0), c(1)), ("+", e(0), c(1))])
module.function(unit, "g", [0], [code((10, 20), (10, 33), 0)], flags=NEVER_EMITTED)
with open(sys.argv[1], "wb") as file:
    file.write(module.data(slots=[[7, 5], (1 << 32 | 9, [1, 1])]))
