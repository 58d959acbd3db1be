# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""harness.py: a directory of sources and data for each test, and the tool run in it."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
for variable in ("FURLONG_DATA", "FURLONG_LABEL", "FURLONG_OPTIONS"): # perhaps the tests are being measured
    os.environ.pop(variable, None)
TOOL = os.path.abspath(sys.argv[1])
SCHEMA = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/report.schema.json")))


def validate(value, schema, where="$"):
    """As much of JSON Schema as ours uses."""
    if "$ref" in schema:
        validate(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], where)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if "type" in schema:
        good = isinstance(value, kinds[schema["type"]]) and (schema["type"] == "boolean" or not isinstance(value, bool))
        assert good, "%s is not of type %s" % (where, schema["type"])
    assert value == schema.get("const", value), "%s is not %s" % (where, schema.get("const"))
    assert value in schema.get("enum", [value]), "%s is none of %s" % (where, schema.get("enum"))
    if isinstance(value, int) and not isinstance(value, bool):
        assert schema.get("minimum", value) <= value <= schema.get("maximum", value), "%s is out of range" % where
    if isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), where
        for i, item in enumerate(value):
            validate(item, schema.get("items", {}), "%s[%d]" % (where, i))
    if isinstance(value, dict):
        for key in schema.get("required", []):
            assert key in value, "%s has no %s" % (where, key)
        for key, item in value.items():
            known = schema.get("properties", {})
            assert key in known or schema.get("additionalProperties", True), "%s has an unknown %s" % (where, key)
            validate(item, known.get(key, {}), "%s.%s" % (where, key))


class Case(unittest.TestCase):
    """self.dir is the current directory of the tool; data are in furlong-data below it."""

    def setUp(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="furlong-report-"))
        os.mkdir(self.path("furlong-data"))
        self.addCleanup(shutil.rmtree, self.dir)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def read(self, name, mode="r"):
        with open(self.path(name), mode) as file:
            return file.read()

    def source(self, name, text):
        """Writes a source; returns what a file table says about it."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path, hashlib.md5(text.encode()).digest()

    def data(self, module, name=None, **kwargs):
        path = self.path("furlong-data", (name or "%s.%016x" % (os.path.basename(module.path), module.module_id)) + ".cov")
        with open(path, "wb") as file:
            file.write(module.data(**kwargs))
        return path

    def tool(self, *words, status=0, env=None):
        done = subprocess.run([TOOL, *words], cwd=self.dir, capture_output=True, text=True, env={**os.environ, **(env or {})})
        self.assertEqual(done.returncode, status, "%s: %s%s" % (" ".join(words), done.stdout, done.stderr))
        return done

    def report(self, *words):
        text = self.tool("report", "--json", "-", "-q", *words).stdout
        result = json.loads(text)
        validate(result, SCHEMA)
        return result

    def file(self, report, path):
        found = [f for f in report["coverage"]["files"] if f["path"] == path]
        self.assertEqual(len(found), 1, [f["path"] for f in report["coverage"]["files"]])
        return found[0]

    def lines(self, report, path):
        return {line["line"]: line["count"] for line in self.file(report, path)["lines"]}

    def assertSays(self, pattern, text):
        self.assertTrue(re.search(pattern, text), "%r does not say %r" % (text, pattern))


def main():
    unittest.main(module="__main__", argv=[sys.argv[0]] + sys.argv[2:])
