/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * html.h: the report that people open: static pages from a model.
 *
 * The pages need no network, no JavaScript and no inline style, so that they work from file:// and under
 * `default-src 'none'; style-src 'self'; img-src 'self'`. script.js adds search, sorting and keys.
 * What is packed, for size, is for those who allow scripts.
 * Nothing here knows where the model came from. See docs/design/html.md.
 */
#ifndef FURLONG_HTML_H
#define FURLONG_HTML_H

struct fl_model;
struct fl_error;
struct fl_tests;

/* Pages say the same in each form. Packed ones need script.js to be read. */
enum fl_html_form {
	FL_HTML_PAGES,   /* each page is a file; packed ones beside them are for search */
	FL_HTML_COMPACT, /* sources are packed only, and shown by view.html */
	FL_HTML_SINGLE,  /* all in one file: the overview as it is, the rest packed */
};

struct fl_html_options {
	enum fl_html_form form;
	const char *directory; /* made when it is not there; pages of an earlier report are replaced */
	const char *single;    /* the file, of that form; then there is no directory */
	const char *title;     /* what was measured; NULL: "Coverage" */
	const char *command;   /* shown in the footer; NULL: left out */
	const char *time;      /* when, as text; NULL: left out, and two reports of the same data are equal */
	const struct fl_tests *tests; /* of this model; NULL: none are known */
	unsigned jobs;                /* threads; 0: as many as there are processors */
};

/* Writes DIRECTORY/index.html and everything it links to, or the single file. 0, or -1 with *error. */
int fl_html_write(
	const struct fl_model *model, const struct fl_html_options *options, struct fl_error *error);

#endif
