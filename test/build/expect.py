#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""expect.py REPORT.json SOURCE...: every line that ends in a number in a comment was run that often."""
import json
import os
import re
import sys


def main():
    report, *sources = sys.argv[1:]
    with open(report, encoding="utf-8") as file:
        coverage = json.load(file)["coverage"]
    files = {os.path.basename(f["path"]): f for f in coverage["files"]}
    faults = compared = 0
    for source in sources:
        found = files.get(os.path.basename(source))
        counts = {line["line"]: line["count"] for line in found["lines"]} if found else {}
        with open(source, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                wanted = re.search(r"/\* (\d+) \*/$", line.rstrip())
                if wanted:
                    compared += 1
                    if counts.get(number) != int(wanted.group(1)):
                        faults += 1
                        print(f"{source}:{number}: {counts.get(number)}, should be {wanted.group(1)}")
    print(f"{compared} lines compared, {faults} wrong")
    return 1 if faults or not compared else 0


sys.exit(main())
