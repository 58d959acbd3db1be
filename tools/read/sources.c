/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sources.c: see sources.h.
 */
#include "read/sources.h"

#include <stdlib.h>
#include <string.h>

#include "read/markers.h"
#include "read/paths.h"
#include "read/text_facts.h"
#include "util/files.h"
#include "util/map.h"
#include "util/md5.h"
#include "util/memory.h"
#include "util/progress.h"
#include "util/team.h"

struct pair {
	size_t source;
	const unsigned char *digest; /* NULL: unknown */
	int64_t seen;
	enum fl_source_fate fate;
	size_t dropped; /* records left out because of the fate */
};

struct source {
	const char *path; /* canonical */
	const char *shown;
	enum fl_source_state state;
	enum { WANTED, SYSTEM, UNWANTED } filtered;
	size_t file;   /* in the builder */
	size_t chosen; /* a pair whose digest is reported */
	struct fl_exclusions exclusions;
	struct fl_text_facts text;
};

struct fl_sources {
	const struct fl_filter *filter;
	struct fl_arena *arena;
	struct fl_map pair_keys, source_keys;
	const char *root, *base;
	struct pair *pairs;
	size_t pair_count, pair_capacity;
	struct source *sources;
	size_t source_count, source_capacity;
};

struct fl_sources *fl_sources_new(const struct fl_filter *filter)
{
	struct fl_sources *sources = fl_alloc(sizeof *sources);
	sources->filter = filter;
	sources->arena = fl_arena_new();
	fl_map_init(&sources->pair_keys, sources->arena);
	fl_map_init(&sources->source_keys, sources->arena);
	if (filter->root)
		sources->base = sources->root = fl_paths_canonical(
			sources->arena, filter->root, &(struct fl_words){0}, fl_paths_base(sources->arena));
	else
		sources->base = fl_paths_base(sources->arena);
	return sources;
}

void fl_sources_free(struct fl_sources *sources)
{
	for (size_t i = 0; i < sources->source_count; i++) {
		free(sources->sources[i].exclusions.items);
		fl_text_facts_free(&sources->sources[i].text);
	}
	fl_map_free(&sources->pair_keys);
	fl_map_free(&sources->source_keys);
	fl_arena_free(sources->arena);
	free(sources->pairs);
	free(sources->sources);
	free(sources);
}

static size_t add_source(struct fl_sources *sources, const char *path)
{
	char *canonical = fl_paths_canonical(sources->arena, path, &sources->filter->path_map, sources->base);
	struct fl_map_entry *entry = fl_map_put(&sources->source_keys, canonical, strlen(canonical));
	if (entry->value == SIZE_MAX) {
		entry->value = sources->source_count;
		*FL_PUSH(sources->sources, sources->source_count, sources->source_capacity) =
			(struct source){.path = canonical, .file = SIZE_MAX, .chosen = SIZE_MAX};
	}
	return entry->value;
}

/* The key of a pair is the digest (zeros: none) and the path as the data have it. */
void fl_sources_see(struct fl_sources *sources, size_t pair, int64_t seen)
{
	if (seen > sources->pairs[pair].seen)
		sources->pairs[pair].seen = seen;
}

size_t fl_sources_add(struct fl_sources *sources, const char *path, size_t length,
	const unsigned char *digest, int64_t seen)
{
	char *key = fl_alloc(FL_MD5_BYTES + length + 1);
	if (digest)
		memcpy(key, digest, FL_MD5_BYTES);
	memcpy(key + FL_MD5_BYTES, path, length);
	struct fl_map_entry *entry = fl_map_put(&sources->pair_keys, key, FL_MD5_BYTES + length);
	free(key);
	if (entry->value == SIZE_MAX) {
		entry->value = sources->pair_count;
		*FL_PUSH(sources->pairs, sources->pair_count, sources->pair_capacity) = (struct pair){
			.source = add_source(sources, entry->key + FL_MD5_BYTES),
			.digest = digest ? (const unsigned char *)entry->key : NULL,
		};
	}
	fl_sources_see(sources, entry->value, seen);
	return entry->value;
}

static bool any_matches(const struct fl_words *globs, const struct source *source)
{
	for (size_t i = 0; i < globs->count; i++)
		if (fl_text_glob(globs->items[i], source->shown) ||
			fl_text_glob(globs->items[i], source->path))
			return true;
	return false;
}

static void filter(const struct fl_filter *filter, struct source *source, const char *root)
{
	bool included = any_matches(&filter->include, source);
	if ((filter->include.count && !included) || any_matches(&filter->exclude, source))
		source->filtered = UNWANTED;
	else if (!included && !filter->system_headers && fl_paths_is_system(source->path) &&
		 (!fl_text_below(source->path, root) || !strcmp(root, "/")))
		source->filtered = SYSTEM;
}

static const char *find_root(const struct fl_sources *sources)
{
	const char **own = fl_resize(NULL, sources->source_count, sizeof *own);
	size_t count = 0;
	for (size_t i = 0; i < sources->source_count; i++)
		if (!fl_paths_is_system(sources->sources[i].path))
			own[count++] = sources->sources[i].path;
	const char *root = fl_paths_find_root(sources->arena, own, count);
	free(own);
	return root;
}

/* Macros that check what has to be: their other outcome is no case that a test could or should try. */
static const struct fl_words checking = {
	.items = (const char *[]){"assert", "*_assert", "assert_*", "*_assert_*", "ASSERT*", "*_ASSERT*",
		"CHECK*", "DCHECK*", "EXPECT_*", "REQUIRE*", "VERIFY*", "SCHECK*"},
	.count = 12,
};

/* Reads the source: which version it is, and what it excludes. */
static void look_at_disk(
	const struct macro_names *folded, struct source *source, unsigned char digest[FL_MD5_BYTES])
{
	struct fl_bytes bytes;
	if (fl_bytes_map(source->path, &bytes)) {
		source->state = FL_SOURCE_MISSING;
		return;
	}
	source->state = FL_SOURCE_CHANGED; /* until a pair is found to have this digest */
	fl_md5(bytes.data, bytes.size, digest);
	fl_markers_scan(&source->exclusions, (const char *)bytes.data, bytes.size);
	fl_text_facts_scan(&source->text, (const char *)bytes.data, bytes.size, folded);
	fl_bytes_unmap(&bytes);
}

/* Of the versions of a source: the one on disk, else the latest. */
static void choose_versions(struct fl_sources *sources, unsigned char (*digests)[FL_MD5_BYTES])
{
	for (size_t i = 0; i < sources->pair_count; i++) {
		const struct pair *pair = &sources->pairs[i];
		struct source *source = &sources->sources[pair->source];
		if (source->filtered != WANTED || !pair->digest)
			continue;
		bool on_disk = source->state != FL_SOURCE_MISSING &&
			       !memcmp(pair->digest, digests[pair->source], FL_MD5_BYTES);
		if (on_disk)
			source->state = FL_SOURCE_FOUND;
		if (on_disk || source->chosen == SIZE_MAX ||
			(source->state != FL_SOURCE_FOUND &&
				pair->seen > sources->pairs[source->chosen].seen))
			source->chosen = i;
	}
	for (size_t i = 0; i < sources->source_count; i++) { /* nothing to compare with */
		struct source *source = &sources->sources[i];
		if (source->state == FL_SOURCE_CHANGED && source->chosen == SIZE_MAX)
			source->state = FL_SOURCE_FOUND;
	}
}

static void settle_fates(struct fl_sources *sources)
{
	for (size_t i = 0; i < sources->pair_count; i++) {
		struct pair *pair = &sources->pairs[i];
		const struct source *source = &sources->sources[pair->source];
		const unsigned char *chosen =
			source->chosen == SIZE_MAX ? NULL : sources->pairs[source->chosen].digest;
		if (source->filtered != WANTED)
			pair->fate = FL_SOURCE_FILTERED;
		else if (chosen && pair->digest && memcmp(chosen, pair->digest, FL_MD5_BYTES))
			pair->fate = FL_SOURCE_STALE;
	}
}

static void declare(struct source *source, struct fl_build *build)
{
	/* Markers of another version would exclude the wrong lines. */
	size_t exclusions = source->state == FL_SOURCE_FOUND ? source->exclusions.count : 0;
	source->file =
		fl_build_file(build, &(struct fl_source_facts){
					     .path = source->shown,
					     .disk_path = source->path,
					     .state = source->state,
					     .exclusions = source->exclusions.items,
					     .exclusion_count = exclusions,
					     .text = source->state == FL_SOURCE_FOUND ? &source->text : NULL,
				     });
}

struct look {
	struct fl_sources *sources;
	struct macro_names folded;
	unsigned char (*digests)[FL_MD5_BYTES];
};

static void look_at_one(void *context, size_t index, struct fl_arena *arena)
{
	const struct look *look = context;
	const struct fl_sources *sources = look->sources;
	struct source *source = &sources->sources[index];
	(void)arena;
	filter(sources->filter, source, sources->root);
	if (source->filtered == WANTED && sources->filter->other_revision)
		source->state = FL_SOURCE_MISSING;
	else if (source->filtered == WANTED)
		look_at_disk(&look->folded, source, look->digests[index]);
	fl_progress_step();
}

void fl_sources_resolve(struct fl_sources *sources, struct fl_build *build)
{
	const struct fl_words *folded = &sources->filter->fold_macros;
	if (!sources->root)
		sources->root = find_root(sources);
	for (size_t i = 0; i < sources->source_count; i++) {
		const char *below = fl_text_below(sources->sources[i].path, sources->root);
		sources->sources[i].shown = below ? below : sources->sources[i].path;
	}
	unsigned char(*digests)[FL_MD5_BYTES] = fl_alloc((sources->source_count + 1) * sizeof *digests);
	struct look look = {.sources = sources, .digests = digests};
	fl_macro_names_begin(&look.folded, folded->count ? folded : &checking);
	fl_progress_begin("sources read:", sources->source_count);
	fl_team_run(sources->source_count, look_at_one, &look, sources->arena);
	fl_progress_end();
	choose_versions(sources, digests);
	free(digests);
	settle_fates(sources);
	for (size_t i = 0; i < sources->source_count; i++)
		if (sources->sources[i].filtered == WANTED)
			declare(&sources->sources[i], build);
}

enum fl_source_fate fl_sources_fate(const struct fl_sources *sources, size_t pair, size_t *file)
{
	*file = sources->sources[sources->pairs[pair].source].file;
	return sources->pairs[pair].fate;
}

const char *fl_sources_shown(const struct fl_sources *sources, size_t pair)
{
	return sources->sources[sources->pairs[pair].source].shown;
}

const char *fl_sources_disk(const struct fl_sources *sources, size_t pair)
{
	return sources->sources[sources->pairs[pair].source].path;
}

bool fl_sources_wants(const struct fl_sources *sources, const char *disk_path)
{
	const struct fl_map_entry *entry = fl_map_get(&sources->source_keys, disk_path, strlen(disk_path));
	return entry && sources->sources[entry->value].filtered == WANTED;
}

bool fl_sources_includes(const struct fl_sources *sources, size_t pair, uint32_t line)
{
	const struct fl_text_facts *text = &sources->sources[sources->pairs[pair].source].text;
	return line < text->line_count && text->lines[line] == FL_TEXT_INCLUDE;
}

void fl_sources_drop(struct fl_sources *sources, size_t pair)
{
	sources->pairs[pair].dropped++;
}

void fl_sources_note(const struct fl_sources *sources, struct fl_build *build)
{
	for (size_t i = 0; i < sources->pair_count; i++) {
		const struct pair *pair = &sources->pairs[i];
		if (pair->fate == FL_SOURCE_STALE && pair->dropped)
			fl_build_note(build, true,
				"%s: counts of an older version of it were left out (%zu functions); run "
				"with "
				"--fresh to start over",
				sources->sources[pair->source].shown, pair->dropped);
	}
	for (size_t i = 0; i < sources->source_count; i++) {
		const struct source *source = &sources->sources[i];
		if (source->state == FL_SOURCE_CHANGED)
			fl_build_note(build, false,
				"%s: changed since it was compiled: what is shown beside its lines may not "
				"belong there",
				source->shown);
		if (source->state == FL_SOURCE_FOUND && source->exclusions.unclosed)
			fl_build_note(build, false,
				"%s:%u: this exclusion has no STOP: all to the end is excluded",
				source->shown, source->exclusions.unclosed);
		if (source->state == FL_SOURCE_FOUND && source->exclusions.unopened)
			fl_build_note(build, false, "%s:%u: a STOP of an exclusion that did not START",
				source->shown, source->exclusions.unopened);
	}
}

const char *fl_sources_root(const struct fl_sources *sources)
{
	return sources->root;
}

struct fl_source_tally fl_sources_tally(const struct fl_sources *sources)
{
	struct fl_source_tally tally = {.files = sources->source_count};
	for (size_t i = 0; i < sources->source_count; i++) {
		tally.system += sources->sources[i].filtered == SYSTEM;
		tally.globs += sources->sources[i].filtered == UNWANTED;
	}
	return tally;
}
