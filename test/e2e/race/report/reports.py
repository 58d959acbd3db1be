#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reports of reports.cpp, compared with what its own source says: reports.py PROGRAM SOURCE TOOL [--only NAME].

Lines are known by their markers, functions and columns from the text of the marked line.
"""
import argparse
import atexit
import glob
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

scratch = tempfile.TemporaryDirectory(prefix="furlong-", ignore_cleanup_errors=True) # all folders below go with it
tempfile.tempdir = scratch.name

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("source")
parser.add_argument("tool")
parser.add_argument("--only")
parser.add_argument("--static", action="store_true")
args = parser.parse_args()
args.program, args.source, args.tool = map(os.path.abspath, (args.program, args.source, args.tool))
base = os.path.basename(args.program)
# An inlined function has no symbol, and line tables alone (clang) have no more than its bare name.
only_lines = base.endswith("line_tables")
marks = {}
with open(args.source, encoding="utf-8") as file:
    for number, text in enumerate(file, 1):
        found = re.search(r"/\* MARK ([\w-]+) \*/", text)
        if found:
            marks[found.group(1)] = (number, text)

FRAME = re.compile(r"^    #(\d+) (.+) (\S+?)(?::(\d+))?(?::(\d+))? \((?:([^+()]+)\+)?0x([0-9a-f]+)\)$")
faults = []


def check(good, what):
    if not good:
        faults.append(what)


class Run:
    """`meanwhile` is called with this and the process while that runs; `before` are words in front of the program."""

    def __init__(self, *words, options="", env=None, cwd=None, meanwhile=None, before=()):
        self.dir = tempfile.mkdtemp(prefix="furlong-")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("FURLONG_", "TSAN_"))}
        environment.update(FURLONG_DATA=os.path.join(self.dir, "data"), FURLONG_OPTIONS=options, **(env or {}))
        start = time.monotonic()
        with subprocess.Popen([*before, args.program, *words], env=environment, cwd=cwd or self.dir, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            try:
                if meanwhile:
                    meanwhile(self, process)
                out, err = process.communicate(timeout=120)
            except BaseException:
                process.kill()
                raise
        self.seconds = time.monotonic() - start
        self.status, self.out = process.returncode, out.decode()
        self.err = err.decode(errors="replace")
        self.reports = [Report(t) for t in re.findall(r"={18}\nWARNING: .*?\n={18}\n", self.err, re.S)]
        self.said = [l[9:] for l in self.err.splitlines() if l.startswith("furlong: ")]
        self.data = self.read_data()

    def read_data(self):
        text = ""
        for name in glob.glob(os.path.join(self.dir, "data", "*.race")):
            with open(name, encoding="utf-8", errors="replace") as data:
                text += data.read()
        return text


class Gate:
    """A tool that is no tool until somebody lets it go."""

    def __init__(self, first=""):
        self.folder = tempfile.mkdtemp(prefix="furlong-")
        self.pipe, self.tool = self.folder + "/pipe", self.folder + "/tool"
        os.mkfifo(self.pipe)
        with open(self.tool, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{first}\nread line <{self.pipe}\nexec {args.tool} \"$@\"\n")
        os.chmod(self.tool, stat.S_IRWXU)
        self.options = f"symbolizer={self.tool}:symbolizer_seconds=60"
        atexit.register(os.close, os.open(self.pipe, os.O_RDWR)) # then nobody waits there any more

    def let_go(self):
        with open(self.pipe, "w", encoding="utf-8") as file:
            file.write("go\n")


class Report:
    def __init__(self, text):
        self.text = text
        self.parts = [p.split("\n") for p in text.split("\n\n")]
        self.parts[0] = self.parts[0][2:]

    def part(self, pattern):
        """Head and frames of the first paragraph whose head matches."""
        for part in self.parts:
            if re.search(pattern, part[0]):
                return part[0], [FRAME.match(l).groups() for l in part[1:] if FRAME.match(l)]
        return None, []


def at(frame, function, mark):
    """A frame in that function on the marked line, its column within the line, at what races or is called."""
    line, text = marks[mark]
    if not frame or frame[1] != function or frame[3] != str(line) or not frame[2].endswith("reports.cpp"):
        return False
    return frame[4] is not None and 0 < int(frame[4]) <= len(text) and text[int(frame[4]) - 1] not in " \t\n"


def is_named(report):
    head, frames = report.part(r"^  Read of size 4 at 0x[0-9a-f]+ by thread T2")
    check(head, "first access: " + report.text)
    check(len(frames) > 1 and at(frames[0], "read_int(int const*)", "read"), f"read {frames}")
    check(len(frames) > 1 and at(frames[1], "late_reader(void*)", "read-call"), f"read's caller {frames}")
    head, frames = report.part(r"^  Previous write of size 4 at 0x[0-9a-f]+ by thread T1")
    check(head, "second access: " + report.text)
    check(len(frames) > 1 and at(frames[0], "write_int(int*)", "write"), f"write {frames}")
    check(len(frames) > 1 and at(frames[1], "early_writer(void*)", "write-call"), f"write's caller {frames}")


def one():
    run = Run("one")
    check(run.status == 66 and run.out == "begin\n", f"status {run.status}, {run.out!r}")
    check(len(run.reports) == 1, run.err)
    for report in run.reports:
        is_named(report)
        check(f"(pid=" in report.text and report.text.count("created by main thread at:") == 2, report.text)
        head, _ = report.part("Location is global 'racy_int' of size 4 at 0x")
        check(head, report.text)
        line, text = marks["read"]
        check(re.search(rf"\nSUMMARY: Furlong: data race \S*reports.cpp:{line}:\d+ in read_int\(int const\*\)\n", report.text),
              report.text)
        for thread in ("T1", "T2"):
            head, frames = report.part(rf"Thread {thread} \(tid=\d+, (running|finished)\) created by main thread at:")
            inlined = ("run_two",) if only_lines else ()
            check(any(f[1].startswith("run_two(") or f[1] in inlined for f in frames), f"birth of {thread}: {report.text}")
    check(run.said == ["reported 1 warning"], run.said)
    check("\nreport data-race " in run.data and run.data.count("\nend\n") == 2 and "\nseen " in run.data, run.data)


def none():
    run = Run("none")
    check(run.status == 0 and run.err == "" and run.out == "begin\n", f"{run.status} {run.err}")
    check("\nseen " in run.data and "report " not in run.data, run.data)


def repeated():
    run = Run("repeat")
    check(len(run.reports) == 1 and run.said == ["reported 1 warning"], run.err)
    check(re.search(r"\ntimes [0-9a-f]{16} 9999\n", run.data), run.data)


def words():
    run = Run("words")
    check(len(run.reports) == 1 and re.search(r"\ntimes [0-9a-f]{16} 512\n", run.data), run.err + run.data)
    run = Run("words", options="report_each_address=1:symbolizer=none")
    check(len(run.reports) == 512 and len({re.search(r"Read of size 8 at (\w+)", r.text).group(1) for r in run.reports}) == 512,
          len(run.reports))


def eight():
    run = Run("eight")
    sums = {re.search(r" in (set\d)\(int\)", r.text.split("SUMMARY")[1]).group(1) for r in run.reports}
    check(len(run.reports) == 8 and sums == {f"set{i}" for i in range(8)}, f"{len(run.reports)} {sums}")


def inlined():
    run = Run("inlined")
    bump = "bump" if only_lines else "shop::Counter<long>::bump(long)"
    report = run.reports[0] if run.reports else Report("")
    head, frames = report.part("Previous write of size 8")
    check(len(frames) > 1 and at(frames[0], bump, "inlined"), run.err)
    check(len(frames) > 1 and at(frames[1], "early_bump(void*)", "inlined-call") and frames[0][6] == frames[1][6], run.err)
    head, frames = report.part("Location is heap block of size 8 at 0x[0-9a-f]+ allocated by main thread:")
    check(any(at(f, "main", "new") for f in frames), run.err)


def places():
    check("Location is stack of main thread.\n" in Run("stack").err, "stack")
    check("Location is TLS of thread T1.\n" in Run("tls").err, "TLS")


def locked():
    run = Run("locked")
    report = run.reports[0] if run.reports else Report("")
    head, _ = report.part(r"Previous write of size 4 .* by thread T1 \(mutexes: write M1\):")
    check(head, run.err)
    head, frames = report.part(r"Mutex M1 \(0x[0-9a-f]+\) created at:")
    check(any(at(f, "early_locked(void*)", "lock") for f in frames), run.err)
    check("Thread T1 'lock er' (tid=" in run.err, run.err)
    run = Run("relocked")
    check(re.search(r"Previous write of size 4 .* by thread T1 \(mutexes: write M1\):", run.err), run.err)


def heard():
    run = Run("heard")
    check("\norder 1 2 1\n" in run.data, run.data)
    check("\n  The last that T2 had heard of T1 was from before that access, nor did it acquire what T1 released after "
          "its access.\n" in run.err, run.err)
    run = Run("one")
    check(re.search(r"\norder 0 0 \d\n", run.data), run.data)
    check("\n  Until then, T2 had heard of nothing that T1 did" in run.err, run.err)
    check("had heard" not in Run("one", options="style=tsan").err, "in TSan's style")


def handler():
    run = Run("handler")
    report = run.reports[0] if run.reports else Report("")
    _, frames = report.part("Read of size 4")
    check(len(frames) > 1 and frames[0][1] == "read_int(int const*)" and frames[1][1] == "handle(int)", run.err)


def unseen():
    run = Run("wait")
    check(run.status == 66 and run.out == "begin\n" and len(run.reports) == 1, f"{run.status} {run.out} {run.err}")
    run = Run("fork-after")
    check(run.status == 66 and len(run.reports) == 1, f"{run.status} {run.err}")
    run = Run("reuse", os.path.join(tempfile.mkdtemp(prefix="furlong-"), "file"))
    check(run.status == 66 and len(run.reports) == 2 and "late_word" in run.err, f"{run.status} {run.out} {run.err}")


def as_init():
    """Whom processes without a parent go to: nothing of ours is there for wait()."""
    if os.geteuid() or not shutil.which("unshare"):
        print("as_init: not root, left out")
        return
    run = Run("wait", before=("unshare", "--pid", "--fork", "--kill-child"))
    check(run.status == 66 and run.out == "begin\n" and len(run.reports) == 1, f"{run.status} {run.out} {run.err}")
    for report in run.reports:
        is_named(report)


def vforked():
    run = Run("vfork")
    check(run.status == 66 and len(run.reports) == 1 and run.said == ["reported 1 warning"], f"{run.status} {run.err}")
    check(run.data.count("\nseen ") == 1 and len(set(re.findall(r"\nprocess (\d+)", run.data))) == 1, run.data)
    run = Run("exec")
    check(run.status == 0 and re.search(r"\ntimes [0-9a-f]{16} 19\n", run.data), f"{run.status} {run.data}")


def forked():
    run = Run("fork")
    check(run.status == 66 and len(run.reports) == 2, f"{run.status} {run.err}")
    check(len({re.search(r"pid=(\d+)", r.text).group(1) for r in run.reports}) == 2, run.err)
    for report in run.reports:
        is_named(report)


def log_path():
    run = Run("closed", options="")
    check(run.status == 66 and run.err == "", f"{run.status} {run.err}")
    run = Run("closed", options="log_path=log")
    logs = glob.glob(os.path.join(run.dir, "log.*"))
    check(len(logs) == 1 and run.err == "", f"{logs} {run.err}")
    with open(logs[0], encoding="utf-8") as log:
        is_named(Report(log.read().split("\nfurlong:")[0] + "\n"))
    run = Run("one", env={"TSAN_OPTIONS": "log_path=log"})
    check(len(glob.glob(os.path.join(run.dir, "log.*"))) == 1 and run.err == "", run.err)


def statuses():
    for how, status in (("exit", 66), ("exit3", 3), ("_exit", 66), ("_exit3", 3), ("quick", 66), ("quick3", 3),
                        ("thread", 66), ("return", 66), ("abort", -signal.SIGABRT), ("kill", -signal.SIGKILL),
                        ("segv", -signal.SIGSEGV)):
        run = Run("end", how)
        check(run.status == status and len(run.reports) == 1, f"{how}: {run.status}")
        check("report data-race" in run.data, f"{how}: no data")
        check(run.out == ("begin\n" if how in ("exit", "exit3", "thread", "return") else ""), f"{how}: {run.out!r}")
    check(Run("one", options="exitcode=0").status == 0, "exitcode=0")
    check(Run("one", options="exitcode=5").status == 5, "exitcode=5")
    check(Run("one", env={"TSAN_OPTIONS": "exitcode=7"}).status == 7, "exitcode by TSAN_OPTIONS")
    run = Run("eight", options="halt_on_error=1")
    check(run.status == 66 and len(run.reports) == 1 and run.out == "", f"halt: {run.status} {run.err}")


def styles():
    run = Run("one", options="style=tsan")
    check("WARNING: ThreadSanitizer: data race (pid=" in run.err and "SUMMARY: ThreadSanitizer: data race " in run.err, run.err)
    directory = os.path.dirname(args.source)
    run = Run("one", options=f"strip_path_prefix='{directory}/'")
    check(" reports.cpp:" in run.err and "/reports.cpp" not in run.err, run.err)
    run = Run("one", cwd=directory)
    check(re.search(r"SUMMARY: .* (\S*/)?reports.cpp:", run.err) and directory not in run.err, "relative: " + run.err)


def suppressions_of(text):
    path = os.path.join(tempfile.mkdtemp(prefix="furlong-"), "suppressions")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return f"suppressions='{path}'"


def suppressed_by(line, case="one", also=""):
    return Run(case, options=suppressions_of(f"# a comment\n\n  {line}  # why\n{also}"))


def suppressions():
    for line in ("race:read_int", "race:^read_int*const", "race:late_reader", "race:run_two", "race:reports.cpp", "race:racy_int",
                 f"race:{base}", "race_top:write_int", "race_top:*/reports.cpp$", f"called_from_lib:/{base}$", "race:*"):
        run = suppressed_by(line)
        check(run.status == 0 and not run.reports, f"{line}: {run.status} {run.err}")
        check(run.said == [f"suppressions matched (times): 1 {line}"], f"{line}: {run.said}")
        check(re.search(r"\nsuppressed [0-9a-f]{16} " + re.escape(line) + "\n", run.data), f"{line}: {run.data}")
    for line in ("race:^int", "race:read_int$", "race_top:late_reader", "race:nobody", "mutex:read_int", "deadlock:read_int",
                 "thread:read_int", "signal:read_int", "called_from_lib:libnothing.so"):
        run = suppressed_by(line)
        check(run.status == 66 and len(run.reports) == 1, f"{line}: {run.status} {run.err}")
        check(any(s.startswith("1 suppression of ") and s.endswith("matched nothing: " + line) for s in run.said), run.said)
    run = suppressed_by("race:ping", "repeat")
    check(run.said == ["suppressions matched (times): 9999 race:ping"], run.said)
    run = suppressed_by("race_top:set3", "eight", also="race:nobody\nnonsense\n")
    check(len(run.reports) == 7 and any("'nonsense' is no suppression" in s for s in run.said), run.err)
    check(any("matched nothing: race:nobody" in s for s in run.said), run.said)
    check(any("matched nothing: race:nobody" in s for s in suppressed_by("race:nobody", "none").said), "none")
    run = Run("one", options="suppressions=nowhere")
    check(run.status == 66 and "cannot read suppressions from nowhere: No such file or directory" in run.err, run.err)


def is_raw(run, why):
    check(run.status == 66 and len(run.reports) == 1, f"{run.status} {run.err}")
    check(any(why in s for s in run.said), f"{why}: {run.said}")
    for report in run.reports:
        for pattern in ("Read of size 4", "Previous write of size 4"):
            _, frames = report.part(pattern)
            check(len(frames) > 1 and frames[0][1] == "<null>" and frames[0][5] == base, report.text)
            name = subprocess.run(["addr2line", "-fCie", args.program, "0x" + frames[0][6]], capture_output=True, text=True).stdout
            check("_int(" in name, f"{frames[0]} is {name}")


def is_gone(pid):
    """Killed is not yet gone: a loaded machine takes its time. It would sleep for longer."""
    for _ in range(300):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat_file:
                if " Z " in stat_file.read():
                    return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


def without_names():
    directory = tempfile.mkdtemp(prefix="furlong-")

    def script(text):
        path = os.path.join(directory, f"tool{len(os.listdir(directory))}")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, stat.S_IRWXU)
        return path

    is_raw(Run("one", options="symbolizer=none"), "reported 1")
    is_raw(Run("one", options="symbolizer=/nowhere/furlong"), "/nowhere/furlong: No such file or directory")
    is_raw(Run("one", options=f"symbolizer={script('kill -9 $$')}"), "it ended")
    is_raw(Run("one", options=f"symbolizer={script('exit 0')}"), "it ended")
    is_raw(Run("one", options=f"symbolizer={script('echo verdict new many >&0; sleep 5')}:symbolizer_seconds=60"), "rotocol")
    hanging = f"echo $$ > {directory}/pid; exec sleep 1000"
    run = Run("eight", options=f"symbolizer={script(hanging)}:symbolizer_seconds=1")
    check(run.seconds < 20 and len(run.reports) == 8, f"hanging: {run.seconds} {run.err}")
    check(sum("did not answer within 1 seconds" in s for s in run.said) == 1, run.said)
    if os.path.exists(directory + "/pid"): # else it was ended before it had come so far
        with open(directory + "/pid", encoding="utf-8") as file:
            pid = file.read().strip()
        check(not pid or is_gone(pid), "it hangs on")
    is_raw(Run("nofile"), "Too many open files")
    if os.geteuid() == 0:
        is_raw(Run("chroot", tempfile.mkdtemp(prefix="furlong-")), "No such file or directory")


def waits_for_nobody():
    """The tool answers when the program has come to its end: past hundreds of reports, a library that is closed, a fork."""
    gate = Gate()
    run = Run("let-go", gate.pipe, options=gate.options + ":report_each_address=1")
    check(run.status == 66 and "went on\n" in run.out and run.said == ["reported 513 warnings"], f"{run.status} {run.out} {run.said}")
    check(len(run.reports) == 513, len(run.reports))
    is_named(run.reports[0])
    words_at = [int(re.search(r"Read of size 8 at (\w+)", r.text).group(1), 16) for r in run.reports[1:]]
    check(words_at == sorted(words_at), "out of order")
    check(all("sum_words" in r.text.split("SUMMARY")[1] for r in run.reports[1:]), "not named")
    gate = Gate()
    line = suppressions_of("race:read_int\nrace:sum_words\n")
    run = Run("let-go", gate.pipe, options=f"{gate.options}:{line}")
    check(run.status == 0 and not run.reports and run.data.count("\nsuppressed ") == 2, f"{run.status} {run.err} {run.data}")
    check("suppressions matched (times): 512 race:sum_words, 1 race:read_int" in run.said, run.said)


def has_said(run, text):
    """The race file has it, or will not get it: the test is then wrong for another reason."""
    deadline = time.monotonic() + 60
    while text not in run.read_data() and time.monotonic() < deadline:
        time.sleep(0.01)
    check(text in run.read_data(), f"no {text!r} in the race file")


def ends_meanwhile():
    """However the program ends: what the tool has not answered by then is printed and judged all the same."""
    for how, status in (("exit", 66), ("_exit", 66), ("quick", 66), ("thread", 66), ("abort", -signal.SIGABRT), ("exec", 0),
                        ("kill", -signal.SIGKILL), ("segv", -signal.SIGSEGV)):
        gate = Gate()

        def meanwhile(run, process):
            has_said(run, "\nreport data-race ")
            if how in ("kill", "segv"):
                process.wait(60) # nothing keeps it
            gate.let_go()
        run = Run("end", how, options=gate.options, meanwhile=meanwhile)
        check(run.status == status and len(run.reports) == 1, f"{how}: {run.status} {run.err}")
        for report in run.reports:
            is_named(report)


def judged_afterwards():
    """Killed before the tool knew that the race is suppressed: who reads the race file waits until it does."""
    gate = Gate()

    def meanwhile(run, process):
        has_said(run, "\nreport data-race ")
        process.wait(60)
        data = os.path.join(run.dir, "data")
        with subprocess.Popen([args.tool, "check", data, "--max-races", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as reader:
            try:
                reader.wait(1) # one that does not wait mostly ends by then
                check(False, "did not wait: " + reader.stdout.read().decode())
            except subprocess.TimeoutExpired:
                pass
            gate.let_go()
            said = reader.communicate(timeout=60)[0].decode()
        check(reader.returncode == 0, f"{reader.returncode}: {said}")
    line = suppressions_of("race:read_int\n")
    run = Run("end", "kill", options=f"{gate.options}:{line}", meanwhile=meanwhile)
    check(not run.reports and "\nsuppressed " in run.data, run.err + run.data)


def killed_meanwhile():
    """Tools that die with reports before them: the next one has those too, in order, once."""
    counter = os.path.join(tempfile.mkdtemp(prefix="furlong-"), "times")
    gate = Gate(first=f"echo >>{counter}; [ $(wc -l <{counter}) -gt 2 ] || kill -9 $$")
    run = Run("let-go", gate.pipe, options=gate.options + ":report_each_address=1")
    words_at = [int(re.search(r"Read of size 8 at (\w+)", r.text).group(1), 16) for r in run.reports[1:]]
    check(run.status == 66 and run.said == ["reported 513 warnings"] and len(words_at) == 512, f"{run.status} {run.said}")
    check(words_at == sorted(set(words_at)) and "sum_words" in run.reports[-1].text, "order, or names")


def closed_meanwhile():
    """The program closes the socket to the tool, which has not answered."""
    gate = Gate()
    run = Run("reuse", os.path.join(tempfile.mkdtemp(prefix="furlong-"), "file"), options=gate.options,
              meanwhile=lambda run, process: (has_said(run, "\nreport data-race "), gate.let_go(), gate.let_go()))
    check(run.status == 66 and len(run.reports) == 2 and "late_word" in run.err, f"{run.status} {run.out} {run.err}")
    for report in run.reports[:1]:
        is_named(report)


def hooked():
    """A program that wants to know what was printed is told before it goes on."""
    run = Run("one")
    told, text = run.out.split("told of a ", 1)[1].split("\n", 1) if "told of a " in run.out else ("", "")
    check(told == "data-race in time" and len(run.reports) == 1 and text.startswith(run.reports[0].text), run.out + run.err)
    for report in run.reports:
        is_named(report)
    run = suppressed_by("race:read_int")
    check(run.status == 0 and not run.reports and "told" not in run.out, run.out)


def debugger():
    """The recipe of docs/races.md: it stops in the thread that found the race, before that goes on, and after the report was printed.
    Threads that only look for races have no windows of counters: a debugger may come at any time (docs/options.md)."""
    if not shutil.which("gdb"):
        print("debugger: no gdb, left out")
        return
    recipe = ("set breakpoint pending on", "break furlong_on_report", "run", "frame function read_int", "print (int)racy_int", "print $gs_base",
              "kill")
    run = Run("one", before=("gdb", "-nx", "-batch", *(word for line in recipe for word in ("-ex", line)), "--args"))
    for said in ("WARNING: Furlong: data race", r"^SUMMARY: Furlong: data race .* in read_int", r"Breakpoint 1, (0x\w+ in )?furlong_on_report",
                 rf"^#\d+ .*read_int\b.*reports\.cpp:{marks['read'][0]}$", r"^\$1 = 1$", r"^\$2 = (0|void)$"):
        at = re.search(said, run.out + run.err, re.M)
        check(at, f"no {said} in {run.out}{run.err}")


def hostile():
    """Paths with everything that the text forms could trip over; a program that is gone when asked."""
    directory = os.path.join(tempfile.mkdtemp(prefix="furlong-"), "a b%20\n'$(c)")
    os.makedirs(directory)
    program = os.path.join(directory, "re ports\t%")
    with open(args.program, "rb") as original, open(program, "wb") as copy:
        copy.write(original.read())
    os.chmod(program, stat.S_IRWXU)
    was, args.program = args.program, program
    try:
        run = Run("one", env={"FURLONG_LABEL": "x y%\n"})
        check(run.status == 66 and len(run.reports) == 1, f"{run.status} {run.err}")
        check(run.reports and "(re ports?%+0x" in run.reports[0].text and "read_int(int const*)" in run.reports[0].text, run.err)
        check("program " in run.data and "x%20y%25%0a\n" in run.data and "re%20ports%09%25" in run.data, run.data)
    finally:
        args.program = was


def directory_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


def no_leftovers():
    """The tool ends with the program, however that ends."""
    for how in ("return", "kill", "_exit"):
        run = Run("end", how)
        pid = re.search(r"pid=(\d+)", run.err)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            left = subprocess.run(["pgrep", "-f", f"{args.tool} symbolize"], capture_output=True, text=True).stdout.split()
            mine = [p for p in left if directory_of(p) == os.path.realpath(run.dir)]
            if not mine:
                break
            time.sleep(0.05)
        check(pid and not mine, f"{how}: {mine} left")


CASES = [one, none, repeated, words, eight, inlined, places, locked, heard, handler, unseen, as_init, vforked, forked, log_path, statuses, styles,
         suppressions, without_names, waits_for_nobody, ends_meanwhile, judged_afterwards, killed_meanwhile, closed_meanwhile, debugger, hostile,
         no_leftovers]
if base.endswith("hooked"):
    CASES = [hooked]
for case in CASES:
    if args.only and case.__name__ != args.only:
        continue
    before = len(faults)
    try:
        case()
    except Exception as error:  # a report that is not there at all
        faults.append(f"{type(error).__name__}: {error}")
    print(f"{'ok' if len(faults) == before else 'WRONG'} {case.__name__}")
    for fault in faults[before:]:
        print("  " + str(fault)[:3000].replace("\n", "\n  "))
sys.exit(1 if faults else 0)
