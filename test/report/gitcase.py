# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""gitcase.py: a working tree of git for each test, and coverage of its files as tracefiles."""
import json
import os
import subprocess

from harness import Case

ENV = {"GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "Ann",
       "GIT_COMMITTER_EMAIL": "ann@example.org", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent",
       "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}


class GitCase(Case):
    def setUp(self):
        super().setUp()
        self.env = dict(ENV)
        self.git("init", "-q", "-b", "main")
        self.put({".gitignore": "furlong-*\n*.info\nignored*\n"})

    def git(self, *words, cwd=None):
        done = subprocess.run(["git", *words], cwd=cwd or self.dir, env={**os.environ, **self.env}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, "git %s: %s%s" % (" ".join(words), done.stdout, done.stderr))
        return done.stdout.strip()

    def put(self, files):
        """None removes one; bytes are written as they are."""
        for name, text in files.items():
            path = self.path(name)
            if text is None:
                os.unlink(path)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())

    def commit(self, files=None, message="x"):
        self.put(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def lcov(self, name, coverage):
        """coverage: {path: {line: count}}."""
        with open(self.path(name), "w") as file:
            for path, lines in coverage.items():
                file.write("TN:\nSF:%s\n" % self.path(path))
                file.writelines("DA:%d,%d\n" % item for item in lines.items())
                file.write("end_of_record\n")
        return name

    def diff(self, *words):
        return json.loads(self.tool("diff", "--json", *words, env=self.env).stdout)

    def categories(self, diff, path):
        """{"UNC": [lines]}; of deleted lines the base's."""
        found = [f for f in diff["files"] if f["path"] == path]
        result = {}
        for line in found[0]["lines"] if found else []:
            result.setdefault(line["category"], []).append(line.get("line", line.get("base_line")))
        return result
