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

where = tempfile.mkdtemp(prefix="plain")
try:
    os.environ.pop("FURLONG_DATA", None)
    ran = subprocess.run([os.path.abspath(sys.argv[1]), sys.argv[2]], cwd=where, stderr=subprocess.PIPE, timeout=60)
    (file,) = datafile.read(where + "/furlong-data")["libpart_a.so"]
    said = ran.stderr.decode().splitlines()
    good = ran.returncode == 0 and file.sums[1] == 5000 and len(said) == 1 and file.unslotted_threads > 0
    print("status %d, counted %d, said %r, %d threads" %
          (ran.returncode, file.sums[1], said, file.unslotted_threads))
    sys.exit(not good)
finally:
    shutil.rmtree(where)
