/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tokens.h: the words and marks of a C or C++ source, one by one, without its comments and directives; and
 * what each line holds. Any bytes will do: nothing is ever wrong.
 */
#ifndef FURLONG_READ_TOKENS_H
#define FURLONG_READ_TOKENS_H

#include <string.h>

#include "model/build.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_LITERAL, TOKEN_MARK /* one character */ };

struct token {
	enum token_kind kind;
	const char *text;
	size_t length;
	struct fl_position at;
};

struct tokens {
	const char *at, *end, *line_start;
	uint32_t line;
	bool line_is_fresh;   /* nothing but blanks on it so far */
	unsigned skipping;    /* levels of #if, from the one of which a part is not followed */
	unsigned never;       /* that part is of #if 0: the next one is */
	bool passes_marks;    /* none is a token, but "[" */
	const char *passed;   /* the last one that was none */
	uint32_t punctuated;  /* the line of it */
	unsigned char *lines; /* enum fl_line_text by line; the caller's to free */
	size_t line_count, line_capacity;
};

void fl_tokens_begin(struct tokens *tokens, const char *text, size_t length);
struct token fl_tokens_next(struct tokens *tokens);
/* The line that is being read holds that, unless it holds more. */
void fl_tokens_mark_line(struct tokens *tokens, enum fl_line_text what);

static inline bool fl_token_is(const struct token *token, const char *word)
{
	return token->length == strlen(word) && !memcmp(token->text, word, token->length);
}

#endif
