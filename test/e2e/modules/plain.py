#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""plain.py PROGRAM PARTS: counts of an object in a program without the flag; one line says what is not seen."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402


def run(closes):
    where = tempfile.mkdtemp(prefix="plain")
    try:
        ran = subprocess.run([os.path.abspath(sys.argv[1]), sys.argv[2], *closes], cwd=where, stderr=subprocess.PIPE,
                             timeout=60)
        (file,) = datafile.read(where + "/furlong-data")["libpart_a.so"]
        said = ran.stderr.decode().splitlines()
        print("status %d, counted %d, said %r, %d threads" %
              (ran.returncode, file.sums[1], said, file.unslotted_threads))
        # What its unknown threads counted goes with an object that is unloaded behind our back.
        counts = (3000, 5000) if closes else (5000,)
        return ran.returncode == 0 and file.sums[1] in counts and len(said) == 1 and file.unslotted_threads > 0
    finally:
        shutil.rmtree(where)


os.environ.pop("FURLONG_DATA", None)
sys.exit(not (run([]) and run(["close"])))
