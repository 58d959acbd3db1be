#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the rules of the house that a compiler cannot: lint.py ROOT CHECK...

Every check is a function that yields one line per fault, "path:line: what is wrong". The exit status is 1
when there is a fault. It looks at the files git tracks (and, outside a checkout, at every file).
"""
import hashlib
import os
import re
import subprocess
import sys

SOURCE = (".c", ".h", ".cpp", ".def", ".py", ".cmake", ".js", ".css", ".sh", ".S")
COMPILED = (".c", ".h", ".cpp")
MAX_LINES = 600
FORMATTED = ("include/", "pass/", "runtime/", "tools/", "examples/", "test/")
INSTRUMENTS = ("coverage", "race")
# What include/furlong/abi.h declares, comments and spaces aside, and in which version.
ABI = (2, "628da2cd12fcc06d")


def tracked(root):
    git = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if git.returncode == 0:
        names = git.stdout.splitlines()
    else:
        names = [os.path.relpath(os.path.join(d, f), root) for d, _, fs in os.walk(root) for f in fs]
        names = [n for n in names if not n.startswith(("build", ".git/"))]
    return sorted(n for n in set(names) if os.path.isfile(os.path.join(root, n)))


def lines(root, name):
    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
        return file.read().split("\n")


def is_script(root, name):
    with open(os.path.join(root, name), "rb") as file:
        return file.read(2) == b"#!"


def is_source(root, name):
    return name.endswith(SOURCE) or os.path.basename(name) == "CMakeLists.txt" or is_script(root, name)


def is_data(name):
    """Inputs and expected outputs of tests: their first line may matter."""
    return re.search(r"^test/.*/(data|golden|inputs|corpus|expected)/", name) is not None


def check_spdx(root):
    """One SPDX line at the top of every source file."""
    for name in tracked(root):
        if is_source(root, name) and not is_data(name):
            if not any("SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" in l for l in lines(root, name)[:4]):
                yield f"{name}:1: no SPDX line"


def check_length(root):
    """No source file is over MAX_LINES lines."""
    for name in tracked(root):
        if is_source(root, name) and not is_data(name) and len(lines(root, name)) - 1 > MAX_LINES:
            yield f"{name}:{MAX_LINES}: {len(lines(root, name)) - 1} lines, more than {MAX_LINES}"


def included(root, name):
    for number, line in enumerate(lines(root, name), 1):
        match = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1)


def check_includes(root):
    """Who may include what (ARCHITECTURE.md, "Rules")."""
    for name in tracked(root):
        if not name.endswith(COMPILED):
            continue
        for number, target in included(root, name):
            at = f"{name}:{number}: includes {target}"
            if re.match(r"(llvm|llvm-c|clang)/", target) and not name.startswith(("pass/", "test/pass/")):
                yield f"{at}: LLVM is for pass/ only"
            if target.endswith("furlong/format.h") and name.startswith("tools/") and not name.startswith("tools/read/"):
                yield f"{at}: of the tools only tools/read knows the files' format"
            if target.endswith("furlong/format.h") and name.startswith("pass/") and not name.startswith(("pass/shape", "pass/coverage")):
                yield f"{at}: only the coverage half of the pass writes shapes"
            if target.endswith("furlong/abi.h") and name.startswith("tools/") and not name.startswith("tools/read/"):
                yield f"{at}: of the tools only tools/read knows compiled code"
            if name.startswith("include/furlong/") and target != "stdint.h":
                listener = target not in ("abi.h", "format.h") and re.search(r"/(gtest|catch2|check|cmocka)\.h$", name)
                if not listener and not (name.endswith("furlong.h") and target in ("stddef.h", "stdbool.h")):
                    yield f"{at}: the contracts include <stdint.h> only"
            if name.startswith("runtime/core/") and re.search(r"(^|/)(%s)/" % "|".join(INSTRUMENTS), target):
                yield f"{at}: runtime/core knows no instrument"
            for mine in INSTRUMENTS:
                others = [o for o in INSTRUMENTS if o != mine]
                for layer in ("runtime/", "pass/"):
                    if name.startswith(layer + mine) and re.search(r"(^|/)(%s)" % "|".join(others), target):
                        yield f"{at}: instruments never include each other"
            if name.startswith("tools/model/") and re.match(r"(sys/(?!types)|fcntl|unistd|dirent|elfutils/)", target):
                yield f"{at}: the model does no I/O"
            if name.startswith("runtime/") and re.match(r"(stdio|locale|wchar|iostream)", target):
                if name == "runtime/race/intercept/libc_types.h":
                    continue  # for the parameters of functions that are stood before; none is called
                yield f"{at}: the runtime uses no stdio and no locale"


def check_islands(root):
    """Facts about versions, systems and machines stay on their islands."""
    llvm = re.compile(r"^\s*#\s*(if|elif|ifdef|ifndef).*(LLVM_VERSION|__has_include\s*[(<\"].*llvm)")
    system = re.compile(r"^\s*#\s*(if|elif|ifdef|ifndef).*\b(__x86_64__|__aarch64__|__linux__|__GLIBC__|__APPLE__|_WIN32)\b")
    for name in tracked(root):
        if not name.endswith(COMPILED) or not name.startswith(("pass/", "runtime/", "tools/", "include/")):
            continue
        for number, line in enumerate(lines(root, name), 1):
            if llvm.match(line) and name != "pass/llvm_compat.h":
                yield f"{name}:{number}: #if on an LLVM version outside pass/llvm_compat.h"
            if system.match(line) and not os.path.basename(name).startswith("sys_"):
                yield f"{name}:{number}: #if on a system or machine outside a sys_* file"


def check_words(root):
    """Nothing half done, nothing of the machine that this was written on."""
    todo = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    place = re.compile(r"(^|[\s\"'=(:@])/(work|home|root)/[a-z]")
    for name in tracked(root):
        if name.startswith("test/lint/") or is_data(name):
            continue
        if not (is_source(root, name) or name.endswith((".md", ".in"))):
            continue
        for number, line in enumerate(lines(root, name), 1):
            if todo.search(line):
                yield f"{name}:{number}: {todo.search(line).group(0)}"
            if place.search(line):
                yield f"{name}:{number}: a path of one machine"


def check_options(root):
    """Every option of the runtime stands in the documentation with its default, and every documented one exists."""
    definitions = os.path.join("runtime", "core", "options.def")
    page = os.path.join("docs", "options.md")
    if not os.path.exists(os.path.join(root, definitions)):
        return
    text = "\n".join(lines(root, definitions))
    defined = {n: v.strip('"') for n, v in re.findall(r'^OPTION_\w+\((\w+), ("[^"]*"|\w+),', text, re.M)}
    if not defined:
        yield f"{definitions}:1: no OPTION_TYPE(name, default, ...) in it"
    rows = re.findall(r"^\|[ \t]*`(\w+)`[ \t]*\|[ \t]*([^|\n]*?)[ \t]*\|.*\|$", "\n".join(lines(root, page)), re.M)
    documented = {name: "" if default == "none" else default.strip("`") for name, default in rows}
    for name in sorted(defined.keys() | documented.keys()):
        if defined.get(name) != documented.get(name):
            yield f"{page}:1: {name}: default {documented.get(name)!r} here, {defined.get(name)!r} in {definitions}"


def check_abi(root):
    """What compiled code and runtime agree on changes with its version: nobody does so in passing."""
    header = os.path.join("include", "furlong", "abi.h")
    text = re.sub(r"/\*.*?\*/", "", "\n".join(lines(root, header)), flags=re.S)
    version = int(re.search(r"FURLONG_ABI_VERSION (\d+)", text).group(1))
    digest = hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]
    if (version, digest) != ABI:
        yield (f"{header}:1: not what it was. More than an addition: also a new FURLONG_ABI_VERSION. Then, in test/lint/lint.py: "
               f'ABI = ({version}, "{digest}")')


def check_shell(root):
    """shellcheck on every shell script."""
    scripts = []
    for name in tracked(root):
        first = lines(root, name)[0]
        if name.endswith((".sh", ".bats")) or re.match(r"#!.*\b(ba)?sh\b", first):
            scripts.append(name)
    run = subprocess.run(["shellcheck", "-x", "-f", "gcc", *scripts], cwd=root, capture_output=True, text=True)
    yield from run.stdout.splitlines()
    if run.returncode > 1:
        yield run.stderr.strip()


def check_format(root):
    """clang-format would change nothing."""
    names = [n for n in tracked(root) if n.endswith(COMPILED) and n.startswith(FORMATTED) and not is_data(n)]
    names = [n for n in names if not n.startswith(("test/pass/", "test/e2e/", "test/oracle/programs/", "test/oracle/open/",
                                                       "test/battery/programs/"))]
    run = subprocess.run(["clang-format-14", "--dry-run", *names], cwd=root, capture_output=True, text=True)
    for line in run.stderr.splitlines():
        if "-Wclang-format-violations" in line:
            yield line


def main():
    root, *names = sys.argv[1:]
    faults = 0
    for name in names:
        for fault in globals()["check_" + name](root):
            print(fault)
            faults += 1
    print(f"{', '.join(names)}: {faults} faults")
    return 1 if faults else 0


sys.exit(main())
