#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each case about memory has one report with what it must say, and its ordered twin none: memory.py PROGRAM [TIMES]

Expected by thought: which function is at the top of which stack, what the memory is.
"""
import re
import subprocess
import sys

RACE = "data race"
FREED = "heap-use-after-free"
HEAP = r"Location is heap block of size 100 at \S+ allocated by main thread:\n\s+#0 malloc.*\n\s+#1 make_block"
# case: (kind or None, what the report says, in any order)
CASES = {
    "heap": (RACE, [HEAP, "#0 read_block", "#0 write_block"]),
    "free_then_use": (FREED, [HEAP, "#0 write_block", r"Previous free of size 100.*\n\s+#0 free"]),
    "use_then_free": (FREED, [HEAP, r"Free of size 100.*\n\s+#0 free", "#0 write_block"]),
    "realloc_then_use": (FREED, [HEAP, "#0 read_block", r"#0 realloc.*\n\s+#1 realloc_block"]),
    "use_then_realloc": (FREED, [HEAP, "#0 write_block", r"#0 realloc.*\n\s+#1 realloc_block"]),
    "calloc": (RACE, ["#0 read_lent_block", r"Previous write of size 100.*\n\s+#0 calloc", "heap block of size 100 at"]),
    "reuse": (None, []),
    "map": (RACE, ["#0 read_block", "#0 write_block"]),
    "map_again": (None, []),
    "discard": (None, []),
    "remap": (None, []),
    "stack": (RACE, ["Location is stack of thread T1", "#0 write_lent", "#0 lend_stack"]),
    "tls": (RACE, ["Location is TLS of thread T1", "#0 write_lent", "#0 lend_tls"]),
    "memcpy": (RACE, ["#0 call_memcpy", "#0 write_text", "global 'text'"]),
    "memcpy_to": (RACE, ["#0 call_memcpy", "#0 read_target", "global 'target'"]),
    "memmove": (RACE, ["#0 call_memmove", "#0 write_text", "global 'text'"]),
    "memset": (RACE, ["#0 call_memset", "#0 write_text", "global 'text'"]),
    "bzero": (RACE, ["call_bzero", "#0 write_text", "global 'text'"]),
    "strtod": (RACE, ["Read of size 3 .*\\n.*#0 call_strtod", "#0 write_text", "global 'text'"]),
    "strtold": (RACE, ["Read of size 3 .*\\n.*#0 call_strtold", "#0 write_text", "global 'text'"]),
    "strtof_to": (RACE, ["#0 call_strtof_to", "#0 read_target", "global 'target'"]),
    "atof": (RACE, ["Read of size 3 .*\\n.*#0 (call_)?atof", "#0 write_text", "global 'text'"]),
    "wcstod": (RACE, ["Read of size 12 .*\\n.*#0 call_wcstod", "#0 write_wide", "global 'wide'"]),
    "strcpy_to": (RACE, ["#0 (strcpy|stpcpy)", "#0 read_target", "global 'target'"]),
}
for function in ("memcmp memchr mempcpy strlen strcpy strncpy strcat strcmp strncmp strchr strrchr strstr strdup "
                 "snprintf strtol write read send writev").split():
    CASES[function] = (RACE, [rf"#0 (__)?(v?{function}|bcmp|stpcpy|call_mempcpy)\b", "#0 write_text", "global 'text'"])


def run(program, case):
    done = subprocess.run([program, case], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


def faults_of(program, case):
    kind, says = CASES[case]
    status, text = run(program, case)
    kinds = re.findall(r"WARNING: Furlong: (.*) \(pid", text)
    if kinds != ([kind] if kind else []):
        yield f"{case}: reports {kinds}, expected {kind}"
    if status not in (0, 66):
        yield f"{case}: ended with {status}"
    for pattern in says:
        if not re.search(pattern, text):
            yield f"{case}: no {pattern!r} in\n{text}"
    status, text = run(program, case + ".ok")
    if status or text:
        yield f"{case}.ok: ended with {status}\n{text}"


def main():
    program, times = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    faults = [fault for _ in range(times) for case in CASES for fault in faults_of(program, case)]
    print("\n".join(faults))
    print(f"{len(CASES)} cases {times} times: {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
