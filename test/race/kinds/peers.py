#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the table of docs/design/race-kinds.md: who says something of each program of this folder, and of its twin.

    peers.py --furlong BIN [--clang 22] [FILE...]
"""
import argparse
import glob
import os
import sys

import kinds

PEERS = ("tsan", "helgrind", "drd")
WORDS = {("says", "silent"): "yes", ("silent", "silent"): "no", ("hangs", "silent"): "hangs", ("says", "says"): "yes, and of the twin",
         ("silent", "says"): "of the twin only"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    arguments.level, arguments.options, arguments.runtime = "O2", "", "race"
    runners = {}
    for peer in (None, *PEERS):
        arguments.peer = peer
        runners[peer] = kinds.Runner(argparse.Namespace(**vars(arguments)))
    print("| program | Furlong | TSan | Helgrind | DRD |\n|---|---|---|---|---|")
    for path in arguments.files or sorted(glob.glob(kinds.HERE + "/*.c")):
        case = kinds.Case(path)
        cells = ["yes" if not runners[None].check(case, 1) else "wrong"]
        for peer in PEERS:
            words = tuple(runners[peer].check_peer(case))
            cells.append(WORDS.get(words, " / ".join(words)))
        print(f"| {os.path.splitext(case.name)[0]} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
