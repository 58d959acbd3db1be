# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The naive reference detector: data races of a script by the C++20 memory model, with no trick at all.

Every operation gets a full vector clock. Two accesses race when they share a byte, one writes, not both are
atomic, and neither happens before the other (intro.races). Each pair of operations is looked at.

What synchronises with what:
  create -> first operation of the thread; last operation of a thread -> join
  unlock -> later locks of the mutex; rwlock: a writer's unlock -> all later locks, a reader's -> writers' only
  post -> later waits of the semaphore; the first once -> later ones
  each arrival at a barrier -> what comes after it in each thread of the round
  a wait for a condition variable is an unlock (cwait) and a lock (cwoken); a signal orders nothing
  a store's head of release sequence -> an acquire load that reads from the sequence. Only read-modify-writes go
      on with a sequence (C++20; before, plain atomic stores of the same thread did)
  fences: a release fence makes later atomic writes of its thread heads with what was done up to the fence; an
      acquire fence acquires what earlier atomic reads of its thread read from
Memory is named by allocation, not by address, so reuse of an address cannot matter.
"""
from script import ACQUIRE, ACQ_REL, CONSUME, RELEASE, SEQ_CST, UPDATES, access

ACQUIRES = (CONSUME, ACQUIRE, ACQ_REL, SEQ_CST) # compilers treat consume as acquire
RELEASES = (RELEASE, ACQ_REL, SEQ_CST)


def join(*clocks):
    return tuple(map(max, *clocks)) if len(clocks) > 1 else clocks[0]


def clocks_of(script, plain_write_ends_sequence):
    """The vector clock of each operation; its own component numbers the thread's operations."""
    count = 1 + max(max(op.thread, op.object if op.verb == "create" else 0) for op in script)
    nothing = (0,) * count
    now = {0: nothing}        # by thread
    fence = {}                # by thread: clock of its last release fence
    pending = {}              # by thread: what its atomic reads read from, for an acquire fence
    released = {}             # by lock, semaphore, once
    by_readers = {}           # by rwlock
    sequence = {}             # by atomic variable: what reading its present value acquires
    writer_holds = set()
    gathered = []             # in the barrier that is under way
    found = []
    for op in script:
        me = op.thread
        clock = list(now[me])
        clock[me] += 1
        clock = tuple(clock)
        thing = (op.verb in ("lock", "trylock", "unlock", "cwait", "cwoken") and "mutex" or op.verb in ("post", "wait") and "semaphore" or
                 op.verb == "once" and "once" or "rwlock", op.object)

        # What it acquires.
        if op.verb == "join":
            clock = join(clock, now[op.object])
        elif op.verb in ("lock", "trylock", "cwoken", "rdlock", "tryrdlock", "wait", "once"):
            clock = join(clock, released.get(thing, nothing))
        elif op.verb in ("wrlock", "trywrlock"):
            clock = join(clock, released.get(thing, nothing), by_readers.get(thing, nothing))
            writer_holds.add(thing)
        elif op.verb == "fence" and op.order in ACQUIRES:
            clock = join(clock, pending.get(me, nothing))
        variable = (op.object, op.offset)
        if op.verb in ("load", "casfail", *UPDATES):
            read_from = sequence.get(variable, nothing)
            if (op.failure if op.verb == "casfail" else op.order) in ACQUIRES:
                clock = join(clock, read_from)
            pending[me] = join(pending.get(me, nothing), read_from)

        # What it releases.
        if op.verb == "create":
            now[op.object] = clock
        elif op.verb in ("unlock", "cwait", "post"):
            released[thing] = join(released.get(thing, nothing), clock)
        elif op.verb == "once" and thing not in released:
            released[thing] = clock
        elif op.verb == "rwunlock":
            where = released if thing in writer_holds else by_readers
            where[thing] = join(where.get(thing, nothing), clock)
            writer_holds.discard(thing)
        elif op.verb == "fence" and op.order in RELEASES:
            fence[me] = clock
        elif op.verb in ("store", *UPDATES):
            mine = clock if op.order in RELEASES else fence.get(me, nothing)
            sequence[variable] = mine if op.verb == "store" else join(mine, sequence.get(variable, nothing))
        elif plain_write_ends_sequence and access(op) and access(op).write:
            for obj, offset in list(sequence):
                if obj == op.object and op.offset <= offset < op.offset + op.size:
                    del sequence[obj, offset]
        now[me] = clock
        if op.verb == "barrier":
            gathered.append(me)
            if len(gathered) == op.size:
                all_of_them = join(*(now[each] for each in gathered))
                now.update({each: join(now[each], all_of_them) for each in gathered})
                gathered = []
        found.append(clock)
    return found


def races_of(script, plain_write_ends_sequence=False):
    """All pairs (earlier, later) of operations that race."""
    clocks = clocks_of(script, plain_write_ends_sequence)
    accesses = [(index, op.thread, access(op)) for index, op in enumerate(script) if access(op)]
    races = set()
    for position, (later, thread, b) in enumerate(accesses):
        for earlier, other, a in accesses[:position]:
            if (a.object == b.object and a.begin < b.end and b.begin < a.end and (a.write or b.write)
                    and not (a.atomic and b.atomic) and clocks[later][other] < clocks[earlier][other]):
                races.add((earlier, later))
    return races


def bytes_of(script, pair):
    """The bytes that two operations share."""
    a, b = access(script[pair[0]]), access(script[pair[1]])
    return {(a.object, byte) for byte in range(max(a.begin, b.begin), min(a.end, b.end))}


def racy_bytes(script, races):
    return set().union(*(bytes_of(script, pair) for pair in races))


def undefined(script):
    """Whether what is ordered hangs on what C++ does not define: a plain write to an atomic variable that races."""
    return races_of(script, False) != races_of(script, True)


def opens_epoch(op):
    """Whether the operation may publish what its thread did."""
    if op.verb == "fence" or op.verb in ("store", *UPDATES):
        return op.order in RELEASES
    return op.verb in ("create", "unlock", "rwunlock", "post", "once", "barrier", "cwait")


def prompt(script, races):
    """Operations that race with the last write to some byte, made by a thread that did not touch the byte since:
    whatever a detector remembers, it has to name these as the later access of a race, on that byte. A plain write
    after one of the same thread, with nothing published and nothing written by others between, is no other write: who
    races with one races with both, and code that is compiled in does not take down the second."""
    last_write, since, epoch, found = {}, {}, {}, set()
    for index, op in enumerate(script):
        a = access(op)
        for byte in range(a.begin, a.end) if a else ():
            key = a.object, byte
            last, last_epoch = last_write.get(key, (None, None))
            if (last, index) in races and op.thread not in since[key]:
                found.add((index, key))
            now = op.thread, epoch.get(op.thread, 0)
            if a.write and (a.atomic or last is None or last_epoch != now or access(script[last]).atomic):
                last_write[key], since[key] = (index, now), set()
            since.setdefault(key, set()).add(op.thread)
        epoch[op.thread] = epoch.get(op.thread, 0) + opens_epoch(op)
    return found
