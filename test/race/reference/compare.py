# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is wrong with the reports on a script: compare() says it in lines of text; none when the two detectors agree."""
import reference
from script import LETTERS, accesses

KINDS = {"data-race", "heap-use-after-free"}


class Played:
    """A script as `play` ran it: where its memory was, and the reports on it."""

    def __init__(self, script, first, births):
        self.script, self.first, self.births = script, first, births
        self.base = {}
        self.reports = []


def op_words(verb, a):
    """How a report may call what an operation does."""
    words = {("atomic-" if a.atomic else "") + ("write" if a.write else "read")}
    return words | ({"free"} if verb == "free" or verb == "realloc" and a.begin == 0 else set())


def compare_side(played, side, others_births):
    index = side.number - played.first
    if not 0 <= index < len(played.script):
        yield f"names operation {index}: of another script"
        return
    op = played.script[index]
    if not accesses(op):
        yield f"names operation {index}, which is no access"
        return
    if not any(side.op in op_words(op.verb, a) for a in accesses(op)):
        yield f"calls operation {index} ({op.verb}) a {side.op}"
    if not any(played.base.get(a.object, 0) + a.begin <= side.address < played.base.get(a.object, 0) + a.end
               for a in accesses(op)):
        yield f"gives address {side.address:#x} for operation {index}, which is not there"
    if side.size not in [a.end - a.begin for a in accesses(op)]:
        yield f"gives size {side.size} for operation {index}, {op}"
    expected = others_births.get(op.thread, 0)
    if expected is not None and side.thread != expected:
        yield f"gives thread T{side.thread} for operation {index}, which is by T{expected}"


def covered(played, report, pair):
    """The bytes that a report speaks of."""
    found = set()
    for obj, byte in reference.bytes_of(played.script, pair):
        address = played.base[obj] + byte
        if all(s.address <= address < s.address + max(s.size, 1) for s in (report.later, report.earlier)):
            found.add((obj, byte))
    return found


def show_bytes(found):
    return ", ".join(f"{LETTERS[obj]}[{byte}]" for obj, byte in sorted(found))


def compare(played, strict, threads, budget=False):
    races = reference.races_of(played.script)
    expected = reference.racy_bytes(played.script, races)
    reported, prompt = set(), set()
    for report in played.reports:
        wrong = []
        sides = (report.earlier, report.later)
        pair = tuple(side.number - played.first if side.number is not None else None for side in sides)
        if report.kind not in KINDS:
            wrong.append(f"is of kind {report.kind}")
        elif None in pair:
            wrong.append(f"has a stack that names no operation: {report}")
        else:
            for side in sides:
                wrong += compare_side(played, side, played.births if threads else dict.fromkeys(range(64)))
            if pair not in races:
                wrong.append(f"is of operations {pair[0]} and {pair[1]}, which do not race")
            else:
                these = covered(played, report, pair)
                reported |= these
                prompt |= {(pair[1], key) for key in these}
        yield from (f"a report {w}" for w in wrong)
    if budget: # what is reported is right; nothing says that all is
        played.found, played.racy = len(reported), len(expected)
    elif expected - reported:
        example = [p for p in sorted(races) if reference.bytes_of(played.script, p) & (expected - reported)][0]
        yield f"not reported: {show_bytes(expected - reported)}, for example operations {example[0]} and {example[1]}"
    elif strict:
        missed = reference.prompt(played.script, races) - prompt
        for index, key in sorted(missed)[:3]:
            yield f"operation {index} races with the last write to {show_bytes([key])} and was not reported there"
