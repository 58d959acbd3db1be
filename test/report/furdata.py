#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""furdata.py: writes coverage data files by hand, from include/furlong/format.h alone.

Shares no code with the tool, so that a misreading of the format in either shows. Used by the golden tests,
the fuzzers' seeds and the performance test.
"""
import struct

CODE, EXPANSION, SKIPPED, GAP, BRANCH = range(5)
FROM_DEBUG_INFO, NEVER_EMITTED = 1, 2
PAGE = 4096


def uleb(n):
    out = bytearray()
    while True:
        byte, n = n & 0x7F, n >> 7
        out.append(byte | (0x80 if n else 0))
        if not n:
            return bytes(out)


def zigzag(n):
    return uleb(n * 2 if n >= 0 else -n * 2 - 1)


def counter(index):
    return 1 + (index << 1)


def expression(index):
    return 1 + (index << 1 | 1)


def code(start, end, count, file=0):
    return (CODE, file, uleb(count), start, end)


def gap(start, end, count, file=0):
    return (GAP, file, uleb(count), start, end)


def skipped(start, end, file=0):
    return (SKIPPED, file, b"", start, end)


def expansion(start, end, expanded, file=0):
    return (EXPANSION, file, uleb(expanded), start, end)


def branch(start, end, true, false, file=0):
    return (BRANCH, file, uleb(true) + uleb(false), start, end)


def shape(name, files, regions, expressions=(), flags=0, version=1):
    """regions: from the helpers above; expressions: (operator, left, right) of counts."""
    name = name.encode()
    out = uleb(version) + uleb(flags) + uleb(len(name)) + name
    out += uleb(len(files)) + b"".join(uleb(f) for f in files)
    out += uleb(len(expressions)) + b"".join(uleb("-+".index(o)) + uleb(l) + uleb(r) for o, l, r in expressions)
    out += uleb(len(regions))
    line = 0
    for kind, file, own, start, end in regions:
        out += uleb(kind) + uleb(file) + own
        out += zigzag(start[0] - line) + uleb(start[1]) + uleb(end[0] - start[0]) + uleb(end[1])
        line = start[0]
    return out


def file_table(files):
    """files: (path, digest or None)."""
    out = uleb(len(files))
    for path, digest in files:
        path = path.encode()
        digest = digest or b""
        out += uleb(len(path)) + path + uleb(len(digest)) + digest
    return out


class Module:
    """One binary: units of functions, each with counter values per slot."""

    def __init__(self, path, module_id=0x1234, label=""):
        self.path, self.module_id, self.label = path, module_id, label
        self.map = bytearray()
        self.functions = []  # (shape offset, files offset, first counter, count)
        self.values = []  # of slot 0
        self.unslotted_threads = self.private_processes = 0

    def unit(self, files):
        offset = len(self.map)
        self.map += file_table(files)
        return offset

    def function(self, unit, name, files, regions, values=(), expressions=(), flags=0, version=1):
        offset = len(self.map)
        self.map += shape(name, files, regions, expressions, flags, version)
        self.functions.append((offset, unit, len(self.values), len(values)))
        self.values += values

    def entries(self, cnt, fn, mp):
        """The section furlong_fn when the sections stand at these addresses."""
        out = bytearray()
        for i, (shape_at, files_at, first, count) in enumerate(self.functions):
            at = fn + i * 32
            out += struct.pack("<qqqII", cnt + first * 8 - at if count else 0, mp + shape_at - (at + 8),
                               mp + files_at - (at + 16), count, 0)
        return bytes(out)

    def data(self, slots=None, capacity=None, head=0x40):
        """The file. `slots`: lists of counters (default: one, of the values); a slot is (owner, list) too."""
        slots = [self.values] if slots is None else slots
        slots = [s if isinstance(s, tuple) else (0, s) for s in slots]
        capacity = capacity or max(len(slots), 4)
        cnt, fn, mp = 0x7000 + head, 0x3010, 0x9100
        entries = self.entries(cnt, fn, mp)
        path, label = self.path.encode(), self.label.encode()
        counters_bytes = len(self.values) * 8
        at = 256
        path_offset = at
        at += len(path) + len(label)
        functions_offset = at = (at + 15) // 16 * 16
        at += len(entries)
        map_offset = at
        at += len(self.map)
        owners_offset = at = (at + 7) // 8 * 8
        at += 8 * capacity
        slots_offset = (at + PAGE - 1) // PAGE * PAGE
        stride = (head + counters_bytes + PAGE - 1) // PAGE * PAGE or PAGE
        header = struct.pack(
            "<8sIIQQQQQQIIQQQQqqQIIQQ64x", b"FURLCOV\n", 1, 216, self.module_id, counters_bytes, head, stride,
            slots_offset, owners_offset, capacity, len(slots), functions_offset, len(entries), map_offset,
            len(self.map), cnt - fn, mp - fn, path_offset, len(path), len(label), self.unslotted_threads,
            self.private_processes)
        out = bytearray(slots_offset + stride * len(slots))
        out[0:len(header)] = header
        out[path_offset:path_offset + len(path) + len(label)] = path + label
        out[functions_offset:functions_offset + len(entries)] = entries
        out[map_offset:map_offset + len(self.map)] = self.map
        for i, (owner, values) in enumerate(slots):
            struct.pack_into("<Q", out, owners_offset + 8 * i, owner)
            struct.pack_into("<%dQ" % len(values), out, slots_offset + stride * i + head, *values)
        return bytes(out)
