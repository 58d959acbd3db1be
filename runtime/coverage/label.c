/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * label.c: which counts a test made. At each change of the label, and when the process ends, what was counted
 * since the last time is appended to the module's file of tests, one record for each module: who counted
 * stays in the data file, what for is said here. So a change costs a look at the counters and one write.
 *
 * `told` is what was said already, or is of earlier processes: the difference to what stands in this
 * process's windows is the test's. Slots come with counts in them and go with counts in them, and `told` with
 * them. A signal that kills leaves the counts of the last test without a name, never uncounted.
 */
#include "coverage/coverage.h"

#include "core/print.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static bool label_active; /* some test was named in this process */

/* A record's room for `count` counters: a gap and a difference for each, ten bytes at most. */
#define ENTRY_BYTES 20

struct label_notes {
	uint64_t *told, *now;
	char *record;
};

static size_t label_counters_bytes(const struct fl_module *module)
{
	return module->counter_count * sizeof(uint64_t);
}

static size_t label_record_bytes(const struct fl_module *module)
{
	return sizeof(struct furlong_test_record) + FL_LABEL_BYTES + module->counter_count * ENTRY_BYTES + 8;
}

static void label_complain(const char *path, int error)
{
	static bool said;

	if (said)
		return;
	said = true;
	fl_print_message("cannot say in %s which test counted what: %s", path, fl_print_error(error));
}

/* In one piece, on first use. */
static bool label_notes(struct fl_module *module, struct label_notes *notes)
{
	void *at = NULL;

	if (module->kind != FL_MODULE_COUNTING)
		return false;
	if (!module->told) {
		int rc = fl_sys_map(&at, 2 * label_counters_bytes(module) + label_record_bytes(module),
			FL_SYS_MAP_ANYWHERE, -1, 0);
		if (rc) {
			label_complain(fl_place_dir(), rc);
			return false;
		}
		module->told = at;
	}
	notes->told = module->told;
	notes->now = module->told + module->counter_count;
	notes->record = (char *)(module->told + 2 * module->counter_count);
	return true;
}

static void label_add(uint64_t *to, const uint64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] += __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

/* Where the counters of each thread that has some stand, one after the other; NULL: there are no more. */
static const uint64_t *label_next(struct fl_module *module, uint32_t *thread)
{
	while (*thread < fl_threads_count()) {
		struct fl_lane *lane = fl_lane_at(*thread);
		struct fl_window *window = fl_window_of(module, (*thread)++);

		if (lane && lane->delta && window &&
			(window->state == FL_WINDOW_SLOT || window->state == FL_WINDOW_PRIVATE))
			return fl_shifted(module->counters, lane->delta);
	}
	if (*thread == fl_threads_count() && module->in_section) {
		++*thread;
		return module->counters;
	}
	return NULL;
}

/* What stands in this process's windows at the moment. One thread's alone are looked at where they are: most
 * programs that name tests have one, and copying is half of what a test costs. */
static const uint64_t *label_sum_up(struct fl_module *module, uint64_t *now)
{
	uint32_t thread = 0;
	const uint64_t *first = label_next(module, &thread),
		       *more = first ? label_next(module, &thread) : NULL;

	if (first && !more)
		return first;
	memset(now, 0, label_counters_bytes(module));
	if (first)
		label_add(now, first, module->counter_count);
	for (; more; more = label_next(module, &thread))
		label_add(now, more, module->counter_count);
	return now;
}

static char *label_put(char *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*out++ = (char)(number | 0x80);
	*out++ = (char)number;
	return out;
}

/* The entries of counters that moved from `told` on; they are told then. Most have not, and are passed over
 * by the block. */
static char *label_put_entries(
	const struct fl_module *module, const uint64_t *now, uint64_t *told, char *out, uint32_t *entries)
{
	enum { BLOCK = 32 };
	size_t next = 0;

	for (size_t first = 0; first < module->counter_count; first += BLOCK) {
		size_t left = module->counter_count - first, count = left < BLOCK ? left : BLOCK;

		if (!memcmp(&now[first], &told[first], count * sizeof(*now)))
			continue;
		for (size_t i = first; i < first + count; i++) {
			uint64_t value = __atomic_load_n(&now[i], __ATOMIC_RELAXED), before = told[i];

			told[i] = value;
			if (value <= before) /* less: they were set to zero */
				continue;
			out = label_put(out, i - next);
			out = label_put(out, value - before);
			next = i + 1;
			++*entries;
		}
	}
	return out;
}

/* The record of what was counted since, its entries counted; its length. */
static size_t label_make_record(
	const struct fl_module *module, const struct label_notes *notes, const uint64_t *now)
{
	struct furlong_test_record *head = (void *)notes->record;
	const char *label = fl_place_current_test();
	char *out = notes->record + sizeof(*head);
	size_t length;

	*head = (struct furlong_test_record){
		.magic = FURLONG_TEST_MAGIC, .module_id = module->id, .label_bytes = (uint32_t)strlen(label)};
	memcpy(out, label, head->label_bytes);
	out = label_put_entries(module, now, notes->told, out + head->label_bytes, &head->entries);
	while ((out - notes->record) % 8)
		*out++ = 0;
	length = (size_t)(out - notes->record);
	head->record_bytes = (uint32_t)length;
	return length;
}

static void label_append(const struct fl_module *module, const char *record, size_t length)
{
	char path[4300];
	struct stat st;
	int fd, rc = fl_place_make();

	fl_place_name(path, sizeof(path), module->path, module->id, FURLONG_TEST_SUFFIX);
	fd = rc ? rc : fl_sys_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	rc = fd < 0 ? fd : fl_sys_fstat(fd, &st);
	if (!rc)
		rc = fl_sys_pwrite_all(fd, record, length, (uint64_t)st.st_size);
	if (fd >= 0)
		fl_sys_close(fd);
	if (rc)
		label_complain(path, rc);
}

static void label_tell_module(struct fl_module *module)
{
	struct label_notes notes;
	size_t length;

	if (!label_notes(module, &notes))
		return;
	length = label_make_record(module, &notes, label_sum_up(module, notes.now));
	if (*fl_place_current_test() && ((struct furlong_test_record *)(void *)notes.record)->entries)
		label_append(module, notes.record, length);
}

void fl_label_tell(void)
{
	for (struct fl_module *m = fl_modules; m && label_active; m = m->next)
		label_tell_module(m);
}

bool fl_label_is_active(void)
{
	return label_active;
}

/* What was counted before the first test is nobody's. */
void fl_label_change(const char *name)
{
	fl_label_tell();
	fl_place_test(name);
	if (label_active)
		return;
	label_active = true;
	fl_label_forget();
}

void fl_label_forget(void)
{
	struct label_notes notes;

	for (struct fl_module *m = fl_modules; m && label_active; m = m->next)
		if (label_notes(m, &notes))
			memcpy(notes.told, label_sum_up(m, notes.now), label_counters_bytes(m));
}

void fl_label_claimed(struct fl_module *module, const uint64_t *window)
{
	struct label_notes notes;

	if (label_active && label_notes(module, &notes))
		label_add(notes.told, window, module->counter_count);
}

void fl_label_leaves(struct fl_module *module, const uint64_t *window)
{
	if (!label_active || !module->told)
		return;
	label_tell_module(module);
	for (size_t i = 0; i < module->counter_count; i++)
		module->told[i] -= window[i];
}

/* The child's windows are new; what its sections hold is its parent's. */
void fl_label_fork_child(void)
{
	for (struct fl_module *m = fl_modules; m; m = m->next) {
		if (!m->told)
			continue;
		memset(m->told, 0, label_counters_bytes(m));
		if (m->in_section)
			label_add(m->told, m->counters, m->counter_count);
	}
}
