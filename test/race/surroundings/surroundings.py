#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs in surroundings that are not the usual ones: modules that come and go, or are of another version, memory mapped for others, rights given up, tasks
by clone, vfork and fork, coverage in the same run, volatile accesses by each option, little address space, addresses that are not random.

    surroundings.py --furlong BIN [--clang 22] [--repeat N] [--change-the-machine]
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(os.path.dirname(HERE), "cases")
sys.path.insert(0, CASES)
from cases import PATIENT, reports_of


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300, **options)


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Surroundings:
    def __init__(self, arguments, folder):
        self.furlong, self.clang, self.folder, self.faults = arguments.furlong, f"clang-{arguments.clang}", folder, 0
        self.change_the_machine = arguments.change_the_machine
        self.steps = self.compile("steps.o", "-c", "-fPIC", os.path.join(CASES, "steps.c"), flags=None)

    def compile(self, name, *arguments, flags="race"):
        path = os.path.join(self.folder, name)
        flag = ["@" + run([self.furlong, "flags", flags], check=True).stdout.strip()] if flags else []
        built = run([self.clang, "-O1", "-g", "-pthread", *flag, *arguments, "-o", path])
        if built.returncode:
            raise SystemExit(f"surroundings: {name} does not build\n{built.stderr}")
        return path

    def play(self, *command, options="", **others):
        data = tempfile.mkdtemp(dir=self.folder)
        ended = run(command, env=dict(os.environ, FURLONG_DATA=data, FURLONG_OPTIONS=f"{PATIENT}:{options}"), **others)
        return ended, reports_of(ended.stderr), data

    def expect(self, what, right, ended):
        if not right:
            self.faults += 1
            print(f"--- {what}: exit status {ended.returncode}\n{ended.stderr[:3000]}")

    def module(self):
        module = self.compile("module.so", "-shared", "-fPIC", os.path.join(HERE, "module_inside.c"))
        other = self.compile("other.so", "-shared", "-fPIC", "-Dwrite_own=own_other", "-Dwrite_there=there_other",
                             os.path.join(HERE, "module_inside.c"))
        for ordered in (False, True):
            program = self.compile("module", os.path.join(HERE, "module.c"), self.steps,
                                   *(["-DORDERED"] if ordered else []))
            ended, reports, _ = self.play(program, module, other)
            if ordered:
                self.expect("module, ordered", ended.returncode == 0 and not ended.stderr, ended)
                continue
            found = [[[f.function for f in stack][:2] for _, stack in r.sides] for r in reports]
            files = [[stack[0].file for _, stack in r.sides] for r in reports]
            self.expect("module", ended.returncode == 66 and found == [
                [["write_own", "main"], ["write_own", "worker"]], [["after_close", "main"], ["write_there", "worker"]]]
                and files == [["module_inside.c"] * 2, ["module.c", "module_inside.c"]], ended)

    def foreign(self):
        """A module of another version: one line, no report, and the data say so. The same module of this version: a race."""
        program = self.compile("foreign", os.path.join(HERE, "foreign.c"), self.steps)
        for version in ("1", "FURLONG_ABI_VERSION"):
            module = self.compile("foreign.so", "-shared", "-fPIC", "-I", os.path.join(HERE, "../../../include"),
                                  f"-DVERSION={version}", os.path.join(HERE, "foreign_inside.c"), flags=None)
            for when in ("before", "between"):
                ended, reports, data = self.play(program, when, module)
                told = run([self.furlong, "report", "--quiet", "--json", "-", data])
                if version == "1":
                    self.expect(f"foreign {when}", ended.returncode == 0 and ended.stderr.count("\n") == 1 and
                                f"{module} was built for version 1 " in ended.stderr and
                                "another version of Furlong" in told.stdout, ended)
                else:
                    self.expect(f"foreign {when}, the same version", ended.returncode == 66 and len(reports) == 1 and
                                "another version" not in told.stdout, ended)

    def mapped(self):
        """What others may do to mapped memory, and a ring that the program handles itself: the data say that it is not seen."""
        program = self.compile("mapped", os.path.join(HERE, "mapped.c"))
        for what, says in (("memory", "1 mappings were shared with other processes"),
                           ("ring", "1 rings of io_uring were handled by the program itself")):
            ended, _, data = self.play(program, what)
            if ended.returncode == 77:
                print("mapped: no io_uring here, left out")
                continue
            told = run([self.furlong, "report", "--quiet", "--json", "-", data])
            notes = [note for note in json.loads(told.stdout)["quality"]["notes"] if "mappings" in note or "rings" in note]
            self.expect(f"mapped {what}: {notes}", ended.returncode == 0 and len(notes) == 1 and says in notes[0], ended)

    def callback(self):
        """Who called a library without the flag is in the stack of what the library called back."""
        library = ["inner", "library_run"]
        for more in (["-O0"], ["-O2", "-fomit-frame-pointer"]):
            inside = self.compile("callback.so", "-shared", "-fPIC", "-D_GNU_SOURCE", os.path.join(HERE, "callback_inside.c"), *more, flags=None)
            for ordered in (False, True):
                program = self.compile("callback", os.path.join(HERE, "callback.c"), self.steps, inside, *more,
                                       *(["-DORDERED"] if ordered else []))
                ended, reports, _ = self.play(program)
                if ordered:
                    self.expect(f"callback, ordered {more}", ended.returncode == 0 and not ended.stderr, ended)
                    continue
                found = [[[f.function for f in stack if "start" not in f.function] for _, stack in r.sides] for r in reports]
                self.expect(f"callback {more}", ended.returncode == 66 and found[:1] == [
                    [["touch", *library, "again", "library_ask", "by_main", "main", *found[0][0][7:]] if found else [],
                     ["touch", *library, "by_worker", "worker"]]], ended)

    def births(self):
        for ordered in (False, True):
            program = self.compile("births", os.path.join(HERE, "births.c"), self.steps, *(["-DORDERED"] if ordered else []))
            for how in ("clone", "vfork", "fork"):
                ended, reports, _ = self.play(program, how)
                found = [[stack[0].function for _, stack in r.sides] for r in reports]
                self.expect(f"births {how} {'ordered' if ordered else ''}", (ended.returncode, found) ==
                            ((0, []) if ordered else (66, [["main", "worker"]])), ended)

    def rights(self):
        if os.geteuid():
            print("rights: not root, left out")
            return
        jail = os.path.join(self.folder, "jail")
        os.makedirs(jail, exist_ok=True)
        for ordered in (False, True):
            program = self.compile("rights", "-D_GNU_SOURCE", os.path.join(HERE, "rights.c"), self.steps,
                                   *(["-DORDERED"] if ordered else []))
            for what in ("root", "user", "both", "descriptors"):
                ended, reports, data = self.play(program, what, jail)
                found = [[stack[0].function for _, stack in r.sides] for r in reports]
                self.expect(f"rights {what} {'ordered' if ordered else ''}", (ended.returncode, found) ==
                            ((0, []) if ordered else (66, [["main", "worker"]])) and "cannot" not in ended.stderr, ended)
                told = run([self.furlong, "races", data]) if found else None
                self.expect(f"rights {what}: the data", not told or "races: 1" in told.stdout, told)
        self.expect("rights: nothing is written into the new root", not os.listdir(jail), ended)

    def coverage_too(self):
        program = self.compile("both", "-I", CASES, os.path.join(CASES, "use_after_free_from_another_thread.c"), self.steps,
                               flags="all")
        ended, reports, data = self.play(program)
        self.expect("all.flags: the race", ended.returncode == 66 and len(reports) == 1, ended)
        told = run([self.furlong, "report", "--lcov", "-", "--quiet", data])
        self.expect("all.flags: report", told.returncode == 0, told)
        # Counted by hand: who is run how often.
        times = dict(line[5:].split(",")[::-1] for line in told.stdout.splitlines() if line.startswith("FNDA:"))
        self.expect("all.flags: coverage", {f: times.get(f) for f in ("main", "worker", "give_back", "look")} == {
            "main": "1", "worker": "1", "give_back": "1", "look": "1"}, told)
        lines = dict(line[3:].split(",")[:2] for line in told.stdout.splitlines() if line.startswith("DA:"))
        with open(os.path.join(CASES, "use_after_free_from_another_thread.c"), encoding="utf-8") as file:
            loop = [n for n, line in enumerate(file, 1) if "block[i] = i" in line][0]
        self.expect("all.flags: coverage of the loop", lines.get(str(loop)) == "8", told)

    def volatile(self):
        """What the option says volatile accesses are: plain ones, relaxed atomic ones (which race with a plain one all the same), or none."""
        for level in ("-O0", "-O2"):
            for ordered in (False, True):
                program = self.compile("volatile", level, os.path.join(HERE, "volatile.c"), self.steps, *(["-DORDERED"] if ordered else []))
                for option, racy in (("", ("both", "one")), ("volatile_accesses=plain", ("both", "one")), ("volatile_accesses=relaxed", ("one",)),
                                     ("volatile_accesses=ignore", ())):
                    for what in ("both", "one"):
                        expected = int(what in racy and not ordered)
                        ended, reports, _ = self.play(program, what, options=option)
                        self.expect(f"volatile {what} {option} {level} {'ordered' if ordered else ''}",
                                    (ended.returncode, len(reports)) == (66 * expected, expected), ended)

    def little_space(self):
        for way in (["-fPIE", "-pie"], ["-fno-pie", "-no-pie"], ["-static"], ["-static-pie", "-fPIE"]):
            program = self.compile("space", *way, "-I", CASES, os.path.join(CASES, "use_after_free_from_another_thread.c"), self.steps)
            for limit in (200 << 20, 2 << 30, 50 << 30):
                ended, reports, _ = self.play(program, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
                self.expect(f"ulimit -v {limit >> 10} {way[0]}", ended.returncode == 0 and not reports and
                            ended.stderr.count("\n") == 1 and "ulimit -v" in ended.stderr, ended)
            for how in (("setarch", "-R"), ()):
                ended, reports, _ = self.play(*how, program)
                self.expect(f"{how} {way[0]}", ended.returncode == 66 and len(reports) == 1, ended)
        for bits in self.randomness():
            ended, reports, _ = self.play(program)
            self.expect(f"vm.mmap_rnd_bits={bits}", ended.returncode == 66 and len(reports) == 1, ended)

    def randomness(self):
        """One value after the other, where that may be changed: for the whole machine, so only when asked for."""
        path = "/proc/sys/vm/mmap_rnd_bits"
        if not self.change_the_machine:
            return
        with open(path, encoding="utf-8") as file:
            before = file.read()
        try:
            for bits in range(28, 33):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(str(bits))
                for _ in range(20):
                    yield bits
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(before)

    def budget(self):
        """A tenth more may go into recording: what keeps happening is found, what is reported is right, and that accesses were not recorded
        most of the time is said."""
        for ordered in (False, True):
            program = self.compile("budget", f"-DORDERED={int(ordered)}", os.path.join(HERE, "budget.c"))
            before = seconds_of_children()
            ended, reports, data = self.play(program, options="race_budget=10%:report_each_address=1:symbolizer=none")
            taken = seconds_of_children() - before
            self.expect(f"budget, {'ordered' if ordered else 'racy'}", (ended.returncode, len(reports)) == ((0, 0) if ordered else (66, 4)), ended)
            told = run([self.furlong, "report", "--json", "-", "--quiet", data])
            rested = re.search("([0-9]+) milliseconds of CPU time passed in which accesses were not recorded", told.stdout)
            self.expect("budget: what was not recorded", rested and 600 * taken < int(rested[1]) < 1000 * taken, told)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--change-the-machine", action="store_true", help="also with every vm.mmap_rnd_bits")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        surroundings = Surroundings(arguments, folder)
        for _ in range(arguments.repeat):
            surroundings.module()
            surroundings.foreign()
            surroundings.mapped()
            surroundings.callback()
            surroundings.births()
            surroundings.rights()
            surroundings.coverage_too()
            surroundings.volatile()
            surroundings.little_space()
            surroundings.budget()
    print(f"{surroundings.faults} faults")
    return 1 if surroundings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
