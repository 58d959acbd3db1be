#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""llvm_oracle.py TOOL CLANG SOURCE... : our lines beside llvm-cov's, from the same regions and counters.

Builds and runs the sources (one program) with clang's own coverage, rewrites its mapping and its counters as a
Furlong data file, and compares every line count of our report with `llvm-cov export`. This tests the way from
regions to lines; where the counts come from is tested elsewhere. Exits 77 when this clang has no llvm-cov.
"""
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from furdata import CODE, GAP, NEVER_EMITTED, Module, branch, counter, expansion, expression, skipped, uleb  # noqa: E402

NO_END = 1 << 29


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def uleb(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def take(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def align(self):
        self.at = (self.at + 7) // 8 * 8


def md5_low(data):
    return struct.unpack("<Q", hashlib.md5(data).digest()[:8])[0]


def file_lists(covmap):
    """Hash of a translation unit's file names -> absolute paths."""
    lists = {}
    while covmap.at + 16 <= len(covmap.data):
        _, size, _, version = struct.unpack("<IIII", covmap.take(16))
        blob = covmap.take(size)
        covmap.align()
        inner = Bytes(blob)
        count, raw, packed = inner.uleb(), inner.uleb(), inner.uleb()
        text = Bytes(zlib.decompress(inner.take(packed)) if packed else inner.take(raw))
        names = [text.take(text.uleb()).decode() for _ in range(count)]
        if version >= 5:
            names = [names[0]] + [os.path.join(names[0], n) for n in names[1:]]
        lists[md5_low(blob)] = names
    return lists


class Record:
    """One function's mapping, its counts in our spelling."""

    def __init__(self, data):
        self.data = Bytes(data)
        self.operators = {}
        self.files = [self.data.uleb() for _ in range(self.data.uleb())]
        self.pairs = [(self.data.uleb(), self.data.uleb()) for _ in range(self.data.uleb())]
        self.regions = []
        for file in range(len(self.files)):
            self.line = 0
            for _ in range(self.data.uleb()):
                self.region(file)
        self.expressions = []
        for i, (left, right) in enumerate(self.pairs):
            left, right = self.count(left), self.count(right)
            self.expressions.append((i, left, right))
        self.expressions = [(self.operators.get(i, "+"), l, r) for i, l, r in self.expressions]

    def count(self, encoded):
        tag, index = encoded & 3, encoded >> 2
        if tag < 2:
            return counter(index) if tag else 0
        self.operators[index] = "-" if tag == 2 else "+"
        return expression(index)

    def region(self, file):
        head = self.data.uleb()
        kind, own = CODE, None
        if head & 3:
            own = self.count(head)
        elif head & 4:
            kind, own = "expansion", head >> 3
        elif head >> 3 == 0:
            own = 0
        elif head >> 3 == 2:
            kind = "skipped"
        elif head >> 3 == 4:
            kind, own = "branch", (self.count(self.data.uleb()), self.count(self.data.uleb()))
        else:
            raise SystemExit("region of kind %d: not for this test" % (head >> 3))
        self.line += self.data.uleb()
        left, lines, right = self.data.uleb(), self.data.uleb(), self.data.uleb()
        if right >> 31:
            kind, right = GAP, right & 0x7FFFFFFF
        start, end = (self.line, left), (self.line + lines, min(right, NO_END))
        make = {"expansion": lambda: expansion(start, end, own, file), "skipped": lambda: skipped(start, end, file),
                "branch": lambda: branch(start, end, own[0], own[1], file),
                CODE: lambda: (CODE, file, uleb(own), start, end), GAP: lambda: (GAP, file, uleb(own), start, end)}
        self.regions.append(make[kind]())


def profile(llvm, raw, work):
    """(name hash, function hash) -> counters, and the names."""
    merged = os.path.join(work, "p.profdata")
    subprocess.run([llvm + "llvm-profdata", "merge", "-o", merged, raw], check=True)
    text = subprocess.run([llvm + "llvm-profdata", "merge", "--text", "-o", "-", raw], check=True,
                          capture_output=True, text=True).stdout
    counts, names = {}, {}
    for block in re.split(r"\n\n+", text):
        lines = [l for l in block.split("\n") if l and not l.startswith(("#", ":"))]
        if len(lines) < 3:
            continue
        name, digest, number = lines[0], int(lines[1], 0), int(lines[2])
        key = md5_low(name.encode())
        names[key] = name
        counts[key, digest] = [int(v) for v in lines[3:3 + number]]
    return merged, counts, names


def convert(binary, llvm, raw, work):
    """The data file that says what clang's own mapping and profile say."""
    sections = []
    for name in ("__llvm_covmap", "__llvm_covfun"):
        path = os.path.join(work, name)
        subprocess.run([llvm + "llvm-objcopy", "--dump-section", "%s=%s" % (name, path), binary, os.devnull], check=True)
        sections.append(Bytes(open(path, "rb").read()))
    merged, counts, names = profile(llvm, raw, work)
    files, covfun, records = file_lists(sections[0]), sections[1], {}
    while covfun.at + 28 <= len(covfun.data):
        name, size, digest, unit = struct.unpack("<QIQQ", covfun.take(28))
        record = Record(covfun.take(size))
        covfun.align()
        if name not in records or digest: # a function that is made in one unit is only mentioned in others
            records[name] = (record, digest, unit)
    module = Module(binary)
    units = {u: module.unit([(p, None) for p in paths]) for u, paths in files.items()}
    for name, (record, digest, unit) in records.items():
        values = counts.get((name, digest), [])
        needed = 1 + max([c >> 1 for _, c in used_counters(record)], default=-1)
        flags = 0 if digest else NEVER_EMITTED
        module.function(units[unit], names.get(name, "f%x" % name).split(":")[-1], record.files, record.regions,
                        (values + [0] * needed)[:max(needed, len(values))], record.expressions, flags)
    return merged, module.data()


def used_counters(record):
    """Every plain counter that a region or an expression names."""
    found = []
    for kind, _, own, _, _ in record.regions:
        data = Bytes(own)
        while data.at < len(own) and kind in (CODE, GAP, 4):
            found.append((kind, data.uleb()))
    found += [("e", c) for _, l, r in record.expressions for c in (l, r)]
    return [(k, c - 1) for k, c in found if c and not (c - 1) & 1]


def lines_of(tracefile):
    lines, source = {}, None
    for line in tracefile.split("\n"):
        if line.startswith("SF:"):
            source = os.path.realpath(line[3:])
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            lines[source, int(number)] = int(count)
    return lines


def main():
    tool, clang, sources = sys.argv[1], sys.argv[2], [os.path.abspath(s) for s in sys.argv[3:]]
    llvm = os.path.join(os.path.dirname(os.path.realpath(shutil.which(clang) or clang)), "")
    if not all(os.access(llvm + t, os.X_OK) for t in ("llvm-cov", "llvm-profdata", "llvm-objcopy")):
        print("no llvm-cov beside", clang)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        binary, raw, data = (os.path.join(work, n) for n in ("program", "p.profraw", "program.cov"))
        flags = ["-x", "c++"] if any(s.endswith("cpp") for s in sources) else []
        subprocess.run([clang, "-g0", "-w", "-fprofile-instr-generate", "-fcoverage-mapping", *flags, "-o", binary,
                        *sources, "-lm", "-lstdc++"], check=True, cwd=work)
        subprocess.run([binary], env={**os.environ, "LLVM_PROFILE_FILE": raw}, stdout=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL, check=True)
        merged, content = convert(binary, llvm, raw, work)
        open(data, "wb").write(content)
        theirs = lines_of(subprocess.run([llvm + "llvm-cov", "export", "--format=lcov", "-instr-profile", merged, binary],
                                         check=True, capture_output=True, text=True).stdout)
        ours = lines_of(subprocess.run([tool, "report", "--no-config", "--system-headers", "--lcov", "-", "-q", data],
                                       check=True, capture_output=True, text=True).stdout)
    wrong = [key for key in sorted(set(theirs) | set(ours)) if theirs.get(key) != ours.get(key)]
    for source, line in wrong[:20]:
        print("%s:%d: llvm-cov %s, we %s" % (source, line, theirs.get((source, line)), ours.get((source, line))))
    print("%d lines, %d differ" % (len(theirs), len(wrong)))
    sys.exit(bool(wrong) or not theirs)


main()
