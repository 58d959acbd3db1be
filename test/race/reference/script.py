# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts of multi-threaded programs: what an operation is, how it is written down, random ones.

A script is a list of operations in one total order; each is carried out by the thread that it names, and none
begins before the one above has ended. So what a load reads, which lock attempt fails and so on follow from
the script alone. Written for eyes and for play's hidden.c: one line an operation,

    THREAD VERB OBJECT OFFSET SIZE ORDER FAILURE

where OBJECT is a thread, a lock, a block of memory (0: memory that is always there) or the like, as the verb wants.
"""
import collections

RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST = range(6)
ORDERS = ("relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst")
THREADS = 6

Op = collections.namedtuple("Op", "thread verb object offset size order failure", defaults=(0, 0, 0, 0, 0))
Access = collections.namedtuple("Access", "object begin end write atomic")

# verb: (reads, writes, atomic) of the bytes OBJECT[OFFSET .. OFFSET + SIZE)
ACCESSES = {
    "read": (1, 0, 0), "write": (0, 1, 0),          # one instruction, SIZE 1 to 16, any alignment
    "copyout": (1, 0, 0), "copyin": (0, 1, 0), "fill": (0, 1, 0), # memcpy, memcpy, memset
    "load": (1, 0, 1), "store": (0, 1, 1), "exchange": (1, 1, 1), "add": (1, 1, 1),
    "cas": (1, 1, 1), "casfail": (1, 0, 1),
    "free": (0, 1, 0),
}
UPDATES = ("exchange", "add", "cas")


def access(op):
    """What the operation does to memory; None: nothing."""
    if op.verb not in ACCESSES:
        return None
    _, write, atomic = ACCESSES[op.verb]
    return Access(op.object, op.offset, op.offset + op.size, bool(write), bool(atomic))


def write_down(script):
    return "".join(" ".join(str(field) for field in op) + "\n" for op in script)


def legible(script):
    """For people."""
    text = []
    for index, op in enumerate(script):
        words = [f"{index:4}  " + "        " * op.thread + f"T{op.thread} {op.verb}"]
        if op.verb in ACCESSES or op.verb == "alloc":
            words.append("abcdefghijklmnopqrstuvwxyz"[op.object] + f"[{op.offset}..{op.offset + op.size})")
        elif op.verb in ("create", "join", "detach"):
            words.append(f"T{op.object}")
        elif op.verb == "barrier":
            words.append(f"{op.object} of {op.size}")
        elif op.verb not in ("fence", "end"):
            words.append(f"{op.object}")
        if op.verb == "fence" or ACCESSES.get(op.verb, (0, 0, 0))[2]:
            words.append(ORDERS[op.order])
        if op.verb in ("cas", "casfail"):
            words.append("/ " + ORDERS[op.failure])
        text.append(" ".join(words))
    return "\n".join(text)


class Lock:
    def __init__(self):
        self.writer, self.readers = None, collections.Counter()


def legal(script):
    """Whether a program may do this: nothing waits for ever, nobody unlocks what another holds."""
    alive, ended, gone = {0}, set(), set()
    mutexes, rwlocks = collections.defaultdict(Lock), collections.defaultdict(Lock)
    semaphores, blocks = collections.Counter(), {0: 256}
    held = collections.Counter()
    waits = {}               # by thread: the condition variable that it waits for
    condition = {}           # by condition variable: what became of the wait
    gathered, groups = [], {} # threads in the barrier that is under way; by barrier: who takes part
    for op in script:
        if op.thread not in alive or op.thread in waits and op.verb != "cwoken":
            return False
        if gathered and (op.verb, op.object) != gathered[0]:
            return False
        mutex, rwlock = mutexes[op.object], rwlocks[op.object]
        verb = op.verb
        ok = True
        if verb == "barrier":
            ok = op.thread not in gathered
            gathered = gathered or [(verb, op.object)]
            gathered.append(op.thread)
            if len(gathered) > op.size:
                ok = ok and groups.setdefault(op.object, (op.size, sorted(gathered[1:]))) == (op.size, sorted(gathered[1:]))
                gathered = []
        elif verb == "cwait": # one thread at a time; whoever signals has the mutex
            ok = mutex.writer == op.thread and op.object not in condition
            mutex.writer = None
            held[op.thread] -= 1
            waits[op.thread], condition[op.object] = op.object, "begun"
        elif verb in ("signal", "broadcast"):
            ok = mutex.writer == op.thread and condition.get(op.object) == "waits"
            condition[op.object] = "signalled"
        elif verb == "cwoken":
            ok = waits.pop(op.thread, None) == op.object and condition.pop(op.object, None) == "woken"
            held[op.thread] += 1
        elif verb == "create":
            ok = op.object not in alive | ended
            alive.add(op.object)
        elif verb in ("join", "detach"):
            ok = op.object not in gone and op.object != 0 and op.object in (ended if verb == "join" else alive | ended)
            gone.add(op.object)
        elif verb == "end":
            ok = not held[op.thread]
            alive.remove(op.thread)
            ended.add(op.thread)
        elif verb in ("lock", "trylock"):
            # The thread that waits may still be about to give the mutex back: nobody tries.
            ok = mutex.writer is None and (verb == "lock" or condition.get(op.object) != "begun")
            mutex.writer = op.thread
            held[op.thread] += 1
            if op.object in condition:
                condition[op.object] = "waits"
        elif verb == "trybusy":
            ok = mutex.writer is not None and condition.get(op.object) != "woken"
        elif verb == "unlock":
            ok, mutex.writer = mutex.writer == op.thread, None
            held[op.thread] -= 1
            if condition.get(op.object) == "signalled":
                condition[op.object] = "woken"
                mutex.writer = next(thread for thread, number in waits.items() if number == op.object)
        elif verb in ("rdlock", "tryrdlock"):
            ok = rwlock.writer is None and not rwlock.readers[op.thread]
            rwlock.readers[op.thread] += 1
            held[op.thread] += 1
        elif verb in ("wrlock", "trywrlock"):
            ok, rwlock.writer = rwlock.writer is None and not sum(rwlock.readers.values()), op.thread
            held[op.thread] += 1
        elif verb == "rwunlock":
            if rwlock.writer == op.thread:
                rwlock.writer = None
            else:
                ok = rwlock.readers[op.thread] > 0
                rwlock.readers[op.thread] -= 1
            held[op.thread] -= 1
        elif verb == "post":
            semaphores[op.object] += 1
        elif verb == "wait":
            ok = semaphores[op.object] > 0
            semaphores[op.object] -= 1
        elif verb == "alloc":
            ok = op.object not in blocks
            blocks[op.object] = op.size
        elif verb in ACCESSES:
            ok = blocks.get(op.object, 0) >= op.offset + op.size
            if verb == "free":
                blocks[op.object] = 0
        if not ok:
            return False
    return 0 not in ended and alive == {0} and not held[0] and not gathered
