/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hidden.c: play SCRIPTS LOG runs scripts (script.py says how they are written; a line "script" begins each,
 * "." ends the last) and logs where each one's memory is. Compiled without the detector, and without
 * functions of the C library that a detector might watch, as far as threads other than main come by; they
 * take turns by futex system calls that no detector knows. The memory of every script but the heap's is from
 * one array, each byte used once.
 *
 * LOG   script INDEX FIRST-OPERATION ADDRESS     where object 0 is; operations are numbered through all
 * scripts block OBJECT ADDRESS                     an allocation of the script above
 */
#include "play.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

enum { THREADS = 8, LOCKS = 4, BLOCKS = 32, OPS = 4096, SHARED = 256, SCRIPTS = 2048 };

struct op {
	int thread, object, offset, size, order, failure;
	char verb[12];
};

/* What one script's program owns. */
struct memory {
	_Alignas(64) char shared[SHARED];
	char scratch[THREADS][SHARED];
	pthread_mutex_t mutex[LOCKS];
	pthread_rwlock_t rwlock[LOCKS];
	sem_t semaphore[LOCKS];
	pthread_once_t once[LOCKS];
	pthread_barrier_t barrier[LOCKS];
	pthread_cond_t condition[LOCKS];
};

static struct memory memories[SCRIPTS], *memory;
static struct op ops[OPS];
static int op_count;
static uint64_t first_op;
static char *blocks[BLOCKS], *allocated[BLOCKS];
static pthread_t threads[THREADS];
static int turn[THREADS]; /* number of the operation that the thread may do, + 1 */
static FILE *log_file;

static int same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

static long futex(int *word, int what, int value)
{
	long result;
	register long timeout __asm__("r10") = 0;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_futex), "D"(word), "S"(what), "d"(value), "r"(timeout)
			 : "rcx", "r11", "memory");
	return result;
}

/* Whose turn it is after the last operation: main's, to go on to the next script. */
static int *turn_at(int index)
{
	return &turn[index < op_count ? ops[index].thread : 0];
}

static void await_turn(int index)
{
	int *word = turn_at(index), now;
	while ((now = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != index + 1)
		futex(word, FUTEX_WAIT_PRIVATE, now);
}

static void pass_turn(int index)
{
	int *word = turn_at(index);
	__atomic_store_n(word, index + 1, __ATOMIC_RELEASE);
	futex(word, FUTEX_WAKE_PRIVATE, 1);
}

static void fail(int index, const char *why)
{
	fprintf(stderr, "play: operation %d (%s): %s\n", index, ops[index].verb, why);
	exit(2);
}

static int log2_of(int size)
{
	return __builtin_ctz((unsigned)size);
}

/* Calls f as operation `index`; what it returns must be `expected`, unless that is ANY. */
#define ANY 0xffffffffffffull
static uint64_t call(int index, operation *f, void *p, uint64_t a, uint64_t b, uint64_t expected)
{
	if (!f)
		fail(index, "no such operation");
	uint64_t result = play_numbered(first_op + (uint64_t)index, f, p, a, b);
	if (expected != ANY && result != expected)
		fail(index, "not the result that the script says");
	return result;
}

struct named {
	const char *verb;
	operation *f;
	uint64_t expected;
};

/* Operations on a lock and the like. */
static const struct named on_mutex[] = {{"lock", play_lock, 0}, {"trylock", play_trylock, 0},
	{"trybusy", play_trylock, EBUSY}, {"unlock", play_unlock, 0}, {0}};
static const struct named on_rwlock[] = {{"rdlock", play_rdlock, 0}, {"tryrdlock", play_tryrdlock, 0},
	{"wrlock", play_wrlock, 0}, {"trywrlock", play_trywrlock, 0}, {"rwunlock", play_rwunlock, 0}, {0}};
static const struct named on_semaphore[] = {{"post", play_post, 0}, {"wait", play_wait, 0}, {0}};
static const struct named on_condition[] = {
	{"signal", play_signal, 0}, {"broadcast", play_broadcast, 0}, {0}};
static const struct named on_once[] = {{"once", play_once, 0}, {0}};

static int call_named(int index, const struct named *list, void *p)
{
	for (; list->verb; list++)
		if (same(list->verb, ops[index].verb)) {
			call(index, list->f, p, 0, 0, list->expected);
			return 1;
		}
	return 0;
}

static int call_atomic(int index, char *p)
{
	const struct op *op = &ops[index];
	uint64_t value[2] = {0, 0};
	int size = op->size > 0 && op->size <= 16 ? log2_of(op->size) : 0;
	if (same(op->verb, "load"))
		call(index, play_load[size][op->order], p, 0, 0, ANY);
	else if (same(op->verb, "store"))
		call(index, play_store[size][op->order], p, (uint64_t)index, 0, ANY);
	else if (same(op->verb, "exchange"))
		call(index, play_exchange[size][op->order], p, (uint64_t)index, 0, ANY);
	else if (same(op->verb, "add"))
		call(index, play_add[size][op->order], p, 3, 0, ANY);
	else if (same(op->verb, "cas") || same(op->verb, "casfail")) {
		int fails = same(op->verb, "casfail");
		for (int i = 0; i < op->size; i++)
			((char *)value)[i] = p[i];
		call(index, play_cas[size][op->order][op->failure], p, value[0] ^ (uint64_t)fails, value[1],
			!fails);
	} else
		return 0;
	return 1;
}

static int call_plain(int index, char *p)
{
	const struct op *op = &ops[index];
	uint64_t size = (uint64_t)op->size, value = (uint64_t)index;
	char *scratch = memory->scratch[op->thread];
	int log2 = op->size > 0 ? log2_of(op->size) : 0, aligned = ((uintptr_t)p & (size - 1)) == 0;
	if (same(op->verb, "read"))
		call(index, (aligned ? play_read : play_read_packed)[log2], p, value, 0, ANY);
	else if (same(op->verb, "write"))
		call(index, (aligned ? play_write : play_write_packed)[log2], p, value, 0, ANY);
	else if (same(op->verb, "copyout"))
		call(index, play_copy, scratch, (uintptr_t)p, size, ANY);
	else if (same(op->verb, "copyin"))
		call(index, play_copy, p, (uintptr_t)scratch, size, ANY);
	else if (same(op->verb, "fill"))
		call(index, play_fill, p, value, size, ANY);
	else
		return 0;
	return 1;
}

static void carry_out(int index)
{
	const struct op *op = &ops[index];
	const char *verb = op->verb;
	char *p = op->object < BLOCKS && blocks[op->object] ? blocks[op->object] + op->offset : NULL;
	int lock = op->object & (LOCKS - 1);
	if (call_plain(index, p) || call_atomic(index, p) ||
		call_named(index, on_mutex, &memory->mutex[lock]) ||
		call_named(index, on_rwlock, &memory->rwlock[lock]) ||
		call_named(index, on_semaphore, &memory->semaphore[lock]) ||
		call_named(index, on_condition, &memory->condition[lock]) ||
		call_named(index, on_once, &memory->once[lock]))
		return;
	if (same(verb, "barrier"))
		call(index, play_barrier, &memory->barrier[lock], 0, 0, ANY);
	else if (same(verb, "cwait"))
		call(index, play_cwait, &memory->condition[lock], (uintptr_t)&memory->mutex[lock], 0, 0);
	else if (same(verb, "cwoken"))
		return; /* the call before has come back */
	else if (same(verb, "fence"))
		call(index, play_fence[op->order], NULL, 0, 0, ANY);
	else if (same(verb, "create"))
		call(index, play_create, &threads[op->object], (uint64_t)op->object, 0, 0);
	else if (same(verb, "join"))
		call(index, play_join, NULL, (uint64_t)threads[op->object], 0, 0);
	else if (same(verb, "detach"))
		call(index, play_detach, NULL, (uint64_t)threads[op->object], 0, 0);
	else if (same(verb, "alloc")) {
		blocks[op->object] = (char *)call(index, play_alloc, NULL, (uint64_t)op->size, 0, ANY);
		allocated[op->object] = blocks[op->object];
	} else if (same(verb, "free"))
		call(index, play_free, p, 0, 0, ANY);
	else if (same(verb, "end"))
		call(index, play_end, NULL, 0, 0, ANY);
	else
		fail(index, "no such verb");
}

/* Rounds of a barrier are unbroken lines of operations, of one size. */
static int ends_round(int index)
{
	int first = index;
	while (first && same(ops[first - 1].verb, "barrier") && ops[first - 1].object == ops[index].object)
		first--;
	return (index - first + 1) % ops[index].size == 0;
}

/* Others must go on before it can end. */
static int waits_for_others(int index)
{
	return same(ops[index].verb, "cwait") || (same(ops[index].verb, "barrier") && !ends_round(index));
}

void hidden_run(int thread)
{
	for (int index = 0; index < op_count; index++) {
		if (ops[index].thread != thread)
			continue;
		await_turn(index);
		if (waits_for_others(index)) {
			pass_turn(index + 1);
			carry_out(index);
			continue;
		}
		carry_out(index);
		int last = same(
			ops[index].verb, "end"); /* the next script may begin while this thread returns */
		pass_turn(index + 1);
		if (last)
			return;
	}
}

static void run_script(int number)
{
	int known[LOCKS] = {0};
	memory = &memories[number];
	for (int i = 0; i < THREADS; i++)
		turn[i] = 0;
	for (int i = 0; i < BLOCKS; i++)
		blocks[i] = allocated[i] = NULL;
	blocks[0] = memory->shared;
	for (int i = 0; i < LOCKS; i++) {
		pthread_mutex_init(&memory->mutex[i], NULL);
		pthread_rwlock_init(&memory->rwlock[i], NULL);
		sem_init(&memory->semaphore[i], 0, 0);
		pthread_cond_init(&memory->condition[i], NULL);
	}
	for (int i = 0; i < op_count; i++)
		if (same(ops[i].verb, "barrier") && !known[ops[i].object & (LOCKS - 1)]++)
			pthread_barrier_init(
				&memory->barrier[ops[i].object & (LOCKS - 1)], NULL, (unsigned)ops[i].size);
	fprintf(log_file, "script %d %llu %p\n", number, (unsigned long long)first_op,
		(void *)memory->shared);
	pass_turn(0);
	hidden_run(0);
	await_turn(op_count);
	for (int i = 0; i < BLOCKS; i++)
		if (allocated[i])
			fprintf(log_file, "block %d %p\n", i, (void *)allocated[i]);
	first_op += (uint64_t)op_count;
	op_count = 0;
}

int main(int argc, char **argv)
{
	FILE *scripts = argc == 3 ? fopen(argv[1], "r") : NULL;
	log_file = argc == 3 ? fopen(argv[2], "w") : NULL;
	if (!scripts || !log_file) {
		fprintf(stderr, "play SCRIPTS LOG\n");
		return 2;
	}
	char line[128];
	int number = -1;
	while (fgets(line, sizeof line, scripts)) {
		struct op now, *op = &now;
		if (line[0] == '.' || line[0] == 's') {
			if (number >= 0)
				run_script(number);
			if (line[0] == '.' || ++number == SCRIPTS)
				break;
		} else if (op_count == OPS ||
			   sscanf(line, "%d %11s %d %d %d %d %d", &op->thread, op->verb, &op->object,
				   &op->offset, &op->size, &op->order, &op->failure) != 7) {
			fprintf(stderr, "play: not an operation: %s", line);
			return 2;
		} else {
			ops[op_count++] = now;
		}
	}
	return fclose(log_file) ? 2 : 0;
}
