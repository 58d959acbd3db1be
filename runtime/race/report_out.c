/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_out.c: text that grows by mappings. What does not fit any more is dropped, and `failed` says so.
 */
#include "race/report.h"

#include "core/print.h"
#include "core/sys.h"

#include <string.h>

#define REPORT_OUT_BYTES 65536

static bool report_out_reserve(struct fl_report_out *out, size_t more)
{
	size_t capacity = out->capacity ? out->capacity : REPORT_OUT_BYTES;
	void *text = NULL;

	while (capacity - out->length <= more)
		capacity *= 2;
	if (capacity == out->capacity)
		return true;
	if (out->failed || fl_sys_map(&text, capacity, FL_SYS_MAP_ANYWHERE, -1, 0)) {
		out->failed = true;
		return false;
	}
	if (out->text) {
		memcpy(text, out->text, out->length);
		fl_sys_unmap(out->text, out->capacity);
	}
	out->text = text;
	out->capacity = capacity;
	return true;
}

void fl_report_put_bytes(struct fl_report_out *out, const char *bytes, size_t size)
{
	if (!report_out_reserve(out, size))
		return;
	memcpy(out->text + out->length, bytes, size);
	out->length += size;
	out->text[out->length] = 0;
}

void fl_report_put(struct fl_report_out *out, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = fl_print_list(NULL, 0, format, args);
	va_end(args);
	if (!report_out_reserve(out, length))
		return;
	va_start(args, format);
	out->length += fl_print_list(out->text + out->length, length + 1, format, args);
	va_end(args);
}

void fl_report_put_field(struct fl_report_out *out, const char *text)
{
	fl_report_put(out, *text ? " " : " %%");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c <= ' ' || c == '%' || c == 127)
			fl_report_put(out, "%%%02x", c);
		else
			fl_report_put_bytes(out, text, 1);
	}
}

void fl_report_out_clear(struct fl_report_out *out)
{
	if (out->text)
		fl_sys_unmap(out->text, out->capacity);
	*out = (struct fl_report_out){0};
}
