/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races.c: see races.h. Two levels: a *sighting* is a report of one process, a *find* is what many processes
 * saw at the same code addresses, so that symbols are looked up once. Finds of one fingerprint become one
 * race in races_merge.c.
 */
#include "read/races.h"

#include <errno.h>
#include <fcntl.h>
#include <furlong/format.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "read/ends.h"
#include "read/races_merge.h"
#include "util/files.h"
#include "util/memory.h"

#define SETTLE_MOMENTS 5000 /* ten seconds */

bool fl_races_is_file(const char *path)
{
	size_t length = strlen(path), suffix = strlen(FURLONG_RACE_SUFFIX);
	return fl_ends_is_file(path) ||
	       (length > suffix && !strcmp(path + length - suffix, FURLONG_RACE_SUFFIX));
}

/* Who judges has the file open, and marked: fl_sys_mark_used. */
void fl_races_settle(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (int moment = 0; fd >= 0 && moment < SETTLE_MOMENTS; moment++) {
		if (!flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
			break;
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	}
	if (fd >= 0)
		close(fd);
}

struct fl_race_reader *fl_races_new(void)
{
	struct fl_race_reader *reader = fl_alloc(sizeof *reader);
	reader->arena = fl_arena_new();
	reader->symbols = fl_symbols_new(NULL);
	fl_map_init(&reader->process_keys, reader->arena);
	fl_map_init(&reader->sighting_keys, reader->arena);
	fl_map_init(&reader->find_keys, reader->arena);
	fl_map_init(&reader->loss_keys, reader->arena);
	fl_map_init(&reader->words, reader->arena);
	fl_map_init(&reader->run_names, reader->arena);
	return reader;
}

void fl_races_free(struct fl_race_reader *reader)
{
	fl_map_free(&reader->process_keys);
	fl_map_free(&reader->sighting_keys);
	fl_map_free(&reader->find_keys);
	fl_map_free(&reader->loss_keys);
	fl_map_free(&reader->words);
	fl_map_free(&reader->run_names);
	fl_symbols_free(reader->symbols);
	fl_arena_free(reader->arena);
	free(reader->processes);
	free(reader->sightings);
	free(reader->finds);
	free(reader->places);
	free(reader->losses);
	free(reader->bare);
	free(reader);
}

/* Processes of which no run is said are all of one. */
static size_t find_run(struct fl_race_reader *reader, const char *name)
{
	size_t next = reader->run_names.count;
	struct fl_map_entry *entry = fl_map_put(&reader->run_names, name, strlen(name));
	if (entry->value == SIZE_MAX)
		entry->value = next;
	return entry->value;
}

static size_t find_process(struct fl_race_reader *reader, const struct fl_race_block *block)
{
	struct {
		uint64_t start;
		int64_t pid;
	} key = {block->start, block->pid};
	struct fl_map_entry *entry = fl_map_put(&reader->process_keys, &key, sizeof key);
	if (entry->value == SIZE_MAX) {
		entry->value = reader->process_count;
		*FL_PUSH(reader->processes, reader->process_count, reader->process_capacity) =
			(struct process){.start = block->start,
				.program = block->program,
				.run = find_run(reader, block->run)};
	}
	return entry->value;
}

/* The record of a key in a process: its report and its count come in any order. */
static struct sighting *find_sighting(struct fl_race_reader *reader, size_t process, uint64_t key)
{
	struct {
		uint64_t process, key;
	} both = {process, key};
	struct fl_map_entry *entry = fl_map_put(&reader->sighting_keys, &both, sizeof both);
	if (entry->value == SIZE_MAX) {
		entry->value = reader->sighting_count;
		*FL_PUSH(reader->sightings, reader->sighting_count, reader->sighting_capacity) =
			(struct sighting){
				.run = reader->processes[process].run, .process = process, .find = SIZE_MAX};
	}
	return &reader->sightings[entry->value];
}

/* What makes two raw reports the same: kind, operations, and where in which objects. */
static const char *raw_key(struct fl_race_reader *reader, const struct fl_race *race)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return fl_arena_format(reader->arena, "%p", (const void *)race); /* a find of its own */
	fputs(race->kind, out);
	for (size_t i = 0; i < race->access_count; i++) {
		const struct fl_access *access = &race->accesses[i];
		fprintf(out, "\n%s %d %" PRIu64, access->op, access->atomic, access->size);
		for (size_t j = 0; j < access->stack.count; j++) {
			const struct fl_frame *frame = &access->stack.frames[j];
			fprintf(out, " %s %s %" PRIx64, frame->object ? frame->object->path : "-",
				frame->object ? frame->object->build_id : "-", frame->offset);
		}
	}
	fclose(out);
	const char *key = fl_arena_format(reader->arena, "%s", text);
	free(text);
	return key;
}

static size_t find_race(struct fl_race_reader *reader, struct fl_race *race)
{
	const char *key = raw_key(reader, race);
	struct fl_map_entry *entry = fl_map_put(&reader->find_keys, key, strlen(key));
	if (entry->value == SIZE_MAX) {
		entry->value = reader->find_count;
		fl_symbols_resolve(reader->symbols, race, reader->arena);
		*FL_PUSH(reader->finds, reader->find_count, reader->find_capacity) = race;
	}
	return entry->value;
}

static const char *intern(struct fl_race_reader *reader, const char *text)
{
	return fl_map_intern(&reader->words, text, strlen(text));
}

/* Said of a process so far: the last word counts, and no word twice. */
static void add_loss(struct fl_race_reader *reader, size_t process, const char *what, uint64_t count)
{
	size_t index = 0;
	what = intern(reader, what);
	const char *key = fl_arena_format(reader->arena, "%zu %s", process, what);
	struct fl_map_entry *known = fl_map_put(&reader->loss_keys, key, strlen(key));
	uint64_t before = known->value == SIZE_MAX ? 0 : known->value;
	if (count <= before)
		return;
	known->value = count;
	while (index < reader->loss_count && reader->losses[index].what != what)
		index++;
	if (index == reader->loss_count)
		*FL_PUSH(reader->losses, reader->loss_count, reader->loss_capacity) =
			(struct fl_race_loss){.what = what};
	reader->losses[index].count += count - before;
}

static void add_bare(struct fl_race_reader *reader, const char *path)
{
	path = intern(reader, path);
	for (size_t i = 0; i < reader->bare_count; i++)
		if (reader->bare[i] == path)
			return;
	*FL_PUSH(reader->bare, reader->bare_count, reader->bare_capacity) = path;
}

static void add_block(struct fl_race_reader *reader, const struct fl_race_block *block)
{
	size_t process = find_process(reader, block);
	if (block->race) {
		struct sighting *sighting = find_sighting(reader, process, block->key);
		if (sighting->find == SIZE_MAX)
			sighting->find = find_race(reader, block->race);
	}
	for (size_t i = 0; i < block->times_count; i++) {
		struct sighting *sighting = find_sighting(reader, process, block->times[i].key);
		if (block->times[i].count > sighting->times)
			sighting->times = block->times[i].count;
	}
	for (size_t i = 0; i < block->suppressed_count; i++)
		find_sighting(reader, process, block->suppressed[i].key)->suppressed_by =
			block->suppressed[i].by;
	if (block->has_seen)
		reader->processes[process].seen = block->seen;
	for (size_t i = 0; i < block->missed_count; i++)
		add_loss(reader, process, block->missed[i].what, block->missed[i].count);
	for (size_t i = 0; i < block->bare_count; i++)
		add_bare(reader, block->bare[i]);
}

int fl_races_read(
	struct fl_race_reader *reader, const char *path, struct fl_build *build, struct fl_error *error)
{
	struct fl_bytes bytes;
	struct fl_race_block block;
	size_t good = 0, bad = 0;
	int result;
	fl_races_settle(path);
	if (fl_bytes_map(path, &bytes))
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	struct fl_race_text text = {.path = path, .data = (const char *)bytes.data, .size = bytes.size};
	struct fl_error first = {0};
	while ((result = fl_race_block_read(&text, &block, reader->arena, error))) {
		if (result > 0) {
			add_block(reader, &block);
			good++;
		} else if (!bad++) {
			first = *error;
		}
	}
	fl_bytes_unmap(&bytes);
	reader->looked |= good > 0;
	if (!good)
		return bad ? (*error = first, -1) : fl_error_set(error, FL_EXIT_DATA, "%s is empty", path);
	if (bad)
		fl_build_note(build, true, "%s (%zu block%s of race data left out)", first.text, bad,
			bad > 1 ? "s" : "");
	return 0;
}

/* ---- where sources are --------------------------------------------------------------------------------- */

typedef void visit_frame(struct fl_race_reader *reader, struct fl_frame *frame, void *context);

/* A relative path is below the root, as in coverage; but not one of a system library, which was built
 * elsewhere. */
static void visit_stack(
	struct fl_race_reader *reader, struct fl_stack *stack, visit_frame *visit, void *context)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file && (stack->frames[i].disk_path || !stack->frames[i].system))
			visit(reader, &stack->frames[i], context);
}

static void visit_frames(struct fl_race_reader *reader, visit_frame *visit, void *context)
{
	for (size_t i = 0; i < reader->find_count; i++) {
		struct fl_race *race = reader->finds[i];
		for (size_t j = 0; j < race->access_count; j++)
			visit_stack(reader, &race->accesses[j].stack, visit, context);
		visit_stack(reader, &race->location.allocated, visit, context);
		visit_stack(reader, &race->location.freed_at, visit, context);
		for (size_t j = 0; j < race->thread_count; j++)
			visit_stack(reader, &race->threads[j].created, visit, context);
		for (size_t j = 0; j < race->lock_count; j++)
			visit_stack(reader, &race->locks[j].created, visit, context);
	}
}

/* Frames come in the same order again when they are placed. */
static void declare(struct fl_race_reader *reader, struct fl_frame *frame, void *context)
{
	const char *path = frame->disk_path ? frame->disk_path : frame->file;
	size_t pair = fl_sources_add(context, path, strlen(path), NULL, 0);
	*FL_PUSH(reader->places, reader->place_count, reader->place_capacity) = pair;
}

void fl_races_declare(struct fl_race_reader *reader, struct fl_sources *sources)
{
	visit_frames(reader, declare, sources);
}

struct placing {
	const struct fl_sources *sources;
	size_t next;
};

static void place(struct fl_race_reader *reader, struct fl_frame *frame, void *context)
{
	struct placing *placing = context;
	size_t pair = reader->places[placing->next++];
	frame->file = intern(reader, fl_sources_shown(placing->sources, pair));
	frame->disk_path = intern(reader, fl_sources_disk(placing->sources, pair));
}

void fl_races_place(struct fl_race_reader *reader, const struct fl_sources *sources)
{
	visit_frames(reader, place, &(struct placing){sources, 0});
	for (size_t i = 0; i < reader->find_count; i++) {
		struct fl_race *race = reader->finds[i];
		fl_symbols_read_text(reader->symbols, race, reader->arena);
		race->summary = fl_symbols_summary(race, reader->arena);
		race->fingerprint = fl_race_fingerprint(race, reader->arena);
	}
}
