/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source_lines.h: lines of source files, of which many are asked for: a file is read once and its lines are
 * found by number. What has changed on disk since is read anew.
 */
#ifndef FURLONG_READ_SOURCE_LINES_H
#define FURLONG_READ_SOURCE_LINES_H

#include <stdint.h>

struct fl_arena;
struct fl_source_lines;

struct fl_source_lines *fl_source_lines_new(void);
void fl_source_lines_free(struct fl_source_lines *texts);
/* A line of a file as it is, in the arena; NULL where there is no such line or file (path NULL: none), or
 * it cannot be read. */
const char *fl_source_lines_get(
	struct fl_source_lines *texts, const char *path, uint32_t line, struct fl_arena *arena);

#endif
