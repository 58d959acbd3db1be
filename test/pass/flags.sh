#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# flags.sh LLVM_BIN MAJOR LIBDIR SOURCE SCRATCH: the flag in every place where a build may put it, with
# -Werror: it must warn of nothing, link everywhere, and count right wherever the program runs.
# Uses a runtime of its own (Inputs/stub_runtime.c), in a directory with a space in its name.
# Lists of options are words to be split.
# shellcheck disable=SC2086,SC2053
set -u
bin=$1 major=$2 libdir=$3 source=$4 scratch=$5
inputs=$source/test/pass/Inputs
clang=$bin/clang
failed=0 passed=0

rm -rf "$scratch" && mkdir -p "$scratch/pre fix/v$major" && cd "$scratch" || exit 1
cp "$libdir"/*.so "pre fix/" && cp "$libdir/v$major/pass.so" "pre fix/v$major/" || exit 1
rm -f "pre fix/libfurlong_rt.so"
prefix=$scratch/pre\ fix
for stub in stub_runtime stub_race; do
	"$clang" -c -fPIC -O1 -I"$source/include" "$inputs/$stub.c" -o $stub.o || exit 1
done
"$clang" -shared stub_runtime.o stub_race.o -o "$prefix/libfurlong_rt.so"
ar rcs "$prefix/libfurlong_rt.a" stub_runtime.o stub_race.o
for name in coverage coverage-tls race all; do
	cmake -DNAME=$name -DINSTRUMENTS=coverage,race "-DLIBDIR=$prefix" "-DINCLUDEDIR=$source/include" \
		"-DOUTPUT=$prefix/$name.flags" -P "$source/cmake/write-flags.cmake" || exit 1
done
flag="@$prefix/coverage.flags"

# silent NAME COMMAND...: succeeds and says nothing.
silent() {
	local name=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ] && [ -z "$output" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s (status %d): %s\n%s\n' "$name" $status "$*" "$output"
	fi
}

# counts NAME PROGRAM EXPECTED: what the stub prints at exit, sorted, one line.
counts() {
	local got
	got=$("$2" 2>&1 >/dev/null | sort | tr '\n' ';')
	if [[ $got == $3 ]]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s: counts\n  got      %s\n  expected %s\n' "$1" "$got" "$3"
	fi
}

cat >p.c <<'C'
static int unused(int x) { return x; }
int f(int a) { int s = 0; for (int i = 0; i < a; i++) { if (i & 1) s += i; } return s; }
int never(void) { return 1; }
int main(void) { return f(10) - 25; }
C
# f's body runs once, its condition 11 times, the loop's body 10, the sum 5
truth='f 0 1 5 10 11;main 0 1;never 0 0;unused 2;'
cat >asm.S <<'C'
#ifndef __FURLONG_COVERAGE__
#error the macro reaches the preprocessor
#endif
.globl in_asm
in_asm: ret
.section .note.GNU-stack,"",@progbits
C
cat >lib.c <<'C'
int in_lib(int x) { return x ? 2 : 3; }
C
cat >uses.c <<'C'
int in_lib(int);
int main(void) { return in_lib(1) + in_lib(0) - 5; }
C
lib_truth='in_lib 0 1 2;main 0 1;'
werror="-Wall -Wextra -Werror -Wno-unused-function"

for level in -O0 -O1 -O2 -O3 -Os -Oz; do
	silent "$level" "$clang" $werror "$flag" $level p.c -o p && counts "$level" ./p "$truth"
done
silent -c "$clang" $werror "$flag" -c p.c -o p.o
silent -E "$clang" $werror "$flag" -E p.c -o p.i
silent -S "$clang" $werror "$flag" -S p.c -o p.s
silent -M "$clang" $werror "$flag" -M p.c -o p.d
silent -MMD "$clang" $werror "$flag" -MMD -MF p.d -c p.c -o p.o
silent -fsyntax-only "$clang" $werror "$flag" -fsyntax-only p.c
silent .S "$clang" $werror "$flag" -c asm.S -o asm.o
silent .s "$clang" $werror "$flag" -c p.s -o fromasm.o
silent "preprocessed input" "$clang" $werror "$flag" -c p.i -o p.o
silent "-masm=intel" "$clang" $werror "$flag" -O1 -masm=intel p.c -o p && counts intel ./p "$truth"
silent "-masm=intel -S" "$clang" $werror "$flag" -O1 -masm=intel -S p.c -o p.s
silent "-masm=intel, assembled" "$clang" $werror "$flag" p.s -o p && counts "intel .s" ./p "$truth"
silent "-ffunction-sections" "$clang" $werror "$flag" -O2 -ffunction-sections -fdata-sections p.c -o p && counts sections ./p "$truth"
for model in medium large; do
	silent "-mcmodel=$model" "$clang" $werror "$flag" -O1 -mcmodel=$model -fPIC p.c -o p && counts $model ./p "$truth"
done
silent "thread-local form" "$clang" $werror "@$prefix/coverage-tls.flags" -O2 p.c -o p && counts tls ./p "$truth"
silent "both forms, all.flags" "$clang" $werror "@$prefix/all.flags" -O2 p.c -o p && counts all ./p "$truth"
if [ "$major" -ge 16 ]; then
	silent "--config=" "$clang" $werror "--config=$prefix/coverage.flags" -O2 p.c -o p && counts config ./p "$truth"
	silent "--config= -c" "$clang" $werror "--config=$prefix/coverage.flags" -c p.c -o p.o
	silent "--config= .S" "$clang" $werror "--config=$prefix/coverage.flags" -c asm.S -o asm.o
fi

linkers=bfd
[ -x "$bin/ld.lld" ] && linkers="$linkers lld"
command -v ld.gold >/dev/null && linkers="$linkers gold"
"$clang" "$flag" -O1 -c p.c -o p.o
"$clang" "$flag" -O1 -fPIC -c lib.c -o lib.o
"$clang" "$flag" -O1 -c uses.c -o uses.o
rm -f liblib.a && ar rcs liblib.a lib.o
for ld in $linkers; do
	use="-fuse-ld=$ld"
	for how in "" -no-pie -pie -static -Wl,--as-needed -Wl,--gc-sections "-static -Wl,--gc-sections" -Wl,-z,now; do
		silent "$ld $how" "$clang" $werror "$flag" $use $how p.o -o p && counts "$ld $how" ./p "$truth"
	done
	# What gold makes of a static PIE does not run with or without us.
	if [ $ld != gold ]; then
		silent "$ld -static-pie" "$clang" $werror "$flag" $use -static-pie p.o -o p && counts "$ld -static-pie" ./p "$truth"
	fi
	# lld before 17 will not look past a shared library when it links with -r.
	if [ $ld = bfd ] || [ $ld = lld ] && [ "$major" -ge 17 ]; then
		silent "$ld -r" "$clang" $werror "$flag" $use -r p.o -o r.o
		silent "$ld of -r" "$clang" $werror "$flag" $use r.o -o p && counts "$ld of -r" ./p "$truth"
	fi
	[ $ld = lld ] && silent "lld -z start-stop-gc" "$clang" $werror "$flag" $use -Wl,-z,start-stop-gc -Wl,--gc-sections p.o -o p && counts start-stop-gc ./p "$truth"
	for how in "" -Wl,--no-undefined "-Wl,-z,defs -Wl,--gc-sections"; do
		silent "$ld -shared $how" "$clang" $werror "$flag" $use -shared $how lib.o -o libshared.so
		silent "$ld program of it" "$clang" $werror "$flag" $use uses.o "$scratch/libshared.so" -o p && counts "$ld shared" ./p "$lib_truth"
	done
	silent "$ld archive" "$clang" $werror "$flag" $use uses.o -L. -llib -o p && counts "$ld archive" ./p "$lib_truth"
done

# Link-time optimisation: by lld, and by GNU ld where its plugin for this LLVM is installed.
for lto in -flto -flto=thin; do
	for ld in lld bfd; do
		[ $ld = lld ] && [ ! -x "$bin/ld.lld" ] && continue
		[ $ld = bfd ] && [ ! -e "$bin/../lib/LLVMgold.so" ] && continue
		for level in -O0 -O2; do
			silent "$ld $lto $level -c" "$clang" $werror "$flag" $lto $level -c p.c -o lto.o
			silent "$ld $lto $level" "$clang" $werror "$flag" $lto $level -fuse-ld=$ld lto.o -o p && counts "$ld $lto $level" ./p "$truth"
			"$clang" "$flag" $lto $level -c lib.c -o l1.o && "$clang" "$flag" $lto $level -c uses.c -o l2.o
			silent "$ld $lto $level, two" "$clang" $werror "$flag" $lto $level -fuse-ld=$ld l1.o l2.o -o p && counts "$ld $lto $level, two" ./p "$lib_truth"
		done
	done
done

for sanitizer in address undefined; do
	ls "$("$clang" -print-resource-dir)"/lib/*/*clang_rt.asan* >/dev/null 2>&1 || continue
	for level in -O0 -O2; do
		silent "-fsanitize=$sanitizer $level" "$clang" $werror "$flag" -fsanitize=$sanitizer $level p.c -o p && counts "$sanitizer $level" ./p "$truth"
		silent "-fsanitize=$sanitizer $level, thread-local" "$clang" $werror "@$prefix/coverage-tls.flags" -fsanitize=$sanitizer $level p.c -o p && counts "$sanitizer tls $level" ./p "$truth"
	done
done

for level in -O0 -O2; do
	silent "C++ $level" "$clang++" $werror "$flag" $level -c "$inputs/exceptions.cpp" -o x.o
	silent "C++ $level, second unit" "$clang++" $werror "$flag" $level -DSECOND -c "$inputs/exceptions.cpp" -o y.o
	silent "C++ $level link" "$clang++" $werror "$flag" x.o y.o -o p
	counts "C++ $level" ./p "$(sed -n 's,^// COUNTS: ,,p' "$inputs/exceptions.cpp")"
	[ "$major" -ge 16 ] && silent "coroutines $level" "$clang++" $werror "$flag" -std=c++20 $level "$inputs/coroutine.cpp" -o p &&
		counts "coroutines $level" ./p "$(sed -n 's,^// COUNTS: ,,p' "$inputs/coroutine.cpp")"
done
if [ "$major" -ge 16 ]; then
	printf 'export module m;\nexport int in_module(int x) { return x ? 1 : 2; }\n' >m.cppm
	printf 'import m;\nint main() { return in_module(1) - 1; }\n' >usem.cpp
	silent "module interface" "$clang++" $werror "$flag" -std=c++20 --precompile m.cppm -o m.pcm
	silent "module object" "$clang++" $werror "$flag" -std=c++20 -c m.pcm -o m.o
	silent "module user" "$clang++" $werror "$flag" -std=c++20 -fmodule-file=m=m.pcm usem.cpp m.o -o p &&
		counts modules ./p '_ZW1m9in_modulei 0 0 1;_ZW1m9in_modulei 2;main 0 1;' # the importer made no code for it
fi
printf '#include <stdio.h>\n' >pch.h
silent "precompiled header" "$clang" $werror "$flag" -x c-header -c pch.h -o pch.h.pch
silent "its user" "$clang" $werror "$flag" -include-pch pch.h.pch -c p.c -o p.o

# The race instrument in the same places. With this runtime every access looks recorded, a slow path that is taken
# aborts, and the program must do what it does without the flag.
runs() {
	if "$2" >/dev/null 2>run.err; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s: the program\n' "$1"
		grep -v '^[_a-zA-Z0-9]* [0-9 ]*$' run.err
	fi
}
cat >r.c <<'C'
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#ifndef __FURLONG_RACE__
#error the macro reaches the preprocessor
#endif
int in_lib(int);
struct s { char c; short h; int i; long l; double d[3]; volatile int v; } a, *b;
static jmp_buf place;
static int atomic;
static int deep(int n) { return n ? deep(n - 1) + 1 : in_lib(1); }
static void back(void) { longjmp(place, 1); }
int main(void) {
	int came = 0;
	b = malloc(sizeof *b);
	memset(b, 1, sizeof *b);
	a = *b;
	a.v++;
	for (int i = 0; i < 100; i++) a.i += i + b->h, a.l ^= a.i;
	if (!setjmp(place)) back(); else came = 1;
	__atomic_fetch_add(&atomic, 2, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return !(came && atomic == 2 && deep(10) == 12 && a.c == 1 && memcmp(a.d, b->d, sizeof a.d) == 0);
}
C
cp lib.c rlib.c
for name in race all; do
	rflag="@$prefix/$name.flags"
	for level in -O0 -O1 -O2 -O3 -Os -Oz; do
		silent "$name $level" "$clang" $werror "$rflag" $level r.c rlib.c -o p && runs "$name $level" ./p
		silent "$name C++ $level" "$clang++" $werror "$rflag" $level -c "$inputs/exceptions.cpp" -o x.o
		silent "$name C++ $level, second" "$clang++" $werror "$rflag" $level -DSECOND -c "$inputs/exceptions.cpp" -o y.o
		silent "$name C++ $level link" "$clang++" $werror "$rflag" x.o y.o -o p && runs "$name C++ $level" ./p
		[ "$major" -ge 16 ] && silent "$name coroutines $level" "$clang++" $werror "$rflag" -std=c++20 $level "$inputs/coroutine.cpp" -o p &&
			runs "$name coroutines $level" ./p
	done
	for how in -c -S -E -M -fsyntax-only; do
		silent "$name $how" "$clang" $werror "$rflag" $how r.c -o r.out
	done
	silent "$name .S" "$clang" $werror "$rflag" -D__FURLONG_COVERAGE__=1 -Wno-macro-redefined -c asm.S -o asm.o
	silent "$name -masm=intel" "$clang" $werror "$rflag" -O1 -masm=intel r.c rlib.c -o p && runs "$name intel" ./p
	silent "$name -mavx2" "$clang" $werror "$rflag" -O3 -mavx2 -c r.c -o r.o
	silent "$name -mavx512f" "$clang" $werror "$rflag" -O3 -mavx512f -c r.c -o r.o
	silent "$name precompiled header" "$clang" $werror "$rflag" -x c-header -c pch.h -o pch.h.pch
	silent "$name its user" "$clang" $werror "$rflag" -include-pch pch.h.pch -c r.c -o r.o
	for model in "" -fno-pic -fPIC "-mcmodel=medium -fPIC" "-fno-plt"; do
		silent "$name $model" "$clang" $werror "$rflag" -O2 $model -no-pie r.c rlib.c -o p && runs "$name $model" ./p
	done
	"$clang" "$rflag" -O1 -fPIE -c r.c -o r.o
	"$clang" "$rflag" -O1 -fPIC -c rlib.c -o rlib.o
	printf 'int nothing;\n' >empty.c
	silent "$name, a unit without code" "$clang" $werror "$rflag" -fPIC -shared empty.c -o libempty.so
	for ld in $linkers; do
		use="-fuse-ld=$ld"
		for how in "" -no-pie -pie -static -Wl,--gc-sections "-static -Wl,--gc-sections" -Wl,-z,now -Wl,-z,lazy; do
			silent "$name $ld $how" "$clang" $werror "$rflag" $use $how r.o rlib.o -o p && runs "$name $ld $how" ./p
		done
		if [ $ld != gold ]; then
			silent "$name $ld -static-pie" "$clang" $werror "$rflag" $use -static-pie r.o rlib.o -o p && runs "$name $ld -static-pie" ./p
		fi
		if [ $ld = bfd ] || [ $ld = lld ] && [ "$major" -ge 17 ]; then
			silent "$name $ld -r" "$clang" $werror "$rflag" $use -r r.o rlib.o -o rr.o
			silent "$name $ld of -r" "$clang" $werror "$rflag" $use rr.o -o p && runs "$name $ld of -r" ./p
		fi
		silent "$name $ld -shared" "$clang" $werror "$rflag" $use -shared -Wl,-z,defs rlib.o -o librlib.so
		silent "$name $ld program of it" "$clang" $werror "$rflag" $use r.o "$scratch/librlib.so" -o p && runs "$name $ld shared" ./p
	done
	for lto in -flto -flto=thin; do
		[ -x "$bin/ld.lld" ] || continue
		for level in -O0 -O2; do
			silent "$name $lto $level -c" "$clang" $werror "$rflag" $lto $level -c r.c -o l1.o
			silent "$name $lto $level -c, second" "$clang" $werror "$rflag" $lto $level -c rlib.c -o l2.o
			silent "$name $lto $level" "$clang" $werror "$rflag" $lto $level -fuse-ld=lld l1.o l2.o -o p && runs "$name $lto $level" ./p
		done
	done
	ls "$("$clang" -print-resource-dir)"/lib/*/*clang_rt.asan* >/dev/null 2>&1 && for level in -O0 -O2; do
		silent "$name -fsanitize=address,undefined $level" "$clang" $werror "$rflag" -fsanitize=address,undefined $level r.c rlib.c -o p &&
			ASAN_OPTIONS=detect_leaks=0 runs "$name address $level" ./p
	done
done

# What is refused is refused in one line.
refused() {
	local name=$1 wanted=$2 output status
	shift 2
	output=$("$@" 2>&1)
	status=$?
	if [ $status -ne 0 ] && [ "$(printf '%s\n' "$output" | wc -l)" -eq 1 ] && [[ $output == $wanted ]]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s (status %d):\n%s\n' "$name" $status "$output"
	fi
}
mv "$prefix/v$major" "$prefix/v99"
refused "a clang without a pass" "furlong: clang $major is not supported *; use clang 99" "$clang" "$flag" -c p.c -o p.o
mv "$prefix/v99" "$prefix/v$major"
cp "$prefix/coverage.so" "$prefix/nonsense.so"
refused "an instrument that was not built" "furlong: instrument 'nonsense' was not built*" \
	"$clang" "-fplugin=$prefix/nonsense.so" "-fpass-plugin=$prefix/nonsense.so" -c p.c -o p.o

echo "flags.sh: clang $major: $passed passed, $failed failed"
[ $failed -eq 0 ]
