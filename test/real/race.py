#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Real software with threads, built by its own build system with the one flag and run through its own tests.

    race.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [PROJECT...]

Sources are Debian's (script/sources DIR). Prints for each project how its tests ended and every distinct report,
with the verdict that docs/design/race-real.md gives it (KNOWN below). The exit status is 1 when a project does not
build, its tests fail, or a report is not a known one.
"""
import argparse
import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

# What a project's tests may report: (part of the report, why). Everything else is a fault.
KNOWN = {
    "memcached": [("Location is global 'current_time'", "real: a volatile clock that one thread sets and all read"),
                  ("Location is global 'stats_state'", "real: clock_handler reads the number of items without its lock"),
                  ("Location is global 'settings'", "real: commands change settings that other threads read"),
                  ("Location is global 'stop_main_loop'", "real: a volatile flag that a signal handler in any thread sets"),
                  ("Location is global 'delta'", "real: a debugging command moves the clock"),
                  (" limited_get memcached.c:2197", "real: the count of references is read without the item's lock"),
                  (" process_get_command proto_text.c:639", "real: flags of an item are read without its lock"),
                  (" process_get_command proto_text.c:633", "real: the class of an item is read without its lock"),
                  (" process_get_command proto_text.c:589", "real: flags of an item are read without its lock"),
                  (" process_get_command proto_text.c:595", "real: flags of an item are read without its lock"),
                  (" item_crawler_thread crawler.c:453", "real: the key is found by the item's flags before its lock"),
                  (" do_item_update items.c:578", "real: the LRU's thread reads the time of an item without the item's lock"),
                  (" item_remove thread.c:874", "real: the key is found by the item's flags before its lock"),
                  (" lru_pull_tail items.c:1135", "real: the key is found by the item's flags before its lock"),
                  (" item_free items.c:36", "real: assertions of the debug build look at lists without their lock"),
                  (" logger_set_flags logger.c:517", "real: LOGGER_LOG reads the flags of a logger without its lock"),
                  (" logger_log logger.c:917", "real: counts after the unlock"),
                  (" sidethread_conn_close thread.c:801", "real: the worker sets the state after it has given the connection away"),
                  (" threadlocal_stats_aggregate thread.c:998", "real: sizes of another thread's cache"),
                  (" _allocate_page extstore.c:43", "real: the page's lock is not taken"),
                  ("thread leak crawler.c:565", "real: the command that stops the crawler does not join its thread"),
                  (" _get_io_thread extstore.c:151", "real, and said so in a comment: the depth of a queue")],
    "sqlite": [("walIndexTryHdr", "real by the letter, and SQLite's own opinion: a header that is read without a lock and checked"),
               ("walIndexWriteHdr", "the same"),
               (" walRestartHdr ", "real: readers look at their marks atomically and without a lock, this stores them plainly"),
               (" walCheckpoint ", "real by the letter: the header is read without the writer's lock"),
               (" sqlite3_enable_shared_cache ", "real: threadtest3 changes it while its threads open databases")],
    "libuv": [(" uv__hrtime src/unix/linux-core.c", "real: uv__load_relaxed is plain when clang compiles it")],
}


class Project:
    """build and test: shell text with $CC and $FLAG; the tests must end with 0."""

    def __init__(self, package, build, test):
        self.package, self.build, self.test = package, build, test


def prepare_leveldb(flags):
    """Its tests want Googletest's sources and Google's benchmark: Debian's googletest, libbenchmark-dev."""
    return ("rm -rf third_party/googletest && ln -s /usr/src/googletest third_party/googletest && "
            "printf 'find_package(benchmark REQUIRED)\\nadd_library(benchmark INTERFACE)\\n"
            "target_link_libraries(benchmark INTERFACE benchmark::benchmark)\\n' >third_party/benchmark/CMakeLists.txt && "
            f"flags=\"{flags}\" && cmake -G Ninja -B out -S . -DCMAKE_C_COMPILER=$CC -DCMAKE_CXX_COMPILER=$CXX "
            "-DCMAKE_C_FLAGS=\"$flags\" -DCMAKE_CXX_FLAGS=\"$flags\" -DCMAKE_CXX_STANDARD=17 -DLEVELDB_BUILD_BENCHMARKS=OFF "
            "-DCMAKE_BUILD_TYPE=")


PROJECTS = {
    "pigz": Project("pigz", "make -j2 CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" LDFLAGS=\"$FLAG\" pigz && ln -sf pigz unpigz",
                    "head -c 6000000 /dev/zero | tr '\\0' 'x' >data && cat pigz.c yarn.c try.c pigz >>data && for p in 1 2 3 8; do "
                    "./pigz -p $p -k -f data && ./pigz -t data.gz && ./pigz -d -c data.gz | cmp - data || exit 1; done; "
                    "./pigz -p 4 -i -R -c data | ./unpigz | cmp - data && ./pigz -p 4 -z -c data | ./pigz -d -z | cmp - data"),
    "memcached": Project("memcached", "CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" ./configure --disable-docs && make -j2 memcached memcached-debug testapp sizes timedrun",
                         "./sizes && chmod -R a+rwX . && prove -j1 t/cas.t t/chunked-items.t t/incrdecr.t t/expirations.t "
                         "t/flush-all.t t/getset.t t/lru.t t/lru-crawler.t t/slabs-reassign2.t t/stats.t t/touch.t t/watcher.t "
                         "t/binary.t t/metaget.t t/multiversioning.t t/noreply.t t/refhang.t t/unixsocket.t t/udp.t t/issue_67.t"),
    "redis": Project("redis", "make -j2 CC=\"$CC\" MALLOC=libc OPTIMIZATION=-O2 REDIS_CFLAGS=\"-w $FLAG\" REDIS_LDFLAGS=\"$FLAG\"",
                     "./runtest --single unit/type/string --single unit/type/list --single unit/expire --single unit/multi "
                     "--single unit/pubsub --single unit/other --config io-threads 4 --config io-threads-do-reads yes --clients 2"),
    "libuv": Project("libuv1", "CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" cmake -G Ninja -B out -S . && cmake --build out",
                     "export UV_RUN_AS_ROOT=1; for t in threadpool_queue_work_simple threadpool_multiple_event_loops threadpool_cancel_work thread_create "
                     "thread_mutex thread_rwlock thread_local_storage semaphore_1 semaphore_2 semaphore_3 barrier_1 barrier_2 "
                     "condvar_1 condvar_2 async fs_file_async getaddrinfo_concurrent loop_alive; do out/uv_run_tests_a $t || exit 1; done"),
    # A worker of threadtest5 that waits for 2 seconds gives up, unseen: the result is wrong then (docs/design/race-real.md).
    "sqlite": Project("sqlite3", "CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" ./configure --disable-shared --disable-tcl --enable-threadsafe && "
                      "make sqlite3.c sqlite3.h && compile() { $CC -O2 -g -w $FLAG -DSQLITE_THREADSAFE=1 \"$@\"; } && "
                      "compile -c sqlite3.c -o core.o && sed 's/timeout(db, 2000)/timeout(db, 60000)/' test/threadtest5.c >five.c && compile -I. -Isrc five.c core.o -o five -pthread -ldl -lm && "
                      "compile -DSQLITE_CORE -I. -Isrc test/threadtest3.c src/test_multiplex.c core.o -o three -pthread -ldl -lm",
                      "./five && ./three"),
    "leveldb": Project("leveldb", f"{prepare_leveldb('-O2 -g -w $FLAG')} && cmake --build out -j2", "cd out && ctest --output-on-failure"),
    "abseil": Project("abseil", "flags=\"-O1 -g -w $TSAN_FLAG\" && cmake -G Ninja -B out -S . -DCMAKE_C_COMPILER=$CC "
                      "-DCMAKE_CXX_COMPILER=$CXX -DCMAKE_C_FLAGS=\"$flags\" -DCMAKE_CXX_FLAGS=\"$flags\" -DCMAKE_CXX_STANDARD=17 "
                      "-DABSL_BUILD_TESTING=ON -DABSL_USE_EXTERNAL_GOOGLETEST=OFF -DABSL_LOCAL_GOOGLETEST_DIR=/usr/src/googletest && "
                      "cmake --build out -j2 --target absl_mutex_test absl_barrier_test absl_blocking_counter_test absl_notification_test "
                      "absl_graphcycles_test",
                      "for t in mutex barrier blocking_counter notification graphcycles; do out/bin/absl_${t}_test || exit 1; done"),
    "zstd": Project("libzstd", "make -j2 -C programs zstd CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" LDFLAGS=\"$FLAG\" HAVE_LZMA=0 HAVE_LZ4=0",
                    "cat lib/*/*.c lib/*/*.c lib/*/*.c >data && for level in 1 5 15; do programs/zstd -q -f -T4 -$level --long=20 data -o data.zst && "
                    "programs/zstd -q -d -c data.zst | cmp - data || exit 1; done; programs/zstd -q -b1 -e3 -T2 -i0 data"),
    "xz": Project("xz-utils", "CC=\"$CC\" CFLAGS=\"-O2 -g -w $FLAG\" ./configure --disable-shared --disable-nls --disable-doc && make -j2",
                  "cat src/*/*/*.c >data && for level in 0 3; do src/xz/xz -k -f -T4 --block-size=100000 -$level data && "
                  "src/xz/xz -T4 -d -c data.xz | cmp - data || exit 1; done; make -C tests check"),
}


def shell(text, folder, environment, log, limit):
    with open(log, "ab") as file:
        try:
            return subprocess.run(["bash", "-c", text], cwd=folder, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                                  stdout=file, stderr=subprocess.STDOUT, timeout=limit).returncode
        except subprocess.TimeoutExpired:
            return f"a timeout of {limit} s"


def reports(logs):
    """SUMMARY line -> (how often, the first report whole)."""
    found = collections.OrderedDict()
    for path in logs:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        for report in re.findall(r"^WARNING: Furlong:.*?^SUMMARY: Furlong:[^\n]*$", text, re.S | re.M):
            summary = report.rsplit("\n", 1)[-1]
            count, first = found.get(summary, (0, report))
            found[summary] = (count + 1, first)
    return found


def measure(args, flags, name):
    project = PROJECTS[name]
    found = sorted(glob.glob(os.path.join(args.sources, project.package + "-*", "")))
    if not found:
        print(f"{name}: no {project.package}-*/ in the sources; left out", flush=True)
        return True
    folder = os.path.join(args.work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tree, log = folder + "/tree", folder + "/log"
    shutil.copytree(found[-1], tree, symlinks=True)
    # Tests that look at what a program prints must not see ours; their exit status stays their own.
    environment = {"CC": f"clang-{args.clang}", "CXX": f"clang++-{args.clang}", "FLAG": "@" + flags,
                   "TSAN_FLAG": "@" + flags.replace("race.flags", "race-tsan.flags"), "FURLONG_DATA": folder + "/data",
                   "FURLONG_OPTIONS": f"log_path={folder}/report:exitcode=0"}
    built = shell(project.build, tree, environment, log, 1800)
    if built != 0:
        print(f"{name}: building ended with {built}, see {log}", flush=True)
        return False
    status = shell(project.test, tree, environment, log, 3600)
    seen = reports(sorted(glob.glob(folder + "/report.*")))
    print(f"\n## {name} ({os.path.basename(found[-1].rstrip('/'))}): tests ended with {status}, {len(seen)} distinct reports", flush=True)
    good = status == 0
    for summary, (count, first) in seen.items():
        why = next((why for part, why in KNOWN.get(name, ()) if part in first), None)
        good = good and why is not None
        print(f"\n{summary} (x{count}): {why or 'not explained'}")
        if not why:
            print(first, flush=True)
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--work")
    parser.add_argument("--clang", default="22")
    parser.add_argument("projects", nargs="*", default=list(PROJECTS))
    args = parser.parse_args()
    args.furlong, args.sources = os.path.abspath(args.furlong), os.path.abspath(args.sources)
    args.work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-real-race-"))
    flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    good = [measure(args, flags, name) for name in args.projects]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
