#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares Furlong's counts with what programs logged of themselves.

    oracle.py --furlong BIN [--clang 22,19,14] [--count N] [--first SEED] [--matrix full|spread] [--calm] [FILE...]

Each program (generated, or a FILE that includes log.h) is built with the coverage flag and run once a
configuration; every logged line, every logged condition's two outcomes and every function's entries must be
what the log says. With `full` every program meets every configuration, and besides the log the whole report
must be the same at every level of one compiler; with `spread` configurations take turns.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
LINES = CONDITIONS = 8192
LOGGED = ("T;", generate.WRITTEN_OUT)


class Failure(Exception):
    pass


class Config:
    def __init__(self, clang, options):
        self.clang, self.options = clang, options

    def __str__(self):
        return f"clang-{self.clang} {' '.join(self.options)}"


def configurations(clangs):
    """The newest compiler at every level, the others where they differ most: unoptimised and optimised."""
    newest, *others = clangs
    found = [Config(newest, [level]) for level in ("-O0", "-O1", "-O2", "-O3", "-Os")]
    found.append(Config(newest, ["-O2", "-flto", f"-fuse-ld=lld-{newest}"]))
    found.append(Config(newest, ["-O2", "-flto=thin", f"-fuse-ld=lld-{newest}"]))
    for clang in others:
        found += [Config(clang, [level]) for level in ("-O0", "-O2")]
    return found


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, **options)
    return done


def read_log(path):
    """A program's log (log.c): by line, then by condition false and true."""
    with open(path, "rb") as file:
        return struct.unpack(f"<{LINES + 2 * CONDITIONS}Q", file.read())


USE = re.compile(r"\b[A-Z]{2,}\(")


class Oracle:
    def __init__(self, furlong, work, hits=False):
        self.furlong, self.work, self.hits = furlong, work, hits
        flags = run([furlong, "flags", "coverage-hit" if hits else "coverage"])
        if flags.returncode != 0:
            raise SystemExit(f"oracle: {furlong} flags coverage: {flags.stderr}")
        self.flags = "@" + flags.stdout.strip()

    def build(self, source, config, folder):
        cxx = source.endswith(".cpp")
        log = os.path.join(folder, "log.o")
        program = os.path.join(folder, "program")
        common = ["-D_GNU_SOURCE", "-I", HERE, "-pthread", "-w"]
        for command in (
            [f"clang-{config.clang}", *common, "-O1", "-c", "-o", log, os.path.join(HERE, "log.c")],
            [f"clang{'++' if cxx else ''}-{config.clang}", *common, *config.options, self.flags,
             "-o", program, source, log],
        ):
            built = run(command)
            if built.returncode != 0:
                raise Failure(f"does not compile: {' '.join(command)}\n{built.stderr}")
        return program

    def measure(self, source, config):
        """One program in one configuration: its log and the report."""
        folder = tempfile.mkdtemp(dir=self.work)
        try:
            program = self.build(source, config, folder)
            log, data, report = (os.path.join(folder, n) for n in ("log", "data", "report.json"))
            environment = dict(os.environ, ORACLE_LOG=log, FURLONG_DATA=data)
            ended = run([program], env=environment, cwd=folder)
            if ended.returncode == 99:
                raise Failure("could not open its log")
            if "furlong" in ended.stderr:
                raise Failure(f"the runtime said: {ended.stderr.strip()}")
            made = run([self.furlong, "report", data, "--json", report], cwd=folder)
            if made.returncode != 0:
                raise Failure(f"furlong report ended with {made.returncode}: {made.stderr.strip()}")
            words = read_log(log)
            if self.hits:
                words = tuple(min(word, 1) for word in words)
            with open(report, encoding="utf-8") as file:
                return words, json.load(file)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def covered_file(report, source):
    for file in report["coverage"]["files"]:
        if os.path.basename(file["path"]) == os.path.basename(source):
            return file
    raise Failure(f"the report has no {os.path.basename(source)}: {[f['path'] for f in report['coverage']['files']]}")


def compare(source, words, report):
    """Yields a line for each count that is not the log's; returns how many counts were compared."""
    with open(source, encoding="utf-8") as file:
        text = file.read().split("\n")
    covered = covered_file(report, source)
    counts = {line["line"]: line["count"] for line in covered["lines"]}
    for first, last in covered.get("no_code", []): # the compiler made none of it: it cannot have run
        counts.update((line, 0) for line in range(first, last + 1))
    branches = collections.defaultdict(list) # what a macro is given stands where the macro does
    for b in covered["branches"]:
        branches[b["line"], b["column"]].append((b["true"], b["false"]))
    compared, wrong = 0, []
    for number, line in enumerate(text, 1):
        if line.lstrip().startswith(LOGGED):
            compared += 1
            if counts.get(number) != words[number]:
                wrong.append(f"line {number}: {counts.get(number)}, the log says {words[number]}: {line.strip()}")
        for match in re.finditer(r"\bC\((\d+),", line):
            compared += 1
            index = LINES + 2 * int(match.group(1))
            logged = (words[index + 1], words[index])
            use = USE.search(line)
            place = min(match.start(), use.start() if use else match.start()) + 1
            told = branches.get((number, place))
            # A function that nothing refers to is never emitted, and clang describes it as one region.
            if logged in (told or [(0, 0)]):
                if told: # each is told once
                    told.remove(logged)
            else:
                wrong.append(f"line {number}:{match.start() + 1}: true/false {told}, the log says {logged}: {line.strip()}")
    for function in covered["functions"]:
        first = next((n for n in range(function["line"] + 1, len(text)) if text[n - 1].lstrip().startswith(LOGGED)), None)
        if first and text[function["line"] - 1][:1] not in ("", "\t", " "):
            compared += 1
            if function["count"] != words[first]:
                wrong.append(f"function {function['name']}: {function['count']}, the log says {words[first]}")
    if not compared:
        wrong.append("nothing was logged: the comparison is empty")
    return compared, wrong


def check(oracle, source, configs):
    """One program in some configurations; returns how many counts were compared and what was wrong."""
    total, faults, first = 0, [], {}
    for config in configs:
        try:
            words, report = oracle.measure(source, config)
            compared, wrong = compare(source, words, report)
            total += compared
            faults += [f"{config}: {fault}" for fault in wrong]
            same = {key: covered_file(report, source)[key] for key in ("lines", "functions", "branches")}
            if first.setdefault(config.clang, (config, same))[1] != same:
                faults.append(f"{config}: the report differs from that of {first[config.clang][0]}")
            if not report["quality"]["complete"]:
                faults.append(f"{config}: not complete: {report['quality']['notes']}")
        except (Failure, subprocess.TimeoutExpired) as failure:
            faults.append(f"{config}: {failure}")
    return total, faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22,19,14")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--matrix", choices=("full", "spread"), default="spread")
    parser.add_argument("--calm", action="store_true", help="generate only programs that leave every call by its return")
    parser.add_argument("--hits", action="store_true", help="build with coverage-hit: only whether code ran")
    parser.add_argument("--keep", help="leave the generated programs here")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()

    clangs = [c for c in args.clang.split(",") if shutil.which(f"clang-{c}")]
    if not clangs:
        raise SystemExit("oracle: none of the compilers is here")
    configs = configurations(clangs)
    with tempfile.TemporaryDirectory(prefix="furlong-oracle-") as work:
        oracle = Oracle(args.furlong, work, args.hits)
        sources = [os.path.abspath(f) for f in args.files]
        for seed in range(args.first, args.first + args.count):
            language = "c++" if seed % 4 == 0 else "c"
            source = os.path.join(args.keep or work, f"seed{seed}.{'cpp' if seed % 4 == 0 else 'c'}")
            with open(source, "w", encoding="utf-8") as file:
                file.write(generate.Program(seed, language, args.calm).text())
            sources.append(source)

        def task(item):
            index, source = item
            chosen = configs if args.matrix == "full" else [configs[index % len(configs)], configs[(index * 5 + 3) % len(configs)]]
            return source, *check(oracle, source, chosen)

        compared = failed = 0
        with concurrent.futures.ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
            for source, count, faults in pool.map(task, enumerate(sources)):
                compared += count
                failed += bool(faults)
                for fault in faults[:10]:
                    print(f"{os.path.basename(source)}: {fault}")
                if len(faults) > 10:
                    print(f"{os.path.basename(source)}: and {len(faults) - 10} more")
    print(f"oracle: {len(sources)} programs, {compared} counts compared, {failed} programs wrong")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
