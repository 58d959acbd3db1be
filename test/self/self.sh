#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Furlong on itself: the demo, whose second half covers the tool by its own verbs:  self.sh BUILD
#
# The demo must end well, and the report of the tool must know that main ran once for each verb it was given.
set -euo pipefail
build=$1
cd "$(dirname "$0")/../.."
FURLONG_DEMO_BUILD=$build script/demo
test -s "$build/demo/tally-report/index.html"
test -s "$build/demo/self-report/index.html"
"$build/bin/furlong" report "$build/demo/self-data" --json "$build/demo/self.json"
jq -e '[.coverage.files[] | select(.path | endswith("tools/main.c")) | .functions[] | select(.name == "main") | .count][0] > 15' \
	"$build/demo/self.json" >/dev/null
