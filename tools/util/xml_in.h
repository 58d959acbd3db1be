/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * xml_in.h: the tags of an XML document, one after the other. Builds no tree, fetches nothing, expands only
 * the five entities that every document has, and numbers.
 */
#ifndef FURLONG_UTIL_XML_IN_H
#define FURLONG_UTIL_XML_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_arena;

struct xml_in {
	const char *at, *end;
	const char *wrong; /* NULL: all is well */
	const char *name;  /* of the present tag; borrowed */
	size_t name_length;
	const char *attributes, *attributes_end;
	bool closing; /* </name> */
	bool empty;   /* <name/> */
};

void xml_in_begin(struct xml_in *in, const char *bytes, size_t size);
/* Whether there is another tag. */
bool xml_in_tag(struct xml_in *in);
bool xml_in_is(const struct xml_in *in, const char *name);
/* In the arena; NULL: there is none. */
const char *xml_in_attribute(const struct xml_in *in, const char *name, struct fl_arena *arena);
uint64_t xml_in_number(const struct xml_in *in, const char *name); /* 0 when there is none */
/* The text up to the next tag. */
const char *xml_in_text(struct xml_in *in, struct fl_arena *arena);

#endif
