/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * variants.h: inside model/ only: one function that was compiled into several shapes.
 *
 * Other macros, `if constexpr`, other compilers: the same function comes with different regions. Were they
 * put in one pool, those of one build would nest in those of another and hide their counts. So bodies that
 * begin at the same place are variants of each other: each is flattened by itself, and what they say about
 * a place is added up. Bodies with the same ranges are one variant. A place with one variant, which is
 * nearly all, needs nothing of this.
 *
 * Naive model: a character's count is the sum, over the variants of the body around it, of the innermost
 * region's count there; a line's count likewise is the sum of what each variant says for it. Where several
 * bodies meet (a lambda in a function), the innermost region of all decides whose text it is.
 */
#ifndef FURLONG_MODEL_VARIANTS_H
#define FURLONG_MODEL_VARIANTS_H

#include "model/file.h"

struct fl_map;

/* Adds the counts of a body to those of its equal, or keeps it. `known` is the builder's, for all files. */
void fl_variants_add(struct raw_file *raw, size_t file, struct fl_map *known,
	const struct raw_region *regions, size_t count, bool emitted);

/* Moves all bodies to raw->regions. Returns the places that have several variants, or NULL: there is none. */
struct variants *fl_variants_split(struct raw_file *raw);
void fl_variants_free(struct variants *variants);

/* The file flattened; a segment of a place with variants has its number and their sum. */
void fl_variants_segments(const struct variants *variants, struct segments *out);

/* As lines.c judges a line; items[0..count) are all segments that start on it, one at least. */
enum line_kind fl_variants_judge(struct variants *variants, const struct segment *items, size_t count,
	const struct segment *wrapped, uint64_t *result);

#endif
