#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a random C or C++ program that keeps its own log of what ran: generate.py SEED [c|c++]

Every line that starts with the logging statement adds one to log_line[its number]; every leaf condition goes
through C(id, value), which adds one to log_outcome[id][value]. The arrays live in a shared file (log.c), so
they are right however the program ends. One statement a line. Everything terminates: calls spend fuel, loops
have bounds. Threads have state of their own, so what runs does not depend on how they are scheduled.

Lines that hold a loop's head are not logged: they have several counts.
"""
import random
import sys

ENDINGS = ("return", "exit", "_exit", "abort", "kill", "quick_exit")
WRITTEN_OUT = "__atomic_fetch_add(&log_line[__LINE__], 1, __ATOMIC_RELAXED);"


class Program:
    def __init__(self, seed, language, calm=False):
        self.random = random.Random(f"{language} {seed}")
        self.cxx = language == "c++"
        self.lines = []
        self.conditions = 0
        self.labels = 0
        self.loops = 0
        # As a macro the log is an expansion in the coverage mapping; as text it is part of the line.
        self.log = "T;" if self.random.random() < 0.5 else WRITTEN_OUT
        self.functions = self.random.randint(2, 6)
        # A calm program leaves every call by its return.
        self.throws = self.cxx and self.random.random() < 0.8 and not calm
        self.ending = self.random.choice(ENDINGS) if self.random.random() < 0.5 and not calm else "return"
        self.threads = self.random.choice((0, 0, 1, 2, 4))

    def line(self, depth, text, logged=False):
        prefix = f"{self.log} " if logged else ""
        self.lines.append("\t" * depth + prefix + text)

    # ---- expressions

    def value(self):
        r = self.random
        return r.choice(("x", "y", "x + y", "x ^ y", f"x * {r.randint(3, 99)}u", f"y >> {r.randint(1, 9)}",
                         f"c->step + {r.randint(0, 50)}u"))

    def leaf(self):
        r = self.random
        self.conditions += 1
        number = self.conditions - 1
        if r.random() < 0.08: # what may throw
            return f"C({number}, f{r.randrange(self.functions)}(c, {self.value()}, y) & {1 << r.randint(0, 3)}u)"
        test = r.choice((f"(x & {1 << r.randint(0, 3)}u) != 0", f"x % {r.randint(2, 7)}u == {r.randint(0, 2)}u",
                         "x > y", f"y < {r.choice((10, 1000, 1 << 30))}u", f"(x ^ y) & {r.randint(1, 15)}u"))
        return f"C({number}, {test})"

    def condition(self, depth=0):
        r = self.random.random()
        if depth >= 3 or r < 0.5:
            return self.leaf()
        operator = "&&" if r < 0.75 else "||"
        return f"({self.condition(depth + 1)} {operator} {self.condition(depth + 1)})"

    def compound(self):
        """Two conditions at least: alone, as a value, a comparison decides nothing."""
        return f"{self.condition(1)} {self.random.choice(('&&', '||'))} {self.condition(1)}"

    def bare(self):
        """A condition without the outer parentheses that an if statement brings."""
        text = self.condition()
        return text[1:-1] if text.startswith("(") else text

    def given(self, text):
        """What is decided by, now and then by way of a macro."""
        return f"SURE({text})" if self.random.random() < 0.2 else text

    # ---- statements

    def block(self, depth, room, loop):
        """Some statements; now and then a jump forward over the rest of them."""
        label = None
        count = self.random.randint(1, 4)
        for index in range(count):
            if label is None and index + 1 < count and self.random.random() < 0.12:
                self.labels += 1
                label = self.labels
                self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
                self.line(depth + 1, f"goto out{label};", logged=True)
                self.line(depth, "}")
            self.statement(depth, room - 1, loop)
        if label is not None:
            self.line(depth - 1, f"out{label}:")
            self.line(depth, "x += 3;", logged=True)

    def statement(self, depth, room, loop):
        kinds = ["simple", "simple", "call", "ternary", "logical", "checked"]
        if room > 0:
            kinds += ["if", "if", "chain", "switch", "for", "while", "do", "return"]
            if self.throws:
                kinds += ["try", "throw"]
        if loop:
            kinds += ["break", "continue"]
        getattr(self, "emit_" + self.random.choice(kinds))(depth, room, loop)

    def emit_simple(self, depth, room, loop):
        self.line(depth, f"{self.random.choice('xy')} += {self.value()};", logged=True)

    def emit_call(self, depth, room, loop):
        callee = self.random.randrange(self.functions)
        self.line(depth, f"x += f{callee}(c, {self.value()}, y);", logged=True)

    def emit_ternary(self, depth, room, loop):
        self.line(depth, f"y = {self.condition()} ? {self.value()} : {self.value()};", logged=True)

    def emit_checked(self, depth, room, loop):
        self.line(depth, f"{self.random.choice(('CHECK', 'ENSURE'))}({self.bare()});", logged=True)

    def emit_logical(self, depth, room, loop):
        self.line(depth, f"y += {self.compound()};", logged=True)

    def emit_if(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.block(depth + 1, room, loop)
        if self.random.random() < 0.5:
            self.line(depth, "} else {")
            self.block(depth + 1, room, loop)
        self.line(depth, "}")

    def emit_chain(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.block(depth + 1, room, loop)
        for _ in range(self.random.randint(1, 3)):
            self.line(depth, f"}} else if ({self.given(self.bare())}) {{")
            self.block(depth + 1, room, loop)
        self.line(depth, "} else {")
        self.line(depth + 1, "x++;", logged=True)
        self.line(depth, "}")

    def emit_switch(self, depth, room, loop):
        self.line(depth, f"switch (({self.value()}) % 6u) {{", logged=True)
        for case in sorted(self.random.sample(range(6), self.random.randint(1, 4))):
            self.line(depth, f"case {case}:")
            self.block(depth + 1, room, False)
            if self.random.random() < 0.7:
                self.line(depth + 1, "break;", logged=True)
        if self.random.random() < 0.7:
            self.line(depth, "default:")
            self.block(depth + 1, room, False)
        self.line(depth, "}")

    def emit_for(self, depth, room, loop):
        name = f"n{self.loops}"
        self.loops += 1
        self.line(depth, f"for (unsigned {name} = 0; C({self.new_condition()}, {name} < {self.random.randint(0, 5)}u); "
                  f"{name}++) {{")
        self.block(depth + 1, room, True)
        self.line(depth, "}")

    def emit_while(self, depth, room, loop):
        name = f"n{self.loops}"
        self.loops += 1
        self.line(depth, "{")
        self.line(depth + 1, f"unsigned {name} = {self.random.randint(1, 5)};", logged=True)
        self.line(depth + 1, f"while (C({self.new_condition()}, {name}-- > 0)) {{")
        self.block(depth + 2, room, True)
        self.line(depth + 1, "}")
        self.line(depth, "}")

    def emit_do(self, depth, room, loop):
        name = f"n{self.loops}"
        self.loops += 1
        self.line(depth, "{")
        self.line(depth + 1, f"unsigned {name} = {self.random.randint(1, 4)};", logged=True)
        self.line(depth + 1, "do {")
        self.block(depth + 2, room, True)
        self.line(depth + 1, f"}} while (C({self.new_condition()}, --{name} > 0));")
        self.line(depth, "}")

    def new_condition(self):
        self.conditions += 1
        return self.conditions - 1

    def emit_return(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.line(depth + 1, f"return {self.value()};", logged=True)
        self.line(depth, "}")

    def emit_break(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.line(depth + 1, "break;", logged=True)
        self.line(depth, "}")

    def emit_continue(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.line(depth + 1, "continue;", logged=True)
        self.line(depth, "}")

    def emit_throw(self, depth, room, loop):
        self.line(depth, f"if ({self.given(self.bare())}) {{", logged=True)
        self.line(depth + 1, "throw x;", logged=True)
        self.line(depth, "}")

    def emit_try(self, depth, room, loop):
        self.line(depth, "try {")
        self.block(depth + 1, room, False)
        self.line(depth + 1, "y ^= 1;", logged=True)
        self.line(depth, "} catch (unsigned thrown) {")
        self.line(depth + 1, "x = thrown + 1;", logged=True)
        self.line(depth, "}")

    # ---- the whole

    def function(self, index):
        self.line(0, f"static unsigned f{index}(struct state *c, unsigned x, unsigned y)")
        self.line(0, "{")
        self.line(1, "c->step++;", logged=True)
        self.line(1, f"if (C({self.new_condition()}, c->depth > 8 || c->step > 300)) {{", logged=True)
        self.line(2, "return x ^ y;", logged=True)
        self.line(1, "}")
        self.line(1, "c->depth++;", logged=True)
        for _ in range(self.random.randint(1, 4)):
            self.block(1, 3, False)
        self.line(1, "c->depth--;", logged=True)
        self.line(1, "return x + y;", logged=True)
        self.line(0, "}")
        self.line(0, "")

    def thread(self):
        self.line(0, "static void *run(void *argument)")
        self.line(0, "{")
        self.line(1, "struct state *c = (struct state *)argument;", logged=True)
        self.line(1, "for (unsigned n = 0; n < 20; n++) {")
        self.line(2, "c->step = c->depth = 0;", logged=True)
        if self.throws:
            self.line(2, "try {")
            self.line(3, "c->sum += f0(c, c->seed * 2654435761u + n, n);", logged=True)
            self.line(3, "c->sum++;", logged=True)
            self.line(2, "} catch (unsigned thrown) {")
            self.line(3, "c->sum += thrown;", logged=True)
            self.line(2, "}")
        else:
            self.line(2, "c->sum += f0(c, c->seed * 2654435761u + n, n);", logged=True)
        self.line(1, "}")
        self.line(1, "return 0;", logged=True)
        self.line(0, "}")
        self.line(0, "")

    def finish(self):
        """Ends the program some frames down, so that lines above never finish."""
        end = {"exit": "exit(0);", "_exit": "_exit(0);", "abort": "abort();", "kill": "kill(getpid(), SIGKILL);",
               "quick_exit": "quick_exit(0);", "return": "return depth;"}[self.ending]
        self.line(0, "static unsigned finish(unsigned depth)")
        self.line(0, "{")
        self.line(1, f"if (C({self.new_condition()}, depth == 0)) {{", logged=True)
        self.line(2, end, logged=True)
        self.line(1, "}")
        self.line(1, "depth += finish(depth - 1);", logged=True)
        self.line(1, "return depth + 1;", logged=True)
        self.line(0, "}")
        self.line(0, "")

    def main(self):
        self.line(0, "int main(void)")
        self.line(0, "{")
        self.line(1, "unsigned sum = 0;", logged=True)
        count = max(self.threads, 1)
        self.line(1, f"struct state states[{count}];", logged=True)
        if self.threads:
            self.line(1, f"pthread_t threads[{count}];", logged=True)
        self.line(1, f"for (unsigned n = 0; n < {count}; n++) {{")
        self.line(2, "states[n].seed = n + 1;", logged=True)
        self.line(2, "states[n].sum = 0;", logged=True)
        if self.threads:
            self.line(2, "pthread_create(&threads[n], 0, run, &states[n]);", logged=True)
        else:
            self.line(2, "run(&states[n]);", logged=True)
        self.line(1, "}")
        self.line(1, f"for (unsigned n = 0; n < {count}; n++) {{")
        if self.threads:
            self.line(2, "pthread_join(threads[n], 0);", logged=True)
        self.line(2, "sum += states[n].sum;", logged=True)
        self.line(1, "}")
        self.line(1, "sum += finish(3);", logged=True)
        self.line(1, "return sum == 42 ? 0 : 0;", logged=True)
        self.line(0, "}")

    def text(self):
        self.line(0, f"/* Written by test/oracle/generate.py. Ends by: {self.ending}. Threads: {self.threads}. */")
        for header in ("pthread.h", "signal.h", "stdlib.h", "unistd.h"):
            self.line(0, f"#include <{header}>")
        self.line(0, '#include "log.h"')
        self.line(0, "#define SURE(condition) (condition)")
        self.line(0, "#define CHECK(condition) if (condition) x++")
        self.line(0, "#define ENSURE(condition) do { if (condition) y += 2; } while (0)")
        self.line(0, "struct state { unsigned seed, step, depth, sum; };")
        for index in range(self.functions):
            self.line(0, f"static unsigned f{index}(struct state *c, unsigned x, unsigned y);")
        self.line(0, "")
        for index in range(self.functions):
            self.function(index)
        self.thread()
        self.finish()
        self.main()
        return "\n".join(self.lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(Program(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "c").text())
