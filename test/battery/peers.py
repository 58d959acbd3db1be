#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The battery's programs under llvm-cov, clang's gcov mode and gcc's gcov: which lines each counts otherwise than
they ran. Prints a Markdown table.

    peers.py [FILE...]

Only lines that have a truth are asked about (battery.py). A line that a tool does not call code is not wrong, and is
counted apart; text of which no code is made may be none, or have run 0 times. Everything is built without optimisation, which is when these tools are at their best.
"""
import glob
import json
import os
import sys
import tempfile

import battery
from battery import HERE, Program, log

LLVM = "22"


def run_by_llvm(program, compiler, folder):
    battery.compile_program(program, compiler, ["-O0", "-fprofile-instr-generate", "-fcoverage-mapping"], folder)
    words = battery.run_program(folder, LLVM_PROFILE_FILE="p%p.profraw")
    raw = glob.glob(folder + "/*.profraw")
    if not raw:
        return words, {}
    merged = log.run([f"llvm-profdata-{LLVM}", "merge", "-o", "merged", *raw], cwd=folder)
    said = log.run([f"llvm-cov-{LLVM}", "export", "-format=lcov", "-instr-profile=merged", "program"], cwd=folder)
    return words, from_lcov(said.stdout) if merged.returncode == 0 else {}


def from_lcov(text):
    lines, name = {}, None
    for line in text.splitlines():
        if line.startswith("SF:"):
            name = os.path.basename(line[3:])
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            lines[name, int(number)] = int(count)
    return lines


def run_by_gcov(program, compiler, tool, folder):
    battery.compile_program(program, compiler, ["-O0", "--coverage"], folder)
    words = battery.run_program(folder)
    notes = [os.path.basename(n) for n in glob.glob(folder + "/*.gcno")]
    if not glob.glob(folder + "/*.gcda"):
        return words, {}
    said = log.run([*tool, "-t", *([] if tool[0].startswith("llvm") else ["-j"]), *notes], cwd=folder)
    return words, from_text(said.stdout) if tool[0].startswith("llvm") else from_json(said.stdout)


def from_text(text):
    lines, name = {}, None
    for line in text.splitlines():
        fields = [field.strip() for field in line.split(":", 2)]
        if len(fields) != 3 or not fields[1].isdigit():
            continue
        if fields[2].startswith("Source:"):
            name = os.path.basename(fields[2][7:])
        elif fields[0] != "-" and name and fields[1] != "0":
            count = fields[0].rstrip("*")
            lines[name, int(fields[1])] = 0 if count.startswith(("#", "=")) else int(count)
    return lines


def from_json(text):
    lines = {}
    for document in text.splitlines():
        for file in json.loads(document)["files"]:
            for line in file["lines"]:
                key = os.path.basename(file["file"]), line["line_number"]
                lines[key] = lines.get(key, 0) + line["count"]
    return lines


PEERS = {
    f"llvm-cov {LLVM}": lambda program, folder: run_by_llvm(program, f"clang{'++' if program.cxx else ''}-{LLVM}", folder),
    f"clang {LLVM} --coverage": lambda program, folder: run_by_gcov(
        program, f"clang{'++' if program.cxx else ''}-{LLVM}", [f"llvm-cov-{LLVM}", "gcov"], folder),
    "gcc 12, gcov": lambda program, folder: run_by_gcov(program, "g++" if program.cxx else "gcc", ["gcov"], folder),
}


def verdict(run, program, folder):
    try:
        words, told = run(program, folder)
    except log.Failure as failure:
        return None, "does not compile" if "does not compile" in str(failure) else "fails"
    truth = {line: count for line, count in program.truth(words).items() if count is not None}
    ran = {line: 0 if count == "none" else count for line, count in truth.items()}
    if not told:
        return None, "loses all"
    wrong = sum(line in told and told[line] != count for line, count in ran.items())
    absent = sum(line not in told and count != "none" for line, count in truth.items())
    return wrong, f"{wrong}" + (f", {absent} absent" if absent else "")


def main():
    paths = sys.argv[1:] or sorted(glob.glob(HERE + "/programs/*.c") + glob.glob(HERE + "/programs/*.cpp"))
    programs = [p for p in (Program(os.path.abspath(path)) for path in paths) if not p.is_part]
    right = dict.fromkeys(PEERS, 0)
    print("| program | lines | " + " | ".join(PEERS) + " |\n|---|---:" + "|---:" * len(PEERS) + "|")
    with tempfile.TemporaryDirectory(prefix="furlong-peers-") as work:
        for program in programs:
            cells = []
            for name, run in PEERS.items():
                folder = tempfile.mkdtemp(dir=work)
                wrong, text = verdict(run, program, folder)
                right[name] += wrong == 0
                cells.append(text)
            lines = sum(1 for line in program.text.split("\n") if line.lstrip().startswith("T;") or battery.REMARK.search(line))
            print(f"| {program.name} | {lines} | " + " | ".join(cells) + " |", flush=True)
    print(f"| right in | of {len(programs)} | " + " | ".join(str(right[name]) for name in PEERS) + " |")


if __name__ == "__main__":
    main()
