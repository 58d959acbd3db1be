#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What finding races costs: ratios over a plain -O2 -g build by the same clang, all builds run in turns.

    race.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 3] [--only NAME,...] [--more FILE] [--peers all]

Beside clang's own -fsanitize=thread, which is told not to report and not to wait at the end. Prints Markdown: CPU
time, wall time, peak memory, code size and compile time, each as a ratio of medians, and geometric means. Every
build must print what the plain one prints; that run, which comes first, warms up. --more names a Python file with a function
more_programs(inputs) that returns further programs (programs.Program) for this run.

--peers measures others beside both instead, on inputs that are a twentieth as large, in one round: gcc (its ThreadSanitizer),
helgrind and drd (Valgrind on the plain build, without its debug information, which valgrind 3.19 cannot read); "all" is
these three. What takes more than --patience seconds is given up. --rounds 0 builds and looks at results only.
"""
import os
import re
import runpy
import shutil
import subprocess
import sys

import measure
from programs import race_programs

TSAN_OPTIONS = "report_bugs=0 report_thread_leaks=0 atexit_sleep_ms=0"
WHAT = {"CPU time": "cpu", "Wall time": "wall", "Peak memory": "peak"}
BUILT = ("Code size", "Compile time (CPU)")
ALLOWED = "Peak memory over 1.6 times plain's and 20 MB"
VALGRIND = ["valgrind", "-q", "--trace-children=yes", "--trace-children-skip=*/load,*/redis-driver,*/seq,*/sleep"]
PEERS = {"gcc": None, "helgrind": "helgrind", "drd": "drd"}


def compilers(furlong, clang):
    """By configuration; the others run what the plain one built."""
    flags = subprocess.run([furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    cc = f"clang-{clang} -O2 -g"
    return {"plain": cc, "furlong": f"{cc} @{flags}", "tsan": f"{cc} -fsanitize=thread", "gcc": "gcc -O2 -g -fsanitize=thread"}


def executables(folder):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name != "load" and os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def code_size(folder):
    """Bytes of machine code in what was built there."""
    total = 0
    for path in executables(folder):
        found = subprocess.run(["size", "-A", path], capture_output=True, text=True).stdout
        total += sum(int(size) for size in re.findall(r"^\.text\s+(\d+)", found, re.M))
    return total


class Bench:
    def __init__(self, args):
        self.args = args
        self.compilers = compilers(args.furlong, args.clang)
        peers = list(PEERS) if args.peers == "all" else [name for name in args.peers.split(",") if name]
        self.small = bool(peers)
        self.configs = ["plain", "furlong", "tsan", *peers]
        self.programs = race_programs(args.work)
        if args.more:
            self.programs += runpy.run_path(args.more)["more_programs"](args.work)
        self.failed = []

    def folder(self, program, config):
        return os.path.join(self.args.work, re.sub(r"\W+", "-", f"{program.name} {config}"))

    def environment(self, folder):
        return {"FURLONG_DATA": folder + "/data", "FURLONG_OPTIONS": "exitcode=0", "TSAN_OPTIONS": TSAN_OPTIONS}

    def command(self, program, config):
        command = (program.small if self.small else program.command)(self.folder(program, config))
        tool = PEERS.get(config)
        return ["timeout", str(self.args.patience), *(VALGRIND + [f"--tool={tool}"] if tool else []), *command]

    def build(self, program, source):
        """config -> seconds of CPU to build it, and bytes of code; those without a compiler of their own are not in it."""
        built = {}
        for config in self.configs:
            folder = self.folder(program, config)
            shutil.rmtree(folder, ignore_errors=True)
            if config not in self.compilers:
                shutil.copytree(self.folder(program, "plain"), folder)
                shutil.copymode(self.folder(program, "plain"), folder)
                subprocess.run(["strip", "-g", *executables(folder)], check=True)
                continue
            os.makedirs(folder)
            before = os.times()
            program.build(self.compilers[config], source, folder)
            after = os.times()
            built[config] = (after.children_user + after.children_system - before.children_user - before.children_system,
                             code_size(folder))
        return built

    def printed(self, program, config):
        folder = self.folder(program, config)
        done = subprocess.run(self.command(program, config), cwd=folder, env=dict(os.environ, **self.environment(folder)),
                              stdin=subprocess.DEVNULL, capture_output=True)
        text = re.sub(rb"(?m)^.*([Tt]ime|[Ss]econds|FURLONG_BENCH).*$", b"", done.stdout)
        return done.returncode, text.replace(folder.encode(), b""), done.stderr.decode(errors="replace")

    def right(self, program):
        """The configurations that end as the plain one does and print what it prints; why the others do not."""
        good, wrong, reference = [], {}, None
        for config in self.configs:
            status, text, errors = self.printed(program, config)
            reference = reference or (status, text)
            if (status, text) == reference and status == 0:
                good.append(config)
                if config == "furlong" and "WARNING: Furlong" in errors:
                    first = re.search(r"SUMMARY: .*", errors)
                    print(f"{program.name}: reports {errors.count('WARNING: Furlong')} races, the first: "
                          f"{first.group(0) if first else '?'}\n", flush=True)
            else:
                wrong[config] = "too long" if status == 124 else "failed"
                self.failed.append(f"{program.name}, {config}: ended with {status}"
                                   + ("" if status else ", other results") + "; " + errors.strip()[-200:])
        return good, wrong

    def times(self, program, configs):
        def once(config):
            folder = self.folder(program, config)
            return lambda: measure.run(self.command(program, config), self.environment(folder), folder)
        return measure.interleave({config: once(config) for config in configs}, 1 if self.small else self.args.rounds, warm_up=False)

    def measure(self, program, source, rows):
        try:
            built = self.build(program, source)
        except RuntimeError as error:
            self.failed.append(f"{program.name}, furlong: cannot be built: {error}")
            return
        good, wrong = self.right(program)
        if good[:1] != ["plain"]:
            return
        found = self.times(program, good) if self.args.rounds else {}
        for what, attribute in WHAT.items() if found else ():
            plain = getattr(found["plain"], attribute)
            shown = f"{plain / 1024:.0f} MB" if attribute == "peak" else f"{plain:.2f} s"
            rows[what].append((program.name, shown, wrong | {c: getattr(found[c], attribute) / max(plain, 0.001) for c in good}))
        if found:
            allowed = 1.6 * found["plain"].peak + 20 * 1024
            rows[ALLOWED].append((program.name, f"{allowed / 1024:.0f} MB", wrong | {c: found[c].peak / allowed for c in good if c != "plain"}))
        for what, at, shown in (("Compile time (CPU)", 0, "{:.2f} s"), ("Code size", 1, "{:,} bytes")):
            plain = built["plain"][at]
            if plain:
                rows[what].append((program.name, shown.format(plain), {c: built[c][at] / plain for c in built}))


def ratio_table(configs, lines, means_of, base="plain"):
    """lines: (name, what is 1, {config: ratio or why there is none}); means_of: label -> names."""
    def shown(ratio):
        return f"{ratio:.2f}" if isinstance(ratio, float) else ratio or ""

    def is_number(ratios, *of):
        return all(isinstance(ratios.get(config), float) for config in of)
    table = [[name, plain, *(shown(ratios.get(c)) for c in configs),
              f"{ratios['furlong'] / ratios['tsan']:.2f}" if is_number(ratios, "furlong", "tsan") else ""] for name, plain, ratios in lines]
    for label, chosen in means_of.items():
        row = [f"geometric mean, {label}", ""]
        for config in configs:
            these = [r[config] for name, _, r in lines if name in chosen and is_number(r, config, "furlong", "tsan")]
            row.append(f"{measure.geometric_mean(these):.2f}" if these else "")
        both = [r["furlong"] / r["tsan"] for name, _, r in lines if name in chosen and is_number(r, "furlong", "tsan")]
        if len(both) > 1:
            table.append(row + [f"{measure.geometric_mean(both):.3f}"])
    return measure.table(["", base, *configs, "furlong / tsan"], table)


def main():
    parser = measure.parser(rounds=3)
    parser.add_argument("--only")
    parser.add_argument("--more")
    parser.add_argument("--peers", default="")
    parser.add_argument("--patience", type=int, default=120)
    args = measure.parse(parser)
    bench = Bench(args)
    rounds = "one round, inputs a twentieth as large" if bench.small else f"medians of {args.rounds} interleaved rounds"
    print(f"{measure.machine()}. clang {args.clang}, -O2 -g; {rounds}.\n", flush=True)
    rows = {what: [] for what in (*WHAT, ALLOWED, *BUILT)}
    for program in bench.programs:
        if args.only and program.name not in args.only.split(","):
            continue
        source = program.source(args.sources)
        if source is None:
            print(f"{program.name}: no {program.package}-*/ in the sources; left out\n")
            continue
        bench.measure(program, source, rows)
        print(f"measured {program.name}", file=sys.stderr, flush=True)
    micro = {p.name for p in bench.programs if p.name.startswith("micro: ")}
    means_of = {"programs": {p.name for p in bench.programs} - micro, "micro": micro}
    for what, lines in rows.items():
        configs = [c for c in bench.configs[1:] if what not in BUILT or c in bench.compilers]
        title = what if what == ALLOWED else what + " over plain"
        print(f"\n{title}:\n\n" + ratio_table(configs, lines, means_of, "allowed" if what == ALLOWED else "plain"))
    for line in bench.failed:
        print(f"\nfailed: {line}")
    return 1 if any(", furlong:" in line for line in bench.failed) else 0


if __name__ == "__main__":
    sys.exit(main())
