#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What each technique brings that makes finding races cheaper: CPU time without it over CPU time with all, in turns.

    savings.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 3] [--only NAME,...] [--more FILE] [--without NAME,...]

Prints Markdown; 1.00: it brings nothing there. Those of compiled code are left out by an attribute (pass/race.h), those of
the runtime by the option race_without. Programs as in race.py, to which --only and --more go.
"""
import os
import re
import runpy
import subprocess
import sys

import measure
from programs import race_programs

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def techniques(*path):
    with open(os.path.join(ROOT, *path), encoding="ascii") as file:
        return re.findall(r"^SAVING\((\w+)", file.read(), re.M)


COMPILED = techniques("pass", "race_savings.def")
RUNTIME = techniques("runtime", "race", "savings.def")


def main():
    parser = measure.parser(rounds=3)
    parser.add_argument("--only")
    parser.add_argument("--more")
    parser.add_argument("--without", default=",".join(COMPILED + RUNTIME))
    args = measure.parse(parser)
    flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    names = args.without.split(",")
    programs = race_programs(args.work) + (runpy.run_path(args.more)["more_programs"](args.work) if args.more else [])
    rows, ratios = [], {name: [] for name in names}
    print(f"{measure.machine()}. clang {args.clang}, -O2 -g; medians of {args.rounds} interleaved rounds.\n", flush=True)
    for program in programs:
        source = program.source(args.sources)
        if (args.only and program.name not in args.only.split(",")) or source is None:
            continue
        commands = {}
        for name in ["all"] + names:
            folder = os.path.join(args.work, f"{program.name} {name if name in COMPILED else 'all'}".replace(" ", "-").replace(":", ""))
            if not os.path.exists(folder):
                os.makedirs(folder)
                without = f" -Xclang -default-function-attr -Xclang furlong-race-without={name}" if name in COMPILED else ""
                program.build(f"clang-{args.clang} -O2 -g @{flags}{without}", source, folder)
            options = "exitcode=0:report_bugs=0" + (f":race_without={name}" if name in RUNTIME else "")
            environment = {"FURLONG_DATA": folder + "/data", "FURLONG_OPTIONS": options}
            commands[name] = lambda folder=folder, environment=environment: measure.run(program.command(folder), environment, folder)
        taken = measure.interleave(commands, args.rounds)
        found = {name: taken[name].cpu / max(taken["all"].cpu, 0.001) for name in names}
        for name in names:
            ratios[name].append(found[name])
        rows.append([program.name, f"{taken['all'].cpu:.2f} s", *(f"{found[name]:.2f}" for name in names)])
        print(f"measured {program.name}", file=sys.stderr, flush=True)
    rows.append(["geometric mean", "", *(f"{measure.geometric_mean(ratios[name]):.2f}" for name in names)])
    print("CPU time without it, over that with all:\n\n" + measure.table(["", "with all", *names], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
