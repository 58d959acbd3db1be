#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""reports.py DIR: a small report in each format that can be an input, for fuzzers to start from."""
import json
import os
import sys

REGIONS = [[1, 1, 5, 2, 3, 0, 0, 0], [2, 6, 2, 9, 3, 0, 1, 1], [9, 20, 9, 30, 3, 1, 0, 0], [3, 1, 4, 1, 2, 0, 0, 3]]
REPORTS = {
    "lcov": "TN:t\nSF:/src/a.c\nFN:1,f\nFNDA:3,f\nFNL:0,7,9\nFNA:0,1,g\nBRDA:2,0,0,1\nBRDA:2,0,1,-\nBRDA:2,e1,x,4\nDA:1,3\nDA:2,0\nend_of_record\n",
    "cobertura": "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'x' [<!ENTITY a 'b'>]><coverage><sources><source>/src</source></sources><classes>"
                 "<class filename='a&amp;&#65;.c'><methods><method name='f'><lines><line number='1' hits='3'/></lines></method></methods>"
                 "<lines><line number='1' hits='3' condition-coverage='50% (1/2)'/><!-- x --></lines></class></classes></coverage>",
    "gcov": json.dumps({"gcc_version": "12", "format_version": "1", "current_working_directory": "/src", "files": [{
        "file": "a.c", "functions": [{"name": "f", "start_line": 1, "start_column": 5, "end_line": 3, "end_column": 1, "execution_count": 3}],
        "lines": [{"line_number": 1, "count": 3, "branches": [{"count": 1, "throw": False}, {"count": 2, "throw": True}]}]}]}),
    "llvm": json.dumps({"data": [{"files": [], "functions": [{"name": "f\u00e9\n", "count": 3, "filenames": ["/src/a.c", "/src/b.h"], "regions": REGIONS,
                                                             "branches": [[2, 1, 2, 5, 1, 2, 0, 0, 4]]}]}], "type": "llvm.coverage.json.export", "version": "2.0.1"}),
    "json": json.dumps({"schema": "furlong.report/1", "root": "/src", "coverage": {"files": [{
        "path": "a.c", "lines": [{"line": 1, "count": 3}, {"line": 2, "count": 18446744073709551615, "excluded": True}],
        "functions": [{"name": "f", "linkage": "f", "line": 1, "column": 5, "end_line": 3, "count": 3}],
        "branches": [{"line": 1, "column": 2, "end": [1, 4], "true": 1, "false": 0, "constant": ["false"],
                      "macro": {"path": "b.h", "start": [1, 1], "end": [1, 2]}}],
        "regions": [{"start": [1, 1], "end": [3, 2], "count": 3}]}]}, "races": {"count": 0}}),
}
for name, text in REPORTS.items():
    with open(os.path.join(sys.argv[1], "seed." + name), "w") as file:
        file.write(text)
