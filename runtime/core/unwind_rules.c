/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unwind_rules.c: the instructions of .eh_frame (DWARF 5, 6.4): a table of rules, one for each register, for
 * one place of a function. Of expressions what compilers and C libraries write for PLTs and signal frames.
 */
#include "core/unwind_rules.h"

#include <string.h>

enum rule_kind {
	RULE_SAME,
	RULE_UNDEFINED,
	RULE_AT_OFFSET,  /* saved at the frame's address + offset */
	RULE_IS_OFFSET,  /* is that */
	RULE_REGISTER,   /* in another register */
	RULE_AT_ADDRESS, /* saved where an expression says */
	RULE_IS_ADDRESS,
};

struct rule {
	enum rule_kind kind;
	int64_t offset;
	struct fl_unwind_bytes expression;
};

struct rules {
	struct rule of[FL_SYS_REGISTERS];
	unsigned frame_register;
	int64_t frame_offset;
	struct fl_unwind_bytes frame_expression; /* begins at 0: none */
};

#define RULES_REMEMBERED 4

struct rules_reader {
	const struct fl_unwind_function *function;
	struct rules now, initial, remembered[RULES_REMEMBERED];
	unsigned depth;
	uintptr_t location, wanted;
	bool failed;
};

static struct fl_unwind_bytes rules_block(struct fl_unwind_bytes *in)
{
	uint64_t length = fl_unwind_uleb(in);
	struct fl_unwind_bytes block = {in->at, in->at + length};

	if (length > in->end - in->at)
		block.end = block.at;
	in->at = length > in->end - in->at ? in->end : block.end;
	return block;
}

static void rules_set(struct rules_reader *reader, uint64_t which, struct rule rule)
{
	if (which < FL_SYS_REGISTERS)
		reader->now.of[which] = rule;
}

static void rules_restore(struct rules_reader *reader, uint64_t which)
{
	if (which < FL_SYS_REGISTERS)
		reader->now.of[which] = reader->initial.of[which];
}

/* Those that move on to a further place. */
static bool rules_advance(struct rules_reader *reader, uint8_t op, struct fl_unwind_bytes *in)
{
	uint64_t by;

	if (op >> 6 == 1)
		by = op & 0x3f;
	else if (op >= 0x02 && op <= 0x04)
		by = fl_unwind_fixed(in, (size_t)1 << (op - 0x02));
	else
		return false;
	reader->location += by * reader->function->code_factor;
	return true;
}

/* Those about the frame's address. */
static bool rules_frame(struct rules_reader *reader, uint8_t op, struct fl_unwind_bytes *in)
{
	struct rules *now = &reader->now;
	int64_t factor = reader->function->data_factor;

	switch (op) {
	case 0x0c: /* def_cfa */
		now->frame_register = (unsigned)fl_unwind_uleb(in);
		now->frame_offset = (int64_t)fl_unwind_uleb(in);
		break;
	case 0x12: /* def_cfa_sf */
		now->frame_register = (unsigned)fl_unwind_uleb(in);
		now->frame_offset = fl_unwind_sleb(in) * factor;
		break;
	case 0x0d: /* def_cfa_register */
		now->frame_register = (unsigned)fl_unwind_uleb(in);
		return true;
	case 0x0e: /* def_cfa_offset */
		now->frame_offset = (int64_t)fl_unwind_uleb(in);
		return true;
	case 0x13: /* def_cfa_offset_sf */
		now->frame_offset = fl_unwind_sleb(in) * factor;
		return true;
	case 0x0f: /* def_cfa_expression */
		now->frame_expression = rules_block(in);
		return true;
	default:
		return false;
	}
	now->frame_expression = (struct fl_unwind_bytes){0};
	return true;
}

/* Those about one register. */
static bool rules_register(struct rules_reader *reader, uint8_t op, struct fl_unwind_bytes *in)
{
	int64_t factor = reader->function->data_factor;
	uint64_t which = op & 0x3f;

	if (op >> 6 == 2) { /* offset */
		rules_set(reader, which,
			(struct rule){RULE_AT_OFFSET, (int64_t)fl_unwind_uleb(in) * factor, {0, 0}});
		return true;
	}
	if (op >> 6 == 3) {
		rules_restore(reader, which);
		return true;
	}
	if (op < 0x05 || op > 0x16 || (op >= 0x0a && op <= 0x0f) || op == 0x12 || op == 0x13)
		return false;
	which = fl_unwind_uleb(in);
	switch (op) {
	case 0x05: /* offset_extended */
		rules_set(reader, which,
			(struct rule){RULE_AT_OFFSET, (int64_t)fl_unwind_uleb(in) * factor, {0, 0}});
		return true;
	case 0x06: /* restore_extended */
		rules_restore(reader, which);
		return true;
	case 0x07:
		rules_set(reader, which, (struct rule){RULE_UNDEFINED, 0, {0, 0}});
		return true;
	case 0x08:
		rules_set(reader, which, (struct rule){RULE_SAME, 0, {0, 0}});
		return true;
	case 0x09:
		rules_set(reader, which, (struct rule){RULE_REGISTER, (int64_t)fl_unwind_uleb(in), {0, 0}});
		return true;
	case 0x10:
	case 0x16: /* expression, val_expression */
		rules_set(reader, which,
			(struct rule){op == 0x10 ? RULE_AT_ADDRESS : RULE_IS_ADDRESS, 0, rules_block(in)});
		return true;
	case 0x11: /* offset_extended_sf */
		rules_set(reader, which, (struct rule){RULE_AT_OFFSET, fl_unwind_sleb(in) * factor, {0, 0}});
		return true;
	case 0x14:
		rules_set(reader, which,
			(struct rule){RULE_IS_OFFSET, (int64_t)fl_unwind_uleb(in) * factor, {0, 0}});
		return true;
	case 0x15:
		rules_set(reader, which, (struct rule){RULE_IS_OFFSET, fl_unwind_sleb(in) * factor, {0, 0}});
		return true;
	default:
		return false;
	}
}

static bool rules_other(struct rules_reader *reader, uint8_t op, struct fl_unwind_bytes *in)
{
	switch (op) {
	case 0x00: /* nop */
	case 0x2d: /* AArch64: the return address is signed from here on */
		return true;
	case 0x2e: /* how many bytes of arguments are on the stack */
		fl_unwind_uleb(in);
		return true;
	case 0x0a: /* remember_state */
		if (reader->depth == RULES_REMEMBERED)
			return false;
		reader->remembered[reader->depth++] = reader->now;
		return true;
	case 0x0b: /* restore_state */
		if (!reader->depth)
			return false;
		reader->now = reader->remembered[--reader->depth];
		return true;
	default:
		return false;
	}
}

static void rules_run(struct rules_reader *reader, struct fl_unwind_bytes in)
{
	while (in.at < in.end && !reader->failed && reader->location <= reader->wanted) {
		uint8_t op = (uint8_t)fl_unwind_fixed(&in, 1);

		if (!rules_advance(reader, op, &in) && !rules_frame(reader, op, &in) &&
			!rules_register(reader, op, &in) && !rules_other(reader, op, &in))
			reader->failed = true;
	}
}

/* ---- expressions ------------------------------------------------------------------------------------ */

struct expression {
	const struct fl_maps *maps;
	const struct fl_sys_registers *registers;
	uint64_t stack[16];
	size_t depth;
	bool failed;
};

static bool read_word(const struct fl_maps *maps, uint64_t at, uintptr_t *word)
{
	if (!fl_maps_can_read(maps, at, sizeof(*word)))
		return false;
	memcpy(word, (const void *)at, sizeof(*word));
	return true;
}

static void push_value(struct expression *on, uint64_t value)
{
	if (on->depth < sizeof(on->stack) / sizeof(*on->stack))
		on->stack[on->depth++] = value;
	else
		on->failed = true;
}

static uint64_t pop_value(struct expression *on)
{
	if (on->depth)
		return on->stack[--on->depth];
	on->failed = true;
	return 0;
}

static uint64_t register_value(const struct expression *on, unsigned which)
{
	if (which == FL_SYS_RETURN_REGISTER && FL_SYS_RETURN_IS_PC)
		return on->registers->pc;
	return which < FL_SYS_REGISTERS ? on->registers->of[which] : 0;
}

static void apply_binary(struct expression *on, uint8_t op)
{
	uint64_t right = pop_value(on), left = pop_value(on);

	switch (op) {
	case 0x1a:
		return push_value(on, left & right);
	case 0x1c:
		return push_value(on, left - right);
	case 0x21:
		return push_value(on, left | right);
	case 0x22:
		return push_value(on, left + right);
	case 0x24:
		return push_value(on, right < 64 ? left << right : 0);
	case 0x25:
		return push_value(on, right < 64 ? left >> right : 0);
	case 0x2a:
		return push_value(on, (int64_t)left >= (int64_t)right);
	default:
		on->failed = true;
	}
}

static void apply(struct expression *on, uint8_t op, struct fl_unwind_bytes *in)
{
	uintptr_t word = 0;

	if (op >= 0x30 && op <= 0x4f) { /* lit */
		push_value(on, op - 0x30u);
	} else if (op >= 0x70 && op <= 0x8f) { /* breg */
		push_value(on, register_value(on, op - 0x70u) + (uint64_t)fl_unwind_sleb(in));
	} else if (op == 0x06) { /* deref */
		on->failed |= !read_word(on->maps, pop_value(on), &word);
		push_value(on, word);
	} else if (op == 0x08 || op == 0x0a || op == 0x0c || op == 0x0e) { /* unsigned constants */
		push_value(on, fl_unwind_fixed(in, (size_t)1 << ((op - 0x08) / 2)));
	} else if (op == 0x09) {
		push_value(on, (uint64_t)(int8_t)fl_unwind_fixed(in, 1));
	} else if (op == 0x10) {
		push_value(on, fl_unwind_uleb(in));
	} else if (op == 0x11) {
		push_value(on, (uint64_t)fl_unwind_sleb(in));
	} else if (op == 0x23) { /* plus_uconst */
		push_value(on, pop_value(on) + fl_unwind_uleb(in));
	} else if (op != 0x96) { /* nop */
		apply_binary(on, op);
	}
}

static bool evaluate(const struct fl_maps *maps, const struct fl_sys_registers *registers,
	struct fl_unwind_bytes in, const uint64_t *first, uint64_t *result)
{
	struct expression on = {.maps = maps, .registers = registers};

	if (first)
		push_value(&on, *first);
	while (in.at < in.end && !on.failed)
		apply(&on, (uint8_t)fl_unwind_fixed(&in, 1), &in);
	*result = pop_value(&on);
	return !on.failed;
}

/* ---- a step ----------------------------------------------------------------------------------------- */

static bool apply_rule(const struct fl_maps *maps, const struct rule *rule, uint64_t frame,
	const struct fl_sys_registers *now, uintptr_t *value)
{
	uint64_t address;

	switch (rule->kind) {
	case RULE_SAME:
	case RULE_UNDEFINED:
		return true;
	case RULE_AT_OFFSET:
		return read_word(maps, frame + (uint64_t)rule->offset, value);
	case RULE_IS_OFFSET:
		*value = frame + (uint64_t)rule->offset;
		return true;
	case RULE_REGISTER:
		if (rule->offset < 0 || rule->offset >= FL_SYS_REGISTERS)
			return false;
		*value = now->of[rule->offset];
		return true;
	case RULE_AT_ADDRESS:
		return evaluate(maps, now, rule->expression, &frame, &address) &&
		       read_word(maps, address, value);
	case RULE_IS_ADDRESS:
		if (!evaluate(maps, now, rule->expression, &frame, &address))
			return false;
		*value = address;
		return true;
	}
	return false;
}

static bool frame_address(const struct fl_maps *maps, const struct rules *rules,
	const struct fl_sys_registers *now, uint64_t *frame)
{
	if (rules->frame_expression.at)
		return evaluate(maps, now, rules->frame_expression, NULL, frame);
	if (rules->frame_register >= FL_SYS_REGISTERS)
		return false;
	*frame = now->of[rules->frame_register] + (uint64_t)rules->frame_offset;
	return true;
}

bool fl_unwind_caller(const struct fl_maps *maps, const struct fl_unwind_function *function, uintptr_t pc,
	struct fl_sys_registers *registers)
{
	struct rules_reader reader = {.function = function, .wanted = pc, .location = function->begin};
	struct fl_sys_registers now = *registers;
	unsigned returns = function->return_register;
	uint64_t frame;

	rules_run(&reader, function->common);
	reader.initial = reader.now;
	rules_run(&reader, function->own);
	registers->pc = now.pc;
	if (reader.failed || returns >= FL_SYS_REGISTERS || !frame_address(maps, &reader.now, &now, &frame))
		return false;
	if (reader.now.of[returns].kind == RULE_UNDEFINED) {
		registers->pc = 0;
		return false;
	}
	registers->of[FL_SYS_STACK_POINTER] = frame;
	for (unsigned i = 0; i < FL_SYS_REGISTERS; i++)
		if (!apply_rule(maps, &reader.now.of[i], frame, &now, &registers->of[i]))
			return false;
	registers->pc = fl_sys_code_address(registers->of[returns]);
	return registers->pc != 0;
}
