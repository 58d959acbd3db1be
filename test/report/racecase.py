#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""racecase.py: a program with debug information, and races in it written by hand. Lines and columns are those of the
source below, where each function that a frame names stands on one line, so that any address in it means that line."""
import re
import subprocess

from harness import Case
from racedata import Block

SOURCE = """/* two threads, one counter */
static long counter;
__attribute__((noinline)) void increment(void) { counter++; }
__attribute__((noinline)) long total(void) { return counter; }
__attribute__((noinline)) void *worker(void *p) { increment(); return p; }
__attribute__((noinline)) void *make(void) { return (void *)total(); }
int main(void) { worker(0); make(); return 0; }
"""
KEY = 0x53B9F64CA0FA256D


class RaceCase(Case):
    """app is a program of SOURCE; self.at(name) is a frame in a function of it."""

    def setUp(self):
        super().setUp()
        self.source("src/counter.c", SOURCE)
        self.build()

    def build(self, *flags, source="src/counter.c"):
        command = ["cc", "-g", "-O0", "-Wl,--build-id", *flags, source, "-o", "app"]
        subprocess.run(command, cwd=self.dir, check=True)
        names = subprocess.run(["nm", self.path("app")], capture_output=True, text=True, check=True).stdout
        self.addresses = {f[2]: int(f[0], 16) for f in map(str.split, names.splitlines()) if len(f) == 3}
        notes = subprocess.run(["readelf", "-n", self.path("app")], capture_output=True, text=True, check=True).stdout
        self.modules = [(re.search("Build ID: ([0-9a-f]+)", notes).group(1), self.path("app"))]

    def at(self, name):
        return 0, self.addresses[name] + 8

    def block(self, pid=100, start=1000, label=""):
        return Block(pid, start, self.path("app"), label, self.modules)

    def race(self, pid=100, start=1000, key=KEY, label="", kind="data-race"):
        """T2 writes, holding M1; T1 had read."""
        block = self.block(pid, start, label).report(key, kind)
        block.access("write", 8, 0x404010, 2, [self.at("increment"), self.at("worker")], [(1, "write")])
        block.access("read", 8, 0x404010, 1, [self.at("total"), self.at("make"), "..."])
        block.line("location", "global", 0, hex(self.addresses["counter"]))
        block.lock(1, 0x405000, [self.at("main")])
        block.thread(2, 4245, "running", 0, "a worker", [self.at("main")]).thread(1, 4244, "finished", 0)
        return block

    def other(self, pid=100, start=1000, key=7):
        """main frees what T1 read."""
        block = self.block(pid, start).report(key, "heap-use-after-free")
        block.access("free", 16, 0x7B0400, 0, [self.at("main")]).access("atomic-read", 4, 0x7B0404, 1, [self.at("worker")])
        block.heap(16, 0x7B0400, 0, [self.at("make")], (0, [self.at("main")]))
        return block.thread(1, 4244, "finished", 0, "", [self.at("main")])

    def write(self, *blocks, name="app.1"):
        with open(self.path("furlong-data", name + ".race"), "w") as file:
            file.write("".join(b if isinstance(b, str) else b.text() for b in blocks))

    def races(self):
        return self.report()["races"]
