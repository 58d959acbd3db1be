/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * print.c: print.h. Owns nothing but what descriptor 2 was at the start; safe in signal handlers.
 */
#include "core/print.h"

#include "core/options.h"
#include "core/sys.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#define LINE_BYTES 1024

struct out {
	char *buf;
	size_t size, length;
};

static struct {
	dev_t device;
	ino_t inode;
	bool open;
} stderr_at_start;

static void put(struct out *out, char c)
{
	if (out->length + 1 < out->size)
		out->buf[out->length] = c;
	out->length++;
}

struct spec {
	bool left, zero;
	int width, precision; /* precision -1: none */
	char size;            /* 0, l, z */
};

static void put_field(struct out *out, const struct spec *spec, const char *text, size_t length)
{
	size_t pad = spec->width > 0 && (size_t)spec->width > length ? (size_t)spec->width - length : 0;

	if (!spec->left)
		for (; pad; pad--)
			put(out, spec->zero ? '0' : ' ');
	while (length--)
		put(out, *text++);
	for (; pad; pad--)
		put(out, ' ');
}

static void put_number(struct out *out, struct spec *spec, uint64_t value, bool negative, unsigned base)
{
	char digits[24], *at = digits + sizeof(digits);

	do
		*--at = "0123456789abcdef"[value % base];
	while (value /= base);
	if (negative && spec->zero) {
		put(out, '-');
		spec->width--;
	} else if (negative) {
		*--at = '-';
	}
	put_field(out, spec, at, (size_t)(digits + sizeof(digits) - at));
}

static const char *read_spec(const char *f, struct spec *spec, va_list *args)
{
	*spec = (struct spec){.precision = -1};
	for (;; f++) {
		if (*f == '-')
			spec->left = true;
		else if (*f == '0')
			spec->zero = true;
		else
			break;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		spec->width = spec->width * 10 + *f - '0';
	if (f[0] == '.' && f[1] == '*') {
		spec->precision = va_arg(*args, int);
		f += 2;
	}
	for (; *f == 'l' || *f == 'z' || *f == 'j'; f++)
		spec->size = 'l'; /* all of them are 64 bits wide here */
	return f;
}

static void put_spec(struct out *out, struct spec *spec, char kind, va_list *args)
{
	const char *text;
	size_t length;
	int64_t number;
	char c;

	switch (kind) {
	case 's':
		text = va_arg(*args, const char *);
		text = text ? text : "(null)";
		length = spec->precision >= 0 ? strnlen(text, (size_t)spec->precision) : strlen(text);
		spec->zero = false;
		put_field(out, spec, text, length);
		break;
	case 'c':
		c = (char)va_arg(*args, int);
		put_field(out, spec, &c, 1);
		break;
	case 'd':
	case 'i':
		number = spec->size ? va_arg(*args, int64_t) : va_arg(*args, int);
		put_number(out, spec, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, number < 0, 10);
		break;
	case 'u':
	case 'x':
		put_number(out, spec, spec->size ? va_arg(*args, uint64_t) : va_arg(*args, unsigned), false,
			kind == 'u' ? 10 : 16);
		break;
	case 'p':
		put(out, '0');
		put(out, 'x');
		put_number(out, spec, (uintptr_t)va_arg(*args, void *), false, 16);
		break;
	default:
		put(out, kind);
	}
}

size_t fl_print_list(char *buf, size_t size, const char *format, va_list args)
{
	struct out out = {buf, size, 0};
	struct spec spec;
	va_list rest;

	va_copy(rest, args);
	for (const char *f = format; *f; f++) {
		if (*f != '%') {
			put(&out, *f);
			continue;
		}
		f = read_spec(f + 1, &spec, &rest);
		if (!*f)
			break;
		put_spec(&out, &spec, *f, &rest);
	}
	va_end(rest);
	if (size)
		buf[out.length < size ? out.length : size - 1] = 0;
	return out.length;
}

size_t fl_print_to(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = fl_print_list(buf, size, format, args);
	va_end(args);
	return length;
}

const char *fl_print_error(int error)
{
	const char *text = strerrordesc_np(error < 0 ? -error : error);

	return text ? text : "unknown error";
}

void fl_print_init(void)
{
	struct stat st;

	if (fl_sys_fstat(2, &st))
		return;
	stderr_at_start.device = st.st_dev;
	stderr_at_start.inode = st.st_ino;
	stderr_at_start.open = true;
}

static bool stderr_is_still_itself(void)
{
	struct stat st;

	return stderr_at_start.open && !fl_sys_fstat(2, &st) && st.st_dev == stderr_at_start.device &&
	       st.st_ino == stderr_at_start.inode;
}

/* All of it, in one write unless a pipe is full. */
static void write_all(int fd, const char *text, size_t size)
{
	while (size) {
		long n = fl_sys_write(fd, text, size);

		if (n <= 0)
			return;
		text += n;
		size -= (size_t)n;
	}
}

/* stdout is the program's own: asked for, it still gets stderr. */
static bool prints_to_stderr(void)
{
	const char *log_path = fl_options.log_path;

	return !*log_path || !strcmp(log_path, "stderr") || !strcmp(log_path, "stdout");
}

int fl_print_open(void)
{
	char path[FL_OPTIONS_TEXT_BYTES + 16];
	int fd;

	if (prints_to_stderr())
		return stderr_is_still_itself() ? 2 : -1;
	fl_print_to(path, sizeof(path), "%s.%d", fl_options.log_path, fl_sys_process());
	fd = fl_sys_open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	return fd < 0 ? -1 : fd;
}

void fl_print_close(int fd)
{
	if (fd >= 0 && !prints_to_stderr())
		fl_sys_close(fd);
}

void fl_print_text(const char *text, size_t size)
{
	int fd = fl_print_open();

	if (fd < 0)
		return;
	write_all(fd, text, size);
	fl_print_close(fd);
}

void fl_print_message(const char *format, ...)
{
	static const char prefix[] = "furlong: ";
	char line[LINE_BYTES];
	va_list args;
	size_t length;

	memcpy(line, prefix, sizeof(prefix));
	va_start(args, format);
	length = sizeof(prefix) - 1;
	length += fl_print_list(line + length, sizeof(line) - length - 1, format, args);
	va_end(args);
	if (length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	line[length++] = '\n';
	fl_print_text(line, length);
}
