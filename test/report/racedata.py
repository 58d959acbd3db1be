#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""racedata.py: writes race data files by hand, from the comment in include/furlong/format.h alone.

Shares no code with the tool or the runtime, so that a misreading of the format in either shows.
"""


def field(text):
    """A field: percent-encoded where it holds space, %, a control character or is empty."""
    if text == "":
        return "%"
    return "".join("%%%02X" % b if b <= 0x20 or b in (0x25, 0x7F) else chr(b) for b in text.encode("latin-1", "replace"))


class Block:
    """Lines of one block; every method adds some and returns the block."""

    def __init__(self, pid, start, program, label="", modules=()):
        """modules: (build id or "", path); their index is their place."""
        self.lines = ["furlong-race 1", "process %d %d" % (pid, start), "program %s %s" % (field(program), field(label))]
        for index, (build_id, path) in enumerate(modules):
            self.lines.append("module %d %s %s" % (index, field(build_id), field(path)))

    def run(self, name):
        return self.line("run", field(name))

    def line(self, *words):
        self.lines.append(" ".join(str(word) for word in words))
        return self

    def frames(self, frames):
        """A frame is (module index, offset), an address outside of modules, or "..."."""
        for frame in frames:
            if frame == "...":
                self.line("frame", "...")
            elif isinstance(frame, tuple):
                self.line("frame", frame[0], hex(frame[1]))
            else:
                self.line("frame", "-", hex(frame))
        return self

    def report(self, key, kind="data-race"):
        return self.line("report", kind, "%016x" % key)

    def access(self, op, size, address, thread, frames, held=()):
        """held: (lock, "read" or "write")."""
        self.line("access", op, size, hex(address), thread)
        for lock, mode in held:
            self.line("held", lock, mode)
        return self.frames(frames)

    def heap(self, size, address, thread, frames, freed=None):
        """freed: (thread, frames)."""
        self.line("location", "heap", size, hex(address), thread).frames(frames)
        return self.line("freed", freed[0]).frames(freed[1]) if freed else self

    def thread(self, number, tid, state, parent, name="", frames=()):
        return self.line("thread", number, tid, state, parent, field(name)).frames(frames)

    def lock(self, number, address, frames=()):
        return self.line("lock", number, hex(address)).frames(frames)

    def times(self, key, count):
        return self.line("times", "%016x" % key, count)

    def text(self, end=True):
        return "\n".join(self.lines + (["end"] if end else [])) + "\n"
