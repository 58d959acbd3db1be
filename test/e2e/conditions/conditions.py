#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Under hostile conditions the program runs on, and its counts are right or their loss is said in one line.

    conditions.py PROGRAM [--only NAME]
"""
import argparse
import ctypes
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile

scratch = tempfile.TemporaryDirectory(prefix="furlong-", ignore_cleanup_errors=True) # all folders below go with it
tempfile.tempdir = scratch.name
os.chmod(scratch.name, 0o755) # other users come by

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402

IS_ROOT = os.geteuid() == 0
FAILURES = []


class Run:
    """One run in a directory of its own; `said` are the runtime's lines."""

    def __init__(self, program, condition="nothing", where=None, **kwargs):
        self.where = where or tempfile.mkdtemp(prefix="conditions")
        os.chmod(self.where, 0o777)
        ran = subprocess.run([program, condition], cwd=self.where, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=60, **kwargs)
        self.status = ran.returncode
        self.done = int(ran.stdout or 0)
        self.said = ran.stderr.decode().splitlines()
        self.name = os.path.basename(program)

    def files(self, data="furlong-data"):
        try:
            return datafile.read(os.path.join(self.where, data)).get(self.name, [])
        except FileNotFoundError:
            return []

    def counted(self, data="furlong-data"):
        return sum(file.sums[1] for file in self.files(data))


def check(what, condition, run):
    if not condition:
        FAILURES.append("%s: status %d, done %d, counted %d, said %r" %
                        (what, run.status, run.done, run.counted(), run.said))


def exact(name, run, lines=0, data="furlong-data"):
    check(name, run.status == 0 and run.done and run.counted(data) == run.done and len(run.said) == lines, run)


def nothing(program):
    exact("nothing", Run(program))


def met_later(program):
    for condition in ("no_descriptors", "other_directory", "closed_descriptors"):
        exact(condition, Run(program, condition))
    if IS_ROOT:
        exact("changed_root", Run(program, "changed_root"))
        exact("other_user", Run(program, "other_user"))
        os.umask(0o077)
        exact("other_user, umask 077", Run(program, "other_user"))
        os.umask(0o022)


def removed_data(program):
    run = Run(program, "removed_data")
    check("removed_data", run.status == 0 and run.done and len(run.said) >= 1, run)


def file_size_limit(program):
    run = Run(program, "file_size_limit")
    check("file_size_limit", run.status == 0 and run.done and run.counted() == run.done, run)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    run = Run(program, preexec_fn=limit)
    check("file_size_limit from the start", run.status == 0 and run.done and run.said, run)


def no_descriptors_from_the_start(program):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))

    # Static: a loader would need descriptors itself.
    run = Run(program.replace("_gs", "_static"), preexec_fn=limit)
    check("no descriptors from the start",
          run.status == 0 and run.done and run.said and "open files" in run.said[0], run)


def read_only_directory(program):
    where = tempfile.mkdtemp(prefix="conditions")
    os.mkdir(where + "/furlong-data")
    os.chmod(where + "/furlong-data", 0o555)

    def other_user():
        if IS_ROOT:
            os.setgid(65534)
            os.setuid(65534)
    run = Run(program, where=where, preexec_fn=other_user)
    check("read-only directory", run.status == 0 and run.done and 1 <= len(run.said) <= 3, run)
    check("read-only directory says why", run.said and "ermission denied" in run.said[0], run)


def data_path_is_a_file(program):
    where = tempfile.mkdtemp(prefix="conditions")
    open(where + "/furlong-data", "w").close()
    run = Run(program, where=where)
    check("data path is a file", run.status == 0 and run.done and "directory" in run.said[0], run)


def unlinked_directory(program):
    where = tempfile.mkdtemp(prefix="conditions")

    def unlink():
        os.chdir(where)
        shutil.rmtree(where)
    run = Run(program, where="/tmp", preexec_fn=unlink)
    check("unlinked directory", run.status == 0 and run.done and run.said, run)


def full_disk(program):
    """On a file system of the size given: as root only."""
    if not IS_ROOT:
        return
    where = tempfile.mkdtemp(prefix="conditions")
    # 12k: no room for the file; 28k: for the file and few slots
    for pages in range(1, 12):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk" % (4 * pages), "tmpfs", where], check=True)
        try:
            run = Run(program, where=where)
            check("full disk, %d pages" % pages, run.status == 0 and run.done, run)
            check("full disk, %d pages, exact or said" % pages,
                  run.counted() == run.done or run.said, run)
            if run.files():
                check("full disk, %d pages, stored at exit" % pages, run.counted() == run.done, run)
        finally:
            subprocess.run(["umount", where], check=True)


def forbid(call):
    """What a file system (or kernel) without that system call answers: EOPNOTSUPP, by a seccomp filter."""
    def install():
        code = b"".join(struct.pack("<HBBI", *line) for line in (
            (0x20, 0, 0, 0), (0x15, 0, 1, call), (6, 0, 0, 0x50000 | 95), (6, 0, 0, 0x7fff0000)))
        buffer = ctypes.create_string_buffer(code)
        program_of_filter = struct.pack("<HxxxxxxQ", 4, ctypes.addressof(buffer))
        libc = ctypes.CDLL(None)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program_of_filter, 0, 0):
            os._exit(99)
    return install


def no_fallocate(program):
    if os.uname().machine != "x86_64":
        return
    exact("no fallocate", Run(program, preexec_fn=forbid(285)))
    exact("no fallocate, no descriptors", Run(program, "no_descriptors", preexec_fn=forbid(285)), lines=1)


def not_a_file_system(program):
    for data in ("/proc/furlong", "/dev/null/furlong", "/" + "x" * 300):
        run = Run(program, env={**os.environ, "FURLONG_DATA": data})
        check("data in %s" % data, run.status == 0 and run.done and 1 <= len(run.said) <= 3, run)


def memory_limit(program):
    """No memory for a private window either: threads share the section, and nobody faults."""
    exact("memory limit", Run(program, "memory_limit"))
    run = Run(program, "memory_limit", env={**os.environ, "FURLONG_DATA": "/dev/null/furlong"})
    check("memory limit, no data", run.status == 0 and run.done and 1 <= len(run.said) <= 4, run)


def long_name(program):
    """A program whose name is as long as a name may be."""
    where = tempfile.mkdtemp(prefix="conditions")
    named = os.path.join(where, "n" * 255)
    shutil.copy(program, named)
    exact("long name", Run(named, where=where))


def several_users(program):
    """A shared directory: whoever may write to it counts in it."""
    if not IS_ROOT:
        return
    where = tempfile.mkdtemp(prefix="conditions")
    data = where + "/data"
    os.mkdir(data)
    os.chmod(data, 0o777)
    os.umask(0o077)
    done = 0
    for user in (0, 65534, 1234, 0):
        run = Run(program, where=where, env={**os.environ, "FURLONG_DATA": data},
                  preexec_fn=lambda user=user: (os.setgid(user), os.setuid(user)))
        done += run.done
        check("several users", run.status == 0 and not run.said, run)
    os.umask(0o022)
    if run.counted(data) != done:
        FAILURES.append("several users: counted %d of %d" % (run.counted(data), done))


def foreign_file(program):
    """Something else under the data file's name is left alone."""
    run = Run(program)
    path = run.files()[0].path
    with open(path, "wb") as stream:
        stream.write(b"not ours" * 100)
    again = Run(program, where=run.where)
    with open(path, "rb") as stream:
        content = stream.read()
    if again.status or not again.said or content != b"not ours" * 100:
        FAILURES.append("foreign file: status %d, said %r" % (again.status, again.said))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--only")
    args = parser.parse_args()
    for variable in ("FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    os.umask(0o022)
    for condition in (nothing, met_later, removed_data, file_size_limit, no_descriptors_from_the_start,
                      read_only_directory, data_path_is_a_file, unlinked_directory, full_disk, several_users,
                      foreign_file, no_fallocate, not_a_file_system, long_name, memory_limit):
        if not args.only or args.only == condition.__name__:
            condition(args.program)
    for failure in FAILURES:
        print(failure)
    print("conditions: %d wrong" % len(FAILURES))
    return bool(FAILURES)


if __name__ == "__main__":
    sys.exit(main())
