#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What comes and goes leaves (nearly) no memory behind, and what comes after it is still seen: churn.py PROGRAM [FRACTION]

A thread leaves its record for reports, a lock that was held leaves its number and its orders, the first 2^18 of them: as many bytes as stand below.
FRACTION of each storm is run, the whole one by default.
"""
import subprocess
import sys

STORMS = {"threads": (300000, 120), "crowds": (500, 200 * 120), "gatherings": (200, 2000 * 120), "blocks": (1000000, 1), "locks": (300000, 800)}
SLACK = 4 << 20  # pools and tables grow in pieces
fraction = float(sys.argv[2]) if len(sys.argv) > 2 else 1
faults = 0
for what, (whole, bytes_each) in STORMS.items():
    times = int(whole * fraction)
    for racy in (False, True):
        done = subprocess.run([sys.argv[1], what, str(times), "racy" if racy else "ordered"], capture_output=True, text=True, timeout=3000)
        quarter, end = map(int, done.stdout.split())
        grown = (end - quarter) / (times - times // 4)
        print(f"{what}, {times} times: {grown:.1f} bytes each, {end >> 20} MiB in the end")
        if (done.returncode, done.stderr.count("WARNING: Furlong: data race")) != ((66, 1) if racy else (0, 0)) or \
                end - quarter > (times - times // 4) * bytes_each + SLACK:
            print(f"--- {what}: ended with {done.returncode}\n{done.stderr[:2000]}")
            faults += 1
print(f"{faults} faults")
sys.exit(1 if faults else 0)
