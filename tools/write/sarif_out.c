/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sarif_out.c: see sarif_out.h.
 */
#include "write/sarif_out.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static const char base_id[] = "SRCROOT";

static const struct rule {
	const char *kind, *text;
} rules[] = {
	{"data-race",
		"Two threads access the same memory, at least one of them writes, and no synchronisation "
		"orders the two accesses. The program has undefined behaviour."},
	{"data-race-vptr",
		"An object's virtual table pointer changes, as in a destructor, while another thread "
		"uses the object without synchronisation."},
	{"heap-use-after-free", "A thread frees memory that another one uses without synchronisation."},
	{"heap-use-after-free-vptr", "A thread frees an object that another one calls a virtual function of "
				     "without synchronisation."},
};

const char *fl_sarif_rule_text(const char *kind)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (!strcmp(rules[i].kind, kind))
			return rules[i].text;
	return "A fault in how threads work together.";
}

const char *fl_sarif_rule_name(const char *kind, struct fl_arena *arena)
{
	char *name = fl_arena_bytes(arena, kind, strlen(kind)), *out = name;
	for (const char *in = kind; *in; in++)
		if (*in != '-')
			*out++ = in == kind || in[-1] == '-' ? (char)toupper((unsigned char)*in) : *in;
	*out = '\0';
	return name;
}

/* A path as a URI reference (RFC 3986): unreserved characters and slashes stay. */
static void write_uri(struct json_out *json, const char *key, const char *path)
{
	bool absolute = *path == '/';
	size_t room = 3 * strlen(path) + sizeof "file://";
	char *uri = fl_alloc(room), *out = uri;
	if (absolute)
		out += sprintf(out, "file://");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (isalnum(*p) || strchr("/-._~", *p))
			*out++ = (char)*p;
		else
			out += sprintf(out, "%%%02X", *p);
	}
	*out = '\0';
	json_text(json, key, uri);
	free(uri);
}

static void write_region(struct json_out *json, const struct fl_frame *frame)
{
	if (!frame->line)
		return;
	json_open(json, "region", '{');
	json_number(json, "startLine", frame->line);
	if (frame->column)
		json_number(json, "startColumn", frame->column);
	if (frame->text && *frame->text) {
		json_open(json, "snippet", '{');
		json_text(json, "text", frame->text);
		json_close(json, '}');
	}
	json_close(json, '}');
}

static void write_address(struct json_out *json, const struct fl_frame *frame)
{
	json_open(json, "address", '{');
	if (frame->module) {
		json_text(json, "name", frame->module);
		json_number(json, "relativeAddress", frame->offset);
	} else {
		json_number(json, "absoluteAddress", frame->offset);
	}
	json_close(json, '}');
}

static void write_physical(struct json_out *json, const struct fl_frame *frame)
{
	json_open(json, "physicalLocation", '{');
	if (frame->file) {
		json_open(json, "artifactLocation", '{');
		write_uri(json, "uri", frame->file);
		if (*frame->file != '/')
			json_text(json, "uriBaseId", base_id);
		json_close(json, '}');
		write_region(json, frame);
	} else {
		write_address(json, frame);
	}
	json_close(json, '}');
}

static void write_logical(struct json_out *json, const struct fl_frame *frame)
{
	if (!frame->function)
		return;
	json_open(json, "logicalLocations", '[');
	json_open(json, NULL, '{');
	json_text(json, "fullyQualifiedName", frame->function);
	json_text(json, "kind", "function");
	json_close(json, '}');
	json_close(json, ']');
}

void fl_sarif_location_as(struct json_out *json, const char *key, const struct fl_frame *frame,
	const struct fl_sarif_words *words)
{
	json_open(json, key, '{');
	if (words->id)
		json_number(json, "id", words->id);
	write_physical(json, frame);
	write_logical(json, frame);
	if (words->message) {
		json_open(json, "message", '{');
		json_text(json, "text", words->message);
		json_close(json, '}');
	}
	json_close(json, '}');
}

void fl_sarif_location(
	struct json_out *json, const struct fl_frame *frame, const struct fl_sarif_words *words)
{
	fl_sarif_location_as(json, NULL, frame, words);
}

void fl_sarif_stack_frame(struct json_out *json, const struct fl_frame *frame)
{
	json_open(json, NULL, '{');
	fl_sarif_location_as(json, "location", frame, &(struct fl_sarif_words){NULL, 0});
	if (frame->module)
		json_text(json, "module", frame->module);
	json_close(json, '}');
}

void fl_sarif_base(struct json_out *json, const char *root)
{
	char *directory = fl_alloc(strlen(root) + 2);
	sprintf(directory, "%s%s", root, root[strlen(root) - 1] == '/' ? "" : "/");
	json_open(json, "originalUriBaseIds", '{');
	json_open(json, base_id, '{');
	write_uri(json, "uri", directory);
	json_close(json, '}');
	json_close(json, '}');
	free(directory);
}
