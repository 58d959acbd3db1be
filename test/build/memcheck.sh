#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# ctest's memory check of type ThreadSanitizer counts our reports:  memcheck.sh PREFIX MAJOR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset TSAN_OPTIONS
CC=clang-$2 cmake -G Ninja -B "$work" -S "$here/memcheck" -DCASES="$here/../race/cases" -DCMAKE_PREFIX_PATH="$1" \
	-DMEMORYCHECK_TYPE=ThreadSanitizer >"$work/log"
cmake --build "$work" >>"$work/log"
cd "$work"
said=$(FURLONG_OPTIONS=style=tsan ctest -T memcheck 2>&1) || true
if ! grep -q "^data race - 8$" <<<"$said" || ! grep -Eq "MemCheck: #1: racy \.+ +Defects: 8$" <<<"$said" ||
	grep -q "#2: ordered .*Defects: [1-9]" <<<"$said"; then
	echo "$said"
	exit 1
fi
