/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report.c: from a race found to a report written, printed and counted. Runs in the racing thread, whatever
 * that is doing: maybe in a signal handler, maybe with locks of the program held. All that there is to say is
 * put down at once; the names are found and the text is printed beside the program, for which nobody waits
 * but who wants to know what was printed, and the end.
 */
#include "race/report.h"

#include "core/core.h"
#include "core/options.h"
#include "core/print.h"
#include "furlong/furlong.h"
#include "race/annotate.h"

#include <string.h>

/* Guards all that report.h shares. Taken with signals blocked. */
static struct fl_lock report_lock;
static uint64_t reports_printed; /* and not suppressed */
static uint32_t reports_halting;
static int32_t report_process; /* whose reports these are */

bool fl_race_process_is_ours(void)
{
	return fl_sys_process() == report_process;
}

__attribute__((weak, noinline)) FL_PUBLIC void furlong_on_report(const struct furlong_report *report)
{
	__asm__ volatile("" : : "r"(report) : "memory"); /* a place for a breakpoint */
}

static __typeof(furlong_on_report) nobody_on_report __attribute__((alias("furlong_on_report")));

/* Somebody is told of it, or stands at the breakpoint; or it ends the program. */
static bool report_is_awaited(const struct fl_report *report)
{
	void (*volatile hook)(const struct furlong_report *) = furlong_on_report;

	return report->awaited || fl_options.halt_on_error || __tsan_on_report || hook != nobody_on_report ||
	       fl_sys_is_traced();
}

/* ---- which race it is -------------------------------------------------------------------------------------
 */

uint64_t fl_report_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static uintptr_t report_pc(const struct fl_race_access *access)
{
	return (uintptr_t)fl_context_get(access->context, access->byte).pc;
}

static uint64_t report_stack(const struct fl_race_access *access)
{
	struct fl_race_context context = fl_context_get(access->context, access->byte);

	return (uint64_t)context.node << 32 | context.size;
}

/* The two places in the code, in either order. */
static uint64_t report_key(const struct fl_race_found *found)
{
	uintptr_t now = report_pc(&found->now), before = report_pc(&found->before);
	uint64_t hash = 0;

	for (const char *c = found->kind; *c; c++)
		hash = fl_report_mix(hash, (uint8_t)*c);
	hash = fl_report_mix(fl_report_mix(hash, now < before ? now : before), now < before ? before : now);
	if (fl_options.report_each_address) {
		hash = fl_report_mix(fl_report_mix(hash, found->now.address), found->before.address);
		hash = fl_report_mix(
			fl_report_mix(hash, report_stack(&found->now)), report_stack(&found->before));
	}
	return hash ? hash : 1;
}

/* ---- reporting
 * --------------------------------------------------------------------------------------------- */

static void report_count(struct fl_report_known *known, uint32_t verdict, const char *suppression)
{
	if (verdict == FURLONG_VERDICT_SUPPRESSED)
		known->suppressed = fl_report_suppress_keep(suppression);
	else
		reports_printed++;
}

void fl_report_answered(const struct fl_spool_report *words)
{
	char suppression[FL_SPOOL_ANSWER];

	fl_print_to(suppression, sizeof(suppression), "%.*s",
		words->verdict == FURLONG_VERDICT_SUPPRESSED ? (int)words->answer_bytes : 0, words->answer);
	report_count((struct fl_report_known *)words->cookie, words->verdict, suppression);
}

/* No tool; or a report that is too long for it. */
static void report_print(
	const struct fl_report *report, struct fl_report_known *known, const struct fl_report_out *text)
{
	fl_report_wait(NULL);
	if (text->length)
		fl_print_text(text->text, text->length);
	else
		fl_print_message("a %s was found, and there is no memory to say more of it", report->kind);
	report_count(known, FURLONG_VERDICT_NEW, NULL);
}

/* Its verdict, if that is awaited; `text` is then what was printed. */
static uint32_t report_issue(
	struct fl_report *report, struct fl_report_known *known, struct fl_report_out *text)
{
	struct fl_report_out block = {0};
	bool awaited = report_is_awaited(report), asked = false;
	struct fl_report_answer answer = {.text = text};

	fl_report_text(report, text);
	fl_report_data(report, &block);
	if (!block.failed) {
		fl_report_data_append(&block);
		known->told = 1;
		asked = !text->failed && fl_report_ask(&(struct fl_spool_report){
						 .cookie = (uintptr_t)known,
						 .block = block.text,
						 .block_bytes = block.length,
						 .text = text->text,
						 .text_bytes = text->length,
						 .answer_bytes = awaited ? FL_SPOOL_TEXT : FL_SPOOL_ANSWER,
					 });
	}
	if (!asked)
		report_print(report, known, text);
	else if (awaited)
		fl_report_wait(&answer);
	fl_report_out_clear(&block);
	return asked && !awaited ? 0 : answer.verdict ? answer.verdict : FURLONG_VERDICT_NEW;
}

void fl_report_halt(void)
{
	if (__atomic_exchange_n(&reports_halting, 1, __ATOMIC_RELAXED))
		return;
	fl_at_exit();
	fl_sys_exit_group(fl_options.exitcode);
}

bool fl_report(struct fl_report *report, struct fl_report_known *known)
{
	struct fl_report_objects objects;
	struct fl_report_out text = {0};
	struct furlong_report told = {sizeof(told), report->kind, "", (const volatile void *)report->address};
	uint64_t mask = fl_sys_signals_block();
	uint32_t verdict;

	report->objects = &objects;
	fl_report_objects_look(&objects); /* the loader's lock, hence before ours */
	fl_lock_take(&report_lock);
	verdict = report_issue(report, known, &text);
	fl_lock_drop(&report_lock);
	if (verdict == FURLONG_VERDICT_NEW)
		fl_tsan_tell(report);
	fl_report_objects_drop(&objects);
	fl_sys_signals_restore(mask);
	if (verdict == FURLONG_VERDICT_NEW) {
		told.text = text.text ? text.text : "";
		fl_tsan_told();
		furlong_on_report(&told);
	}
	fl_report_out_clear(&text);
	if (verdict == FURLONG_VERDICT_NEW && fl_options.halt_on_error)
		fl_report_halt();
	return verdict != FURLONG_VERDICT_SUPPRESSED;
}

/* Of an atomic and a plain access, which an option may allow. */
static bool report_counts_atomics(const struct fl_race_found *found)
{
	struct fl_race_context now = fl_context_get(found->now.context, found->now.byte);
	struct fl_race_context before = fl_context_get(found->before.context, found->before.byte);

	return fl_options.report_atomic_races || !((now.what | before.what) & FL_WHAT_ATOMIC);
}

void fl_report_race(const struct fl_race_found *found)
{
	struct fl_report report = {
		.kind = found->kind, .key = report_key(found), .address = found->now.address, .found = found};
	bool is_new;
	struct fl_report_known *known;

	if (fl_race_blind || !fl_options.report_bugs || fl_benign_has(found->now.address) ||
		!report_counts_atomics(found))
		return;
	fl_notice_birth();
	known = fl_report_know(report.key, &is_new);
	if (known && is_new)
		fl_report(&report, known);
}

/* ---- begin and end
 * ------------------------------------------------------------------------------------------ */

void fl_report_init(void)
{
	report_process = fl_sys_process();
	fl_report_data_init();
	fl_report_suppress_init();
	fl_report_symbolizer_init();
}

/* Another thread may have been reporting. */
void fl_report_fork_child(void)
{
	report_process = fl_sys_process();
	report_lock = (struct fl_lock){0};
	reports_printed = 0;
	reports_halting = 0;
	fl_report_known_fork_child();
	fl_report_symbolizer_fork_child();
	fl_report_end_fork_child();
	fl_report_data_init();
}

/* A build for coverage alone has nothing to say. */
static bool report_has_say(void)
{
	return (fl_race_units_seen().modules || reports_printed) && fl_race_process_is_ours();
}

static void report_end(enum fl_hand_in why, bool for_good)
{
	static uint64_t said;
	static bool said_blind;
	struct fl_report_objects objects;
	uint64_t mask = fl_sys_signals_block();

	fl_report_objects_look(&objects);
	fl_lock_take(&report_lock);
	if (why == FL_HAND_IN_PROGRAM)
		fl_report_wait(NULL);
	fl_report_end_data(&objects);
	if (for_good)
		fl_report_suppress_at_exit();
	if (for_good && reports_printed > said) {
		fl_print_message("reported %lu warning%s", reports_printed, reports_printed == 1 ? "" : "s");
		said = reports_printed;
	}
	if (fl_race_blind == FL_BLIND_OF_MEMORY && !said_blind)
		fl_print_message(
			"there was no memory left at some time; what came then was not looked at for races");
	said_blind = fl_race_blind;
	fl_lock_drop(&report_lock);
	fl_report_objects_drop(&objects);
	fl_sys_signals_restore(mask);
}

void fl_report_keep(void)
{
	uint64_t mask;

	if (!report_has_say() || !fl_options.report_bugs)
		return;
	mask = fl_sys_signals_block();
	fl_lock_take(&report_lock);
	fl_report_data_keep();
	fl_report_symbolizer_keep();
	fl_lock_drop(&report_lock);
	fl_sys_signals_restore(mask);
}

void fl_report_hand_in(enum fl_hand_in why)
{
	if (report_has_say())
		report_end(why, false);
}

void fl_report_at_exit(void)
{
	if (report_has_say())
		report_end(FL_HAND_IN_PROGRAM, true);
}

int fl_report_exit_status(int status)
{
	static bool said, failed; /* asked once */
	bool ours = reports_printed && fl_race_process_is_ours();

	if (__tsan_on_finalize && fl_race_process_is_ours() && !said)
		failed = __tsan_on_finalize(ours) != 0;
	said |= fl_race_process_is_ours();
	if (__tsan_on_finalize)
		ours = failed && fl_race_process_is_ours();
	return status == 0 && ours ? fl_options.exitcode : status;
}
