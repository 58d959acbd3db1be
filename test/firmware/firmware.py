#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Coverage of a program without an operating system, on an emulated Cortex-M3: firmware.py FURLONG CLANG_MAJOR

Built at two levels, linked without a library, run by qemu from an image that has no tables in it. The counters come out by the
program's own hook, and by what a debugger does: it stops the processor and reads memory. What they say must be what the source
says. Ends with 77 where there is no emulator or linker.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = ("furlong_fn", "furlong_map", "furlong_id")
QEMU = ["qemu-system-arm", "-M", "mps2-an385", "-display", "none", "-monitor", "none", "-serial", "none",
        "-semihosting-config", "enable=on,target=native", "-kernel", "image.elf"]


def call(command, folder, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=folder, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Debugger:
    """Speaks gdb's remote protocol with the emulator."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        while self.socket.connect_ex(path) != 0:  # it is still starting
            time.sleep(0.01)
        self.stream = self.socket.makefile("rb")

    def ask(self, text):
        self.socket.sendall(f"${text}#{sum(text.encode()) % 256:02x}".encode())
        while self.stream.read(1) != b"$":
            pass
        answer = b"".join(iter(lambda: self.stream.read(1), b"#"))
        self.stream.read(2)
        self.socket.sendall(b"+")
        return answer.decode()


def counters_by_debugger(major, folder):
    symbols = {line.split()[-1]: int(line.split()[0], 16)
               for line in call([f"llvm-nm-{major}", "--defined-only", "firmware.elf"], folder).splitlines()}
    begin, end = symbols["__start_furlong_cnt"], symbols["__stop_furlong_cnt"]
    path = os.path.join(folder, "gdb")
    with subprocess.Popen([*QEMU, "-S", "-chardev", f"socket,id=gdb,path={path},server=on,wait=off", "-gdb", "chardev:gdb"],
                          cwd=folder) as emulator:
        try:
            debugger = Debugger(path)
            debugger.ask("?")
            if debugger.ask(f"Z0,{symbols['write_counters'] & ~1:x},2") != "OK" or not debugger.ask("c").startswith("T05"):
                raise SystemExit("firmware: the debugger's breakpoint was not come to")
            memory = bytes.fromhex(debugger.ask(f"m{begin:x},{end - begin:x}"))
        finally:
            emulator.kill()
    with open(os.path.join(folder, "firmware.elf.counters"), "wb") as file:
        file.write(memory)


def lines_of_report(furlong, folder):
    call([furlong, "report", "firmware.elf", "--json", "report.json"], folder)
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        covered = json.load(file)["coverage"]["files"]
    return {line["line"]: line["count"] for f in covered if f["path"].endswith("firmware.c") for line in f["lines"]}


def counts(furlong, major, level, runs, folder):
    flags = "@" + call([furlong, "flags", "coverage-minimal"], folder).strip()
    source = os.path.join(HERE, "firmware.c")
    call([f"clang-{major}", "--target=thumbv7m-none-eabi", "-mcpu=cortex-m3", "-ffreestanding", level, "-Werror", flags,
          "-c", source, "-o", "firmware.o"], folder)
    call([f"ld.lld-{major}", "-T", os.path.join(HERE, "firmware.ld"), "--gc-sections", "firmware.o", "-o", "firmware.elf"], folder)
    removed = [word for table in TABLES for word in ("-R", table)]
    call([f"llvm-objcopy-{major}", *removed, "firmware.elf", "image.elf"], folder)
    told = b""
    for _ in range(runs):
        call(QEMU, folder)
        with open(os.path.join(folder, "firmware.elf.counters"), "rb") as file:
            told += file.read()
    with open(os.path.join(folder, "firmware.elf.counters"), "wb") as file:
        file.write(told)
    return lines_of_report(furlong, folder)


def main():
    furlong, major = sys.argv[1:]
    needed = ("qemu-system-arm", f"ld.lld-{major}", f"llvm-objcopy-{major}", f"llvm-nm-{major}")
    missing = [tool for tool in needed if not shutil.which(tool)]
    if missing:
        print(f"firmware: skipped, there is no {', '.join(missing)}")
        return 77
    with open(os.path.join(HERE, "firmware.c"), encoding="utf-8") as file:
        wanted = {n: int(m[1]) for n, line in enumerate(file, 1) if (m := re.search(r"/\* ran (\d+) \*/", line))}
    faults = []
    for level, runs in (("-O0", 1), ("-O2", 3)):
        with tempfile.TemporaryDirectory() as folder:
            found = counts(furlong, major, level, runs, folder)
            faults += [f"{level}: line {n}: {found.get(n)}, ran {count * runs}" for n, count in wanted.items()
                       if found.get(n) != count * runs]
            counters_by_debugger(major, folder)
            found = lines_of_report(furlong, folder)
            faults += [f"{level}, by debugger: line {n}: {found.get(n)}, ran {count}" for n, count in wanted.items()
                       if found.get(n) != count]
            with open(os.path.join(folder, "firmware.elf.counters"), "ab") as file:
                file.write(b"cut")
            cut = subprocess.run([furlong, "report", "firmware.elf"], capture_output=True, text=True, cwd=folder)
            if cut.returncode != 3 or "no multiple" not in cut.stderr:
                faults.append(f"{level}: counters that are cut off: status {cut.returncode}, {cut.stderr.strip()}")
    for fault in faults:
        print(fault)
    print(f"firmware: {len(wanted)} lines at 2 levels, {len(faults)} faults")
    return 1 if faults or not wanted else 0


sys.exit(main())
