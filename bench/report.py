#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From raw data to pages: time, memory and bytes a line, beside llvm-cov, genhtml and gcovr.

    report.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 3] [--lines 1000000] [--genhtml2 PROGRAM] [--only lua,...]

On Lua, on sqlite's amalgamation, on Redis and on a generated program. Each tool starts from what the program's run left and ends
with HTML that shows branches: genhtml by way of llvm-cov's lcov, gcovr from a gcc build. genhtml 2 and gcovr are run once,
as they take minutes; the others in turns. Prints Markdown, times and sizes beside those of --compact, the form for what is large.
"""
import glob
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import generate_code
import measure
import programs
from coverage import CLANG_COVERAGE

# What genhtml 2 refuses of llvm-cov's lcov: lines that ran in functions that did not, lines behind a file's end.
IGNORED = ("--ignore-errors", ",".join(2 * ["inconsistent", "category", "range", "unsupported"]))
# Pages go to memory, each time where none were: what a new file costs on a disk depends on what was removed there before,
# by factors.
MEMORY = "/dev/shm"
SUBJECTS = ("lua", "sqlite", "redis", "generated")


def tree_size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


def total(*samples):
    """Steps one after the other: their times add up, their peaks do not."""
    return measure.Sample(sum(s.wall for s in samples), sum(s.cpu for s in samples), max(s.peak for s in samples))


def build_all(cc, sources, flags, out, libraries=""):
    """Each source to an object beside the others, then the program."""
    os.makedirs(out, exist_ok=True)

    def compile_one(path):
        programs.sh(f"{cc} -w {flags} -c -o {out}/{os.path.basename(path)[:-2]}.o {path}", out)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, sources))
    programs.sh(f"{cc} -o program *.o {libraries}", out)


class Subject:
    """name; sources as compiled; compiler flags; command after the program's name; lines of all its files."""

    def __init__(self, name, title, sources, flags, libraries, command, counted):
        self.name, self.title, self.sources, self.flags, self.libraries, self.command = name, title, sources, flags, libraries, command
        self.counted = counted

    def lines(self):
        return sum(sum(1 for _ in open(path, "rb")) for path in self.counted)


def find(sources, package):
    found = sorted(glob.glob(os.path.join(os.path.abspath(sources), package + "-*", "")))
    return found[-1] if found else None


def redis_server(source, folder):
    """The server, running the tests that it has in itself; its libraries are built once, by plain cc."""
    if not os.path.exists(folder):
        shutil.copytree(source, folder)
        programs.sh("./mkreleasehdr.sh && make -C ../deps lua hiredis hdr_histogram linenoise", folder + "/src")
    with open(folder + "/src/Makefile") as makefile:
        objects = re.search(r"^REDIS_SERVER_OBJ=(.*)$", makefile.read(), re.M).group(1).split()
    files = [f"{folder}/src/{name[:-2]}.c" for name in objects]
    libraries = ("lua/src/liblua.a", "hiredis/libhiredis.a", "hdr_histogram/libhdrhistogram.a", "linenoise/linenoise.o")
    return Subject("redis", "Redis' server", files, "-std=c11 -DREDIS_TEST -I" + " -I".join(
        f"{folder}/deps/{name}" for name in ("lua/src", "hiredis", "hdr_histogram", "linenoise")),
        " ".join(f"{folder}/deps/{name}" for name in libraries) + " -rdynamic -pthread -lm -ldl", ["test", "dict"],
        files + glob.glob(folder + "/src/*.h"))


def subjects(args):
    lua = find(args.sources, "lua5.4")
    if "lua" in args.only and lua:
        files = [f for f in sorted(glob.glob(lua + "src/*.c")) if not f.endswith("luac.c")]
        yield Subject("lua", "Lua", files, "-std=gnu99 -DLUA_USE_LINUX", "-lm -ldl", [programs.HERE + "/work.lua", "1"],
                      files + glob.glob(lua + "src/*.h"))
    sqlite = find(args.sources, "sqlite3")
    if "sqlite" in args.only and sqlite:
        folder = args.work + "/sqlite"
        os.makedirs(folder, exist_ok=True)
        programs.build_sqlite("cc", sqlite, folder) # makes the amalgamation
        files = [f"{args.work}/sqlite-amalgamation/{f}" for f in ("sqlite3.c", "shell.c")]
        yield Subject("sqlite", "sqlite's amalgamation and shell", files, "-DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION",
                      "-lm", [":memory:", f".read {programs.HERE}/work.sql"], files)
    redis = find(args.sources, "redis")
    if "redis" in args.only and redis:
        yield redis_server(redis, args.work + "/redis")
    if "generated" in args.only:
        source = args.work + "/generated"
        if not os.path.exists(source + "/main.c"):
            subprocess.run([sys.executable, generate_code.__file__, source, str(args.lines)], check=True, stdout=subprocess.DEVNULL)
        files = glob.glob(source + "/**/*.c", recursive=True)
        yield Subject("generated", "a generated program", files, "", "", [], files)


class Comparison:
    """One subject, built three times and run; then each tool's way to its pages."""

    def __init__(self, args, subject):
        self.args, self.subject = args, subject
        self.folder = f"{args.work}/report-{subject.name}"
        self.size = {}
        self.numbers = itertools.count(1)
        self.out = tempfile.mkdtemp(prefix="furlong-bench-", dir=MEMORY if os.path.isdir(MEMORY) else args.work)
        flags = subprocess.run([args.furlong, "flags", "coverage"], capture_output=True, text=True, check=True).stdout.strip()
        compilers = {"furlong": f"clang-{args.clang} -O0 -g @{flags}", "clang": f"clang-{args.clang} -O0 -g {CLANG_COVERAGE}",
                     "gcc": "gcc -O0 -g --coverage"}
        shutil.rmtree(self.folder + "/data", ignore_errors=True) # of an earlier run from other places
        for name, cc in compilers.items():
            out = f"{self.folder}/{name}"
            build_all(cc, subject.sources, subject.flags, out, subject.libraries)
            measure.run([out + "/program", *subject.command],
                        {"FURLONG_DATA": self.folder + "/data", "LLVM_PROFILE_FILE": self.folder + "/default.profraw"})

    def step(self, *command):
        return measure.run(list(command), folder=self.folder)

    def fresh(self):
        return f"{self.out}/{next(self.numbers)}"

    def furlong(self, title, option, *more):
        def once():
            out = self.fresh()
            sample = self.step(self.args.furlong, "report", self.folder + "/data", "-q", option, out, *more)
            self.size[title] = tree_size(out)
            return sample
        return once

    def merge(self):
        return self.step(f"llvm-profdata-{self.args.clang}", "merge", "-o", self.folder + "/profdata", self.folder + "/default.profraw")

    def llvm_cov(self):
        out = self.fresh()
        sample = total(self.merge(), self.step(
            f"llvm-cov-{self.args.clang}", "show", "-format=html", "-show-branches=count", "-instr-profile",
            self.folder + "/profdata", "-output-dir", out, self.folder + "/clang/program"))
        self.size["llvm-cov"] = tree_size(out)
        return sample

    def genhtml(self, name, command):
        out, info = self.fresh(), self.folder + "/llvm.info"
        merged = self.merge()
        exported = self.step("sh", "-c", f"llvm-cov-{self.args.clang} export -format=lcov -instr-profile profdata clang/program >{info}")
        shown = self.step(*command, "-q", "--branch-coverage", "-o", out, info)
        self.size[name] = tree_size(out)
        return total(merged, exported, shown)

    def gcovr(self):
        out = self.fresh()
        os.makedirs(out)
        sample = self.step("gcovr", "-r", os.path.commonpath([os.path.dirname(f) for f in self.subject.sources]), "--object-directory", self.folder + "/gcc",
                           "--html-details", out + "/index.html", self.folder + "/gcc")
        self.size["gcovr"] = tree_size(out)
        return sample

    def table(self):
        lines = self.subject.lines()
        taken = measure.interleave({
            "furlong --compact": self.furlong("furlong --compact", "--html", "--compact"),
            "furlong --single": self.furlong("furlong --single", "--single"),
            "furlong": self.furlong("furlong", "--html"), "llvm-cov": self.llvm_cov,
            "genhtml": lambda: self.genhtml("genhtml", ["genhtml"])}, self.args.rounds)
        if self.args.genhtml2:
            taken["genhtml 2"] = self.genhtml("genhtml 2", [self.args.genhtml2, *IGNORED])
        taken["gcovr"] = self.gcovr()
        shutil.rmtree(self.out)
        base, base_size = taken["furlong --compact"], self.size["furlong --compact"]
        rows = [[name, f"{s.cpu:.2f}", f"{s.cpu / base.cpu:.1f}", f"{s.wall / base.wall:.1f}", f"{s.peak / 1024:.0f}", f"{self.size[name] / 1e6:.1f}",
                 f"{self.size[name] / base_size:.1f}", f"{self.size[name] / lines:.0f}"] for name, s in taken.items()]
        print(f"\n{self.subject.title}, {lines} lines:\n")
        print(measure.table(["", "CPU, s", "times ours", "wall, times ours", "peak, MB", "HTML, MB", "times ours", "bytes a line"], rows), flush=True)


def version(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0].split()[-1]


def main():
    parser = measure.parser(rounds=3)
    parser.add_argument("--lines", type=int, default=1000000)
    parser.add_argument("--genhtml2", metavar="PROGRAM", help="a genhtml 2.x, to be measured too")
    parser.add_argument("--only", default=",".join(SUBJECTS))
    args = measure.parse(parser)
    args.only = args.only.split(",")
    print(f"{measure.machine()}. clang {args.clang}, genhtml {version(['genhtml', '--version'])}, gcovr {version(['gcovr', '--version'])}; "
          f"medians of {args.rounds} interleaved rounds.")
    for subject in subjects(args):
        Comparison(args, subject).table()


if __name__ == "__main__":
    main()
