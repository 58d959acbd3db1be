# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a program that may hang, and then says where."""
import subprocess

PATIENCE = 120 # seconds


def run_or_say_where(command, **options):
    """As subprocess.run, with what it said as text. RuntimeError with the stacks of its threads, and what it said, if it does not end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **options) as process:
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            stacks = subprocess.run(["gdb", "-batch", "-p", str(process.pid), "-ex", "thread apply all backtrace 12"],
                                    capture_output=True, text=True, errors="replace").stdout
            process.kill()
            said = process.communicate()[1][-1500:]
            raise RuntimeError(f"did not end within {PATIENCE} seconds: {' '.join(command)}\n{stacks}\n{said}") from None
        finally:
            process.kill()
    return subprocess.CompletedProcess(command, process.returncode, out, err)
