#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What each technique brings that makes finding races, or counting, cheaper: what it takes without it over what it takes with all, in turns.

    savings.py --furlong BIN --sources DIR [--of race|coverage] [--instructions] [--work DIR] [--clang 22] [--rounds 3] [--only NAME,...]
               [--more FILE] [--without NAME,...]

Prints Markdown; 1.00: it brings nothing there. CPU time, or instructions as callgrind counts them, on the small inputs and once. Techniques
of compiled code are left out by an attribute (pass/savings.h), those of the runtime by the option race_without.
Programs as in race.py or coverage.py, to which --only and --more go.
"""
import os
import re
import runpy
import subprocess
import sys

import measure
from programs import programs as coverage_programs
from programs import race_programs

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def techniques(*path):
    with open(os.path.join(ROOT, *path), encoding="ascii") as file:
        return re.findall(r"^SAVING\((\w+)", file.read(), re.M)


COMPILED = {"race": techniques("pass", "race_savings.def"), "coverage": techniques("pass", "coverage_savings.def")}
RUNTIME = techniques("runtime", "race", "savings.def")


def instructions(command, environment, folder):
    """Of the process and the threads, not of processes that it starts."""
    bare = os.path.join(folder, "bare")  # valgrind does not understand every compiler's debug information
    subprocess.run(["strip", "-g", "-o", bare, command[0]], check=True)
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", bare, *command[1:]], cwd=folder,
                          env=dict(os.environ, **environment), capture_output=True, text=True, errors="replace", check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


class Savings:
    def __init__(self, args):
        self.args, self.compiled = args, COMPILED[args.of]
        self.names = args.without.split(",") if args.without else self.compiled + (RUNTIME if args.of == "race" else [])
        self.flags = subprocess.run([args.furlong, "flags", args.of], capture_output=True, text=True, check=True).stdout.strip()
        self.fixed = " -no-pie" if args.instructions else ""  # lua as a position-independent program is too much for callgrind

    def prepare(self, program, source, name):
        """Builds it without the technique; what to run there, and with what around it."""
        built = name if name in self.compiled else "all"
        folder = os.path.join(self.args.work, f"{program.name} {built}".replace(" ", "-").replace(":", ""))
        if not os.path.exists(folder):
            os.makedirs(folder)
            without = f" -Xclang -default-function-attr -Xclang furlong-{self.args.of}-without={name}" if name in self.compiled else ""
            program.build(f"clang-{self.args.clang} -O2 -g{self.fixed} @{self.flags}{without}", source, folder)
        options = "exitcode=0:report_bugs=0" + (f":race_without={name}" if name in RUNTIME else "")
        return folder, {"FURLONG_DATA": folder + "/data", "FURLONG_OPTIONS": options if self.args.of == "race" else ""}

    def measure(self, program, source):
        """By technique, and with all: what it took."""
        places = {name: self.prepare(program, source, name) for name in ["all"] + self.names}
        if self.args.instructions:
            return {name: instructions(program.small(folder), environment, folder) for name, (folder, environment) in places.items()}
        taken = measure.interleave({name: lambda folder=folder, environment=environment: measure.run(program.command(folder), environment, folder)
                                    for name, (folder, environment) in places.items()}, self.args.rounds)
        return {name: max(sample.cpu, 0.001) for name, sample in taken.items()}


def main():
    parser = measure.parser(rounds=3)
    parser.add_argument("--of", choices=COMPILED, default="race")
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--more")
    parser.add_argument("--without")
    args = measure.parse(parser)
    savings = Savings(args)
    programs = race_programs(args.work) if args.of == "race" else coverage_programs(args.work)
    programs += runpy.run_path(args.more)["more_programs"](args.work) if args.more else []
    rows, ratios = [], {name: [] for name in savings.names}
    how = "instructions" if args.instructions else f"medians of {args.rounds} interleaved rounds"
    print(f"{measure.machine()}. clang {args.clang}, -O2 -g; {how}.\n", flush=True)
    for program in programs:
        source = program.source(args.sources)
        if (args.only and program.name not in args.only.split(",")) or source is None:
            continue
        taken = savings.measure(program, source)
        for name in savings.names:
            ratios[name].append(taken[name] / taken["all"])
        total = f"{taken['all'] / 1e6:.1f} M" if args.instructions else f"{taken['all']:.2f} s"
        rows.append([program.name, total, *(f"{ratios[name][-1]:.3f}" if args.instructions else f"{ratios[name][-1]:.2f}" for name in savings.names)])
        print(f"measured {program.name}", file=sys.stderr, flush=True)
    rows.append(["geometric mean", "", *(f"{measure.geometric_mean(ratios[name]):.2f}" for name in savings.names)])
    print(f"{'Instructions' if args.instructions else 'CPU time'} without it, over that with all:\n\n" + measure.table(["", "with all", *savings.names], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
