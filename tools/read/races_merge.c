/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races_merge.c: from what many processes saw to the races of a model, each once; and what was not seen.
 */
#include "read/races_merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/races.h"
#include "util/memory.h"

/* ---- one race of many
 * -------------------------------------------------------------------------------------- */

struct merger {
	struct fl_race_reader *reader;
	struct fl_map fingerprints;
	size_t *race_of;      /* by find */
	size_t *last_run;     /* likewise */
	size_t *last_process; /* by race: sightings of one process stand in any number of finds */
	bool *open;           /* by race: some process did not suppress it */
};

static void add_sighting(const struct merger *merger, struct fl_races *races, const struct sighting *sighting)
{
	const struct process *process = &merger->reader->processes[sighting->process];
	size_t index = merger->race_of[sighting->find];
	struct fl_race *race = &races->races[index];
	race->times += sighting->times ? sighting->times : 1;
	if (merger->last_process[index] != sighting->process)
		race->processes++;
	if (merger->last_run[index] != sighting->run)
		race->runs++;
	merger->last_run[index] = sighting->run;
	merger->last_process[index] = sighting->process;
	if (sighting->suppressed_by) {
		if (!merger->open[index])
			race->suppressed_by = sighting->suppressed_by;
		return;
	}
	merger->open[index] = true;
	race->suppressed_by = NULL; /* by one run's file and not by another's */
	if (process->start > race->newest)
		race->newest = process->start;
}

static void gather(struct merger *merger, struct fl_races *races)
{
	struct fl_race_reader *reader = merger->reader;
	for (size_t i = 0; i < reader->find_count; i++) {
		const char *fingerprint = reader->finds[i]->fingerprint;
		struct fl_map_entry *entry =
			fl_map_put(&merger->fingerprints, fingerprint, strlen(fingerprint));
		if (entry->value == SIZE_MAX) {
			struct fl_race *race = &races->races[entry->value = races->race_count++];
			*race = *reader->finds[i];
			race->times = race->processes = race->runs = 0;
			race->newest = 0;
		}
		merger->race_of[i] = entry->value;
	}
}

static int compare_sightings(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return a->process < b->process ? -1 : a->process > b->process;
}

static int compare_races(const void *left, const void *right)
{
	const struct fl_race *a = left, *b = right;
	if (!a->suppressed_by != !b->suppressed_by)
		return a->suppressed_by ? 1 : -1;
	int order = strcmp(a->summary, b->summary);
	return order ? order : strcmp(a->fingerprint, b->fingerprint);
}

static void merge(struct fl_race_reader *reader, struct fl_races *races)
{
	struct merger merger = {.reader = reader};
	fl_map_init(&merger.fingerprints, reader->arena);
	merger.race_of = fl_alloc((reader->find_count + 1) * sizeof *merger.race_of);
	merger.last_process = fl_resize(NULL, reader->find_count + 1, sizeof *merger.last_process);
	memset(merger.last_process, 0xff, (reader->find_count + 1) * sizeof *merger.last_process);
	merger.last_run = fl_resize(NULL, reader->find_count + 1, sizeof *merger.last_run);
	memset(merger.last_run, 0xff, (reader->find_count + 1) * sizeof *merger.last_run);
	merger.open = fl_alloc((reader->find_count + 1) * sizeof *merger.open);
	races->races = fl_arena_array(reader->arena, reader->find_count + 1, sizeof *races->races);
	gather(&merger, races);
	if (reader->sighting_count)
		qsort(reader->sightings, reader->sighting_count, sizeof *reader->sightings,
			compare_sightings);
	for (size_t i = 0; i < reader->sighting_count; i++)
		if (reader->sightings[i].find != SIZE_MAX)
			add_sighting(&merger, races, &reader->sightings[i]);
	if (races->race_count)
		qsort(races->races, races->race_count, sizeof *races->races, compare_races);
	for (size_t i = 0; i < races->race_count; i++)
		races->suppressed += races->races[i].suppressed_by != NULL;
	fl_map_free(&merger.fingerprints);
	free(merger.race_of);
	free(merger.last_run);
	free(merger.last_process);
	free(merger.open);
}

/* ---- what was looked at, and what not -------------------------------------------------------------------
 */

static void raise(uint64_t *to, uint64_t value)
{
	if (value > *to)
		*to = value;
}

/* They are properties of a program's code: of its processes, the one that loaded most. */
static void add_seen(struct fl_race_reader *reader, struct fl_races *races)
{
	struct fl_map programs;
	fl_map_init(&programs, reader->arena);
	struct fl_race_seen *most = fl_alloc((reader->process_count + 1) * sizeof *most);
	size_t count = 0;
	for (size_t i = 0; i < reader->process_count; i++) {
		const struct process *process = &reader->processes[i];
		struct fl_map_entry *entry =
			fl_map_put(&programs, process->program, strlen(process->program));
		if (entry->value == SIZE_MAX)
			entry->value = count++;
		struct fl_race_seen *its = &most[entry->value];
		raise(&its->checked, process->seen.checked);
		raise(&its->local, process->seen.local);
		raise(&its->constant, process->seen.constant);
		raise(&its->repeated, process->seen.repeated);
		raise(&its->left_out, process->seen.left_out);
		raise(&races->newest, process->start);
	}
	for (size_t i = 0; i < count; i++) {
		races->seen.checked += most[i].checked;
		races->seen.local += most[i].local;
		races->seen.constant += most[i].constant;
		races->seen.repeated += most[i].repeated;
		races->seen.left_out += most[i].left_out;
	}
	free(most);
	fl_map_free(&programs);
}

static int compare_losses(const void *left, const void *right)
{
	return strcmp(((const struct fl_race_loss *)left)->what, ((const struct fl_race_loss *)right)->what);
}

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void *keep(struct fl_race_reader *reader, void *items, size_t count, size_t size,
	int (*compare)(const void *, const void *))
{
	void *copy = fl_arena_array(reader->arena, count, size);
	if (!count)
		return copy;
	memcpy(copy, items, count * size);
	qsort(copy, count, size, compare);
	return copy;
}

static const struct sentence {
	const char *what, *text;
	bool lost; /* a race may have been missed */
} sentences[] = {
	{"signal", "accesses in signal handlers that came while the runtime was at work were not checked",
		true},
	{"blind", "accesses of threads that the runtime did not know were not checked", true},
	{"truncated", "calling contexts were cut short: their stacks show the innermost frames only", false},
	{"slots", "threads took over the clock of one that was not ordered before them: races may be missed",
		true},
	{"frozen", "times a thread had no fresh clock: races may be missed", true},
	{"shared", "mappings were shared with other processes: what those do to them is not seen", false},
	{"rings",
		"rings of io_uring were handled by the program itself: what they order, and what the kernel "
		"does "
		"to memory for their entries, is not seen",
		false},
	{"orders", "orders of locks were not looked at to the end: one that may hang may be missing", true},
	{"rested",
		"milliseconds of CPU time passed in which accesses were not recorded: race_budget is less "
		"than 100",
		false},
	{"foreign",
		"modules were built for another version of Furlong: races were not looked for once they were "
		"loaded",
		true},
	{"memory", "accesses could not be recorded, for want of memory", true},
};

static void note_loss(const struct fl_race_loss *loss, struct fl_build *build)
{
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (!strcmp(sentences[i].what, loss->what)) {
			fl_build_note(build, sentences[i].lost, "races: %" PRIu64 " %s", loss->count,
				sentences[i].text);
			return;
		}
	fl_build_note(build, true, "races: missed, %s: %" PRIu64, loss->what, loss->count);
}

enum { BARE_NAMED = 4 };

static void note_bare(const struct fl_race_reader *reader, struct fl_build *build)
{
	const char *names = "";
	struct fl_arena *arena = fl_arena_new();
	const char **sorted = fl_arena_array(arena, reader->bare_count + 1, sizeof *sorted);
	if (reader->bare_count) {
		memcpy(sorted, reader->bare, reader->bare_count * sizeof *sorted);
		qsort(sorted, reader->bare_count, sizeof *sorted, compare_words);
	}
	for (size_t i = 0; i < reader->bare_count && i < BARE_NAMED; i++) {
		const char *slash = strrchr(sorted[i], '/');
		names = fl_arena_format(arena, "%s%s%s", names, i ? ", " : "", slash ? slash + 1 : sorted[i]);
	}
	if (reader->bare_count > BARE_NAMED)
		names = fl_arena_format(arena, "%s and %zu more", names, reader->bare_count - BARE_NAMED);
	if (reader->bare_count)
		fl_build_note(build, false,
			"races: %zu loaded object%s not built with the race flag, what %s was not checked: "
			"%s",
			reader->bare_count, reader->bare_count > 1 ? "s were" : " was",
			reader->bare_count > 1 ? "they did" : "it did", names);
	fl_arena_free(arena);
}

void fl_races_note(const struct fl_race_reader *reader, struct fl_build *build)
{
	size_t missing;
	const char *const *objects = fl_symbols_missing(reader->symbols, &missing);
	for (size_t i = 0; i < reader->loss_count; i++)
		note_loss(&reader->losses[i], build);
	note_bare(reader, build);
	if (missing)
		fl_build_note(build, false, "races: stacks show no functions and lines of %s%s", objects[0],
			missing > 1 ? ", and of others" : "");
}

/* ---- files that only races are in ---------------------------------------------------------------------- */

static int compare_paths(const void *left, const void *right)
{
	return strcmp(((const struct fl_file *)left)->path, ((const struct fl_file *)right)->path);
}

static void add_file(struct fl_races *races, const struct fl_model *model, const struct fl_frame *frame)
{
	struct fl_file file = {.path = frame->file, .disk_path = frame->disk_path};
	if (model->file_count && bsearch(&file, model->files, model->file_count, sizeof file, compare_paths))
		return;
	for (size_t i = 0; i < races->file_count; i++)
		if (!strcmp(races->files[i].path, file.path))
			return;
	file.source = access(file.disk_path, R_OK) ? FL_SOURCE_MISSING : FL_SOURCE_FOUND;
	races->files[races->file_count++] = file;
}

static void add_files(struct fl_race_reader *reader, const struct fl_sources *sources, struct fl_model *model)
{
	struct fl_races *races = &model->races;
	size_t most = 0;
	for (size_t i = 0; i < races->race_count; i++)
		most += races->races[i].access_count;
	races->files = fl_arena_array(reader->arena, most + 1, sizeof *races->files);
	for (size_t i = 0; i < races->race_count; i++) {
		const struct fl_race *race = &races->races[i];
		for (size_t j = 0; j < race->access_count && !race->suppressed_by; j++) {
			const struct fl_frame *top = fl_race_top(&race->accesses[j].stack);
			if (top && top->disk_path && fl_sources_wants(sources, top->disk_path))
				add_file(races, model, top);
		}
	}
	if (races->file_count)
		qsort(races->files, races->file_count, sizeof *races->files, compare_paths);
}

void fl_races_finish(struct fl_race_reader *reader, const struct fl_sources *sources, struct fl_model *model)
{
	struct fl_races *races = &model->races;
	races->looked = reader->looked;
	races->processes = (uint32_t)reader->process_count;
	races->runs = (uint32_t)reader->run_names.count;
	merge(reader, races);
	add_seen(reader, races);
	races->losses =
		keep(reader, reader->losses, reader->loss_count, sizeof *races->losses, compare_losses);
	races->loss_count = reader->loss_count;
	races->bare = keep(reader, reader->bare, reader->bare_count, sizeof *races->bare, compare_words);
	races->bare_count = reader->bare_count;
	add_files(reader, sources, model);
	fl_arena_adopt(model->arena, reader->arena);
	reader->arena = NULL;
}
