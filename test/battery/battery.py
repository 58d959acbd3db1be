#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each construct of C and C++ as a small program that says how often its lines run, against our counts.

    battery.py --furlong BIN [--clang 22,19,16,14] [--without NAME+...] [--matrix turns|full] [FILE...]

`turns`: programs take turns between the newest compiler, optimising, and the oldest, not; `full`: each
program at every level, with LTO, by each compiler, and the report of one compiler must not depend on the level.
peers.py runs the same programs under llvm-cov and gcov.

The truth is the log that a program keeps of its T lines and C conditions (test/oracle/log.h) and, where code
cannot log itself, a remark at the line's end: `//= 3` ran three times, `//= -` is not code, `//= none` is text of
which no code is made. What a program
needs stands in remarks of its own:

    // flags: -fopenmp        compiler flags               // clang: 19 22    only these compilers
    // file: part.inc         another file with remarks    // with: other.c   another unit
    // part                   not a program                // varies: why    what has no truth differs from run to run
    // regions: all run       not one of its own file is told to be never run
"""
import argparse
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(os.path.dirname(HERE), "oracle")
sys.path.insert(0, ORACLE)
import oracle as log  # noqa: E402

REMARK = re.compile(r"//= (\d+|-|none)\s*$")


class Program:
    def __init__(self, path):
        self.path, self.folder = path, os.path.dirname(path)
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.name = os.path.basename(path)
        self.flags = " ".join(self.directives("flags")).split()
        self.clangs = " ".join(self.directives("clang")).split()
        self.units = [path] + [os.path.join(self.folder, unit) for unit in self.directives("with")]
        self.files = [path] + [os.path.join(self.folder, name) for name in self.directives("file")]
        self.cxx = path.endswith(".cpp")
        self.is_part = re.search(r"^// part$", self.text, re.MULTILINE) is not None

    def directives(self, name):
        return re.findall(rf"^// {name}: (.*)$", self.text, re.MULTILINE)

    def truth(self, words):
        """(file, line) -> how often it ran, None for what is not code, "none" for what has none."""
        told = {}
        for path in self.files:
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    remark = REMARK.search(line)
                    if remark:
                        told[os.path.basename(path), number] = {"-": None, "none": "none"}.get(remark[1], None)
                        if remark[1].isdigit():
                            told[os.path.basename(path), number] = int(remark[1])
                    elif line.lstrip().startswith("T;") and path == self.path:
                        told[os.path.basename(path), number] = words[number]
        return told

    def outcomes(self, words):
        """(line, column) of each logged condition -> how often it was true and false."""
        told = {}
        for number, line in enumerate(self.text.split("\n"), 1):
            for match in re.finditer(r"\bC\((\d+),", line):
                at = log.LINES + 2 * int(match[1])
                told[number, match.start() + 1] = (words[at + 1], words[at])
        return told


def compile_program(program, compiler, flags, folder):
    """Builds it in its folder; the log is built plainly."""
    kinds = ["-std=c++20"] if program.cxx else ["-std=gnu11"]
    common = ["-D_GNU_SOURCE", "-I", ORACLE, "-pthread", "-w"]
    plain = "clang-22" if "clang" in compiler else "gcc"
    commands = [[plain, *common, "-O1", "-c", "-o", "log.o", os.path.join(ORACLE, "log.c")],
                [compiler, *common, *kinds, *program.flags, *flags, "-o", "program", *program.units, "log.o"]]
    for command in commands:
        built = log.run(command, cwd=folder)
        if built.returncode != 0:
            raise log.Failure(f"does not compile: {' '.join(command)}\n{built.stderr[-2000:]}")


def run_program(folder, **environment):
    ended = log.run(["./program"], cwd=folder, env=dict(os.environ, ORACLE_LOG="log", **environment))
    if ended.returncode == 99 or "furlong" in ended.stderr:
        raise log.Failure(f"the program said: {ended.stderr.strip()}")
    return log.read_log(os.path.join(folder, "log"))


def compiler_of(program, config):
    return f"clang{'++' if program.cxx else ''}-{config.clang}"


def openmp(program, config):
    """Old compilers come without the library; the newest one's serves them all."""
    return ["-L/usr/lib/llvm-22/lib"] if "-fopenmp" in program.flags and config.clang != "22" else []


def ours(furlong, flags, program, config, work):
    """What we say of a program: its log and the files of the report, by name."""
    folder = tempfile.mkdtemp(dir=work)
    try:
        compile_program(program, compiler_of(program, config), [*config.options, *openmp(program, config), flags], folder)
        words = run_program(folder, FURLONG_DATA="data")
        made = log.run([furlong, "report", "data", "--json", "report.json"], cwd=folder)
        if made.returncode != 0:
            raise log.Failure(f"furlong report ended with {made.returncode}: {made.stderr.strip()}")
        with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
            report = json.load(file)
        if not report["quality"]["complete"] or "negative" in str(report["quality"]["notes"]):
            raise log.Failure(f"doubtful: {report['quality']['notes']}")
        return words, {os.path.basename(f["path"]): f for f in report["coverage"]["files"]}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wrong(program, words, files):
    """How many counts were compared, and a line for each that is not the truth."""
    faults, truth, outcomes = [], program.truth(words), program.outcomes(words)
    for (name, number), count in truth.items():
        lines = lines_of(files.get(name, {"lines": []}))
        if differs(files, name, lines.get(number), count):
            faults.append(f"{name}:{number}: {lines.get(number)}, the truth is {count}")
    if program.directives("regions"):
        faults += [f"{program.name}: the region {region['start']} to {region['end']} never ran"
                   for region in files[program.name]["regions"] if not region["count"]]
    faults += wrong_outcomes(program, outcomes, files[program.name]["branches"], files[program.name]["counts"] == "hits")
    return len(truth) + len(outcomes), faults


def lines_of(file):
    lines = {line["line"]: line["count"] for line in file["lines"]}
    for first, last in file.get("no_code", []):
        lines.update((line, "none") for line in range(first, last + 1))
    return lines


def differs(files, name, told, count):
    """Whether a count is not the truth; of hits, whether code ran and did not, or the other way round."""
    hits = name in files and files[name]["counts"] == "hits"
    if told == "none" and count == 0: # what logs nothing may have no code; whether it has is said by remarks
        return False
    return told != (min(count, 1) if hits and isinstance(count, int) else count)


def wrong_outcomes(program, outcomes, branches, hits):
    """A condition that is negated stands where the "!" does; one in a macro's argument at the macro's use."""
    told = {}
    for branch in branches:
        told.setdefault((branch["line"], branch["column"]), []).append((branch["true"], branch["false"]))
    for (line, column), count in outcomes.items():
        text = program.text.split("\n")[line - 1]
        use = re.search(r"\b[A-Z]{2,}\(", text)
        if text[column - 2] == "!":
            column, count = column - 1, count[::-1]
        elif use and use.start() + 1 < column:
            column = use.start() + 1
        if hits:
            count = tuple(min(outcome, 1) for outcome in count)
        if count not in told.get((line, column), [(0, 0)]):
            yield f"{program.name}:{line}:{column}: true/false {told.get((line, column))}, the truth is {count}"


def configurations(clangs, matrix):
    if matrix == "turns":
        return [log.Config(clangs[0], ["-O2"]), log.Config(clangs[-1], ["-O0"])]
    found = []
    for clang in clangs:
        found += [log.Config(clang, [level]) for level in ("-O0", "-O1", "-O2", "-O3")]
        found += [log.Config(clang, ["-O2", lto, f"-fuse-ld=lld-{clang}"]) for lto in ("-flto", "-flto=thin")
                  if shutil.which(f"ld.lld-{clang}")]
    return found


def chosen(program, index, configs, matrix):
    fit = [config for config in configs if not program.clangs or config.clang in program.clangs]
    return [fit[index % len(fit)]] if matrix == "turns" and fit else fit


def check(furlong, flags, program, configs, work):
    compared, faults, first = 0, [], {}
    for config in configs:
        try:
            words, files = ours(furlong, flags, program, config, work)
            count, found = wrong(program, words, files)
            compared += count
            faults += [f"{config}: {fault}" for fault in found]
            same = [[files[n][key] for key in ("lines", "functions", "branches")] for n in sorted(files) if n != "log.h"]
            if first.setdefault(config.clang, (config, same))[1] != same and not program.directives("varies"):
                faults.append(f"{config}: the report differs from that of {first[config.clang][0]}")
        except (log.Failure, subprocess.TimeoutExpired, KeyError) as failure:
            faults.append(f"{config}: {failure}")
    return program, compared, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22,19,16,14")
    parser.add_argument("--without", help="techniques to leave out, as in pass/coverage_savings.def, joined by +")
    parser.add_argument("--matrix", choices=("turns", "full"), default="turns")
    parser.add_argument("--hits", action="store_true", help="built with coverage-hit: only whether code ran")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()

    furlong = os.path.abspath(args.furlong)
    paths = args.files or sorted(glob.glob(HERE + "/programs/*.c") + glob.glob(HERE + "/programs/*.cpp"))
    programs = [p for p in (Program(os.path.abspath(path)) for path in paths) if not p.is_part]
    if args.without:
        for program in programs:
            program.flags += ["-Xclang", "-default-function-attr", "-Xclang", f"furlong-coverage-without={args.without}"]
    configs = configurations([c for c in args.clang.split(",") if shutil.which(f"clang-{c}")], args.matrix)
    flags = "@" + log.run([furlong, "flags", "coverage-hit" if args.hits else "coverage"]).stdout.strip()
    compared = failed = 0
    with tempfile.TemporaryDirectory(prefix="furlong-battery-") as work, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(check, furlong, flags, program, chosen(program, index, configs, args.matrix), work)
                for index, program in enumerate(programs)]
        for job in jobs:
            program, count, faults = job.result()
            compared += count
            failed += bool(faults)
            for fault in faults[:12]:
                print(f"{program.name}: {fault}", flush=True)
    print(f"battery: {len(programs)} programs, {compared} counts compared, {failed} programs wrong")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
