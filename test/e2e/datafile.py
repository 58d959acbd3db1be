#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads coverage data files on its own, from format.h's text: the tests' witness, independent of the tool.

    datafile.py DIR     prints one line per file: name, label, slots used, quality, sums of the counters
"""
import os
import struct
import sys

HEADER = struct.Struct("<8s II Q QQQQQ II QQQQ qq Q II QQ")


class Uleb:
    def __init__(self, data, at):
        self.data, self.at = data, at

    def bytes(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value


class DataFile:
    def __init__(self, path):
        with open(path, "rb") as stream:
            data = stream.read()
        (magic, self.version, header_bytes, self.module_id, counters_bytes, head, stride, slots_offset,
         owners_offset, self.capacity, self.slots_used, functions_offset, functions_bytes, map_offset, map_bytes,
         self.functions_to_counters, self.functions_to_map, path_offset, path_bytes, label_bytes,
         self.unslotted_threads, self.private_processes) = HEADER.unpack_from(data)
        assert magic == b"FURLCOV\n", path
        self.path = path
        self.module = data[path_offset:path_offset + path_bytes].decode()
        self.label = data[path_offset + path_bytes:path_offset + path_bytes + label_bytes].decode()
        self.functions = data[functions_offset:functions_offset + functions_bytes]
        self.map = data[map_offset:map_offset + map_bytes]
        count = counters_bytes // 8
        self.slots = []
        for slot in range(self.slots_used):
            at = slots_offset + slot * stride + head
            raw = data[at:at + counters_bytes].ljust(counters_bytes, b"\0")
            self.slots.append(struct.unpack("<%dQ" % count, raw))
        self.owners = struct.unpack_from("<%dQ" % self.slots_used, data, owners_offset)
        self.sums = [sum(column) for column in zip(*self.slots)] if self.slots else [0] * count
        self.entries = self.function_entries(self.sums)
        self.tests = {label: self.four(sums) for label, sums in self.read_tests(path, count).items()}
        if "counter_1" in self.entries:
            self.sums = self.four(self.sums)

    def four(self, sums):
        """Those of compiled.h by their names, else as they stand."""
        entries = self.function_entries(sums)
        return [entries.get("counter_%d" % n, 0) for n in range(4)] if "counter_1" in entries else sums

    def read_tests(self, path, count):
        """Label -> counters, from the records beside the data file."""
        tests, at = {}, 0
        if not os.path.exists(path[:-4] + ".tests"):
            return tests
        with open(path[:-4] + ".tests", "rb") as stream:
            data = stream.read()
        while at < len(data):
            magic, module_id, length, label_bytes, entries, _ = struct.unpack_from("<8sQIIII", data, at)
            assert magic == b"frltest1" and module_id == self.module_id and length % 8 == 0, path
            reader = Uleb(data, at + 32)
            sums = tests.setdefault(reader.bytes(label_bytes).decode(), [0] * count)
            counter = -1
            for _ in range(entries):
                counter += 1 + reader.number()
                sums[counter] += reader.number()
            assert at + length - 8 < reader.at <= at + length, path
            at += length
        return tests

    def function_entries(self, sums):
        """Function name -> how often it was entered; of those whose first region has a counter."""
        entries = {}
        for at in range(0, len(self.functions), 32):
            counters, shape, _, count, _ = struct.unpack_from("<qqqII", self.functions, at)
            reader = Uleb(self.map, at + 8 + shape - self.functions_to_map)
            reader.number()  # version
            reader.number()  # flags
            name = reader.bytes(reader.number()).decode()
            for _ in range(reader.number()):
                reader.number()  # files
            for _ in range(reader.number()):
                reader.number(), reader.number(), reader.number()  # expressions
            if not reader.number():
                continue
            kind, _, counted = reader.number(), reader.number(), reader.number()
            if count and kind == 0 and counted and not (counted - 1) & 1:
                first = (at + counters - self.functions_to_counters) // 8
                entries[name.split(":")[-1]] = sums[first + ((counted - 1) >> 1)]
        return entries


def read(directory):
    """All data files of a directory, by the base name of their module; a list for each."""
    files = {}
    for name in sorted(os.listdir(directory)):
        if name.endswith(".cov"):
            file = DataFile(os.path.join(directory, name))
            files.setdefault(os.path.basename(file.module), []).append(file)
    return files


def totals(directory):
    """Module name -> sums over its files."""
    return {name: [sum(column) for column in zip(*(file.sums for file in files))]
            for name, files in read(directory).items()}


if __name__ == "__main__":
    for module, files in read(sys.argv[1]).items():
        for file in files:
            print(module, repr(file.label), "slots=%d" % file.slots_used,
                  "unslotted=%d private=%d" % (file.unslotted_threads, file.private_processes), *file.sums)
