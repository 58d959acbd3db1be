#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What finding races costs: ratios over a plain -O2 -g build by the same clang, all builds run in turns.

    race.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 5] [--only NAME,...] [--more FILE] [--peers gcc,helgrind,drd]

Beside clang's own -fsanitize=thread, which is told not to report and not to wait at the end. Prints Markdown: CPU
time, wall time, peak memory, code size and compile time, each as a ratio of medians, and geometric means. Every
build must print what the plain one prints. --more names a Python file with a function more_programs(inputs) that
returns further programs (programs.Program) for this run. --peers measures others too, once each, as they take long: gcc's
ThreadSanitizer, Valgrind's Helgrind and DRD on the plain build; what takes more than --patience seconds is given up.
"""
import os
import re
import runpy
import subprocess
import sys

import measure
from programs import race_programs

PEERS = {"gcc": ("gcc -O2 -g -fsanitize=thread", []), "helgrind": (None, ["valgrind", "--tool=helgrind", "-q"]),
         "drd": (None, ["valgrind", "--tool=drd", "-q"])}
TSAN_OPTIONS = "report_bugs=0 atexit_sleep_ms=0"
WHAT = {"CPU time": "cpu", "Wall time": "wall", "Peak memory": "peak"}


def configurations(furlong, clang):
    flags = subprocess.run([furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    cc = f"clang-{clang} -O2 -g"
    return {"plain": cc, "furlong": f"{cc} @{flags}", "tsan": f"{cc} -fsanitize=thread"}


def code_size(folder):
    """Bytes of machine code in what was built there."""
    total = 0
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name != "load" and os.path.isfile(path) and os.access(path, os.X_OK):
            found = subprocess.run(["size", "-A", path], capture_output=True, text=True).stdout
            total += sum(int(size) for size in re.findall(r"^\.text\s+(\d+)", found, re.M))
    return total


class Bench:
    def __init__(self, args):
        self.args = args
        self.configs = configurations(args.furlong, args.clang)
        self.programs = race_programs(args.work)
        if args.more:
            self.programs += runpy.run_path(args.more)["more_programs"](args.work)
        self.failed = []

    def folder(self, program, config):
        return os.path.join(self.args.work, re.sub(r"\W+", "-", f"{program.name} {config}"))

    def environment(self, folder):
        return {"FURLONG_DATA": folder + "/data", "FURLONG_OPTIONS": "exitcode=0", "TSAN_OPTIONS": TSAN_OPTIONS}

    def build(self, program, source):
        """Seconds of CPU to build each, and bytes of code."""
        seconds, sizes = {}, {}
        for config, cc in self.configs.items():
            folder = self.folder(program, config)
            os.makedirs(folder, exist_ok=True)
            before = os.times()
            program.build(cc, source, folder)
            after = os.times()
            seconds[config] = after.children_user + after.children_system - before.children_user - before.children_system
            sizes[config] = code_size(folder)
        return seconds, sizes

    def printed(self, program, config):
        folder = self.folder(program, config)
        done = subprocess.run(program.command(folder), cwd=folder, env=dict(os.environ, **self.environment(folder)),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        text = re.sub(rb"(?m)^.*([Tt]ime|[Ss]econds|FURLONG_BENCH).*$", b"", done.stdout)
        return done.returncode, text.replace(folder.encode(), b""), done.stderr.decode(errors="replace")

    def right(self, program):
        """The configurations that end as the plain one does and print what it prints."""
        good, reference = [], None
        for config in self.configs:
            try:
                status, text, errors = self.printed(program, config)
            except subprocess.TimeoutExpired:
                status, text, errors = "a timeout", b"", ""
            reference = reference or (status, text)
            if (status, text) == reference and status == 0:
                good.append(config)
                if config == "furlong" and "WARNING: Furlong" in errors:
                    first = re.search(r"SUMMARY: .*", errors)
                    print(f"{program.name}: reports {errors.count('WARNING: Furlong')} races, the first: "
                          f"{first.group(0) if first else '?'}\n", flush=True)
            else:
                self.failed.append(f"{program.name}, {config}: ended with {status}"
                                   + ("" if status else ", other results") + "; " + errors.strip()[-200:])
        return good

    def peer(self, program, source, name):
        """CPU seconds beside another one, or why there are none."""
        cc, wrapper = PEERS[name]
        folder = self.folder(program, name if cc else "plain")
        try:
            if cc:
                os.makedirs(folder, exist_ok=True)
                program.build(cc, source, folder)
            command = ["timeout", str(self.args.patience), *wrapper, *program.command(folder)]
            return measure.run(command, self.environment(folder), folder).cpu
        except RuntimeError as error:
            return "too long" if "ended with 124" in str(error) else "failed"

    def times(self, program, configs):
        def once(config):
            folder = self.folder(program, config)
            return lambda: measure.run(program.command(folder), self.environment(folder), folder)
        return measure.interleave({config: once(config) for config in configs}, self.args.rounds)


def ratio_tables(rows, means_of):
    """rows: what -> list of (name, plain, {config: ratio})."""
    for what, lines in rows.items():
        table = []
        for name, plain, ratios in lines:
            ours, tsan = ratios.get("furlong"), ratios.get("tsan")
            table.append([name, plain] + [f"{r:.2f}" if r else "failed" for r in (ours, tsan)]
                         + [f"{ours / tsan:.2f}" if ours and tsan else ""])
        for label, chosen in means_of.items():
            both = [r for name, _, r in lines if name in chosen and r.get("furlong") and r.get("tsan")]
            if len(both) > 1:
                ours, tsan = (measure.geometric_mean([r[c] for r in both]) for c in ("furlong", "tsan"))
                table.append([f"geometric mean, {label}", "", f"{ours:.2f}", f"{tsan:.2f}", f"{ours / tsan:.3f}"])
        print(f"\n{what} over plain:\n\n" + measure.table(["", "plain", "furlong", "tsan", "furlong / tsan"], table))


def main():
    parser = measure.parser(rounds=5)
    parser.add_argument("--only")
    parser.add_argument("--more")
    parser.add_argument("--peers", default="")
    parser.add_argument("--patience", type=int, default=120)
    args = measure.parse(parser)
    bench = Bench(args)
    print(f"{measure.machine()}. clang {args.clang}, -O2 -g; medians of {args.rounds} interleaved rounds.\n", flush=True)
    rows = {what: [] for what in (*WHAT, "Code size", "Compile time (CPU)")}
    peers, beside = [name for name in args.peers.split(",") if name], []
    for program in bench.programs:
        if args.only and program.name not in args.only.split(","):
            continue
        source = program.source(args.sources)
        if source is None:
            print(f"{program.name}: no {program.package}-*/ in the sources; left out\n")
            continue
        seconds, sizes = bench.build(program, source)
        good = bench.right(program)
        if good[:1] != ["plain"]:
            continue
        found = bench.times(program, good) if args.rounds else {}
        for what, attribute in WHAT.items() if found else ():
            plain = getattr(found["plain"], attribute)
            shown = f"{plain / 1024:.0f} MB" if attribute == "peak" else f"{plain:.2f} s"
            rows[what].append((program.name, shown, {c: getattr(found[c], attribute) / max(plain, 0.001) for c in good[1:]}))
        rows["Code size"].append((program.name, f"{sizes['plain'] / 1024:.0f} KB",
                                  {c: sizes[c] / sizes["plain"] for c in sizes if sizes["plain"]}))
        rows["Compile time (CPU)"].append((program.name, f"{seconds['plain']:.2f} s",
                                           {c: seconds[c] / seconds["plain"] for c in seconds}))
        if peers and found:
            taken = (bench.peer(program, source, peer) for peer in peers)
            ratio = lambda cpu: cpu if isinstance(cpu, str) else f"{cpu / max(found['plain'].cpu, 0.001):.1f}"
            beside.append([program.name, *(ratio(found[c].cpu) if c in found else "failed" for c in ("furlong", "tsan")), *map(ratio, taken)])
        print(f"measured {program.name}", file=sys.stderr, flush=True)
    micro = {p.name for p in bench.programs if p.name.startswith("micro: ")}
    ratio_tables(rows, {"programs": {p.name for p in bench.programs} - micro, "micro": micro})
    if beside:
        print("\nOthers, CPU time over plain:\n\n" + measure.table(["", "furlong", "tsan", *peers], beside))
    for line in bench.failed:
        print(f"\nfailed: {line}")
    return 1 if any(", furlong:" in line for line in bench.failed) else 0


if __name__ == "__main__":
    sys.exit(main())
