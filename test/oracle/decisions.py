#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what Furlong says of decisions (MC/DC) with programs that log each condition they evaluate.

    decisions.py --furlong BIN [--clang 22,19,14] [--count N] [--first SEED] [--matrix full|spread] [FILE...]

A generated program evaluates random decisions, with decisions inside their conditions, for inputs from a file,
and logs each condition's value. The log, replayed over the expressions, gives every evaluation; what these show
is computed here from the definitions, by trying all values. Report and log must agree on every evaluation and
its count and on every condition. Then the evaluations that the report says are missing are made: they must be
possible and show what was promised, and all of them everything.
"""
import argparse
import collections
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile


GIVEN = re.compile(r"\b(AND|OR|CHECK|EXPECT)\(")


class Node:
    """An expression: leaf (a condition), and, or, not, choice (?:), which is a condition where it is an operand."""

    def __init__(self, kind, *parts, number=None, inner=None):
        self.kind, self.parts, self.number, self.inner = kind, parts, number, inner

    def operands(self):
        if self.kind in ("and", "or"):
            return [leaf for part in self.parts for leaf in part.operands()]
        if self.kind == "not" and self.parts[0].kind != "leaf":
            return self.parts[0].operands()
        return [self]

    def decides(self):
        """Several conditions joined: a "not" belongs to the decision that it is around."""
        return len(self.operands()) > 1


class Program:
    """Random statements, each with one decision; a statement is one line."""

    def __init__(self, seed, cxx):
        self.random, self.cxx, self.leaves = random.Random(seed), cxx, 0
        self.lines = []  # (kind of statement, Node)
        for _ in range(self.random.randint(8, 14)):
            size = self.random.choice((2, 2, 3, 3, 4, 5, 6, 8))
            kind, node = self.random.choice(STATEMENTS + (STATEMENTS_CXX if cxx else ())), self.expression(size, 0)
            if "!(D)" in kind:
                kind, node = kind.replace("!(D)", "D"), Node("not", node)
            self.lines.append((kind, node))

    def leaf(self, depth):
        inner = None
        if depth < 2 and self.random.random() < 0.2:
            inner = self.expression(self.random.randint(2, 3), depth + 1)
        self.leaves += 1
        return Node("leaf", number=self.leaves - 1, inner=inner)

    def expression(self, size, depth):
        if size == 1:
            if depth < 2 and self.random.random() < 0.06:
                return Node("choice", self.expression(1, 2), self.expression(self.random.randint(1, 2), depth + 1),
                            self.expression(self.random.randint(1, 2), depth + 1))
            leaf = self.leaf(depth)
            return Node("not", leaf) if self.random.random() < 0.2 else leaf
        left = self.random.randint(1, size - 1)
        node = Node(self.random.choice(("and", "or")), self.expression(left, depth), self.expression(size - left, depth))
        return Node("not", node) if self.random.random() < 0.15 else node

    def write(self, node, top=False):
        macro = node.kind in ("and", "or") and not top and self.random.random() < 0.15
        parts = [self.write(part) for part in node.parts]
        if node.kind == "leaf":
            return f"c({node.number}, {self.write(node.inner) if node.inner else 0})"
        if node.kind == "not":
            return "!" + parts[0]
        if node.kind == "choice":
            return f"({parts[0]} ? {parts[1]} : {parts[2]})"
        if macro:
            return "{}({}, {})".format("AND" if node.kind == "and" else "OR", *parts)
        text = {"and": " && ", "or": " || "}[node.kind].join(parts)
        return text if top else f"({text})"

    def text(self):
        body = "\n".join("\t" + kind.replace("D", self.write(node, top=True)) for kind, node in self.lines)
        return PROLOGUE + f"FUNCTION\n{{\n{body}\n}}\n".replace(
            "FUNCTION", "template <class T> static void all(T)" if self.cxx else "static void all(int unused)") + EPILOGUE


STATEMENTS = ("if (D) s++;", "if (D) s++; else s--;", "if (D); else s--;", "x = D;", "while (D) break;", "for (; D;) break;",
              "do s++; while ((D) && 0);", "id(D);", "s += D ? 2 : 3;", "x = ({ s++; D; });", "switch (D) { case 1: s++; }",
              "CHECK(D);", "x = id(1) + (D);", "if (x == 77) s++; else if (D) s--;", "if (!(D)) s++;", "x = !(D);",
              "if (D) if (x == 78) s++;", "while (!(D)) break;", "if (EXPECT(D)) s++;",
              # Conditions of other statements that go on where the decision does.
              "do { if (x == 77) break; if (D) break; } while (0);", "do { if (D) break; if (x == 77) break; s++; } while (0);",
              "for (int k = 0; k < 1; k++) { if (x == 77) continue; if (D) continue; s++; }",
              "if (x != 77) if (D) s++;", "while (x == 77) s++; while (D) break;", "if (x != 77) { if (D) s++; else s--; }",
              "({ __label__ out; if (x == 77) goto out; if (D) goto out; s++; out:; });", "tried = 0; do if (tried++) break; while (D);",
              "tried = 1; if (x != 77) do if (!tried--) break; while (D);", "for (tried = 0; tried < 1; tried++) if (D) s++;")
STATEMENTS_CXX = ("[&] { if (x == 77) return; if (D) return; s++; }();", "if (D) { Held h; s++; }", "x = [&] { return D; }();", "if (Held h; D) s++;")

PROLOGUE = """#include <stdio.h>
#include <stdlib.h>
#define AND(p, q) ((p) && (q))
#define OR(p, q) ((p) || (q))
#define CHECK(p) ((p) ? (void)0 : (void)s++)
#define EXPECT(p) __builtin_expect(!!(p), 1)
static volatile int s, x;
static int tried;
static char *input;
static FILE *events;
static int id(int value) { return value; }
static int c(int number, int unused)
{
	int value = input[number] == '1';
	(void)unused;
	fprintf(events, "%d %d\\n", number, value);
	return value;
}
#ifdef __cplusplus
struct Held { ~Held() { s++; } bool yes() { return true; } };
#endif
"""
EPILOGUE = """int main(int argc, char **argv)
{
	FILE *inputs = fopen(argv[1], "r");
	size_t room = 0;
	events = fopen(argv[2], "a");
	while (getline(&input, &room, inputs) > 0) {
		fprintf(events, "test\\n");
		all(argc);
#ifdef __cplusplus
		fprintf(events, "test\\n");
		all('c');
#endif
	}
	return fclose(events);
}
"""


class Decision:
    def __init__(self, line, node, around):
        self.line, self.node, self.around = line, node, around  # around: (Decision, index of its condition) or None
        self.conditions = node.operands()
        self.seen = collections.Counter()  # (values, outcome)

    def evaluate(self, values):
        """With all conditions' values: what is evaluated, as "TF-", and the outcome."""
        index = {id(leaf): number for number, leaf in enumerate(self.conditions)}
        seen = ["-"] * len(self.conditions)

        def walk(node):
            if id(node) in index:
                seen[index[id(node)]] = "T" if values[index[id(node)]] else "F"
                return values[index[id(node)]]
            if node.kind == "not":
                return not walk(node.parts[0])
            left = walk(node.parts[0])
            return left if left == (node.kind == "or") else walk(node.parts[1])

        outcome = walk(self.node)
        return "".join(seen), outcome

    def is_possible(self, vector):
        return self.evaluate([value == "T" for value in vector["values"]]) == (vector["values"], vector["outcome"])

    def unique_cause(self, vectors):
        shown = set()
        for (one, first), (other, second) in itertools.combinations(vectors, 2):
            differs = [i for i, pair in enumerate(zip(one, other)) if "-" not in pair and pair[0] != pair[1]]
            if first != second and len(differs) == 1:
                shown.add(differs[0])
        return shown

    def masking(self, vectors):
        alone = set()
        for values, outcome in vectors:
            open_ones = [i for i, value in enumerate(values) if value == "-"]
            for filling in itertools.product((False, True), repeat=len(open_ones)):
                full = [value == "T" for value in values]
                for i, value in zip(open_ones, filling):
                    full[i] = value
                for i, value in enumerate(values):
                    turned = [v != (i == j) for j, v in enumerate(full)]
                    if value != "-" and self.evaluate(turned)[1] != outcome:
                        alone.add((i, value))
        return {i for i in range(len(self.conditions)) if (i, "T") in alone and (i, "F") in alone}

    def reach(self, inputs):
        """Sets inputs so that the decision is evaluated."""
        if self.around:
            outer, index = self.around
            for values in itertools.product((False, True), repeat=len(outer.conditions)):
                if outer.evaluate(values)[0][index] != "-" and set_values(outer, values, inputs):
                    outer.reach(inputs)
                    return

    def inputs_for(self, text, count):
        inputs = ["0"] * count
        if not set_values(self, [value == "T" for value in text], inputs):
            return None
        self.reach(inputs)
        return "".join(inputs)


def set_condition(leaf, value, inputs):
    if leaf.kind == "not":
        return set_condition(leaf.parts[0], not value, inputs)
    if leaf.kind == "leaf":
        inputs[leaf.number] = "1" if value else "0"
        return True
    return False  # "x ? y : z": more than one way


def set_values(decision, values, inputs):
    return all([set_condition(leaf, value, inputs) for leaf, value in zip(decision.conditions, values)])


class Replay:
    """Which decisions there are, and how the log says that they were evaluated."""

    def __init__(self, program, first_line):
        self.decisions, self.of = [], {}
        for offset, (_, node) in enumerate(program.lines):
            self.find(node, first_line + offset, None)
        self.program = program

    def find(self, node, line, around):
        decision = None
        if node.decides():
            decision = Decision(line, node, around)
            self.decisions.append(decision)
            self.of[id(node)] = decision
        for number, leaf in enumerate(node.operands()):
            self.find_within(leaf, line, (decision, number) if decision else around)

    def find_within(self, leaf, line, around):
        if leaf.kind == "not":
            self.find_within(leaf.parts[0], line, around)
        elif leaf.kind == "leaf" and leaf.inner:
            self.find(leaf.inner, line, around)
        elif leaf.kind == "choice":
            for part in leaf.parts:
                self.find(part, line, around)

    def run(self, events):
        self.events = iter(events)
        for event in self.events:
            assert event == "test"
            for _, node in self.program.lines:
                self.evaluate(node)

    def evaluate(self, node):
        decision = self.of.get(id(node))
        if not decision:
            return self.value(node)
        seen = {}
        outcome = self.joined(node, seen)
        text = "".join({True: "T", False: "F", None: "-"}[seen.get(id(leaf))] for leaf in decision.conditions)
        decision.seen[text, outcome] += 1
        return outcome

    def joined(self, node, seen):
        if node.kind in ("and", "or"):
            left = self.joined(node.parts[0], seen)
            return left if left == (node.kind == "or") else self.joined(node.parts[1], seen)
        if node.kind == "not" and node.parts[0].kind != "leaf":
            return not self.joined(node.parts[0], seen)
        seen[id(node)] = self.value(node)
        return seen[id(node)]

    def value(self, node):
        if node.kind == "not":
            return not self.evaluate(node.parts[0])
        if node.kind == "choice":
            return self.evaluate(node.parts[1 if self.evaluate(node.parts[0]) else 2])
        if node.inner:
            self.evaluate(node.inner)
        number, value = next(self.events).split()
        assert int(number) == node.number, f"the log has condition {number}, expected {node.number}"
        return value == "1"


def flags(shown, count):
    return tuple(i in shown for i in range(count))


def of_log(decision):
    count = len(decision.conditions)
    vectors = list(decision.seen)
    return (count, tuple(sorted((v, o, decision.seen[v, o]) for v, o in vectors)),
            flags(decision.unique_cause(vectors), count), flags(decision.masking(vectors), count))


def of_report(decision):
    return (len(decision["conditions"]), tuple(sorted((v["values"], v["outcome"], v["count"]) for v in decision["vectors"])),
            tuple(c["unique_cause"] for c in decision["conditions"]), tuple(c["masking"] for c in decision["conditions"]))


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


class Case:
    def __init__(self, furlong, folder, seed, config):
        self.furlong, self.folder = furlong, folder
        clang, level, cxx = config
        self.program = Program(seed, cxx)
        text = self.program.text()
        self.source = os.path.join(folder, f"seed{seed}.{'cpp' if cxx else 'c'}")
        with open(self.source, "w", encoding="utf-8") as file:
            file.write(text)
        self.first = next(n for n, line in enumerate(text.split("\n"), 1) if "void all(" in line) + 2
        self.binary = os.path.join(folder, "program")
        run([f"clang{'++' if cxx else ''}-{clang}", level, "-w", *(["-std=c++17"] if cxx else ["-D_GNU_SOURCE"]),
             "@" + run([furlong, "flags", "coverage-mcdc"]).strip(), "-o", self.binary, self.source])

    def measure(self, inputs):
        paths = [os.path.join(self.folder, name) for name in ("inputs", "events", "data", "report.json")]
        with open(paths[0], "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in inputs))
        run([self.binary, paths[0], paths[1]], env=dict(os.environ, FURLONG_DATA=paths[2]))
        run([self.furlong, "report", paths[2], "--json", paths[3]])
        replay = Replay(self.program, self.first)
        with open(paths[1], encoding="utf-8") as file:
            replay.run(file.read().split("\n")[:-1])
        with open(paths[3], encoding="utf-8") as file:
            report = json.load(file)
        return replay, report

    def unknown(self, report, text):
        """Lines of which it is said that not all can be followed, as is allowed for a choice that is given to a macro."""
        lines = {branch["line"] for file in report["coverage"]["files"] for branch in file["branches"] if branch.get("decision") == "unknown"}
        return {line for line in lines if " ? " in text[line - 1] and GIVEN.search(text[line - 1])}, lines

    def compare(self, replay, report):
        """Yields what is wrong; the decisions of a line are compared as a heap."""
        told, logged = collections.defaultdict(list), collections.defaultdict(list)
        for file in report["coverage"]["files"]:
            for decision in file.get("decisions", []):
                if len(decision["conditions"]) > 1:
                    told[decision["start"][0]].append(of_report(decision))
        for decision in replay.decisions:
            logged[decision.line].append(of_log(decision))
        with open(self.source, encoding="utf-8") as file:
            text = file.read().split("\n")
        allowed, unknown = self.unknown(report, text)
        wrong = [] if unknown == allowed else [f"quality: {note}" for note in report["quality"]["notes"]]
        for line in sorted(set(told) | set(logged)):
            # Where something is unknown, what is told is true nevertheless.
            false = collections.Counter(told[line]) - collections.Counter(logged[line])
            if line >= self.first and (false or (line not in allowed and sorted(told[line]) != sorted(logged[line]))):
                wrong.append(f"line {line}: {text[line - 1].strip()}\n    told   {sorted(told[line])}\n    logged {sorted(logged[line])}")
        self.unfollowed = len(allowed)  # lines
        return wrong

    def promises(self, replay, report, key, shows):
        """Inputs for what is said to be missing, and what is wrong with that by itself."""
        inputs, wrong = [], []
        for file in report["coverage"]["files"]:
            for told in file.get("decisions", []):
                same = [d for d in replay.decisions if d.line == told["start"][0] and of_log(d) == of_report(told)]
                if not same or len(told["conditions"]) < 2:
                    continue
                # Of several that were evaluated alike, or never, one of which all that is said can be.
                fitting = [d for d in same if all(d.is_possible(missing) for missing in told.get(key, []))]
                if not fitting:
                    wrong.append(f"line {told['start'][0]}: {told[key]} cannot be")
                    continue
                decision, vectors = fitting[0], list(fitting[0].seen)
                for missing in told.get(key, []):
                    before = shows(decision, vectors)
                    vectors.append((missing["values"], missing["outcome"]))
                    if shows(decision, vectors) - before != set(missing["shows"]):
                        wrong.append(f"line {decision.line}: {missing} shows {shows(decision, vectors) - before}")
                    if len(same) == 1:
                        inputs.append(decision.inputs_for(missing["values"], self.program.leaves))
                if shows(decision, vectors) != set(range(len(decision.conditions))):
                    wrong.append(f"line {decision.line}: something is missing that is not said")
        return [line for line in inputs if line], wrong


def check(furlong, seed, config):
    with tempfile.TemporaryDirectory(prefix="furlong-decisions-") as folder:
        case = Case(furlong, folder, seed, config)
        chance = random.Random(seed)
        inputs = ["".join(chance.choice("01") for _ in range(case.program.leaves)) for _ in range(chance.choice((1, 3, 10)))]
        replay, report = case.measure(inputs)
        wrong = case.compare(replay, report)
        compared = len(replay.decisions)
        more, broken = case.promises(replay, report, "missing_masking", Decision.masking)
        wrong += broken
        more, broken = case.promises(replay, report, "missing_unique_cause", Decision.unique_cause)
        wrong += broken
        if more and not wrong:
            before = report["coverage"]["totals"]["mcdc"]["hit"]
            replay, report = case.measure(more)
            wrong += case.compare(replay, report)
            if report["coverage"]["totals"]["mcdc"]["hit"] <= before:
                wrong.append("what was missing was added, and nothing more is shown")
            compared += len(replay.decisions)
        return compared, wrong, case.unfollowed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22,19,14,16")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--matrix", choices=("full", "spread"), default="spread")
    args = parser.parse_args()
    clangs = [c for c in args.clang.split(",") if shutil.which(f"clang-{c}")]
    configs = [(clang, level, cxx) for clang in clangs for level in ("-O0", "-O2", "-O1") for cxx in (False, True)]
    compared = failed = unfollowed = 0
    for seed in range(args.first, args.first + args.count):
        chosen = configs if args.matrix == "full" else [configs[seed * 7 % len(configs)]]
        for config in chosen:
            count, wrong, lines = check(args.furlong, seed, config)
            compared += count
            unfollowed += lines
            failed += bool(wrong)
            for fault in wrong[:5]:
                print(f"seed {seed} clang-{config[0]} {config[1]} {'C++' if config[2] else 'C'}: {fault}")
    # All of them have a choice in a macro's argument.
    too_many = unfollowed > max(2, compared // 300)
    print(f"decisions: {args.count} programs, {compared} decisions compared, {failed} wrong, {unfollowed} lines not followed" + (": too many" if too_many else ""))
    return 1 if failed or too_many or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
