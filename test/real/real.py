#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Real software, built by its own build system with the one flag and run through its own tests, beside llvm-cov.

    real.py --furlong BIN --sources DIR [--work DIR] [--clang 22] [--list FILE] [PROJECT...]

Sources are Debian's (script/sources DIR). Each project is built three times over in copies: with Furlong's flag,
with clang's, and clang's tests are run twice, to know which counts vary by themselves. Prints the totals, then
how many lines differ and in which way; `--list` gets every one of those lines.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from compare import CLASSES, add_opinion, compare, read_furlong, read_llvm, totals
from race import prepare_leveldb

LLVM_FLAGS = "-fprofile-instr-generate -fcoverage-mapping -fprofile-update=atomic -Wl,--build-id"


class Project:
    """build: shell text with $CC, $CXX and $FLAG; test: shell text; objects: what holds the code, for llvm-cov."""

    def __init__(self, package, build, test, objects):
        self.package, self.build, self.test, self.objects = package, build, test, objects


PROJECTS = {
    # A fixed hash seed, so that two runs do the same. Lua's own tests come apart from its sources: LUA_TESTS.
    "lua": Project("lua5.4",
                   "make -C src linux CC=\"$CC -std=gnu99\" MYCFLAGS=\"-O1 -w -Qunused-arguments $FLAG -D'luai_makeseed(L)=0'\" MYLDFLAGS=\"$FLAG\"",
                   "src/lua \"$BENCH/work.lua\" 1; src/luac -l -p \"$BENCH/work.lua\"; [ -z \"${LUA_TESTS:-}\" ] || { cd \"$LUA_TESTS\"; "
                   "for t in bitwise calls closure constructs coroutine errors events goto literals locals pm strings tpack utf8 "
                   "vararg; do setarch -R \"$TREE/src/lua\" -e '_port=true; _soft=true; _nomsg=true' $t.lua; done; }",
                   ["src/lua", "src/luac"]),
    "zlib": Project("zlib", "CC=$CC CFLAGS=\"-O1 -w $FLAG\" ./configure && make", "make test",
                    ["libz.so.1", "example", "example64", "examplesh", "minigzip", "minigzip64", "minigzipsh"]),
    "sqlite": Project("sqlite3",
                      "CC=$CC CFLAGS=\"-O1 -w @$FLAGFILE\" ./configure --with-tcl=/usr/lib/tcl8.6 --disable-shared && make testfixture",
                      "for t in select1 select4 join where func expr index insert update delete trigger1 view fts3aa "
                      "json101 window1 with1 vacuum; do ./testfixture test/$t.test; done",
                      ["testfixture"]),
    "jsoncpp": Project("libjsoncpp",
                       "CC=$CC CXX=$CXX CXXFLAGS=\"-O1 -w $FLAG\" cmake -G Ninja -B out -S . -DBUILD_STATIC_LIBS=OFF "
                       "-DBUILD_OBJECT_LIBS=OFF -DJSONCPP_WITH_POST_BUILD_UNITTEST=OFF && cmake --build out",
                       "ctest --test-dir out; out/bin/jsoncpp_test",
                       ["out/lib/libjsoncpp.so.*.*.*", "out/bin/jsoncpp_test", "out/bin/jsontestrunner_exe"]),
    "lz4": Project("lz4", "make -C programs lz4 CC=$CC CFLAGS=\"-O1 -w $FLAG\" && make -C tests frametest datagen CC=$CC CFLAGS=\"-O1 -w $FLAG\"",
                   "tests/frametest -s7 -n200 && tests/datagen -g2MB >data && programs/lz4 -9 -f data data.lz4 && "
                   "programs/lz4 -d -f data.lz4 back && cmp data back",
                   ["programs/lz4", "tests/frametest", "tests/datagen"]),
    "cjson": Project("cjson",
                     "CC=$CC CFLAGS=\"-O1 -w $FLAG\" cmake -G Ninja -B out -S . -DENABLE_CJSON_UTILS=ON && cmake --build out",
                     "ctest --test-dir out", ["out/libcjson*.so.1", "out/cJSON_test", "out/tests/*"]),
    # Those of its tests in which no thread of its own decides what runs how often.
    "leveldb": Project("leveldb", f"{prepare_leveldb('-O1 -w $FLAG')} && cmake --build out -j2",
                       "cd out && ctest --output-on-failure -R '^(c|arena|bloom|cache|coding|crc32c|dbformat|filename|filter_block|hash|log|"
                       "logging|no_destructor|status|version_edit|version_set|write_batch)_test$'",
                       ["out/*_test"]),
    # One block, one thread.
    "xz": Project("xz-utils", "cmake -B out -S . -DCMAKE_C_COMPILER=$CC -DCMAKE_BUILD_TYPE= -DCMAKE_C_FLAGS=\"-O1 -w $FLAG\" && "
                  "cmake --build out -j2",
                  "cd out && ctest --output-on-failure; cat ../src/*/*.c ../src/liblzma/*/*.c ../tests/compress_prepared* ../tests/files/*.xz >data; "
                  "for n in 0 1 3 6 9e; do ./xz -$n -T1 -k -f -c data >data.xz && ./xzdec data.xz | cmp - data; done; "
                  "for f in x86 arm arm64 sparc ia64 powerpc armthumb delta=dist=4; do ./xz --$f --lzma2=preset=1 -T1 -k -c data | ./xz -dc | cmp - data; done; "
                  "./xz -F lzma -2 -k -c data | ./xz -dc | cmp - data; for f in ../tests/files/*; do ./xz -T1 -tv $f; ./xz -lvv $f; done; true",
                  ["out/xz", "out/xzdec", "out/tests_bin/*", "out/test_*"]),
    "zstd": Project("libzstd", "make -j2 -C programs zstd CC=$CC CFLAGS=\"-O1 -w $FLAG\" HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0 && "
                    "make -C tests datagen decodecorpus CC=$CC CFLAGS=\"-O1 -w $FLAG\"",
                    "tests/datagen -g1MB >data && for n in 1 3 5 8 13 16 19; do programs/zstd --single-thread -$n -q -f data -o data.zst && "
                    "programs/zstd -d -q -f data.zst -o back && cmp data back; done; programs/zstd -q --train -T1 -B4K data -o dict && "
                    "programs/zstd --single-thread -D dict -q -f data -o data.zst && programs/zstd -l -v data.zst; tests/decodecorpus -t -n50 -s5",
                    ["programs/zstd", "tests/datagen", "tests/decodecorpus"]),
}


def shell(text, folder, environment, log):
    with open(log, "ab") as file:
        done = subprocess.run(["bash", "-c", text], cwd=folder, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                              stdout=file, stderr=subprocess.STDOUT)
    return done.returncode


class Real:
    def __init__(self, args):
        self.args = args
        self.flags_file = subprocess.run([args.furlong, "flags", "coverage"], capture_output=True, text=True, check=True).stdout.strip()

    def make(self, project, source, tree, flag, flags_file):
        environment = {"CC": f"clang-{self.args.clang}", "CXX": f"clang++-{self.args.clang}", "FLAG": flag, "FLAGFILE": flags_file,
                       "TREE": tree, "BENCH": os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench")}
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(source, tree, symlinks=True)
        # Whatever configure and the build run must not count as the tests do.
        aside = {"FURLONG_DATA": tree + ".aside", "LLVM_PROFILE_FILE": tree + ".aside.profraw"}
        status = shell(project.build, tree, dict(environment, **aside), tree + ".log")
        if status != 0:
            raise SystemExit(f"real: {project.package} does not build, see {tree}.log")
        return environment

    def objects(self, project, tree):
        found = []
        for pattern in project.objects:
            found += [f for f in sorted(glob.glob(os.path.join(tree, pattern))) if self.is_module(f)]
        return found

    @staticmethod
    def is_module(path):
        if not os.path.isfile(path) or path.endswith(".o"):
            return False
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF"

    def furlong(self, name, project, source, folder):
        tree = folder + "/furlong"
        environment = self.make(project, source, tree, "@" + self.flags_file, self.flags_file)
        data = folder + "/furlong-data"
        shutil.rmtree(data, ignore_errors=True)
        status = shell(project.test, tree, dict(environment, FURLONG_DATA=data), tree + ".log")
        out = folder + "/furlong.json"
        done = subprocess.run([self.args.furlong, "report", data, "--json", out, "--html", folder + "/html",
                               "--lcov", folder + "/furlong.info"], capture_output=True, text=True, cwd=tree)
        if done.returncode != 0:
            raise SystemExit(f"real: {name}: furlong report ended with {done.returncode}: {done.stderr}")
        return status, read_furlong(out, tree), tree

    def llvm(self, project, source, folder):
        tree = folder + "/llvm"
        version = self.args.clang
        environment = self.make(project, source, tree, LLVM_FLAGS, self.llvm_flags_file(folder))
        opinions, status = [], 0
        for turn in ("first", "again"):
            raw = f"{folder}/llvm-{turn}"
            shutil.rmtree(raw, ignore_errors=True)
            status = shell(project.test, tree, dict(environment, LLVM_PROFILE_FILE=raw + "/%p-%m.profraw"), tree + ".log")
            opinions.append(self.llvm_opinion(project, tree, raw))
        return status, *opinions

    def llvm_opinion(self, project, tree, raw):
        """Each module's own profile to its own module, then added up: llvm-profdata would take functions of one name
        and shape in two programs, such as their mains, for one."""
        version, by_module, opinion = self.args.clang, {}, {}
        for file in sorted(glob.glob(raw + "/*.profraw")):
            told = subprocess.run([f"llvm-profdata-{version}", "show", "--binary-ids", file], capture_output=True, text=True).stdout
            by_module.setdefault(told.split("Binary IDs:")[-1].strip(), []).append(file)
        for module in self.objects(project, tree):
            notes = subprocess.run([f"llvm-readelf-{version}", "-n", module], capture_output=True, text=True).stdout
            files = by_module.get(re.search(r"Build ID: (\w+)", notes).group(1), [])
            if not files:
                continue  # never ran: we have no data of it either
            profile = raw + "/one.profdata"
            subprocess.run([f"llvm-profdata-{version}", "merge", "-o", profile, *files], check=True)
            exports = [subprocess.run([f"llvm-cov-{version}", "export", *extra, "-instr-profile", profile, module], check=True,
                                      capture_output=True, text=True).stdout for extra in (["-format=lcov"], [])]
            add_opinion(opinion, read_llvm(*exports, tree))
        return opinion

    def llvm_flags_file(self, folder):
        path = folder + "/llvm.flags"
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(LLVM_FLAGS + "\n")
        return path

    def measure(self, name, listing):
        project = PROJECTS[name]
        found = sorted(glob.glob(os.path.join(self.args.sources, project.package + "-*", "")))
        if not found:
            print(f"{name}: no {project.package}-*/ in the sources; left out")
            return
        folder = os.path.join(self.args.work, name)
        their_status, theirs, again = self.llvm(project, found[-1], folder)
        our_status, ours, tree = self.furlong(name, project, found[-1], folder)
        texts = {}

        def read_source(path):
            if path not in texts:
                with open(os.path.join(tree, path), encoding="utf-8", errors="replace") as file:
                    texts[path] = file.read().split("\n")
            return texts[path]

        print(f"\n## {name} ({os.path.basename(found[-1].rstrip('/'))}), tests ended with {our_status} (llvm's build: {their_status})\n")
        print("| | lines | hit | branch outcomes | hit | functions | hit |\n|---|---:|---:|---:|---:|---:|---:|")
        for who, opinion in (("furlong", ours), (f"llvm-cov {self.args.clang}", theirs)):
            print(f"| {who} | " + " | ".join(f"{found} | {hit}" for found, hit in totals(opinion)) + " |")
        result = compare(ours, theirs, again, read_source)
        print(f"\nLines that both call code: {result.lines_same + result.lines_differ}; same count {result.lines_same}, "
              f"different {result.lines_differ}; code to one only: furlong {result.only_ours}, llvm-cov {result.only_theirs}.")
        for kind, count in result.classes.most_common():
            print(f"- {count}: {CLASSES[kind]}")
        for kind, path, line, our_count, their_count in result.listed:
            text = read_source(path)[line - 1].strip() if line <= len(read_source(path)) else ""
            listing.write(f"{name}\t{kind}\t{path}:{line}\tfurlong {our_count}\tllvm {their_count}\t{text}\n")
        sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--work")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--list", default=os.devnull)
    parser.add_argument("projects", nargs="*", default=list(PROJECTS))
    args = parser.parse_args()
    args.furlong, args.sources = os.path.abspath(args.furlong), os.path.abspath(args.sources)
    args.work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-real-"))
    real = Real(args)
    with open(args.list, "w", encoding="utf-8") as listing:
        for name in args.projects:
            real.measure(name, listing)


if __name__ == "__main__":
    main()
