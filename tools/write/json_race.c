/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_race.c: the races of docs/report.schema.json. What is unknown is left out.
 */
#include "util/memory.h"
#include "write/json_out.h"
#include "write/write.h"

static void write_known(struct json_out *json, const char *key, const char *text)
{
	if (text && *text)
		json_text(json, key, text);
}

static void write_frame(struct json_out *json, const struct fl_frame *frame)
{
	json_open(json, NULL, '{');
	if (frame->cut) {
		json_bool(json, "cut", true);
		json_close(json, '}');
		return;
	}
	write_known(json, "function", frame->function);
	write_known(json, "file", frame->file);
	if (frame->line)
		json_number(json, "line", frame->line);
	if (frame->column)
		json_number(json, "column", frame->column);
	write_known(json, "module", frame->module);
	json_number(json, "offset", frame->offset);
	if (frame->inlined)
		json_bool(json, "inlined", true);
	json_close(json, '}');
}

void fl_write_json_stack(struct json_out *json, const char *key, const struct fl_stack *stack)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < stack->count; i++)
		write_frame(json, &stack->frames[i]);
	json_close(json, ']');
}

static void write_address(struct json_out *json, uint64_t address)
{
	char text[24];
	snprintf(text, sizeof text, "0x%llx", (unsigned long long)address);
	json_text(json, "address", text);
}

struct writer {
	struct json_out *json;
	struct fl_arena *arena;
};

static void write_thread_name(struct writer *writer, const char *key, uint32_t thread)
{
	json_text(writer->json, key, fl_race_thread_name(thread, writer->arena));
}

static void write_lock_name(struct writer *writer, const char *key, uint32_t lock)
{
	json_text(writer->json, key, fl_arena_format(writer->arena, "M%u", lock));
}

static void write_locks_held(struct writer *writer, const struct fl_access *access)
{
	json_open(writer->json, "locks", '[');
	for (size_t i = 0; i < access->held_count; i++)
		write_lock_name(writer, NULL, access->held[i].lock);
	json_close(writer->json, ']');
}

static void write_access(struct writer *writer, const struct fl_access *access)
{
	struct json_out *json = writer->json;
	json_open(json, NULL, '{');
	json_text(json, "op", access->op);
	json_number(json, "size", access->size);
	write_address(json, access->address);
	json_bool(json, "atomic", access->atomic);
	write_thread_name(writer, "thread", access->thread);
	write_locks_held(writer, access);
	fl_write_json_stack(json, "stack", &access->stack);
	json_close(json, '}');
}

static void write_step(struct writer *writer, const struct fl_access *step)
{
	struct json_out *json = writer->json;
	json_open(json, NULL, '{');
	json_text(json, "title", step->title);
	write_thread_name(writer, "thread", step->thread);
	write_locks_held(writer, step);
	fl_write_json_stack(json, "stack", &step->stack);
	json_close(json, '}');
}

static void write_location(struct writer *writer, const struct fl_race_location *location)
{
	struct json_out *json = writer->json;
	json_open(json, "location", '{');
	json_text(json, "kind", fl_race_place_word(location->place));
	if (location->size)
		json_number(json, "size", location->size);
	if (location->address)
		write_address(json, location->address);
	write_known(json, "name", location->name);
	if (location->place == FL_PLACE_GLOBAL) {
		write_known(json, "module", location->module);
		json_number(json, "offset", location->offset);
	} else if (location->place != FL_PLACE_UNKNOWN) {
		write_thread_name(writer, "thread", location->thread);
	}
	fl_write_json_stack(json, "stack", &location->allocated);
	if (location->freed) {
		json_open(json, "freed", '{');
		write_thread_name(writer, "thread", location->freed_by);
		fl_write_json_stack(json, "stack", &location->freed_at);
		json_close(json, '}');
	}
	json_close(json, '}');
}

static void write_thread(struct writer *writer, const struct fl_race_thread *thread)
{
	struct json_out *json = writer->json;
	json_open(json, NULL, '{');
	write_thread_name(writer, "name", thread->number);
	json_number(json, "tid", (uint64_t)(thread->tid > 0 ? thread->tid : 0));
	write_known(json, "title", thread->name);
	json_bool(json, "running", thread->running);
	if (thread->number)
		write_thread_name(writer, "parent", thread->parent);
	fl_write_json_stack(json, "stack", &thread->created);
	json_close(json, '}');
}

static void write_lock(struct writer *writer, const struct fl_race_lock *lock)
{
	struct json_out *json = writer->json;
	json_open(json, NULL, '{');
	write_lock_name(writer, "name", lock->number);
	write_address(json, lock->address);
	fl_write_json_stack(json, "stack", &lock->created);
	json_close(json, '}');
}

static void write_subject(struct json_out *json, const struct fl_subject *subject)
{
	if (!subject->expression)
		return;
	json_open(json, "subject", '{');
	json_text(json, "expression", subject->expression);
	write_known(json, "type", subject->type);
	write_known(json, "field", subject->field);
	json_close(json, '}');
}

static void write_order(struct json_out *json, const struct fl_race_order *order)
{
	if (!order->known)
		return;
	json_open(json, "order", '{');
	json_bool(json, "heard", order->heard);
	json_number(json, "releases_before", order->before);
	json_number(json, "releases_since", order->since);
	json_close(json, '}');
}

static void write_race(struct writer *writer, const struct fl_race *race)
{
	struct json_out *json = writer->json;
	json_newline(json);
	json_open(json, NULL, '{');
	json_text(json, "kind", race->kind);
	json_text(json, "fingerprint", race->fingerprint);
	json_text(json, "summary", race->summary);
	json_number(json, "pid", (uint64_t)race->pid);
	json_number(json, "times", race->times);
	json_number(json, "processes", race->processes);
	json_number(json, "runs", race->runs);
	json_text(json, "program", race->program);
	write_known(json, "label", race->label);
	write_known(json, "suppressed_by", race->suppressed_by);
	write_known(json, "says", race->says);
	json_open(json, "accesses", '[');
	for (size_t i = 0; i < race->access_count && fl_race_is_of_accesses(race); i++)
		write_access(writer, &race->accesses[i]);
	json_close(json, ']');
	if (!fl_race_is_of_accesses(race)) {
		json_open(json, "steps", '[');
		for (size_t i = 0; i < race->access_count; i++)
			write_step(writer, &race->accesses[i]);
		json_close(json, ']');
	}
	write_order(json, &race->order);
	write_subject(json, &race->subject);
	write_location(writer, &race->location);
	json_open(json, "threads", '[');
	for (size_t i = 0; i < race->thread_count; i++)
		write_thread(writer, &race->threads[i]);
	json_close(json, ']');
	json_open(json, "locks", '[');
	for (size_t i = 0; i < race->lock_count; i++)
		write_lock(writer, &race->locks[i]);
	json_close(json, ']');
	json_close(json, '}');
}

void fl_write_json_races(struct json_out *json, const char *key, const struct fl_races *races)
{
	struct writer writer = {json, fl_arena_new()};
	json_open(json, key, '{');
	json_number(json, "count", fl_races_open(races));
	json_number(json, "suppressed", races->suppressed);
	json_open(json, "reports", '[');
	for (size_t i = 0; i < races->race_count; i++)
		write_race(&writer, &races->races[i]);
	json_close(json, ']');
	json_close(json, '}');
	fl_arena_free(writer.arena);
}

void fl_write_json_race_quality(struct json_out *json, const char *key, const struct fl_races *races)
{
	json_open(json, key, '{');
	json_number(json, "processes", races->processes);
	json_number(json, "runs", races->runs);
	json_number(json, "checked", races->seen.checked);
	json_number(json, "local", races->seen.local);
	json_number(json, "constant", races->seen.constant);
	json_number(json, "repeated", races->seen.repeated);
	json_number(json, "left_out", races->seen.left_out);
	json_open(json, "missed", '[');
	for (size_t i = 0; i < races->loss_count; i++) {
		json_open(json, NULL, '{');
		json_text(json, "what", races->losses[i].what);
		json_number(json, "count", races->losses[i].count);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_open(json, "bare", '[');
	for (size_t i = 0; i < races->bare_count; i++)
		json_text(json, NULL, races->bare[i]);
	json_close(json, ']');
	json_close(json, '}');
}
