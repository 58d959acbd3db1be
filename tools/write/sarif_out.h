/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sarif_out.h: the parts of a SARIF file that are made of frames.
 */
#ifndef FURLONG_WRITE_SARIF_OUT_H
#define FURLONG_WRITE_SARIF_OUT_H

#include "model/race.h"
#include "write/json_out.h"

struct fl_sarif_words {
	const char *message; /* NULL: none */
	uint64_t id;         /* 0: none */
};

/* What a kind of finding means, in a sentence. */
const char *fl_sarif_rule_text(const char *kind);
/* "data-race" as "DataRace". */
const char *fl_sarif_rule_name(const char *kind, struct fl_arena *arena);
/* A location object; as an element of an array, or under a key. */
void fl_sarif_location(
	struct json_out *json, const struct fl_frame *frame, const struct fl_sarif_words *words);
void fl_sarif_location_as(struct json_out *json, const char *key, const struct fl_frame *frame,
	const struct fl_sarif_words *words);
void fl_sarif_stack_frame(struct json_out *json, const struct fl_frame *frame);
/* originalUriBaseIds: what relative paths are relative to. */
void fl_sarif_base(struct json_out *json, const char *root);

#endif
