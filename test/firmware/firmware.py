#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Coverage of a program without an operating system, on an emulated Cortex-M3: firmware.py FURLONG CLANG_MAJOR

Built at two levels, linked without a library, run by qemu from an image that has no tables in it. What its counters say
must be what its source says. Ends with 77 where there is no emulator or linker.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = ("furlong_fn", "furlong_map", "furlong_id")


def call(command, folder, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=folder, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


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
        call(["qemu-system-arm", "-M", "mps2-an385", "-display", "none", "-monitor", "none", "-serial", "none",
              "-semihosting-config", "enable=on,target=native", "-kernel", "image.elf"], folder)
        with open(os.path.join(folder, "firmware.elf.counters"), "rb") as file:
            told += file.read()
    with open(os.path.join(folder, "firmware.elf.counters"), "wb") as file:
        file.write(told)
    call([furlong, "report", "firmware.elf", "--json", "report.json"], folder)
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        covered = json.load(file)["coverage"]["files"]
    return {line["line"]: line["count"] for f in covered if f["path"].endswith("firmware.c") for line in f["lines"]}


def main():
    furlong, major = sys.argv[1:]
    needed = ("qemu-system-arm", f"ld.lld-{major}", f"llvm-objcopy-{major}")
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
