# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two or three opinions of what ran, line by line. Nothing here knows how they were come by.

An opinion is {path: File}; a File has lines {line: count}, branches {(line, column): (true, false)} and
functions {(line): count}.
"""
import collections
import json
import re


class File:
    def __init__(self):
        self.lines, self.branches, self.functions = {}, {}, {}


def read_furlong(path, prefix):
    with open(path, encoding="utf-8") as file:
        coverage = json.load(file)["coverage"]
    opinion = {}
    for entry in coverage["files"]:
        name = relative(entry["path"], prefix)
        if name is None:
            continue
        found = opinion.setdefault(name, File())
        found.lines = {l["line"]: l["count"] for l in entry["lines"]}
        for branch in entry["branches"]:
            add(found.branches, (branch["line"], branch["column"]), (branch["true"], branch["false"]))
        for function in entry["functions"]:
            found.functions[function["line"]] = found.functions.get(function["line"], 0) + function["count"]
    return opinion


def read_llvm(lcov, exported, prefix):
    """Lines from the lcov export (llvm-cov's own rule for lines), branches and functions from the JSON export."""
    opinion, found = {}, None
    for line in lcov.split("\n"):
        if line.startswith("SF:"):
            name = relative(line[3:], prefix)
            found = opinion.setdefault(name, File()) if name else None
        elif found and line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            found.lines[int(number)] = int(count)
    data = json.loads(exported)["data"][0]
    for entry in data["files"]:
        name = relative(entry["filename"], prefix)
        if name:
            for branch in entry.get("branches", []):
                add(opinion[name].branches, (branch[0], branch[1]), (branch[4], branch[5]))
    for function in data["functions"]:
        name = relative(function["filenames"][0], prefix)
        if name and function["regions"]:
            line = function["regions"][0][0]
            functions = opinion.setdefault(name, File()).functions
            functions[line] = functions.get(line, 0) + function["count"]
    return opinion


def add_opinion(total, more):
    """What one module says, added to what others say of the same sources."""
    for name, file in more.items():
        into = total.setdefault(name, File())
        for line, count in file.lines.items():
            into.lines[line] = into.lines.get(line, 0) + count
        for key, pair in file.branches.items():
            add(into.branches, key, pair)
        for line, count in file.functions.items():
            into.functions[line] = into.functions.get(line, 0) + count


def add(table, key, pair):
    old = table.get(key, (0, 0))
    table[key] = (old[0] + pair[0], old[1] + pair[1])


def relative(path, prefix):
    """`path` below `prefix`, or None. A relative path is taken to be below it."""
    if not path.startswith("/"):
        return path
    return path[len(prefix):].lstrip("/") if path.startswith(prefix + "/") else None


CALL = re.compile(r"\b(?!(?:if|for|while|switch|return|sizeof|defined)\b)[A-Za-z_]\w*\s*\(")
CLASSES = {
    "varies": "the count varies from run to run of llvm's own build",
    "negative": "llvm-cov subtracts more than it has (a frame that did not end)",
    "no return": "lower here and after a call, which may not have come back: look at each",
    "jumped to": "higher here and in a function with setjmp or a handler: look at each",
    "unexplained": "unexplained",
}


def classify(source, line, ours, theirs, again, start):
    """Where to begin to look when llvm-cov says `theirs` and we `ours`, from what stands between the function's start and the line."""
    if again is not None and again != theirs:
        return "varies"
    if theirs >= 1 << 63:
        return "negative"
    before = "\n".join(source[start - 1:line])
    if ours < theirs and CALL.search(re.sub(r"/\*.*?\*/|\"(\\.|[^\"])*\"", "", before, flags=re.S)):
        return "no return"
    if ours > theirs and re.search(r"setjmp|catch|LUAI_TRY", before):
        return "jumped to"
    return "unexplained"


class Comparison:
    def __init__(self):
        self.lines_same = self.lines_differ = self.only_ours = self.only_theirs = 0
        self.classes = collections.Counter()
        self.listed = []


def compare(ours, theirs, again, read_source):
    """Every line that both call code."""
    result = Comparison()
    for name in sorted(set(ours) | set(theirs)):
        mine, other = ours.get(name, File()), theirs.get(name, File())
        repeated = again.get(name, File()) if again else None
        result.only_ours += len(mine.lines.keys() - other.lines.keys())
        result.only_theirs += len(other.lines.keys() - mine.lines.keys())
        for kind, keys in (("only ours", mine.lines.keys() - other.lines.keys()),
                           ("only llvm's", other.lines.keys() - mine.lines.keys())):
            result.listed += [(kind, name, line, mine.lines.get(line), other.lines.get(line)) for line in sorted(keys)]
        starts = sorted(other.functions)
        for line in sorted(mine.lines.keys() & other.lines.keys()):
            if mine.lines[line] == other.lines[line]:
                result.lines_same += 1
                continue
            result.lines_differ += 1
            start = max((s for s in starts if s <= line), default=line)
            kind = classify(read_source(name), line, mine.lines[line], other.lines[line],
                            repeated.lines.get(line) if repeated else None, start)
            result.classes[kind] += 1
            result.listed.append((kind, name, line, mine.lines[line], other.lines[line]))
    return result


def totals(opinion):
    lines = [c for f in opinion.values() for c in f.lines.values()]
    outcomes = [c for f in opinion.values() for pair in f.branches.values() for c in pair]
    functions = [c for f in opinion.values() for c in f.functions.values()]
    return [(len(some), sum(1 for c in some if c)) for some in (lines, outcomes, functions)]
