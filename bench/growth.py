#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the cost of finding races grows: with threads, with the memory that is touched, with the races that there are, with
the time that a program runs.

    growth.py --furlong BIN [--work DIR] [--clang 22] [--rounds 3] [--memory 1024] [--races 10000] [--only threads,...]

Beside clang's own -fsanitize=thread, all builds run in turns. Prints Markdown: for each size CPU time over plain, peak
memory, the longest that one piece of the work took of a thread's time, and in the end the power of the size by which the
cost of each grows.
--memory and --races are the largest sizes, in MB and races (a function each: 100000 take minutes to compile). Races are reported
to a file by both.
"""
import argparse
import glob
import math
import os
import re
import statistics
import subprocess
import tempfile

import measure

HERE = os.path.dirname(os.path.abspath(__file__))


def upto(limit, *sizes):
    return [size for size in sizes if size <= limit]


def write_races(path, count):
    """Functions each of which two threads call with nothing in between."""
    with open(path, "w", encoding="ascii") as file:
        file.write("#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\nstatic int shared[%d];\n" % count)
        for i in range(count):
            file.write(f"__attribute__((noinline)) static void f{i}(void) {{ shared[{i}]++; }}\n")
        file.write("static void (*const all[])(void) = {" + ",".join(f"f{i}" for i in range(count)) + "};\nstatic int count;\n"
                   "static void *work(void *arg)\n{\n\tfor (int i = 0; i < count; i++)\n\t\tall[i]();\n\treturn arg;\n}\n"
                   "int main(int argc, char **argv)\n{\n\tpthread_t other;\n\tcount = argc > 1 ? atoi(argv[1]) : 0;\n"
                   "\tpthread_create(&other, NULL, work, NULL);\n\twork(NULL);\n\tpthread_join(other, NULL);\n\tputs(\"done\");\n\treturn 0;\n}\n")


class Growth:
    def __init__(self, args):
        self.args = args
        flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
        cc = f"clang-{args.clang} -O1 -g -w -pthread"
        self.configs = {"plain": cc, "furlong": f"{cc} @{flags}", "tsan": f"{cc} -fsanitize=thread"}

    def build(self, source, name):
        for config, cc in self.configs.items():
            subprocess.run(f"{cc} -o {self.args.work}/{name}-{config} {source}", shell=True, check=True)

    def environment(self, config, reports):
        data = f"{self.args.work}/data"
        return {"FURLONG_DATA": data, "FURLONG_OPTIONS": "exitcode=0" + (f":log_path={data}/log" if reports else ""),
                "TSAN_OPTIONS": "exitcode=0 atexit_sleep_ms=0 " + (f"log_path={data}/tsan" if reports else "report_bugs=0")}

    def once(self, name, config, words, reports):
        """A sample, and the longest pause in ms, or how many races were reported; None: it failed."""
        subprocess.run(["rm", "-rf", self.args.work + "/data"], check=True)
        os.makedirs(self.args.work + "/data")
        out = f"{self.args.work}/said"
        command = f"exec {self.args.work}/{name}-{config} {' '.join(map(str, words))} >{out}"
        try:
            sample = measure.run(["sh", "-c", command], self.environment(config, reports), self.args.work)
        except RuntimeError as error:
            print(f"{name} {words}, {config}: {str(error)[:200]}\n", flush=True)
            return None
        if reports:
            logs = (open(path, encoding="utf-8").read() for path in glob.glob(self.args.work + "/data/*") if "/log" in path or "/tsan" in path)
            return sample, sum(log.count("\nWARNING: ") for log in logs)
        with open(out, encoding="ascii") as file:
            found = re.search(r"pause: (\d+)", file.read())
        return sample, int(found.group(1)) / 1000 if found else 0

    def point(self, name, words, reports=False):
        """config -> (CPU, peak in MB, pause); a configuration that failed is missing."""
        taken = {config: [] for config in self.configs}
        for _ in range(self.args.rounds):
            for config, samples in taken.items():
                samples.append(self.once(name, config, words, reports))
        middle = lambda samples, of: statistics.median(of(*s) for s in samples)
        return {c: (middle(s, lambda x, _: x.cpu), middle(s, lambda x, _: x.peak / 1024), middle(s, lambda _, p: p))
                for c, s in taken.items() if all(s)}

    def table(self, title, name, mode, sizes, reports=False):
        rows, costs = [], {"furlong": [], "tsan": []}
        for size in sizes:
            point = self.point(name, [*mode, size], reports)
            plain = point["plain"]
            row = [size, f"{plain[0]:.3f} s"]
            for config, cost in costs.items():
                mine = point.get(config)
                cost.append(mine[0] if mine else None)
                last = (f"{mine[2]:.0f}" if reports else f"{mine[2]:.1f} ms") if mine else ""
                row += [f"{mine[0]:.3f} s", f"{mine[1]:.0f} MB", last] if mine else ["failed", "", ""]
            rows.append(row)
        last = "reported" if reports else "longest pause"
        print(f"\n{title}:\n\n" + measure.table(["", "plain, CPU", "furlong, CPU", "peak", last, "tsan, CPU", "peak", last], rows), flush=True)
        for config, cost in costs.items():
            if len(sizes) > 1 and all((cost[0], cost[-1], cost[-2])):
                power = math.log(cost[-1] / cost[-2]) / math.log(sizes[-1] / sizes[-2])
                print(f"\n{config}: {cost[-1] / cost[0]:.1f} times from the first to the last; in the last step it grows with the power of {power:.2f}.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--sources", help="as script/bench gives them to all; not needed here")
    parser.add_argument("--work")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=1024)
    parser.add_argument("--races", type=int, default=10000)
    parser.add_argument("--only", default="threads,memory,races,time")
    args = parser.parse_args()
    args.furlong = os.path.abspath(args.furlong)
    args.work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-bench-growth-"))
    os.makedirs(args.work, exist_ok=True)
    growth, only = Growth(args), args.only.split(",")
    print(f"{measure.machine()}. clang {args.clang}, -O1 -g; medians of {args.rounds} interleaved rounds.")
    growth.build(HERE + "/race/growth.c", "growth")
    if "threads" in only:
        growth.table("Threads, the same work in all", "growth", ["threads"], (1, 2, 4, 8, 16, 32, 64))
    if "memory" in only:
        growth.table("Megabytes touched by two threads", "growth", ["memory"], upto(args.memory, 1, 4, 16, 64, 256, 1024, 2048, 4096))
    if "races" in only:
        write_races(args.work + "/races.c", args.races)
        growth.build(args.work + "/races.c", "races")
        growth.table("Distinct races", "races", [], upto(args.races, 10, 100, 1000, 10000, 100000), reports=True)
    if "time" in only:
        growth.table("Times as long", "growth", ["time"], (1, 10, 100))


if __name__ == "__main__":
    main()
