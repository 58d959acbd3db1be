# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program's coverage as three tools tell it, and as it was: {line: count}. Each works in a folder of its own."""
import glob
import gzip
import json
import os
import shutil
import signal
import struct
import subprocess

# Its functions are the same in every program; clang and Furlong leave out system headers.
COMMON = ["-isystem", "/usr/include/csmith", "-w"]
# Of CPU time, which does not depend on what else the machine does. Programs that end do so in far less than the first.
SCREENED_SECONDS = 2
RUN_SECONDS = 10


class Failure(Exception):
    pass


class Endless(Failure):
    pass


def call(command, seconds=120, **options):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: ended with {done.returncode}\n{done.stderr[:2000]}")
    return done.stdout


class Subject:
    """A program, and what must be said to every compiler of it."""

    def __init__(self, program, folder, options=()):
        self.program, self.folder, self.options = program, folder, list(options)
        self.path = self.write("program.c", program.text)

    def write(self, name, text):
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def place(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def run(self, compiler, folder, source, seconds=RUN_SECONDS, **environment):
        """What the program prints, and how it ends."""
        call([*compiler, *COMMON, *self.options, "-o", "program", source], cwd=folder)
        ended = subprocess.run(["prlimit", f"--cpu={seconds}:{seconds + 1}", "./program"], capture_output=True, text=True,
                               errors="replace", timeout=600, cwd=folder, env=dict(os.environ, **environment))
        if ended.returncode == -signal.SIGXCPU:
            raise Endless(self.path)
        return ended.stdout, ended.returncode

    def truth(self, seconds=RUN_SECONDS):
        """What lines and branches really did, and what the program does."""
        here, folder = os.path.dirname(os.path.abspath(__file__)), self.place("truth")
        text, counted = self.program.truth()
        told = os.path.join(folder, "told")
        did = self.run(["clang-22", "-O1", "-include", os.path.join(here, "truth.h")], folder,
                       self.write("truth.c", text), seconds, TRUTH=told)
        with open(told, "rb") as file:
            words = list(struct.iter_unpack("<3Q", file.read()))
        lines = {n: self.program.expected(n, words[n][0], words[n][1:]) for n in counted}
        return lines, {n: words[n][2:0:-1] for n in self.program.single & counted}, did


class Furlong:
    def __init__(self, furlong):
        self.furlong = os.path.abspath(furlong)
        self.flags = "@" + call([self.furlong, "flags", "coverage"]).strip()
        self.clangs = [c for c in ("22", "19", "14") if self.supports(c)]
        if not self.clangs:
            raise SystemExit("csmith: none of the compilers is here")

    def supports(self, clang):
        if not shutil.which(f"clang-{clang}"):
            return False
        command = [f"clang-{clang}", self.flags, "-x", "c", "-fsyntax-only", "/dev/null"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def measure(self, subject, clang, options):
        """Lines, branches by line, and what the program did."""
        folder = subject.place("".join([clang, *options]))
        data, report = os.path.join(folder, "data"), os.path.join(folder, "report.json")
        did = subject.run([f"clang-{clang}", *options, self.flags], folder, subject.path, FURLONG_DATA=data)
        call([self.furlong, "report", data, "--json", report], cwd=folder)
        with open(report, encoding="utf-8") as file:
            told = json.load(file)
        if not told["quality"]["complete"]:
            raise Failure(f"not complete: {told['quality']['notes']}")
        covered = next(f for f in told["coverage"]["files"] if f["path"].endswith("program.c"))
        branches = {}
        for branch in covered["branches"]:
            if "constant" in branch:
                continue
            branches.setdefault(branch["line"], []).append((branch["true"], branch["false"]))
        lines = {line["line"]: line["count"] for line in covered["lines"]}
        for first, last in covered.get("no_code", []):  # the compiler made none of it: it cannot have run
            lines.update((line, 0) for line in range(first, last + 1))
            if subject.program.kind.get(first - 1) == "brace":  # no code around none
                lines.setdefault(first - 1, 0)
        return lines, branches, did


def llvm(subject):
    """Lines; None when all was lost."""
    folder = subject.place("llvm")
    subject.run(["clang-22", "-O0", "-fprofile-instr-generate", "-fcoverage-mapping"], folder, subject.path,
                LLVM_PROFILE_FILE="raw")
    if not os.path.exists(os.path.join(folder, "raw")):
        return None
    call(["llvm-profdata-22", "merge", "-o", "data", "raw"], cwd=folder)
    told = call(["llvm-cov-22", "export", "-format=lcov", "-instr-profile=data", "program", subject.path], cwd=folder)
    pairs = (line[3:].split(",") for line in told.split("\n") if line.startswith("DA:"))
    return {int(pair[0]): int(pair[1]) for pair in pairs}


def gcov(subject):
    """Lines; None when all was lost."""
    folder = subject.place("gcov")
    subject.run(["gcc", "-O0", "--coverage"], folder, subject.path)
    data = glob.glob(os.path.join(folder, "*.gcda"))
    if not data:
        return None
    call(["gcov", "--json-format", *data], cwd=folder)
    with gzip.open(glob.glob(os.path.join(folder, "*.json.gz"))[0], "rt", encoding="utf-8") as file:
        told = json.load(file)
    covered = next(f for f in told["files"] if f["file"].endswith("program.c"))
    lines = {}
    for line in covered["lines"]:
        lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
    return lines
