/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * highlight.h: where comments, strings, keywords and directives of C and C++ begin and end.
 *
 * A lexer that is fed lines and keeps what outlives them: comments, raw strings, directives and whatever a
 * backslash continues. It never fails and never looks beyond the line, so that any bytes will do.
 */
#ifndef FURLONG_HTML_HIGHLIGHT_H
#define FURLONG_HTML_HIGHLIGHT_H

#include <stdbool.h>
#include <stddef.h>

enum fl_token { FL_TOKEN_TEXT, FL_TOKEN_KEYWORD, FL_TOKEN_COMMENT, FL_TOKEN_STRING, FL_TOKEN_DIRECTIVE };

enum fl_language { FL_LANGUAGE_NONE, FL_LANGUAGE_C, FL_LANGUAGE_CXX };

struct fl_highlight {
	enum fl_language language;
	enum fl_token open; /* what the line began in the middle of, or FL_TOKEN_TEXT */
	bool line_comment;  /* the open comment ends with the line, not with a star and a slash */
	char quote;         /* the open string's end: " or ', or ) for a raw string */
	char delimiter[17]; /* of the raw string */
	bool continued;     /* the line ends with a backslash */
	bool directive;     /* within a preprocessor directive */
	bool header_name;   /* within #include: <...> is a string */
};

/* The language of a file, by its name. `header_is_cxx`: what to take a .h for. */
enum fl_language fl_highlight_language(const char *path, bool header_is_cxx);

/* Begins a file, then each line of it (without its end). */
void fl_highlight_init(struct fl_highlight *state, enum fl_language language);
void fl_highlight_line(struct fl_highlight *state, const char *line, size_t length);

/* The run that starts at `at` < length: returns where it ends, > at, and what it is. To be called with each
 * end in turn. Neighbouring runs differ in kind, but for comments and strings that touch. */
size_t fl_highlight_run(
	struct fl_highlight *state, const char *line, size_t length, size_t at, enum fl_token *kind);

#endif
