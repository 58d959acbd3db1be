# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs that are measured: how each is built with some flags, and the command that makes it work.

Sources are Debian's, as script/sources lays them out: DIR/lua5.4-*/, DIR/sqlite3-*/ and so on. A program whose
source is missing is left out, and said to be.
"""
import glob
import os
import random
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def sh(command, folder):
    done = subprocess.run(command, cwd=folder, shell=True, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise RuntimeError(f"{command}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")


def write_text(path, megabytes):
    """Something like prose: compressible, the same every time."""
    pick = random.Random(7)
    words = ["".join(pick.choice("etaoinshrdlu") for _ in range(pick.randint(2, 9))) for _ in range(3000)]
    with open(path, "w", encoding="ascii") as file:
        for _ in range(megabytes * 1000):
            file.write(" ".join(pick.choice(words) for _ in range(150)) + "\n")


def write_json(path, records):
    pick = random.Random(11)
    with open(path, "w", encoding="ascii") as file:
        file.write("[")
        for n in range(records):
            file.write("," if n else "")
            file.write('{"id": %d, "name": "n%d \\u00e4\\n", "on": %s, "at": [%.6f, %d, null], "in": {"k": {"v": "%s"}}}'
                       % (n, pick.randint(0, 9999), pick.choice(("true", "false")), pick.random(), pick.randint(-99, 99),
                          "x" * pick.randint(0, 40)))
        file.write("]")


def write_lua(path, functions):
    """A program of all of the language's constructs, for its compiler."""
    pick = random.Random(13)
    number = lambda: pick.choice((str(pick.randint(0, 99999)), f"{pick.random():.6f}", f'"s{pick.randint(0, 500)}"'))
    value = lambda: f"({pick.choice('abc')} {pick.choice(('+', '*', '..', '==', '<', 'and', 'or'))} {number()})"
    with open(path, "w", encoding="ascii") as file:
        file.write("local M = {}\n")
        for n in range(functions):
            file.write(f"function M.f{n}(a, b, c)\n  local t, s = {{ x = {value()}, [{number()}] = b, {value()} }}, 0\n"
                       f"  for i = 1, #t do if {value()} then s = s + i elseif not b then t[i] = {value()} else goto on end ::on:: end\n"
                       f"  for k, v in pairs(t) do while s < {pick.randint(1, 99)} do s = s + #tostring(v) if k then break end end end\n"
                       f"  t.g = function(...) return select('#', ...), {value()}, a[{value()}]:m(b, c) end\n"
                       f"  repeat local u <const> = {pick.randint(1, 9)} s = s // u until s > 0\n  return t, s, {value()}\nend\n")
        file.write("return M\n")


class Program:
    """build(compiler and flags, folder) builds into the folder; command(folder) is what to time there, small(folder) about a
    twentieth of that. `goal`: it is one of those that goals are about, and in the geometric mean."""

    def __init__(self, name, package, build, command, threads=1, goal=True, small=None):
        self.name, self.package, self.build, self.command, self.threads = name, package, build, command, threads
        self.small = small or command
        self.goal = goal and package is not None

    def source(self, sources):
        if self.package is None:
            return HERE
        found = sorted(glob.glob(os.path.join(sources, self.package + "-*", "")))
        return found[-1] if found else None


def build_lua(cc, source, folder):
    files = [f for f in sorted(glob.glob(source + "src/*.c")) if os.path.basename(f) != "luac.c"]
    sh(f"{cc} -std=gnu99 -DLUA_USE_LINUX -w -o lua {' '.join(files)} -lm -ldl", folder)


def build_lz4(cc, source, folder):
    files = glob.glob(source + "lib/*.c") + [source + "programs/" + f for f in ("bench.c", "datagen.c", "lz4cli.c", "lz4io.c")]
    sh(f"{cc} -I{source}lib -I{source}programs -DXXH_NAMESPACE=LZ4_ -w -o lz4 {' '.join(files)}", folder)


def make_amalgamation(source, folder):
    amalgamation = os.path.join(os.path.dirname(folder), "sqlite-amalgamation")
    if not os.path.exists(amalgamation + "/sqlite3.c"):
        shutil.rmtree(amalgamation, ignore_errors=True)
        shutil.copytree(source, amalgamation)
        sh("./configure --disable-tcl && make sqlite3.c shell.c", amalgamation)
    return amalgamation


def build_sqlite(cc, source, folder):
    amalgamation = make_amalgamation(source, folder)
    sh(f"{cc} -I{amalgamation} -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -w -o sqlite "
       f"{amalgamation}/sqlite3.c {amalgamation}/shell.c -lm", folder)


def build_json(cc, source, folder):
    sh(f"{cc} -I{source} -w -o json {HERE}/json.c {source}cJSON.c -lm", folder)


def plus_plus(cc):
    """The C++ compiler beside a C compiler, with the same flags."""
    name, flags = cc.split(" ", 1)
    return name.replace("clang", "clang++").replace("gcc", "g++") + " " + flags


def build_jsoncpp(cc, source, folder):
    files = " ".join(glob.glob(source + "src/lib_json/*.cpp"))
    sh(f"{plus_plus(cc)} -std=c++17 -I{source}include -w -o jsoncpp {HERE}/jsoncpp.cpp {files}", folder)


def build_luac(cc, source, folder):
    """A compiler: scanner, recursive parser, register allocation, code generator."""
    files = [f for f in sorted(glob.glob(source + "src/*.c")) if os.path.basename(f) != "lua.c"]
    sh(f"{cc} -std=gnu99 -DLUA_USE_LINUX -w -o luac {' '.join(files)} -lm -ldl", folder)


def build_pigz(cc, source, folder):
    """With zlib's sources: it is there that the work is done."""
    files = [source + f for f in ("pigz.c", "try.c", "yarn.c")] + glob.glob(source + "zopfli/src/zopfli/*.c")
    zlib = os.path.join(os.path.dirname(os.path.dirname(source)), "zlib-*", "")
    zlib = sorted(glob.glob(zlib))[-1]
    parts = "adler32 crc32 deflate inflate infback inffast inftrees trees zutil compress uncompr".split()
    files = [f for f in files if not f.endswith("zopfli_bin.c")] + [f"{zlib}{part}.c" for part in parts]
    sh(f"{cc} -w -pthread -I{zlib} -o pigz {' '.join(files)} -lm", folder)


def build_contended(cc, source, folder):
    sh(f"{cc} -w -pthread -o contended {HERE}/contended.c", folder)


def programs(inputs):
    """All of them; `inputs` is a folder that gets their input files."""
    text, json, code, little = (os.path.join(inputs, name) for name in ("text", "json", "code.lua", "little"))
    if not os.path.exists(little + ".text"):
        write_text(text, 16)
        write_json(json, 20000)
        write_lua(code, 3000)
        write_json(little + ".json", 4000)
        write_text(little + ".text", 1)
    return [
        Program("lua", "lua5.4", build_lua, lambda d: [d + "/lua", HERE + "/work.lua", "10"],
                small=lambda d: [d + "/lua", HERE + "/work.lua", "1"]),
        Program("lz4", "lz4", build_lz4, lambda d: [d + "/lz4", "-9", "-f", text, "/dev/null"],
                small=lambda d: [d + "/lz4", "-9", "-f", little + ".text", "/dev/null"]),
        Program("sqlite", "sqlite3", build_sqlite, lambda d: [d + "/sqlite", ":memory:", f".read {HERE}/work.sql"]),
        Program("JSON parser", "cjson", build_json, lambda d: [d + "/json", json, "4"],
                small=lambda d: [d + "/json", little + ".json", "1"]),
        Program("jsoncpp", "libjsoncpp", build_jsoncpp, lambda d: [d + "/jsoncpp", json, "2"], goal=False),
        Program("luac", "lua5.4", build_luac, lambda d: [d + "/luac", "-p"] + [code] * 12, goal=False),
        Program("pigz -p2", "pigz", build_pigz, lambda d: [d + "/pigz", "-p2", "-k", "-c", text], threads=2,
                small=lambda d: [d + "/pigz", "-p2", "-k", "-c", little + ".text"]),
        Program("hot function x1", None, build_contended, lambda d: [d + "/contended", "1", "200000000"]),
        Program("hot function x2", None, build_contended, lambda d: [d + "/contended", "2", "100000000"], threads=2),
    ]


MICRO = ("stream", "chase", "matrix", "sort", "recursion", "lock alone", "lock contended", "rwlock readers", "atomic counter",
         "acquire loads", "thread churn", "malloc storm", "memcpy", "shared table")


def build_micro(cc, source, folder):
    sh(f"{cc} -w -pthread -o micro {HERE}/race/micro.c", folder)


def build_memcached(cc, source, folder):
    """By its own configure, whose answers hold for each build; the client that drives it is built plainly."""
    sh(f"cp -r {source}. build && cd build && ./configure --disable-docs --disable-extstore CC='{cc} -w' >/dev/null && make -j2 memcached && cp memcached ..",
       folder)
    shutil.rmtree(os.path.join(folder, "build"))
    sh(f"cc -O2 -w -o load {HERE}/race/load.c", folder)
    os.chmod(folder, 0o777)  # run by root, memcached becomes nobody


def command_memcached(folder, requests=200000):
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    return [folder + "/load", str(requests), folder + "/memcached", "-s", "load.socket", "-t", "2", *user]


def build_xz(cc, source, folder):
    """By its own configure; its library inside."""
    sh(f"cp -r {source}. build && cd build && ./configure --disable-shared --disable-nls --disable-doc --disable-scripts CC='{cc} -w' >/dev/null && "
       "make -j2 -C src/liblzma && make -j2 -C src/xz && cp src/xz/xz ..", folder)
    shutil.rmtree(os.path.join(folder, "build"))


def build_sqlite_threads(cc, source, folder):
    amalgamation = make_amalgamation(source, folder)
    sh(f"{cc} -I{amalgamation} -DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION -w -pthread -o threads "
       f"{amalgamation}/sqlite3.c {HERE}/race/sqlite_threads.c -lm", folder)


def build_redis(cc, source, folder):
    """By its own make; the client that drives it is built plainly, once."""
    driver = os.path.join(os.path.dirname(folder), "redis-driver")
    make = f"rm -rf build && cp -r {source}. build && make -C build -j2 MALLOC=libc OPTIMIZATION=-O2 REDIS_CFLAGS=-w"
    if not os.path.exists(driver):
        sh(f"{make} CC='cc -O2' redis-benchmark >/dev/null && cp build/src/redis-benchmark {driver}", folder)
    sh(f"{make} CC='{cc}' redis-server >/dev/null && cp build/src/redis-server .", folder)
    shutil.rmtree(os.path.join(folder, "build"))


def command_redis(folder, requests=40000):
    """The server with two threads for its connections, and what its own benchmark asks of it."""
    socket = "/tmp/furlong-bench-redis.socket"
    return ["sh", "-c", f"{folder}/redis-server --port 0 --unixsocket {socket} --save '' --io-threads 2 --io-threads-do-reads yes >server.log & "
            f"for i in $(seq 600); do [ -S {socket} ] && break; sleep 0.1; done; "
            f"{os.path.dirname(folder)}/redis-driver -s {socket} -n {requests} -c 20 -P 10 -t set,get,lpush,lrange_100,zadd,hset -q >/dev/null; "
            f"kill $!; wait $! && ! test -e {socket}"]


def build_tachyon(cc, source, folder):
    """A ray tracer that works with threads: lines of the picture in turn."""
    files = [f for f in glob.glob(source + "src/*.c") if not f.endswith("parvol.c")] + [f"{source}demosrc/{part}.c" for part in "main getargs parse nffparse ac3dparse mgfparse".split()]
    sh(f"{cc} -DLinux -DTHR -D_REENTRANT -w -pthread -I{source}src -I{source}demosrc -o tachyon {' '.join(files)} -lm && cp {source}scenes/balls.dat .", folder)


def race_programs(inputs):
    """What bench/race.py measures: real programs, then one thing at a time."""
    kept = [p for p in programs(inputs) if p.name in ("lua", "lz4", "JSON parser", "pigz -p2")]
    text = os.path.join(inputs, "text")
    little = os.path.join(inputs, "little.text")
    xz = lambda d, file: [d + "/xz", "-T2", "-1", "--block-size=2MiB" if file is text else "--block-size=256KiB", "-k", "-c", file]
    tachyon = lambda d, size: [d + "/tachyon", d + "/balls.dat", "-numthreads", "2", "-res", size, size, "-o", d + "/picture"]
    kept += [
        Program("memcached", "memcached", build_memcached, command_memcached, threads=2, small=lambda d: command_memcached(d, 10000)),
        Program("redis", "redis", build_redis, command_redis, threads=2, small=lambda d: command_redis(d, 2000)),
        Program("sqlite x2", "sqlite3", build_sqlite_threads, lambda d: [d + "/threads", "50000"], threads=2,
                small=lambda d: [d + "/threads", "2500"]),
        Program("xz -T2", "xz-utils", build_xz, lambda d: xz(d, text), threads=2, small=lambda d: xz(d, little)),
        Program("tachyon x2", "tachyon", build_tachyon, lambda d: tachyon(d, "512"), threads=2, small=lambda d: tachyon(d, "128")),
    ]
    return kept + [Program(f"micro: {name}", None, build_micro, lambda d, name=name: [d + "/micro", name, "/2"], threads=2,
                           small=lambda d, name=name: [d + "/micro", name, "/40"]) for name in MICRO]
