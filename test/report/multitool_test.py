#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""multitool_test.py TOOL FOLDER: Microsoft's SARIF multitool, which holds the standard's own rules and those of GitHub's
code scanning, reads our SARIF. It is installed into FOLDER from npm; where that cannot be, this is skipped."""
import json
import os
import subprocess
import sys

from harness import main
from racecase import KEY, RaceCase

FOLDER = sys.argv.pop()
PACKAGE = "@microsoft/sarif-multitool-linux"
MULTITOOL = os.path.join(FOLDER, "node_modules", PACKAGE, "Sarif.Multitool")
# Advice that is not ours to follow: texts instead of numbers, no commit, no address of a project, names of rules that are
# ThreadSanitizer's, no more than the line itself. SARIF2006 asks the network for the schema.
ADVICE = {"SARIF2002", "SARIF2003", "SARIF2005", "SARIF2006", "SARIF2009", "SARIF2011", "SARIF2012"}


def install():
    os.makedirs(FOLDER, exist_ok=True)
    command = ["npm", "install", "--prefix", FOLDER, "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline", PACKAGE]
    if not os.path.exists(MULTITOOL) and subprocess.run(command, capture_output=True).returncode:
        print("no multitool")
        sys.exit(77)
    os.chmod(MULTITOOL, 0o755)


class Multitool(RaceCase):
    def validate(self):
        self.tool("report", "-q", "--sarif", "out.sarif")
        found = self.path("found.sarif")
        subprocess.run([MULTITOOL, "validate", self.path("out.sarif"), "--output", found, "--log", "ForceOverwrite", "--rule-kind", "Sarif;Ghas",
                        "--level", "Error;Warning;Note"], check=True, capture_output=True, env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
        with open(found, encoding="utf-8-sig") as file:
            run, = json.load(file)["runs"]
        return {(r["ruleId"], r.get("level", "warning"), json.dumps(r["message"])) for r in run.get("results", []) if r["ruleId"] not in ADVICE}

    def test_a_race(self):
        self.write(self.race(), self.block().times(KEY, 3))
        self.assertEqual(self.validate(), set())

    def test_a_suppressed_one(self):
        self.write(self.race(), self.block().line("suppressed", "%016x" % KEY, "race:f"))
        self.assertEqual(self.validate(), set())

    def test_none(self):
        self.write(self.block().line("seen", 1, 0, 0, 0, 0))
        self.assertEqual(self.validate(), set())


if __name__ == "__main__":
    install()
    main()
