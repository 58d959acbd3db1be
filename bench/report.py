#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From raw data to a report: time, memory and page size, beside clang's own tools.

    report.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 3] [--lines 500000]

On a generated program and on sqlite's amalgamation. Prints Markdown.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import generate_code
import measure
import programs
from coverage import CLANG_COVERAGE


def build_generated(cc, source, out):
    os.makedirs(out, exist_ok=True)

    def compile_one(path):
        programs.sh(f"{cc} -w -c -o {out}/{os.path.basename(path)[:-2]}.o {path}", source)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, glob.glob(source + "/**/*.c", recursive=True)))
    programs.sh(f"{cc} -o program *.o", out)


def tree_size(path):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


def total(*samples):
    """Steps one after the other: their times add up, their peaks do not."""
    return measure.Sample(sum(s.wall for s in samples), sum(s.cpu for s in samples), max(s.peak for s in samples))


def compare(args, name, lines, folder, furlong_program, clang_program, command):
    """Both programs have been built; runs each, then times the way to each report."""
    data, raw = folder + "/data", folder + "/default.profraw"
    measure.run([furlong_program, *command], {"FURLONG_DATA": data})
    measure.run([clang_program, *command], {"LLVM_PROFILE_FILE": raw})

    def clean(path):
        subprocess.run(["rm", "-rf", path], check=True)

    def ours(*outputs):
        def once():
            clean(folder + "/html")
            return measure.run([args.furlong, "report", data, *outputs], folder=folder)
        return once

    def theirs():
        clean(folder + "/theirs")
        version = args.clang
        merged = measure.run([f"llvm-profdata-{version}", "merge", "-o", folder + "/profdata", raw])
        shown = measure.run([f"llvm-cov-{version}", "show", "-format=html", "-show-branches=count", "-instr-profile",
                             folder + "/profdata", "-output-dir", folder + "/theirs", clang_program], folder=folder)
        return total(merged, shown)

    html = ["--html", folder + "/html"]
    everything = html + ["--json", folder + "/report.json", "--lcov", folder + "/report.info"]
    taken = measure.interleave({"furlong: HTML, JSON and lcov": ours(*everything), "furlong: HTML": ours(*html),
                                "llvm-profdata merge, llvm-cov show: HTML": theirs}, args.rounds)
    ours(*everything)()
    rows = []
    for what, sample in taken.items():
        size = tree_size(folder + ("/theirs" if what.startswith("llvm") else "/html"))
        rows.append([what, f"{sample.wall:.2f}", f"{sample.cpu:.2f}", f"{sample.peak / 1024:.0f}",
                     f"{size / 1e6:.1f}", f"{size / lines:.0f}"])
    print(f"\n{name}, {lines} lines:\n")
    print(measure.table(["", "wall, s", "CPU, s", "peak, MB", "HTML, MB", "bytes a line"], rows), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--work")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lines", type=int, default=500000)
    args = parser.parse_args()
    args.furlong = os.path.abspath(args.furlong)
    args.work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-bench-"))
    os.makedirs(args.work, exist_ok=True)
    flags = subprocess.run([args.furlong, "flags", "coverage"], capture_output=True, text=True, check=True).stdout.strip()
    builds = {"furlong": f"clang-{args.clang} -O0 -g @{flags}", "clang": f"clang-{args.clang} -O0 -g {CLANG_COVERAGE}"}
    print(f"{measure.machine()}. clang {args.clang}; medians of {args.rounds} interleaved rounds.")

    source = args.work + "/generated"
    if not os.path.exists(source + "/main.c"):
        subprocess.run([sys.executable, generate_code.__file__, source, str(args.lines)], check=True, stdout=subprocess.DEVNULL)
    for config, cc in builds.items():
        build_generated(cc, source, f"{args.work}/generated-{config}")
    lines = sum(sum(1 for _ in open(f, "rb")) for f in glob.glob(source + "/**/*.c", recursive=True))
    compare(args, "Generated program", lines, args.work, args.work + "/generated-furlong/program",
            args.work + "/generated-clang/program", [])

    found = sorted(glob.glob(os.path.join(os.path.abspath(args.sources), "sqlite3-*", "")))
    if not found:
        print("\nsqlite: no sqlite3-*/ in the sources; left out")
        return
    folder = args.work + "/sqlite-report"
    for config, cc in builds.items():
        os.makedirs(f"{folder}/{config}", exist_ok=True)
        programs.build_sqlite(cc, found[-1], f"{folder}/{config}")
    lines = sum(sum(1 for _ in open(f"{folder}/sqlite-amalgamation/{f}", "rb")) for f in ("sqlite3.c", "shell.c"))
    compare(args, "sqlite's amalgamation and shell", lines, folder, folder + "/furlong/sqlite", folder + "/clang/sqlite",
            [":memory:", f".read {programs.HERE}/work.sql"])


if __name__ == "__main__":
    main()
