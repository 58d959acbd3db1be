#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Builds the same small project, a shared library and a program, with one build system and the one flag, runs
# it, and holds the report against what the sources say:  build.sh SYSTEM PREFIX CLANG-MAJOR
set -euo pipefail

system=$1 prefix=$2 major=$3
here=$(cd "$(dirname "$0")" && pwd)
furlong=$prefix/bin/furlong
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/project" "$work/project"
cd "$work/project"
mv Makefile.plain Makefile

flags=$("$furlong" flags coverage)
flag=--config=$flags
[ "$major" -ge 16 ] || flag=@$flags
export FURLONG_DATA=$work/data

case $system in
cmake-package)
	cmake -S . -B out -G Ninja -DCMAKE_C_COMPILER="clang-$major" -DWITH_PACKAGE=ON -DCMAKE_PREFIX_PATH="$prefix"
	cmake --build out
	out/app
	;;
cmake-flags)
	CFLAGS=$flag cmake -S . -B out -G Ninja -DCMAKE_C_COMPILER="clang-$major"
	cmake --build out
	out/app
	;;
meson)
	CC=clang-$major CFLAGS=$flag meson setup out
	meson compile -C out
	out/app
	;;
make)
	make CC="clang-$major" CFLAGS="-O2 $flag"
	./app
	;;
make-wrapper)
	make CC="$prefix/bin/furlong-clang" CFLAGS=-O2
	./app
	;;
pkg-config)
	PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	export PKG_CONFIG_PATH
	make CC="clang-$major" CFLAGS="-O1 $(pkg-config --cflags --libs furlong-coverage)"
	./app
	;;
autotools)
	rm Makefile
	autoreconf --install
	./configure CC="clang-$major" CFLAGS="-O2 @$flags" --prefix="$work/installed"
	make V=1 install
	"$work/installed/bin/app"
	;;
*)
	echo "build.sh: no build system '$system'" >&2
	exit 2
	;;
esac

"$furlong" report "$FURLONG_DATA" --json "$work/report.json"
python3 "$here/expect.py" "$work/report.json" calc.c main.c
