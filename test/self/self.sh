#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Furlong on itself: the demo, which covers the tool by its own verbs and finds the race of relay:  self.sh BUILD
#
# The demo must end well, and the report of the tool must know that main ran once for each verb it was given. The
# race's page must show both sides, and without its bug relay must be quiet.
set -euo pipefail
trap 'echo "$0: line $LINENO: $BASH_COMMAND" >&2' ERR
build=$1
cd "$(dirname "$0")/../.."
FURLONG_DEMO_BUILD=$build script/demo
test -s "$build/demo/tally-report/index.html"
test -s "$build/demo/self-report/index.html"
"$build/bin/furlong" report "$build/demo/self-data" --json "$build/demo/self.json"
jq -e '[.coverage.files[] | select(.path | endswith("tools/main.c")) | .functions[] | select(.name == "main") | .count][0] > 15' \
	"$build/demo/self.json" >/dev/null

relay=$build/demo/relay-report
"$build/bin/furlong" report "$build/demo/relay-data" --json "$build/demo/relay.json"
jq -e '.races.count >= 1 and all(.races.reports[]; .kind == "data-race" and (.accesses | length) == 2
	and all(.accesses[]; .stack[0].function == "note_longest"))' "$build/demo/relay.json" >/dev/null
for fingerprint in $(jq -r '.races.reports[].fingerprint' "$build/demo/relay.json"); do
	grep -q "race/$fingerprint.html" "$relay/index.html"
	[ "$(grep -c 'class=access' "$relay/race/$fingerprint.html")" -eq 2 ]
	grep -q '<span class=hit' "$relay/race/$fingerprint.html"
	"$build/bin/furlong" show digest.c "$build/demo/relay-data" >"$build/demo/digest.txt"
	grep -q "data race: .*; furlong races ${fingerprint:0:12}" "$build/demo/digest.txt"
done
status=0
FURLONG_DATA=$build/demo/relay-direct "$build/demo/relay/relay" >/dev/null 2>&1 || status=$?
[ "$status" -eq 66 ] # without `furlong run` too

for major in 22 19 16; do
	! command -v "clang-$major" >/dev/null || break
done
make -s -C examples/relay CC="clang-$major" OUT="$build/demo/relay-fixed" CPPFLAGS=-DRELAY_FIXED \
	CFLAGS="-O2 --config=$("$build/bin/furlong" flags race)"
"$build/bin/furlong" run --data "$build/demo/fixed-data" --report "$build/demo/fixed-report" -- \
	"$build/demo/relay-fixed/relay"
