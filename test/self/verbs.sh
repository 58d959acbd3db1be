#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Takes the tool through its verbs on some program and its data:  verbs.sh TOOL DATA OUT PROGRAM SOURCE
#
# PROGRAM is instrumented and ends with 0; SOURCE is a file of it, with a function tally_line.
#
# Holds exit codes, and that outputs are there and are what they say. script/demo and test/self run it with a
# tool that is itself built with the coverage flag.
set -uo pipefail
tool=$1 data=$2 out=$3/verbs program=$4 source=$5
rm -rf "$out"
mkdir -p "$out"
failures=0

# expect STATUS WORD... : runs the tool with the words, its output to $out/last
expect() {
	local wanted=$1 status=0
	shift
	"$tool" "$@" >"$out/last" 2>&1 || status=$?
	[ "$status" = "$wanted" ] && return
	echo "furlong $*: ended with $status, should be $wanted: $(tail -n 2 "$out/last")" >&2
	failures=$((failures + 1))
}

# says PATTERN: the last output matches
says() {
	grep -qE "$1" "$out/last" && return
	echo "does not say '$1': $(head -n 3 "$out/last")" >&2
	failures=$((failures + 1))
}

expect 0 version
says '[0-9]+\.[0-9]+'
expect 0 help
says 'report'
expect 0 help report
expect 0 flags coverage
expect 2 flags nonsense
expect 2 nonsense-verb
expect 2 report --no-such-option
expect 3 report "$out/no-such-directory" --json "$out/none.json"
expect 4 report "$data" --json "$out/no/such/folder/report.json"

expect 0 report "$data" --html "$out/html" --json "$out/report.json" --lcov "$out/report.info" --text "$out/report.txt"
[ -s "$out/html/index.html" ] || { echo "no index.html" >&2; failures=$((failures + 1)); }
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["schema"] == "furlong.report/1"' "$out/report.json" ||
	failures=$((failures + 1))
grep -q '^end_of_record' "$out/report.info" || { echo "lcov without records" >&2; failures=$((failures + 1)); }

expect 0 files "$data"
says "$(basename "$source")"
expect 0 functions "$data"
says 'tally_line'
(cd "$(dirname "$source")" && "$tool" show "$(basename "$source")" "$data" >"$out/shown" 2>&1) || {
	echo "furlong show $source: $(tail -n 1 "$out/shown")" >&2
	failures=$((failures + 1))
}
expect 0 run --data "$out/run-data" --report "$out/run-report" -- "$program"
says 'coverage: [0-9.]+% of lines'
expect 7 run --data "$out/run-data" --no-report -- sh -c "'$program' && exit 7"
expect 3 run --data "$out/empty" --no-report -- true
"$tool" doctor >"$out/last" 2>&1 # finds fault with a tool that stands alone, rightly
says '.'
expect 0 check "$data" --min-lines 1
expect 1 check "$data" --min-lines 100.0 --min-branches 100.0
expect 0 merge -o "$out/merged.cov" "$data"
expect 0 report "$out/merged.cov" --json "$out/merged.json"
python3 - "$out/report.json" "$out/merged.json" <<'PYTHON' || failures=$((failures + 1))
import json, sys
one, two = (json.load(open(path))["coverage"] for path in sys.argv[1:])
assert one == two, "a merge of one directory changes its counts"
PYTHON
for file in "$data"/*.cov; do
	expect 0 dump "$file"
	says 'slot'
done
head -c 100 "$file" >"$out/torn.cov"
expect 3 dump "$out/torn.cov"
expect 3 report "$out/torn.cov" --json "$out/none.json"

if [ "$failures" -gt 0 ]; then
	echo "verbs: $failures failures" >&2
	exit 1
fi
echo "verbs: all as they should be"
