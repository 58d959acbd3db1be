#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs: Furlong's races against those of the naive reference detector.

    play.py --furlong BIN [--clang 22] [--level -O1] [--first SEED] [--count N] [--strict] [--tsan] [--budget PERCENT] [--without TECHNIQUE+...]

Every seed is a script. `play` (play.c, hidden.c) runs a few hundred of them in one process. Per byte the verdict must be
the reference's, each reported pair must race, and both stacks must name the operations. The first scripts
that disagree are shrunk and printed. --budget records for a part of the time only: then nothing must be invented, and some of the
races be found, not all. --without leaves out techniques that only save time (pass/race.h, race_without). --tsan judges clang's ThreadSanitizer instead: a check of this harness.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import reference
import reports
from compare import Played, compare
from generate import generate
from patience import PATIENCE, run_or_say_where
from script import legal, legible, write_down

OPTIONS = "report_each_address=1:report_mutex_bugs=0:detect_deadlocks=0" # the scripts do as they please


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", **options)


class Player:
    def __init__(self, arguments, folder):
        self.options = OPTIONS + (f":race_budget={arguments.budget}" if arguments.budget else "")
        self.options += f":race_without={arguments.without}"
        without = ["-Xclang", "-default-function-attr", "-Xclang", f"furlong-race-without={arguments.without}"] if arguments.without else []
        self.tsan, self.folder, self.program = arguments.tsan, folder, os.path.join(folder, "play")
        clang = f"clang-{arguments.clang}"
        if self.tsan:
            flag = "-fsanitize=thread"
        else:
            flag = "@" + run([arguments.furlong, "flags", arguments.runtime], check=True).stdout.strip()
        objects = []
        for name, options in (("play", [flag, arguments.level, "-mcx16", *without]), ("hidden", ["-O1", "-fno-builtin"])):
            objects.append(os.path.join(folder, name + ".o"))
            self.build([clang, "-std=gnu11", "-g", "-w", "-pthread", *options, "-c", os.path.join(HERE, name + ".c"),
                        "-o", objects[-1]])
        self.build([clang, flag, "-pthread", *objects, "-o", self.program])

    @staticmethod
    def build(command):
        built = run(command)
        if built.returncode:
            raise SystemExit(f"play: {' '.join(command)}\n{built.stderr}")

    def play(self, scripts):
        """Runs the scripts in one process; a Played for each."""
        folder = tempfile.mkdtemp(dir=self.folder)
        path, log, data = (os.path.join(folder, name) for name in ("scripts", "log", "data"))
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join("script\n" + write_down(s) for s in scripts) + ".\n")
        environment = dict(os.environ, FURLONG_DATA=data, FURLONG_OPTIONS=self.options + ":exitcode=0",
                           TSAN_OPTIONS="exitcode=0:suppress_equal_stacks=0:suppress_equal_addresses=0")
        ended = run_or_say_where([self.program, path, log], env=environment)
        if ended.returncode != 0:
            raise SystemExit(f"play: {path} ended with {ended.returncode}\n{ended.stderr[-3000:]}")
        played = self.read_log(log, scripts)
        if self.tsan:
            found = reports.from_text(ended.stderr)
        else:
            text = "".join(open(name, encoding="utf-8").read() for name in glob.glob(data + "/*.race"))
            found = reports.from_race_data(text, self.program)
        for report in found:
            numbers = [s.number for s in (report.later, report.earlier) if s.number is not None]
            [p for p in played if p.first <= max(numbers, default=0)][-1].reports.append(report)
        return played

    @staticmethod
    def read_log(log, scripts):
        played, births = [], 0
        for line in open(log, encoding="utf-8"):
            fields = line.split()
            if fields[0] == "script":
                script = scripts[int(fields[1])]
                created = [op.object for op in script if op.verb == "create"]
                played.append(Played(script, int(fields[2]), {t: births + n for n, t in enumerate(created, 1)}))
                births += len(created)
                played[-1].base[0] = int(fields[3], 16)
            else:
                played[-1].base[int(fields[1])] = int(fields[2], 16)
        if len(played) != len(scripts):
            raise SystemExit(f"play: {len(played)} of {len(scripts)} scripts were run")
        return played


def shrink(script, wrong):
    """The script without whatever is not needed for `wrong` to hold."""
    until = time.monotonic() + PATIENCE
    holds, wrong = wrong, lambda s: time.monotonic() < until and holds(s)
    step = len(script) // 2
    while step:
        place = 0
        while place < len(script):
            shorter = script[:place] + script[place + step:]
            if legal(shorter) and not reference.undefined(shorter) and wrong(shorter):
                script = shorter
            else:
                place += step
        step //= 2
    # What needs its partner to go: threads, locks, blocks; then operations two by two.
    for thread in {op.thread for op in script} - {0}:
        shorter = [op for op in script if thread not in (op.thread, op.object if op.verb in ("create", "join", "detach") else 0)]
        if legal(shorter) and not reference.undefined(shorter) and wrong(shorter):
            script = shorter
    changed = True
    while changed:
        changed = False
        for a in range(len(script)):
            for b in range(a, len(script)):
                shorter = script[:a] + script[a + 1:b] + script[b + 1:]
                if legal(shorter) and not reference.undefined(shorter) and wrong(shorter):
                    script, changed = shorter, True
                    break
            if changed:
                break
    return script


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--runtime", default="race", help="or race-checked, race-starved")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="-O1")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--without", default="")
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("--budget", type=int, default=0, help="percent (race_budget)")
    parser.add_argument("--show", type=int, default=3, help="how many failures to shrink and print")
    arguments = parser.parse_args()
    agreed = failed = racy = found = there = 0
    with tempfile.TemporaryDirectory() as folder:
        player = Player(arguments, folder)

        def faults(played):
            return list(compare(played, arguments.strict, not arguments.tsan, arguments.budget))

        seeds = [seed for seed in range(arguments.first, arguments.first + arguments.count)
                 if not reference.undefined(generate(seed))]
        for start in range(0, len(seeds), arguments.batch):
            batch = seeds[start:start + arguments.batch]
            for seed, played in zip(batch, player.play([generate(seed) for seed in batch])):
                racy += bool(reference.races_of(played.script))
                wrong = faults(played)
                if arguments.budget:
                    found, there = found + played.found, there + played.racy
                if not wrong:
                    agreed += 1
                    continue
                failed += 1
                if failed > arguments.show:
                    continue
                print(f"--- seed {seed}:", *wrong, sep="\n  ", flush=True)
                alone = player.play([played.script])[0]
                if not faults(alone):
                    print("  alone it agrees: something of the scripts before it in the process matters")
                    continue
                short = shrink(played.script, lambda s: bool(faults(player.play([s])[0])))
                print("shrunk:", *faults(player.play([short])[0]), sep="\n  ")
                print(legible(short), flush=True)
    print(f"{agreed} of {len(seeds)} scripts agree ({racy} have races)")
    if arguments.budget:
        print(f"{found} of {there} racy bytes were reported, with a budget of {arguments.budget} %")
        failed += not 0 < found < there
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
