#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the runtime gives to a program and takes from it: runtime_symbols.py libfurlong_rt.so ALLOWED.txt TABLE.def...

A name that leaks out of the runtime may replace the program's own; a library that it needs is forced on
every program. So: exported are furlong_*, __furlong_* and the interposed functions listed in ALLOWED.txt or
in the rows of the tables; imported is libc and the dynamic linker, nothing else.
"""
import re
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


ROW = re.compile(r"^(?:(?:LIBC|LEAF|LISTED|GLIB)\([^,]+, |(?:LIBC|LEAF|GLIB)_VOID\()(\w+),", re.M)


def main():
    library, allowed_file, *tables = sys.argv[1:]
    with open(allowed_file, encoding="utf-8") as file:
        allowed = {line.split("#")[0].strip() for line in file} - {""}
    for table in tables:
        with open(table, encoding="utf-8") as file:
            allowed |= set(ROW.findall(file.read()))
    faults = []
    exported = set()
    for line in run("nm", "-D", "--defined-only", library):
        name = line.split()[-1].split("@")[0]
        if line.split()[1] == "A":
            continue  # the name of a version
        exported.add(name)
        if not re.match(r"(__)?furlong_", name) and name not in allowed:
            faults.append(f"exports {name}: not furlong_*, and not in {allowed_file}")
    faults += [f"{allowed_file} lists {name}, which is not exported" for name in sorted(allowed - exported)]
    for line in run("nm", "-D", "--undefined-only", library):
        kind, name = line.split()[-2:]
        if kind == "U" and "@GLIBC_" not in name:
            faults.append(f"imports {name}, which is not libc's")
    for line in run("readelf", "-dW", library):
        needed = re.search(r"\(NEEDED\).*\[(.*)\]", line)
        if needed and not re.match(r"(libc|ld-linux.*|libdl|libpthread)\.so\.\d+$", needed.group(1)):
            faults.append(f"needs {needed.group(1)}")
    for fault in faults:
        print(f"{library}: {fault}")
    print(f"{len(exported)} exported names, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
