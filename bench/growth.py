#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the cost of finding races grows: with threads, with the memory that is touched, with the races that there are, with
the time that a program runs.

    growth.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--rounds 3] [--memory 4096] [--races 100000] [--only threads,...]

Beside clang's own -fsanitize=thread, all builds run in turns. Prints Markdown: for each size CPU time, peak memory, the
longest that one piece of the work took, of a thread's time and on the clock (other programs pause it there, too), and in the end the
power of the size by which the cost of each grows.
--memory and --races are the largest sizes, in MB (as far as there is room for three times as much) and races (a function each: 100000
take minutes to compile). Races are reported to a file by both; the pause is then that of a function, on the clock, the first
of which starts the tool that knows the names.
"""
import glob
import math
import os
import re
import statistics
import subprocess

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
LASTING = {"time": "allocation, a table under a lock, memory of one's own", "locks": "a lock between two threads", "births": "threads that come and go",
           "mutexes": "locks that come and go"}


RACES_MAIN = """static int count;
static long now_us(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}
static void *work(void *argument)
{
	long *longest = argument;
	for (int i = 0; i < count; i++) {
		long start = now_us(), taken;
		all[i]();
		taken = now_us() - start;
		longest[i > 0] = taken > longest[i > 0] ? taken : longest[i > 0];
	}
	return NULL;
}
int main(int argc, char **argv)
{
	pthread_t other;
	long mine[2] = {0}, its[2] = {0};
	count = argc > 1 ? atoi(argv[1]) : 0;
	pthread_create(&other, NULL, work, its);
	work(mine);
	pthread_join(other, NULL);
	printf("pause: %ld %ld\\n", mine[1] > its[1] ? mine[1] : its[1], mine[0] > its[0] ? mine[0] : its[0]);
	return 0;
}
"""


def upto(limit, *sizes):
    return [size for size in sizes if size <= limit]


def room():
    """MB that a program may touch, its shadow beside it."""
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(re.search(r"MemAvailable:\s+(\d+)", file.read()).group(1)) // 1024 * 10 // 33


def write_races(path, count):
    """Functions each of which two threads call with nothing in between."""
    with open(path, "w", encoding="ascii") as file:
        file.write("#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\nstatic int shared[%d];\n" % count)
        for i in range(count):
            file.write(f"__attribute__((noinline)) static void f{i}(void) {{ shared[{i}]++; }}\n")
        file.write("static void (*const all[])(void) = {" + ",".join(f"f{i}" for i in range(count)) + "};\n" + RACES_MAIN)


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
        """A sample, the two longest pauses in ms, how many races were reported; None: it failed."""
        subprocess.run(["rm", "-rf", self.args.work + "/data"], check=True)
        os.makedirs(self.args.work + "/data")
        out = f"{self.args.work}/said"
        command = f"exec {self.args.work}/{name}-{config} {' '.join(map(str, words))} >{out}"
        try:
            sample = measure.run(["sh", "-c", command], self.environment(config, reports), self.args.work)
        except RuntimeError as error:
            print(f"{name} {words}, {config}: {str(error)[:200]}\n", flush=True)
            return None
        with open(out, encoding="ascii") as file:
            found = re.search(r"pause: (\d+) (\d+)", file.read())
        logs = (open(path, encoding="utf-8").read() for path in glob.glob(self.args.work + "/data/*") if "/log" in path or "/tsan" in path) if reports else ()
        return sample, int(found.group(1)) / 1000, int(found.group(2)) / 1000, sum(log.count("\nWARNING: ") for log in logs)

    def point(self, name, words, reports=False):
        """config -> (CPU, peak in MB, pauses, reports); a configuration that failed is missing."""
        taken = {config: [] for config in self.configs}
        for _ in range(self.args.rounds):
            for config, samples in taken.items():
                samples.append(self.once(name, config, words, reports))
        middle = lambda samples, of: statistics.median(of(*s) for s in samples)
        return {c: (middle(s, lambda x, *_: x.cpu), middle(s, lambda x, *_: x.peak / 1024),
                    f"{middle(s, lambda _, first, *__: first):.1f} / {middle(s, lambda _, __, second, *___: second):.1f}", middle(s, lambda *all: all[-1]))
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
                row += [f"{mine[0]:.3f} s", f"{mine[1]:.0f} MB", mine[2]] + [f"{mine[3]:.0f}"] * reports if mine else ["failed"] + [""] * (2 + reports)
            rows.append(row)
        pause = "other / first, ms" if reports else "pause, thread / clock, ms"
        columns = ["peak", pause] + ["reported"] * reports
        print(f"\n{title}:\n\n" + measure.table(["", "plain, CPU", "furlong, CPU", *columns, "tsan, CPU", *columns], rows), flush=True)
        for config, cost in costs.items():
            if len(sizes) > 1 and all((cost[0], cost[-1], cost[-2])):
                power = math.log(cost[-1] / cost[-2]) / math.log(sizes[-1] / sizes[-2])
                print(f"\n{config}: {cost[-1] / cost[0]:.1f} times from the first to the last; in the last step it grows with the power of {power:.2f}.")


def main():
    parser = measure.parser(rounds=3)
    parser.add_argument("--memory", type=int, default=4096)
    parser.add_argument("--races", type=int, default=100000)
    parser.add_argument("--only", default="threads,memory,races," + ",".join(LASTING))
    args = measure.parse(parser)
    growth, only = Growth(args), args.only.split(",")
    print(f"{measure.machine()}. clang {args.clang}, -O1 -g; medians of {args.rounds} interleaved rounds.")
    growth.build(HERE + "/race/growth.c", "growth")
    if "threads" in only:
        growth.table("Threads, the same work in all", "growth", ["threads"], (1, 2, 4, 8, 16, 32, 64))
    if "memory" in only:
        growth.table("Megabytes touched by two threads", "growth", ["memory"], upto(min(args.memory, room()), 1, 4, 16, 64, 256, 1024, 2048, 4096))
    if "races" in only:
        write_races(args.work + "/races.c", args.races)
        growth.build(args.work + "/races.c", "races")
        growth.table("Distinct races", "races", [], upto(args.races, 10, 100, 1000, 10000, 100000), reports=True)
    for name, what in LASTING.items():
        if name in only:
            growth.table(f"Times as long: {what}", "growth", [name], (1, 10, 100))


if __name__ == "__main__":
    main()
