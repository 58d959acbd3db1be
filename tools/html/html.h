/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * html.h: the report that people open: static pages from a model.
 *
 * The pages need no network, no JavaScript and no inline style, so that they work from file:// and under
 * `default-src 'none'; style-src 'self'; img-src 'self'`. script.js adds search, sorting and keys.
 * Nothing here knows where the model came from. See docs/design/html.md.
 */
#ifndef FURLONG_HTML_H
#define FURLONG_HTML_H

struct fl_model;
struct fl_error;

struct fl_html_options {
	const char *directory; /* made when it is not there; pages of an earlier report are replaced */
	const char *title;     /* what was measured; NULL: "Coverage" */
	const char *command;   /* shown in the footer; NULL: left out */
	const char *time;      /* when, as text; NULL: left out, and two reports of the same data are equal */
	unsigned jobs;         /* threads; 0: as many as there are processors */
};

/* Writes DIRECTORY/index.html and everything it links to. 0, or -1 with *error. */
int fl_html_write(
	const struct fl_model *model, const struct fl_html_options *options, struct fl_error *error);

#endif
