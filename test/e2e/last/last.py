#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a program was when it ended: last.py FURLONG PROGRAM PLAIN SOURCE

Each way to end is taken by the instrumented program and by its plain twin: both must print and end alike. Then the
lines that the report has in progress must be those that the source says are.
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

SIGNALS = {"segv": "SIGSEGV", "fpe": "SIGFPE", "abort": "SIGABRT", "assert": "SIGABRT", "trap": "SIGILL",
           "wild": "SIGSEGV", "overflow": "SIGSEGV", "term": "SIGTERM", "passed_on": "SIGBUS", "vfork": "SIGABRT",
           "fork": "SIGABRT", "threads": "SIGABRT"}
CALLS = {"exit": "exit(3)", "_exit": "_exit(4)", "quick_exit": "quick_exit(6)", "handled": "_exit(5)"}
NOTHING = ("kill", "return", "ignored", "looks")


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, resource.RLIM_INFINITY))


def take(program, way, data):
    done = run([program, way], preexec_fn=no_core, env=dict(os.environ, FURLONG_DATA=data))
    return done.returncode, done.stdout, re.sub(r"^\S+: ", "", done.stderr)


def lines_of(stack, source):
    return [f["line"] for f in stack if os.path.basename(f.get("file", "")) == os.path.basename(source) and "line" in f]


def marked(text, comment):
    return {n for n, line in enumerate(text, 1) if f"/* {comment} */" in line}


def endings(furlong, data, folder):
    report = os.path.join(folder, "report.json")
    done = run([furlong, "report", data, "--json", report])
    if done.returncode:
        raise SystemExit(f"furlong report: {done.stderr}")
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    if not told["quality"]["complete"]:
        raise SystemExit(f"not complete: {told['quality']['notes']}")
    return told["coverage"].get("endings", [])


def check(way, found, text, source, program):
    if way in NOTHING:
        return [f"{len(found)} endings"] if found else []
    wanted = SIGNALS.get(way) or CALLS[way]
    same = [e for e in found if e["title"] == wanted]
    if len(same) != 1 or len(found) != 1:
        return [f"endings {[e['title'] for e in found]}, not {wanted}"]
    if os.path.realpath(same[0]["program"]) != os.path.realpath(program) or same[0]["processes"] != 1:
        return [f"program {same[0]['program']}, {same[0]['processes']} processes"]
    faults, first = [], set(lines_of(same[0]["threads"][0]["stack"], source))
    expected = marked(text, f"at {way}") | (set() if way == "threads" else marked(text, "in main"))
    if way == "overflow":  # so deep that the outermost may be missing
        expected = first & expected or expected
    if first != expected:
        faults.append(f"in progress {sorted(first)}, not {sorted(expected)}")
    others = {line for thread in same[0]["threads"][1:] for line in lines_of(thread["stack"], source)}
    beside = marked(text, f"beside {way}")
    beside |= marked(text, "in main") if beside else set()
    if others - marked(text, f"or {way}") != beside:
        faults.append(f"other threads in {sorted(others)}, not {sorted(beside)}")
    return faults


def main():
    furlong, program, plain, source = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        text = file.read().split("\n")
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for way in [*SIGNALS, *CALLS, *NOTHING]:
            data = os.path.join(folder, way)
            ours, theirs = take(program, way, data), take(plain, way, data)
            if ours != theirs:
                faults.append(f"{way}: {ours}, without the flag {theirs}")
            faults += [f"{way}: {fault}" for fault in check(way, endings(furlong, data, folder), text, source, program)]
    for fault in faults:
        print(fault)
    print(f"last: {len(SIGNALS) + len(CALLS) + len(NOTHING)} ways to end, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
