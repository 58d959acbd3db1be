/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loops.c: each shape of loop is run by one thread; then another, which nothing orders behind it, touches the
 * buffer byte by byte, and each byte must be reported, or not, as touched.c says. Once by reads, once by
 * writes; and once behind a join, where nothing may be reported. Run with report_each_address=1.
 */
#include "../cases/case.h"
#include "touched.h"

#include <stdio.h>

#define GET(place)        (place)
#define PUT(place, value) ((place) = (value))
#define use               loops_use
#define half              loops_half
static const struct {
	long words[2];
} a_constant_words = {{1, 2}};
#define a_constant (*(const item *)&a_constant_words)
#include "shapes.h"

#define ROW(name) {#name, name},
static const struct {
	const char *name;
	void (*run)(char *, long);
} shapes[] = {SHAPES(ROW)};

/* A place of its own for each judgement: the same race at the same place is reported once. */
enum { SIZES = 8, WAYS = 3, JUDGED = sizeof(shapes) / sizeof(*shapes) * SIZES * WAYS };
SHARED char arena[JUDGED][BUFFER];
static char *buffer = arena[0];
static volatile unsigned reports;
static int step;

void furlong_on_report(void);
__attribute__((disable_sanitizer_instrumentation)) void furlong_on_report(void)
{
	reports++;
}

struct task {
	size_t shape;
	long n;
};

static void *run(void *argument)
{
	const struct task *task = argument;
	shapes[task->shape].run(buffer, task->n);
	make_step();
	await_step(step + 2); /* its end is not seen either */
	return NULL;
}

/* Byte by byte, and where `touched` says so; how many were wrong. */
__attribute__((noinline)) static int probe(const struct task *task, int writes, int ordered)
{
	static const char *const ways[] = {"read", "written"};
	int wrong = 0;

	for (int i = 0; i < BUFFER; i++) {
		volatile char *at = &buffer[i];
		unsigned before = reports;
		if (writes)
			*at = 1;
		else
			(void)*at;
		int expected = !ordered && (touched[i] & (writes ? WRITTEN | READ : WRITTEN));
		if ((reports != before) == !!expected)
			continue;
		if (!wrong++)
			printf("%s, n = %ld: byte %d, then %s: %s\n", shapes[task->shape].name, task->n, i,
				ways[writes], expected ? "not reported" : "reported");
	}
	return wrong;
}

static int judge(struct task *task, int writes, int ordered)
{
	pthread_t thread;
	int wrong;

	touch(task->shape, task->n);
	thread = start(run, task);
	await_step(step + 1);
	if (ordered) {
		make_step();
		finish(thread);
	}
	wrong = probe(task, writes, ordered);
	if (!ordered) {
		make_step();
		finish(thread);
	}
	step += 2;
	buffer += BUFFER;
	return wrong != 0;
}

int main(void)
{
	static const long sizes[SIZES] = {0, 1, 2, 3, 7, 8, 33, 64};
	int failed = 0;

	for (size_t shape = 0; shape < sizeof(shapes) / sizeof(*shapes); shape++)
		for (size_t i = 0; i < SIZES; i++)
			for (int how = 0; how < WAYS; how++) {
				struct task task = {shape, sizes[i]};
				failed += judge(&task, how != 0, how == 2);
			}
	printf("%d passed, %d failed\n", (int)JUDGED - failed, failed);
	return failed != 0;
}
