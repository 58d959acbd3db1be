#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lua's counts must not depend on how it was compiled: levels.py --furlong BIN --sources DIR [--work DIR]

One script run by Lua built at -O0 to -O3, with LTO and by other clangs. The reports of one compiler must be equal
in every line, branch and function; between compilers, on every line that both call code.
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.join(HERE, "..", "..", "bench")

CONFIGS = [("22", "-O0"), ("22", "-O1"), ("22", "-O2"), ("22", "-O3"), ("22", "-O2 -flto -fuse-ld=lld-22"),
           ("22", "-O2 -flto=thin -fuse-ld=lld-22"), ("19", "-O0"), ("19", "-O2"), ("16", "-O2"), ("14", "-O0"), ("14", "-O2")]


def measure(furlong, flags, source, folder, clang, level):
    os.makedirs(folder, exist_ok=True)
    # What Lua hashes must not be an address or the time: no seed, and one place in its cache of C strings.
    files = [f for f in sorted(glob.glob(source + "src/*.c")) if os.path.basename(f) != "luac.c"]
    subprocess.run([f"clang-{clang}", *level.split(), f"@{flags}", "-std=gnu99", "-DLUA_USE_LINUX", "-Dluai_makeseed(L)=0", "-DSTRCACHE_N=1", "-DSTRCACHE_M=1", "-w",
                    "-o", folder + "/lua", *files, "-lm", "-ldl"], check=True)
    environment = dict(os.environ, FURLONG_DATA=folder + "/data")
    subprocess.run(["rm", "-rf", folder + "/data"], check=True)
    # Lua interns what it was called by: the same words in each build.
    shutil.copy(BENCH + "/work.lua", folder)
    subprocess.run(["setarch", "-R", "./lua", "work.lua", "1"], check=True, env=environment, cwd=folder,
                   stdout=subprocess.DEVNULL)
    subprocess.run([furlong, "report", folder + "/data", "--json", folder + "/report.json"], check=True,
                   stderr=subprocess.DEVNULL)
    with open(folder + "/report.json", encoding="utf-8") as file:
        return {os.path.basename(f["path"]): f for f in json.load(file)["coverage"]["files"]}


def differences(one, two, same_compiler):
    found = []
    for name in sorted(set(one) | set(two)):
        a, b = one.get(name), two.get(name)
        if not a or not b:
            found.append(f"{name} is in one report only")
            continue
        left, right = ({l["line"]: l["count"] for l in f["lines"]} for f in (a, b))
        lines = left.keys() | right.keys() if same_compiler else left.keys() & right.keys()
        found += [f"{name}:{line}: {left.get(line)} and {right.get(line)}" for line in sorted(lines)
                  if left.get(line) != right.get(line)]
        for part in ("branches", "functions") if same_compiler else ():
            if a[part] != b[part]:
                found.append(f"{name}: {part} differ")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--work")
    args = parser.parse_args()
    source = sorted(glob.glob(os.path.join(os.path.abspath(args.sources), "lua5.4-*", "")))[-1]
    furlong = os.path.abspath(args.furlong)
    work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-levels-"))
    flags = subprocess.run([furlong, "flags", "coverage"], capture_output=True, text=True, check=True).stdout.strip()
    first, failed = {}, 0
    for number, (clang, level) in enumerate(CONFIGS):
        report = measure(furlong, flags, source, f"{work}/{number}", clang, level)
        reference, same = (first[clang], True) if clang in first else (next(iter(first.values()), report), False)
        first.setdefault(clang, report)
        found = differences(reference, report, same)
        failed += bool(found)
        lines = sum(len(f["lines"]) for f in report.values())
        print(f"clang-{clang} {level}: {lines} lines, {len(found)} differences", flush=True)
        for text in found[:10]:
            print("  " + text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
