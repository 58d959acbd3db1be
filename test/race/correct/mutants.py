#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Takes one synchronising operation out of a correct program at a time, and asks who finds the race that may be left.

    mutants.py --furlong BIN [--clang 22] [--level O1] [--runs 10] [--brief] [PROGRAM...]

What is taken out: a fence; a guard (std::lock_guard and its kind); a pair of lock and unlock; a wait at a barrier; the
order of an atomic operation (relaxed in its place). A mutant that does not build, or does not end, is left out. One that
nobody reports in any run may be as correct as before. Prints the table of docs/design/race-mutants.md. ThreadSanitizer is
judged by the programs on whose originals it is silent.
"""
import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile

import correct

PROGRAMS = """atomic_flag_spinlock barrier_stencil c11_threads chase_lev_deque concurrent_hash_map double_checked_locking
double_checked_locking_with_fences flat_combining intrusive_count lazy_list left_right mcs_lock memory_pool mpmc_bounded_queue
rcu_epochs seqlock spsc_ring spsc_ring_with_fences thread_pool ticket_lock""".split()
RACE = re.compile(r"WARNING: \w+: (data race|heap-use-after-free|race on vptr)")
LIMIT = 20


def operations(text):
    """(what, text without it), for each that can be taken out."""
    for found in re.finditer(r"memory_order(?:_|::)(acquire|release|acq_rel|seq_cst)|\b(?:std::)?atomic_thread_fence\([^;]*\);|"
                             r"^\s*std::(?:lock_guard|scoped_lock|unique_lock|shared_lock)[^;]*;|"
                             r"\bpthread_barrier_wait\([^;]*\);|\b\w+\.arrive_and_wait\(\);", text, re.M):
        start, end = found.span()
        line = text.count("\n", 0, start) + 1
        if found[1]:
            fence = "atomic_thread_fence" in text[text.rfind("\n", 0, start):start]
            if not fence:
                yield f"{found[1]} made relaxed, line {line}", text[:start] + found[0].replace(found[1], "relaxed") + text[end:]
        else:
            what = re.sub(r"\s+", " ", found[0].strip())
            yield f"without `{what}`, line {line}", text[:start] + ("\n" if found[0].startswith("\n") else "") + ";" + text[end:]
    for found in re.finditer(r"(?:pthread_mutex_lock|mtx_lock)\(([^;]*)\);", text):
        unlock = re.compile(r"(?:pthread_mutex_unlock|mtx_unlock)\(" + re.escape(found[1]) + r"\);").search(text, found.end())
        if unlock and "\n}" not in text[found.end():unlock.start()] and "cond" not in text[found.end():unlock.start()]:
            line = text.count("\n", 0, found.start()) + 1
            yield (f"without lock and unlock, line {line}",
                   text[:found.start()] + ";" + text[found.end():unlock.start()] + ";" + text[unlock.end():])


def build(args, flags, path, name):
    """The program, or None."""
    args.flags, args.work = flags, tempfile.mkdtemp(dir=args.folder)
    return correct.compile_one(args, path)[1]


def races(args, program):
    """Whether it is said to race; None: it does not end."""
    try:
        done = subprocess.run([program], cwd=args.folder, env=dict(os.environ, FURLONG_DATA=tempfile.mkdtemp(dir=args.folder)),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=LIMIT)
    except subprocess.TimeoutExpired as late:
        return True if RACE.search((late.stderr or b"").decode(errors="replace")) else None
    return bool(RACE.search(done.stderr))


def first_run(args, program):
    """The number of the first run that is said to race, 0 if none is, or None."""
    silent = 0
    for number in range(1, args.runs + 1):
        found = races(args, program)
        if found:
            return number
        silent += found is not None
        if found is None and number - silent > 2:
            return None
    return 0 if silent else None


def study(args, path, tools):
    """For each mutant: what was taken out, and the run that found it, by tool."""
    name = os.path.basename(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    silent = {tool: first_run(args, build(args, flags, path, name)) == 0 for tool, flags in tools.items()}
    for what, mutated in operations(text):
        folder = tempfile.mkdtemp(dir=args.folder)
        mutant = os.path.join(folder, name)
        with open(mutant, "w", encoding="utf-8") as file:
            file.write(mutated)
        found = {}
        for tool, flags in tools.items():
            program = build(args, [*flags, "-I", os.path.dirname(path), "-Wno-error"], mutant, name)
            found[tool] = first_run(args, program) if program else None
        yield what, found, silent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O1")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--brief", action="store_true", help="a line a mutant besides")
    parser.add_argument("programs", nargs="*", default=PROGRAMS)
    args = parser.parse_args()
    tools = {"Furlong": correct.furlong_flags(os.path.abspath(args.furlong), "race"), "TSan": ["-fsanitize=thread"]}
    total = collections.Counter()
    print("| program | mutants | reported by anybody | Furlong, 1 run | 10 runs | TSan, 1 run | 10 runs |\n|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="mutants-") as args.folder:
        for name in args.programs:
            path = next(p for p in (f"{correct.HERE}/{name}.c", f"{correct.HERE}/{name}.cpp") if os.path.exists(p))
            row, fit = collections.Counter(), True
            for what, found, silent in study(args, path, tools):
                fit = silent["TSan"]
                counted = {tool: run for tool, run in found.items() if run is not None and silent[tool]}
                if "Furlong" not in counted:
                    continue
                row["mutants"] += 1
                row["reported"] += any(counted.values())
                for tool, run in counted.items():
                    row[tool, 1] += run == 1
                    row[tool, 10] += bool(run)
                if args.brief:
                    print(f"  {name}: {what}: {found}", flush=True)
            total += row
            if fit:
                total["mutants of the fit"] += row["mutants"]
                total["reported of the fit"] += row["reported"]
                total["found of the fit"] += row["Furlong", 10]
                total["found of the fit at once"] += row["Furlong", 1]
            print(f"| {name} | {row['mutants']} | {row['reported']} | {row['Furlong', 1]} | {row['Furlong', 10]} | "
                  + (f"{row['TSan', 1]} | {row['TSan', 10]} |" if fit else "reports the original | |"), flush=True)
    print(f"| all | {total['mutants']} | {total['reported']} | {total['Furlong', 1]} | {total['Furlong', 10]} | | |")
    print(f"| those whose original TSan does not report | {total['mutants of the fit']} | {total['reported of the fit']} | "
          f"{total['found of the fit at once']} | {total['found of the fit']} | {total['TSan', 1]} | {total['TSan', 10]} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
