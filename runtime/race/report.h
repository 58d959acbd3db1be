/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report.h: what the report_*.c files share. Of reports only; everything under the report lock unless said
 * otherwise.
 */
#ifndef FL_RACE_REPORT_H
#define FL_RACE_REPORT_H

#include "furlong/format.h"
#include "race/cell.h"
#include "race/place.h"
#include "race/race.h"

/* ---- text that grows (report_out.c) ---------------------------------------------------------------- */

struct fl_report_out {
	char *text; /* ends in NUL */
	size_t length, capacity;
	bool failed; /* no memory: what follows is dropped */
};
void fl_report_put(struct fl_report_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fl_report_put_bytes(struct fl_report_out *out, const char *bytes, size_t size);
void fl_report_put_field(struct fl_report_out *out, const char *text); /* a blank, and percent-encoded */
void fl_report_out_clear(struct fl_report_out *out);

/* ---- loaded objects (report_objects.c) --------------------------------------------------------------- */

struct fl_report_object {
	uintptr_t begin, end, bias;
	uint32_t number; /* in the block being written, + 1; 0: not named yet */
	bool bare;       /* the program's own code, without the instrument */
	char path[512], build_id[65];
};
struct fl_report_objects {
	struct fl_report_object *items;
	size_t count, numbered;
	size_t mapped_bytes;
};
/* Takes the loader's lock: without ours. */
/* The module at the address stays known when it is closed. Likewise. */
void fl_report_objects_remember(const void *address);
void fl_report_objects_look(struct fl_report_objects *objects);
void fl_report_objects_drop(struct fl_report_objects *objects);
struct fl_report_object *fl_report_object_at(struct fl_report_objects *objects, uintptr_t address);

/* ---- a report's parts, in order (report_walk.c) ------------------------------------------------------- */

struct fl_finding;
struct fl_report_known;

struct fl_report {
	const char *kind;
	uint64_t key;
	uintptr_t address;                 /* what it is about: location; 0: nothing */
	const struct fl_race_found *found; /* a race; NULL: */
	const struct fl_finding *finding;  /* anything else */
	bool awaited;                      /* somebody must know whether it is suppressed */
	struct fl_report_objects *objects;
	const struct fl_report_sink *sink;
	struct fl_report_out *out;
};

#define FL_REPORT_LOCKS 16 /* held by one thread, as far as a report lists them: the last ones */

struct fl_report_side { /* one of the two accesses; or, with a title, a step of a finding */
	const char *title;
	bool first, write, atomic, free;
	size_t size;
	uintptr_t address;
	uint32_t thread;
	struct fl_held_lock held[FL_REPORT_LOCKS];
	size_t held_count;
};

/* Releases of the earlier access's thread, at least. */
struct fl_report_order {
	bool heard;             /* of anything that it did */
	uint32_t before, since; /* from what was heard, or its birth, to its access; and after that */
};

/* A form of reports: the data file's, and plain text without names. */
struct fl_report_sink {
	void (*access)(struct fl_report *report, const struct fl_report_side *side);
	/* What the later access's thread knew of the earlier one's; NULL: the form does not say it. */
	void (*order)(struct fl_report *report, const struct fl_report_order *order);
	void (*says)(struct fl_report *report, const char *text);
	void (*step)(struct fl_report *report, const struct fl_report_side *side);
	void (*location)(struct fl_report *report, const struct fl_where *where);
	void (*lock)(struct fl_report *report, const struct fl_race_lock *lock);
	void (*thread)(struct fl_report *report, const struct fl_race_person *person);
	/* Of what was said before; object NULL: address in none. */
	void (*frame)(
		struct fl_report *report, size_t number, struct fl_report_object *object, uint64_t offset);
	void (*cut)(struct fl_report *report);
	void (*stack_end)(struct fl_report *report);
};
void fl_report_walk(struct fl_report *report);
/* Of its first stack. */
struct fl_race_context fl_report_first(const struct fl_report *report);

/* ---- reporting (report.c): any thread, inside the runtime, no lock held -------------------------------- */

/* Once; what repeats was told apart by fl_report_know. False: it is known to be suppressed. */
bool fl_report(struct fl_report *report, struct fl_report_known *known);
uint64_t fl_report_mix(uint64_t hash, uint64_t word);
/* Ends the process with the status of reports. */
void fl_report_halt(void);

/* ---- forms (report_data.c, report_text.c) ---------------------------------------------------------------
 */

/* The whole block. */
void fl_report_data(struct fl_report *report, struct fl_report_out *out);
/* "furlong-race 1", process and program; then lines; then "end". */
void fl_report_data_head(struct fl_report_out *out);
void fl_report_data_append(const struct fl_report_out *block); /* to the race file, by one write */
/* The race file: a descriptor, or -errno. */
int fl_report_data_open(void);
void fl_report_data_close(int fd);
void fl_report_data_init(void);
void fl_report_text(struct fl_report *report, struct fl_report_out *out);

/* ---- what was reported (report_known.c): any thread, no lock ----------------------------------------------
 */

struct fl_report_known {
	uint64_t key;           /* 0: free */
	uint64_t times;         /* how often it happened */
	uint64_t told;          /* of those, how many the race file knows of */
	const char *suppressed; /* by what; NULL: not */
};
/* The entry, made when there was none (*is_new); NULL: the table is full, and that was counted. */
struct fl_report_known *fl_report_know(uint64_t key, bool *is_new);
void fl_report_known_each(void (*each)(struct fl_report_known *known, void *data), void *data);
void fl_report_known_fork_child(void);
uint64_t fl_report_unknown(void); /* how many found no place in the table */

/* ---- to the tool and back (report_spool.c)
 * ------------------------------------------------------------------- */

/* Room for a report's answer: for a suppression, or for the text as it was printed. */
#define FL_SPOOL_ANSWER ((size_t)512)
#define FL_SPOOL_TEXT   FL_TINY((size_t)1 << 20, (size_t)8 << 10)

struct fl_spool_report {
	uint64_t cookie;
	const char *block, *text, *answer; /* without names, the text */
	size_t block_bytes, text_bytes, answer_bytes;
	uint32_t verdict; /* FURLONG_VERDICT_*; 0: none yet */
	bool is_answered; /* and printed */
};
/* New memory, to which what waits moves; its descriptor, or -errno: all is as it was. */
int fl_spool_open(const struct fl_report_out *options, uint32_t seconds);
void fl_spool_drop(void);
bool fl_spool_put(const struct fl_spool_report *words); /* false: no room, or none at all */
size_t fl_spool_waiting(void);
bool fl_spool_look(struct fl_spool_report *words); /* at the oldest; false: none waits */
void fl_spool_take(void);

/* ---- names and lines (report_symbolizer.c)
 * ------------------------------------------------------------------- */

struct fl_report_answer {
	uint32_t verdict;           /* 0: nobody answered */
	struct fl_report_out *text; /* becomes what was printed */
};
/* True: it will be printed, or was. False: there is nobody to find names. */
bool fl_report_ask(const struct fl_spool_report *words);
/* Until all is printed. What was said of the last one goes to *last, if that is given. */
void fl_report_wait(struct fl_report_answer *last);
void fl_report_answered(const struct fl_spool_report *words); /* report.c: of each, once, in order */
void fl_report_symbolizer_init(void);
void fl_report_symbolizer_fork_child(void);
void fl_report_symbolizer_keep(void); /* fl_report_keep */
void fl_report_data_keep(void);

/* ---- suppressions (report_suppress.c)
 * --------------------------------------------------------------------------- */

void fl_report_suppress_init(void);
const char *fl_report_suppress_text(void);                    /* the file's contents; "" */
const char *fl_report_suppress_keep(const char *suppression); /* a copy that stays */
void fl_report_suppress_at_exit(void);

/* ---- the end (report_end.c)
 * -------------------------------------------------------------------------------- */

void fl_report_end_data(struct fl_report_objects *objects);
void fl_report_end_fork_child(void);

#endif
