#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# build.sh GCC SOURCE GENERATED OUT: the runtime, shared and as an archive, and the hand-instrumented programs
# against both, for another architecture. No warning is let pass.
set -eu
gcc=$1 source=$2 generated=$3 out=$4
e2e=$source/test/e2e

runtime() {
	"$gcc" -std=gnu11 -O2 -Wall -Wextra -Wundef -Werror -fPIC -fno-stack-protector -fvisibility=hidden \
		-ftls-model=initial-exec -fasynchronous-unwind-tables -mgeneral-regs-only \
		-fno-tree-loop-distribute-patterns -D__FURLONG_COVERAGE__=1 -D__FURLONG_RACE__=1 -I"$source/runtime" -I"$source/include" \
		-I"$generated" "$source/runtime/all.c" "$@"
}

# program NAME OPTIONS...
program() {
	name=$1
	shift
	"$gcc" -O1 -I"$e2e" -I"$source/include" "$e2e/${name%_static}/${name%_static}.c" -pthread "$@" -o "$out/$name"
}

runtime -shared -Wl,-soname,libfurlong_rt.so -Wl,-z,nodelete -Wl,-z,now -Wl,--no-undefined -Wl,--as-needed \
	-Wl,--version-script="$source/runtime/exports.map" -o "$out/libfurlong_rt.so"
runtime -DFL_STATIC -DFL_TOOL_BUILT="\"$out/furlong\"" -DFL_TOOL_INSTALLED="\"$out/furlong\"" -c -o "$out/all.o"
rm -f "$out/libfurlong_rt.a"
"${gcc%gcc}ar" rc "$out/libfurlong_rt.a" "$out/all.o"
for suite in endings threads; do
	program $suite -fPIE -pie -L"$out" -Wl,-rpath,"$out" -lfurlong_rt
	program ${suite}_static -static "$out/libfurlong_rt.a"
done
