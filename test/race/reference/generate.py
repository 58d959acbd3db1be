# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random scripts: generate(seed). Each seed leans another way (locks, atomics, heap, ...), so that some race
everywhere and some nowhere."""
import random

from script import (ACQUIRE, ACQ_REL, CONSUME, Lock, Op, RELAXED, RELEASE, SEQ_CST, THREADS)

LEANINGS = (
    # weights of the methods below; hand: one thread hands bytes to another, rightly or not quite
    dict(plain=6, range=1, atomic=3, fence=1, lock=3, rwlock=1, semaphore=1, once=.3, heap=.7, thread=1),
    dict(plain=6, lock=5, thread=.7),
    dict(plain=4, atomic=6, fence=2, thread=.4),
    dict(plain=4, rwlock=5, semaphore=1, thread=.6),
    dict(plain=4, heap=2, lock=1, range=2, atomic=1, thread=1),
    dict(plain=4, atomic=8, thread=.4),
    dict(plain=8, range=3, semaphore=2, thread=2),
    dict(plain=5, hand=4, thread=.5),
    dict(plain=5, range=.5, hand=5, atomic=.5),
    dict(plain=6, hand=3, lock=1, heap=1, thread=1),
    dict(plain=8, range=1, barrier=2, thread=.5),
    dict(plain=5, lock=2, condition=3, barrier=1, thread=.7),
)
LOADS, STORES = (RELAXED, CONSUME, ACQUIRE, SEQ_CST), (RELAXED, RELEASE, SEQ_CST)
ALL = (RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.leaning = self.random.choice(LEANINGS)
        self.script = []
        self.threads_limit = self.random.randint(2, THREADS)
        self.span = self.random.choice((16, 24, 40, 64)) # bytes of memory that are always there
        self.alive, self.ended, self.gone, self.born = [0], [], set(), 1
        self.mutexes = [Lock() for _ in range(self.random.randint(1, 3))]
        self.rwlocks = [Lock() for _ in range(self.random.randint(1, 2))]
        self.semaphores = [0, 0]
        self.barriers = [] # the threads of each
        self.blocks, self.next_block = {0: self.span}, 1
        self.careful = self.random.choice((0, .9, .98, 1)) # how often a thread keeps to what it owns
        self.owner = {} # of 8 bytes: the thread that got them last
        self.variables = self.choose_variables(0, self.span)

    def choose_variables(self, block, span):
        """Atomic variables; each is used with one size, as in C."""
        taken, found = set(), []
        for _ in range(self.random.randint(1, 4)):
            size = self.random.choice((1, 2, 4, 4, 4, 8, 8, 16))
            if size > span:
                continue
            offset = self.random.randrange(span // size) * size
            if not taken & set(range(offset, offset + size)):
                taken |= set(range(offset, offset + size))
                found.append((block, offset, size))
        return found

    def add(self, *fields):
        self.script.append(Op(*fields))

    def own(self, me, word):
        self.add(me, self.random.choice(("read", "write", "write")), 0, 8 * word + self.random.choice((0, 4)), 4)

    def hand(self, me):
        """Writes, tells another thread in one of many ways, which reads or writes."""
        choose, chance = self.random.choice, self.random.random
        others = [t for t in self.alive if t != me]
        if not others:
            return
        word = choose([w for w in range(self.span // 8) if self.owner.get(w, me) == me] or [0])
        self.own(me, word)
        other = choose(others)
        free = [n for n, mutex in enumerate(self.mutexes) if mutex.writer is None]
        way = choose(("atomic", "atomic", "atomic", "mutex", "semaphore", "rwlock"))
        if way == "atomic" and self.variables:
            variable = choose(self.variables)
            plainly = chance() < .5
            if plainly:
                self.add(me, "fence", 0, 0, 0, choose((RELEASE, ACQ_REL, SEQ_CST)) if chance() < .9 else ACQUIRE)
            verb = choose(("store", "store", "exchange", "add", "cas"))
            order = RELAXED if plainly else choose((RELEASE, SEQ_CST))
            self.add(me, verb, *variable, order, RELAXED)
            if chance() < .4: # goes on with the release sequence, or breaks it
                self.add(choose(self.alive), choose(("add", "cas", "exchange", "store", "casfail")), *variable, RELAXED,
                         RELAXED)
            plainly = chance() < .5
            verb = choose(("load", "load", "exchange", "add", "cas", "casfail"))
            order = RELAXED if plainly else choose((CONSUME, ACQUIRE, SEQ_CST))
            self.add(other, verb, *variable, order, order)
            if plainly:
                self.add(other, "fence", 0, 0, 0, choose((ACQUIRE, ACQ_REL, SEQ_CST)) if chance() < .9 else RELEASE)
        elif way == "mutex" and free:
            number = choose(free)
            for thread, verb in ((me, "lock"), (me, "unlock"), (other, "trylock"), (other, "unlock")):
                self.add(thread, verb, number)
        elif way == "semaphore":
            number = choose((0, 1))
            self.add(me, "post", number)
            self.add(other, "wait", number)
        elif way == "rwlock":
            number = self.random.randrange(len(self.rwlocks))
            if self.rwlocks[number].writer is None and not self.rwlocks[number].readers:
                self.add(me, choose(("wrlock", "rdlock")), number)
                self.add(me, "rwunlock", number)
                self.add(other, choose(("wrlock", "rdlock")), number)
                self.add(other, "rwunlock", number)
        self.own(other, word)
        self.owner[word] = other

    def plain(self, me):
        if self.random.random() < self.careful and "hand" in self.leaning:
            mine = [w for w in range(self.span // 8) if self.owner.get(w) == me]
            if mine:
                self.own(me, self.random.choice(mine))
            return
        if self.random.random() < self.careful and "lock" in self.leaning:
            held = [n for n, mutex in enumerate(self.mutexes) if mutex.writer == me and 8 * n < self.span]
            if held:
                self.own(me, self.random.choice(held))
            return
        block = self.random.choice(list(self.blocks))
        size = min(self.random.choice((1, 1, 2, 4, 4, 4, 8, 8, 16)), self.blocks[block])
        while size & size - 1:
            size &= size - 1
        if self.random.random() < .2:
            offset = self.random.randrange(self.blocks[block] - size + 1)
        else:
            offset = self.random.randrange(self.blocks[block] // size) * size
        self.add(me, self.random.choice(("read", "read", "write")), block, offset, size)

    def range(self, me):
        block = self.random.choice(list(self.blocks))
        begin, end = sorted(self.random.sample(range(self.blocks[block] + 1), 2))
        self.add(me, self.random.choice(("copyout", "copyin", "fill")), block, begin, end - begin)

    def atomic(self, me):
        choose = self.random.choice
        if not self.variables:
            return
        variable = choose(self.variables)
        verb = choose(("load", "load", "load", "store", "store", "exchange", "add", "cas", "casfail"))
        order = choose(LOADS if verb == "load" else STORES if verb == "store" else ALL)
        self.add(me, verb, *variable, order, choose(LOADS) if verb.startswith("cas") else 0)

    def fence(self, me):
        self.add(me, "fence", 0, 0, 0, self.random.choice((ACQUIRE, RELEASE, ACQ_REL, SEQ_CST)))

    def lock(self, me):
        number = self.random.randrange(len(self.mutexes))
        mutex = self.mutexes[number]
        if mutex.writer is None:
            mutex.writer = me
            self.add(me, self.random.choice(("lock", "lock", "trylock")), number)
        elif mutex.writer == me:
            mutex.writer = None
            self.add(me, "unlock", number)
        elif self.random.random() < .3:
            self.add(me, "trybusy", number)

    def rwlock(self, me):
        number = self.random.randrange(len(self.rwlocks))
        lock = self.rwlocks[number]
        if lock.writer == me or lock.readers[me]:
            if lock.writer == me:
                lock.writer = None
            else:
                del lock.readers[me]
            self.add(me, "rwunlock", number)
        elif lock.writer is None and not lock.readers and self.random.random() < .5:
            lock.writer = me
            self.add(me, self.random.choice(("wrlock", "trywrlock")), number)
        elif lock.writer is None:
            lock.readers[me] += 1
            self.add(me, self.random.choice(("rdlock", "tryrdlock")), number)

    def semaphore(self, me):
        number = self.random.randrange(len(self.semaphores))
        if self.semaphores[number] and self.random.random() < .6:
            self.semaphores[number] -= 1
            self.add(me, "wait", number)
        else:
            self.semaphores[number] += 1
            self.add(me, "post", number)

    def barrier(self, me):
        if len(self.barriers) < 4 and len(self.alive) > 1:
            self.barriers.append(self.random.sample(self.alive, self.random.randint(2, len(self.alive))))
        usable = [n for n, group in enumerate(self.barriers) if set(group) <= set(self.alive)]
        for number in self.random.sample(usable, min(1, len(usable))):
            group = self.barriers[number]
            for thread in self.random.sample(group, len(group)):
                self.add(thread, "barrier", number, 0, len(group))

    def condition(self, me):
        """One waits for another, both with the mutex; what they do with and without it."""
        others = [thread for thread in self.alive if thread != me]
        free = [n for n, mutex in enumerate(self.mutexes) if mutex.writer is None]
        if not others or not free:
            return
        number, other = self.random.choice(free), self.random.choice(others)

        def maybe(thread):
            if self.random.random() < .4:
                self.own(thread, self.random.randrange(self.span // 8))
        maybe(me)
        self.add(me, "lock", number)
        maybe(me)
        self.add(me, "cwait", number)
        maybe(other)
        self.add(other, "lock", number)
        maybe(other)
        self.add(other, self.random.choice(("signal", "broadcast")), number)
        maybe(other)
        self.add(other, "unlock", number)
        maybe(other)
        self.add(me, "cwoken", number)
        maybe(me)
        self.add(me, "unlock", number)
        maybe(me)

    def once(self, me):
        self.add(me, "once", self.random.randrange(2))

    def heap(self, me):
        live = [block for block in self.blocks if block]
        if live and self.random.random() < .5:
            block = self.random.choice(live)
            self.add(me, "free", block, 0, self.blocks.pop(block))
            self.variables = [v for v in self.variables if v[0] != block]
        elif self.next_block < 20:
            size = self.random.choice((8, 13, 16, 24, 24, 40))
            self.add(me, "alloc", self.next_block, 0, size)
            self.blocks[self.next_block] = size
            self.variables += self.choose_variables(self.next_block, size)[:1]
            self.next_block += 1

    def thread(self, me):
        joinable = [t for t in self.ended if t not in self.gone]
        choice = self.random.random()
        if choice < .4 and self.born < self.threads_limit:
            self.add(me, "create", self.born)
            self.alive.append(self.born)
            self.born += 1
        elif choice < .6 and joinable:
            other = self.random.choice(joinable)
            self.gone.add(other)
            self.add(me, self.random.choice(("join", "join", "join", "detach")), other)
        elif choice > .8 and me and len(self.alive) > 2:
            self.end(me)

    def end(self, me):
        for number, mutex in enumerate(self.mutexes):
            if mutex.writer == me:
                mutex.writer = None
                self.add(me, "unlock", number)
        for number, lock in enumerate(self.rwlocks):
            if lock.writer == me or lock.readers[me]:
                lock.writer = None if lock.writer == me else lock.writer
                lock.readers.pop(me, None)
                self.add(me, "rwunlock", number)
        if me:
            self.add(me, "end")
            self.alive.remove(me)
            self.ended.append(me)

    def generate(self):
        kinds = list(self.leaning)
        weights = list(self.leaning.values())
        for _ in range(self.random.randint(0, 4)):
            self.plain(0)
        while self.born < min(self.threads_limit, self.random.randint(2, THREADS)):
            self.add(0, "create", self.born)
            self.alive.append(self.born)
            self.born += 1
        me = 0
        for _ in range(self.random.choice((15, 30, 50, 90))):
            if me not in self.alive or self.random.random() < .4:
                me = self.random.choice(self.alive)
            getattr(self, self.random.choices(kinds, weights)[0])(me)
        for me in self.random.sample(self.alive, len(self.alive)):
            self.end(me)
        for other in self.ended:
            if other not in self.gone:
                self.add(0, "join", other)
        return self.script


def generate(seed):
    return Generator(seed).generate()
