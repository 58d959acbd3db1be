/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * finding.c: finding.h. What kinds are wanted is asked here and nowhere else.
 */
#include "race/finding.h"

#include "core/core.h"
#include "core/options.h"
#include "core/print.h"

#include <string.h>

/* Options with ThreadSanitizer's names turn kinds off. */
static bool finding_is_wanted(const char *kind)
{
	const struct {
		const char *prefix;
		bool wanted;
	} kinds[] = {
		{"thread-leak", fl_options.report_thread_leaks},
		{"locked-mutex-destroy", fl_options.report_destroy_locked},
		{"signal-unsafe-call", fl_options.report_signal_unsafe},
		{"errno-in-signal-handler", fl_options.report_signal_unsafe},
		{"lock-order-inversion", fl_options.detect_deadlocks},
		{"deadlock", fl_options.detect_deadlocks},
		{"pthread-call-failed", fl_options.report_failed_calls},
		{"", fl_options.report_mutex_bugs},
	};
	size_t i = 0;

	while (strncmp(kinds[i].prefix, kind, strlen(kinds[i].prefix)))
		i++;
	return fl_options.report_bugs && kinds[i].wanted;
}

uint64_t fl_finding_hash(uint64_t hash, uint32_t context)
{
	return fl_report_mix(hash, context ? (uintptr_t)fl_context_get(context, 0).pc : 0);
}

bool fl_finding_begin_of(struct fl_finding *finding, const char *kind, uint64_t hash)
{
	bool is_new = false;

	if (fl_race_blind || !finding_is_wanted(kind))
		return false;
	fl_notice_birth();
	for (const char *c = kind; *c; c++)
		hash = fl_report_mix(hash, (uint8_t)*c);
	memset(finding, 0, sizeof(*finding));
	finding->kind = kind;
	finding->key = hash ? hash : 1;
	finding->known = fl_report_know(finding->key, &is_new);
	return finding->known && is_new;
}

bool fl_finding_begin(struct fl_finding *finding, const char *kind, uint32_t context)
{
	return fl_finding_begin_of(finding, kind, fl_finding_hash(0, context));
}

void fl_finding_say(struct fl_finding *finding, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	fl_print_list(text, sizeof(text), format, args);
	va_end(args);
	fl_report_put_bytes(&finding->says, text, strlen(text));
}

void fl_finding_step(struct fl_finding *finding, uint32_t context, uint32_t thread, const char *format, ...)
{
	char text[256];
	va_list args;

	if (finding->step_count == FL_FINDING_STEPS)
		return;
	va_start(args, format);
	fl_print_list(text, sizeof(text), format, args);
	va_end(args);
	finding->steps[finding->step_count++] =
		(struct fl_finding_step){context, thread, (uint32_t)finding->titles.length};
	fl_report_put_bytes(&finding->titles, text, strlen(text) + 1);
}

static void finding_mention(uint32_t *list, size_t *count, uint32_t uid)
{
	if (*count < FL_FINDING_LOCKS)
		list[(*count)++] = uid;
}

void fl_finding_lock(struct fl_finding *finding, uint32_t uid)
{
	finding_mention(finding->locks, &finding->lock_count, uid);
}

void fl_finding_thread(struct fl_finding *finding, uint32_t uid)
{
	finding_mention(finding->threads, &finding->thread_count, uid);
}

struct fl_who fl_who(uint32_t uid)
{
	struct fl_who who = {"main thread"};

	if (uid)
		fl_print_to(who.text, sizeof(who.text), "thread T%u", uid);
	return who;
}

bool fl_finding_report(struct fl_finding *finding)
{
	struct fl_report report = {
		.kind = finding->kind,
		.key = finding->key,
		.address = finding->address,
		.finding = finding,
		.awaited = finding->awaited,
	};
	bool printed = fl_report(&report, finding->known);

	fl_report_out_clear(&finding->says);
	fl_report_out_clear(&finding->titles);
	return printed;
}
