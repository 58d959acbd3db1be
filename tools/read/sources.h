/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sources.h: which files the paths in the data mean, under what name each is shown, and whether at all.
 *
 * Data name a file by path and digest. Several spellings of a path are one file; several digests of one
 * path are versions of it, of which one is reported: the one on disk, else the one compiled last. So:
 * first every pair is declared, then fl_sources_resolve() decides, then pairs are asked about.
 */
#ifndef FURLONG_READ_SOURCES_H
#define FURLONG_READ_SOURCES_H

#include "model/build.h"
#include "util/text.h"

struct fl_filter {
	const char *root; /* NULL: found out */
	struct fl_words include, exclude, path_map;
	struct fl_words
		fold_macros; /* globs of macros whose conditions are no branches; empty: the usual ones */
	bool system_headers;
	bool other_revision; /* the data are of sources that are not on this disk any more */
};

enum fl_source_fate {
	FL_SOURCE_KEPT,
	FL_SOURCE_FILTERED, /* the user's globs, or a system header */
	FL_SOURCE_STALE,    /* another version of a file that is reported */
};

struct fl_sources;
/* Borrows the filter, whose path map was checked. */
struct fl_sources *fl_sources_new(const struct fl_filter *filter);
void fl_sources_free(struct fl_sources *sources);
/* Declares a pair; `digest` is 16 bytes or NULL, `seen` says when the data were last written. */
size_t fl_sources_add(struct fl_sources *sources, const char *path, size_t length,
	const unsigned char *digest, int64_t seen);
/* Other data of the pair were written then. */
void fl_sources_see(struct fl_sources *sources, size_t pair, int64_t seen);
/* Looks at the disk, decides, and declares what is kept to the builder. */
void fl_sources_resolve(struct fl_sources *sources, struct fl_build *build);
/* After resolving: what becomes of a pair, and its number in the builder if it is kept. */
enum fl_source_fate fl_sources_fate(const struct fl_sources *sources, size_t pair, size_t *file);
/* The path that a pair is shown under, whatever its fate. */
const char *fl_sources_shown(const struct fl_sources *sources, size_t pair);
/* The canonical path of a pair: where to read it. */
const char *fl_sources_disk(const struct fl_sources *sources, size_t pair);
/* Whether the file with that canonical path is neither filtered out nor unknown. */
bool fl_sources_wants(const struct fl_sources *sources, const char *disk_path);
/* Whether this line of it holds an #include, as far as the source was read. */
bool fl_sources_includes(const struct fl_sources *sources, size_t pair, uint32_t line);
/* Remembers that records of this pair were left out, for fl_sources_note(). */
void fl_sources_drop(struct fl_sources *sources, size_t pair);
void fl_sources_note(const struct fl_sources *sources, struct fl_build *build);
const char *fl_sources_root(const struct fl_sources *sources);
/* How many files, and how many of them were filtered out as system headers and by globs. */
struct fl_source_tally {
	size_t files, system, globs;
};
struct fl_source_tally fl_sources_tally(const struct fl_sources *sources);

#endif
