/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unwind.c: see unwind.h. From .eh_frame_hdr to the function's entry (FDE) and what its unit has in common
 * (CIE), whose instructions (unwind_rules.c) say where the caller's registers are.
 */
#include "core/unwind.h"

#include "core/unwind_rules.h"

#include <string.h>

/* ---- encoded numbers -------------------------------------------------------------------------------- */

uint64_t fl_unwind_uleb(struct fl_unwind_bytes *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; in->at < in->end; shift += 7) {
		uint8_t byte = *(const uint8_t *)in->at++;

		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

int64_t fl_unwind_sleb(struct fl_unwind_bytes *in)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte = 0;

	while (in->at < in->end) {
		byte = *(const uint8_t *)in->at++;
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
		if (!(byte & 0x80))
			break;
	}
	if (byte & 0x40 && shift < 64)
		value |= ~(uint64_t)0 << shift;
	return (int64_t)value;
}

uint64_t fl_unwind_fixed(struct fl_unwind_bytes *in, size_t size)
{
	uint64_t value = 0;

	if (in->end - in->at < size) {
		in->at = in->end;
		return 0;
	}
	memcpy(&value, (const void *)in->at, size);
	in->at += size;
	return value;
}

/* DW_EH_PE: how it is written in the low half, what it is relative to in the high one. */
static uintptr_t unwind_encoded(struct fl_unwind_bytes *in, uint8_t encoding, uintptr_t data_base)
{
	uintptr_t from = in->at, value;

	if (encoding == 0xff)
		return 0;
	switch (encoding & 0xf) {
	case 0x0:
	case 0x4:
	case 0xc:
		value = fl_unwind_fixed(in, 8);
		break;
	case 0x1:
		value = fl_unwind_uleb(in);
		break;
	case 0x2:
		value = fl_unwind_fixed(in, 2);
		break;
	case 0x3:
		value = fl_unwind_fixed(in, 4);
		break;
	case 0x9:
		value = (uintptr_t)fl_unwind_sleb(in);
		break;
	case 0xa:
		value = (uintptr_t)(intptr_t)(int16_t)fl_unwind_fixed(in, 2);
		break;
	case 0xb:
		value = (uintptr_t)(intptr_t)(int32_t)fl_unwind_fixed(in, 4);
		break;
	default:
		in->at = in->end;
		return 0;
	}
	if ((encoding & 0x70) == 0x10)
		value += from;
	else if ((encoding & 0x70) == 0x30)
		value += data_base;
	return value;
}

/* ---- entries ---------------------------------------------------------------------------------------- */

/* The entry at `at` without its length; false at the end or when it cannot be read. */
static bool unwind_entry(const struct fl_maps *maps, uintptr_t at, struct fl_unwind_bytes *entry)
{
	struct fl_unwind_bytes head = {at, at + 4};
	uint64_t length;

	if (!fl_maps_can_read(maps, at, 4))
		return false;
	length = fl_unwind_fixed(&head, 4);
	if (length == 0 || length == 0xffffffff || !fl_maps_can_read(maps, at + 4, length))
		return false;
	*entry = (struct fl_unwind_bytes){at + 4, at + 4 + length};
	return true;
}

static bool unwind_common(const struct fl_maps *maps, uintptr_t at, struct fl_unwind_function *function)
{
	struct fl_unwind_bytes in;
	const char *augmentation;
	uintptr_t ends;

	if (!unwind_entry(maps, at, &in) || fl_unwind_fixed(&in, 4) != 0)
		return false;
	fl_unwind_fixed(&in, 1); /* version */
	augmentation = (const char *)in.at;
	while (in.at < in.end && *(const char *)in.at)
		in.at++;
	in.at++;
	function->code_factor = fl_unwind_uleb(&in);
	function->data_factor = fl_unwind_sleb(&in);
	function->return_register = (unsigned)fl_unwind_uleb(&in);
	function->encoding = 0;
	function->has_augmentation = *augmentation == 'z';
	if (function->has_augmentation) {
		ends = fl_unwind_uleb(&in);
		ends += in.at;
		for (const char *c = augmentation + 1; *c && in.at < in.end; c++)
			if (*c == 'R')
				function->encoding = (uint8_t)fl_unwind_fixed(&in, 1);
			else if (*c == 'P')
				unwind_encoded(&in, (uint8_t)fl_unwind_fixed(&in, 1), 0);
			else if (*c == 'L')
				fl_unwind_fixed(&in, 1);
			else if (*c == 'S')
				function->is_signal = true;
		in.at = ends;
	}
	function->common = in;
	return in.at <= in.end;
}

static bool unwind_described(
	const struct fl_maps *maps, uintptr_t at, uintptr_t pc, struct fl_unwind_function *function)
{
	struct fl_unwind_bytes in;
	uintptr_t from, size;

	if (!unwind_entry(maps, at, &in))
		return false;
	from = in.at;
	if (!unwind_common(maps, from - fl_unwind_fixed(&in, 4), function))
		return false;
	function->begin = unwind_encoded(&in, function->encoding, 0);
	size = unwind_encoded(&in, function->encoding & 0xf, 0);
	if (function->has_augmentation) {
		uint64_t skipped = fl_unwind_uleb(&in);

		in.at += skipped;
	}
	function->own = in;
	return in.at <= in.end && pc >= function->begin && pc - function->begin < size;
}

/* The header's table: pairs of a function's beginning and its entry, sorted, both relative to the header. */
static bool unwind_find(const struct fl_maps *maps, uintptr_t pc, struct fl_unwind_function *function)
{
	const struct fl_map_object *object = fl_maps_object(maps, pc);
	struct fl_unwind_bytes in;
	const int32_t *table;
	uint8_t encodings[4];
	size_t count, low = 0;

	*function = (struct fl_unwind_function){0};
	if (!object || !object->unwind || !fl_maps_can_read(maps, object->unwind, 12))
		return false;
	memcpy(encodings, (const void *)object->unwind, sizeof(encodings));
	in = (struct fl_unwind_bytes){object->unwind + 4, object->end};
	unwind_encoded(&in, encodings[1], object->unwind);
	count = unwind_encoded(&in, encodings[2], object->unwind);
	table = (const int32_t *)in.at;
	if (encodings[0] != 1 || encodings[3] != 0x3b || !fl_maps_can_read(maps, in.at, count * 8))
		return false;
	for (size_t high = count; low < high;) {
		size_t middle = (low + high) / 2;

		if (object->unwind + (uintptr_t)(intptr_t)table[2 * middle] <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low &&
	       unwind_described(maps, object->unwind + (uintptr_t)(intptr_t)table[2 * low - 1], pc, function);
}

/* Where nothing is known of the code, as after a wild jump: as if it had just been called. */
static bool unwind_just_called(const struct fl_maps *maps, struct fl_sys_registers *now)
{
	uintptr_t stack = now->of[FL_SYS_STACK_POINTER];

	if (FL_SYS_RETURN_IS_PC) {
		if (!fl_maps_can_read(maps, stack, sizeof(stack)))
			return false;
		memcpy(&now->pc, (const void *)stack, sizeof(now->pc));
		now->of[FL_SYS_STACK_POINTER] += sizeof(stack);
	} else {
		now->pc = fl_sys_code_address(now->of[FL_SYS_RETURN_REGISTER]);
	}
	return true;
}

size_t fl_unwind(const struct fl_maps *maps, const struct fl_sys_registers *from,
	struct fl_frame_place *frames, size_t limit, bool *cut)
{
	struct fl_sys_registers now = *from;
	bool exact = true; /* not the address after a call */
	size_t count = 0;

	*cut = false;
	while (now.pc && count < limit) {
		struct fl_unwind_function function;
		struct fl_sys_registers callee = now;
		uintptr_t at = now.pc - !exact, stack = now.of[FL_SYS_STACK_POINTER];
		bool found = unwind_find(maps, at, &function);

		frames[count++] = (struct fl_frame_place){at, found ? function.begin : 0, 0};
		if (!found && count == 1 && unwind_just_called(maps, &now)) {
			exact = false;
			continue;
		}
		if (!found || !fl_unwind_caller(maps, &function, at, &now)) {
			*cut = !found || now.pc;
			return count;
		}
		frames[count - 1].place = fl_sys_return_place(&callee, &now);
		exact = function.is_signal;
		if (now.of[FL_SYS_STACK_POINTER] <= stack && !exact) /* a walk goes up */
			break;
	}
	*cut = now.pc != 0;
	return count;
}
