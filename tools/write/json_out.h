/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_out.h: JSON written as it goes, of any size, with exact 64-bit numbers. Compact.
 *
 * The caller keeps the nesting right; commas and quoting are taken care of.
 */
#ifndef FURLONG_WRITE_JSON_OUT_H
#define FURLONG_WRITE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_out {
	FILE *stream;
	bool comma; /* something stands before on this level */
};

/* `key` is NULL inside an array and at the top. */
void json_open(struct json_out *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_out *json, char bracket);                 /* '}' or ']' */
void json_number(struct json_out *json, const char *key, uint64_t number);
void json_text(struct json_out *json, const char *key, const char *text);
void json_bool(struct json_out *json, const char *key, bool value);
void json_null(struct json_out *json, const char *key);
void json_fraction(struct json_out *json, const char *key, double value);
void json_newline(struct json_out *json); /* between elements, for those who look at the file */

#endif
