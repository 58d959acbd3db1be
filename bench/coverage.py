#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What counting costs: ratios over a plain -O2 -g build by the same compiler, all builds run in turns.

    coverage.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 5] [--only NAME,...]

Prints Markdown. Wall time and CPU time are medians; a ratio is a median over the plain build's median.
"""
import json
import os
import re
import subprocess
import sys

import measure
from programs import programs

COUNT_CALLS = ("furlong", "clang", "clang, atomic")
TOOK_TURNS = 3  # how bench/contended.c says that its threads did not run at the same time
SILENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "silent.c")  # what such counters are told to
CLANG_COVERAGE = "-fprofile-instr-generate -fcoverage-mapping"
PLAIN = {"gcc --coverage": "gcc", "gcc, atomic": "gcc"}  # what is compared with another build than clang's plain one


def configurations(furlong, clang):
    flags, hits, mcdc = (subprocess.run([furlong, "flags", name], capture_output=True, text=True, check=True).stdout.strip()
                         for name in ("coverage", "coverage-hit", "coverage-mcdc"))
    cc = f"clang-{clang} -O2 -g"
    return {
        "plain": cc,
        "furlong": f"{cc} @{flags}",
        "furlong, hits": f"{cc} @{hits}",
        "furlong, MC/DC": f"{cc} @{mcdc}",
        "clang": f"{cc} {CLANG_COVERAGE}",
        "clang, atomic": f"{cc} {CLANG_COVERAGE} -fprofile-update=atomic",
        "clang --coverage": f"{cc} --coverage",
        "clang --mcdc": f"{cc} {CLANG_COVERAGE} -fcoverage-mcdc",
        "8-bit counters": f"{cc} -fsanitize-coverage=inline-8bit-counters {SILENT}",
        "gcc": "gcc -O2 -g",
        "gcc --coverage": "gcc -O2 -g --coverage",
        "gcc, atomic": "gcc -O2 -g --coverage -fprofile-update=atomic",
    }


def sizes(path):
    """Bytes of code, and of the file as it is shipped."""
    text = subprocess.run(["size", "-A", path], capture_output=True, text=True, check=True).stdout
    code = next(int(line.split()[1]) for line in text.splitlines() if line.startswith(".text "))
    stripped = path + ".stripped"
    subprocess.run(["strip", "-g", "-o", stripped, path], check=True)
    return code, os.path.getsize(stripped)


class Bench:
    def __init__(self, args):
        self.args = args
        self.configs = configurations(args.furlong, args.clang)
        self.programs = programs(args.work)

    def folder(self, program, config):
        return os.path.join(self.args.work, re.sub(r"\W+", "-", f"{program.name} {config}"))

    def environment(self, program, config):
        folder = self.folder(program, config)
        return {"FURLONG_DATA": folder + "/data", "LLVM_PROFILE_FILE": folder + "/default.profraw"}

    def build(self, program, source):
        """What each build took and made: CPU seconds, bytes of code, bytes of the file without debug information."""
        made = {}
        for config, cc in self.configs.items():
            folder = self.folder(program, config)
            os.makedirs(folder, exist_ok=True)
            before = os.times()
            program.build(cc, source, folder)
            after = os.times()
            took = after.children_user + after.children_system - before.children_user - before.children_system
            made[config] = (took, *sizes(program.command(folder)[0]))
        return made

    def times(self, program):
        def once(config):
            def run():
                folder = self.folder(program, config)
                return measure.run(program.command(folder), self.environment(program, config), folder, TOOK_TURNS)
            return run

        return measure.interleave({config: once(config) for config in self.configs}, self.args.rounds)

    def counted(self, program, config, function):
        """How often this build says that the function ran."""
        folder = self.folder(program, config)
        if config == "furlong":
            subprocess.run([self.args.furlong, "report", folder + "/data", "--json", folder + "/report.json"], check=True,
                           capture_output=True)
            with open(folder + "/report.json", encoding="utf-8") as file:
                files = json.load(file)["coverage"]["files"]
            return next(f["count"] for file in files for f in file["functions"] if f["name"] == function)
        version = self.args.clang
        subprocess.run([f"llvm-profdata-{version}", "merge", "-o", folder + "/profdata", folder + "/default.profraw"], check=True)
        exported = subprocess.run([f"llvm-cov-{version}", "export", "-instr-profile", folder + "/profdata", folder + "/contended"],
                                  check=True, capture_output=True, text=True).stdout
        return next(f["count"] for f in json.loads(exported)["data"][0]["functions"] if f["name"].endswith(function))

    def kept(self, threads, calls, rounds=3):
        """8 threads in one function: the share of the calls that each build still knows of, worst of some runs."""
        program = next(p for p in self.programs if p.name == "hot function x2")
        shares = {}
        for config in COUNT_CALLS:
            folder = self.folder(program, config)
            worst = None
            for _ in range(rounds):
                environment = self.environment(program, config)
                data = [environment["FURLONG_DATA"], environment["LLVM_PROFILE_FILE"]]
                measure.run([folder + "/contended", str(threads), str(calls)], environment, folder, TOOK_TURNS,
                            before=lambda: subprocess.run(["rm", "-rf", *data], check=True))
                count = self.counted(program, config, "hot")
                worst = count if worst is None or abs(count - threads * calls) > abs(worst - threads * calls) else worst
            shares[config] = worst
        return shares


def main():
    parser = measure.parser(rounds=5)
    parser.add_argument("--only")
    args = measure.parse(parser)
    bench = Bench(args)
    configs = list(bench.configs)
    shown = [c for c in configs if c not in ("plain", *PLAIN.values())]

    def row(name, plain, values):
        """Of what each build took: plain's, then each over its own compiler's plain build."""
        return [name, plain] + [f"{values[c] / values[PLAIN.get(c, 'plain')]:.2f}" for c in shown]

    head = ["", "plain, s"] + shown
    print(f"{measure.machine()}. clang {args.clang}, -O2 -g; medians of {args.rounds} interleaved rounds.\n", flush=True)
    walls, cpus, peaks, medians = [], [], [], {}
    builds, codes, files = [], [], []
    means = {config: [] for config in shown}
    for program in bench.programs:
        if args.only and program.name not in args.only.split(","):
            continue
        source = program.source(args.sources)
        if source is None:
            print(f"{program.name}: no {program.package}-*/ in the sources; left out\n")
            continue
        made = bench.build(program, source)
        medians[program.name] = found = bench.times(program)
        plain = found["plain"]
        walls.append(row(program.name, f"{plain.wall:.2f}", {c: found[c].wall for c in configs}))
        cpus.append(row(program.name, f"{plain.cpu:.2f}", {c: found[c].cpu for c in configs}))
        peaks.append(row(program.name, f"{plain.peak / 1024:.1f}", {c: found[c].peak for c in configs}))
        for rows, index, first in ((builds, 0, "{:.2f}"), (codes, 1, "{}"), (files, 2, "{}")):
            rows.append(row(program.name, first.format(made["plain"][index]), {c: made[c][index] for c in configs}))
        if program.goal:
            for config in shown:
                means[config].append(found[config].cpu / found[PLAIN.get(config, "plain")].cpu)
        print(f"measured {program.name}", file=sys.stderr, flush=True)
    if means["furlong"]:
        cpus.append(["geometric mean of lua, lz4, sqlite, JSON, pigz", ""]
                    + [f"{measure.geometric_mean(means[c]):.3f}" for c in shown])
    print("CPU time over plain:\n\n" + measure.table(head, cpus))
    print("\nWall time over plain:\n\n" + measure.table(head, walls))
    for what, unit, rows in (("Peak memory", "MB", peaks), ("CPU time to build", "s", builds),
                             ("Code (.text)", "bytes", codes), ("The file without debug information", "bytes", files)):
        print(f"\n{what} over plain:\n\n" + measure.table(["", f"plain, {unit}"] + shown, rows))
    one, two = medians.get("hot function x1"), medians.get("hot function x2")
    if one and two:
        print("\nTwo threads in one hot function, CPU time over one thread doing the same total work:\n")
        print(measure.table([""] + configs, [["2 threads / 1 thread"] + [f"{two[c].cpu / one[c].cpu:.2f}" for c in configs]]))
        threads, calls = 8, 2000000
        print(f"\n{threads} threads x {calls} calls of one function: calls that the report knows of (worst of 3 runs):\n")
        kept = bench.kept(threads, calls)
        print(measure.table(["truth"] + list(kept), [[threads * calls] + list(kept.values())]))


if __name__ == "__main__":
    main()
