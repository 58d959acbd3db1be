/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * emit.c: see emit.h. Escaping works by runs: a table says of each byte whether it may be copied.
 */
#include "emit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/model.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/text.h"

enum { FIRST_BYTES = 256 * 1024 };

void fl_emit_init(struct fl_emit *out)
{
	*out = (struct fl_emit){.fd = -1, .capacity = FIRST_BYTES};
	out->data = fl_resize(NULL, out->capacity, 1);
}

void fl_emit_free(struct fl_emit *out)
{
	if (out->fd >= 0)
		close(out->fd);
	free(out->data);
}

int fl_emit_open(struct fl_emit *out, const char *directory, const char *name, struct fl_error *error)
{
	int length = snprintf(out->path, sizeof out->path, "%s/%s", directory, name);
	fl_emit_begin(out);
	if (length < 0 || (size_t)length >= sizeof out->path)
		return fl_error_set(error, FL_EXIT_UNWRITABLE,
			"cannot write the report: the path %.80s... is too long; choose a shorter directory",
			out->path);
	struct stat facts;
	out->fd = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (out->fd < 0 && errno == EACCES) /* to be written only */
		out->fd = open(out->path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (out->fd < 0)
		return fl_error_set(
			error, FL_EXIT_UNWRITABLE, "cannot write %s: %s", out->path, strerror(errno));
	if (!fstat(out->fd, &facts) && S_ISREG(facts.st_mode))
		out->old_size = (uint64_t)facts.st_size;
	return 0;
}

/* Whether the file has these bytes where they would go. */
static bool is_there(const struct fl_emit *out, uint64_t offset, const char *bytes, size_t length)
{
	char old[1 << 14];
	if (out->old_size < offset + length)
		return false;
	for (size_t done = 0, step; done < length; done += step) {
		step = length - done < sizeof old ? length - done : sizeof old;
		if (pread(out->fd, old, step, (off_t)(offset + done)) != (ssize_t)step ||
			memcmp(old, bytes + done, step))
			return false;
	}
	return true;
}

static void write_out(struct fl_emit *out, const char *bytes, size_t length)
{
	uint64_t offset = out->offset;
	out->offset += length;
	if (is_there(out, offset, bytes, length))
		return;
	if (out->old_size && lseek(out->fd, (off_t)offset, SEEK_SET) < 0)
		out->failure = errno;
	while (length && !out->failure) {
		ssize_t written = write(out->fd, bytes, length);
		if (written >= 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (errno != EINTR) {
			out->failure = errno;
		}
	}
}

void fl_emit_begin(struct fl_emit *out)
{
	out->fd = -1;
	out->used = 0;
	out->failure = 0;
	out->offset = out->old_size = 0;
}

int fl_emit_close(struct fl_emit *out, struct fl_error *error)
{
	if (out->fd < 0)
		return 0;
	write_out(out, out->data, out->used);
	if (out->old_size > out->offset && ftruncate(out->fd, (off_t)out->offset) && !out->failure)
		out->failure = errno;
	if (close(out->fd) && !out->failure)
		out->failure = errno;
	out->fd = -1;
	if (out->failure)
		return fl_error_set(
			error, FL_EXIT_UNWRITABLE, "cannot write %s: %s", out->path, strerror(out->failure));
	return 0;
}

/* A file goes out as it grows; else the buffer grows. */
void fl_emit_reserve(struct fl_emit *out, size_t length)
{
	if (out->fd >= 0) {
		write_out(out, out->data, out->used);
		out->used = 0;
	}
	if (length <= out->capacity - out->used)
		return;
	if (!out->capacity)
		out->capacity = FIRST_BYTES;
	while (length > out->capacity - out->used)
		out->capacity *= 2;
	out->data = fl_resize(out->data, out->capacity, 1);
}

/* What the next byte asks for; in the order of who needs it. */
enum { PLAIN, QUOTE, ESCAPE, CONTROL, MULTIBYTE };

static const unsigned char byte_kind[256] = {
	[0 ... '\b'] = CONTROL,
	['\n' ... 0x1f] = CONTROL,
	[0x7f] = CONTROL,
	['&'] = ESCAPE,
	['<'] = ESCAPE,
	['>'] = QUOTE,
	['"'] = QUOTE,
	['\''] = QUOTE,
	[0x80 ... 0xff] = MULTIBYTE,
};

static void emit_escape(struct fl_emit *out, char byte)
{
	switch (byte) {
	case '&':
		fl_emit_word(out, FL_WORD_AND);
		break;
	case '<':
		fl_emit_word(out, FL_WORD_LESS);
		break;
	case '>':
		EMIT(out, "&gt;");
		break;
	case '"':
		EMIT(out, "&#34;");
		break;
	default:
		EMIT(out, "&#39;");
	}
}

/* U+2400 onwards are pictures of the control characters, in their order; U+2421 is DEL. */
static void emit_control(struct fl_emit *out, unsigned char byte)
{
	char picture[3] = {(char)0xe2, (char)0x90, (char)(0x80 + (byte == 0x7f ? 0x21 : byte))};
	fl_emit_bytes(out, picture, sizeof picture);
}

/* The length of the well-formed UTF-8 sequence at `bytes`, and its code point; 0 when there is none. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = bytes[0];
	size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead < 0xc2 || lead > 0xf4 || want > length)
		return 0;
	uint32_t value = lead & (0xffu >> (want + 1));
	for (size_t i = 1; i < want; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < least[want] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return want;
}

/* C1 controls, line separators, and the characters that make source text look like other source text. */
static bool is_deceptive(uint32_t point)
{
	return (point >= 0x80 && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
	       point == 0x061c || point == 0xfeff || point == 0xfffe || point == 0xffff;
}

static size_t emit_multibyte(struct fl_emit *out, const char *bytes, size_t length)
{
	uint32_t point = 0;
	size_t taken = decode((const unsigned char *)bytes, length, &point);
	if (taken == 0) {
		EMIT(out, "\xef\xbf\xbd");
		return 1;
	}
	if (is_deceptive(point)) {
		char name[16];
		int size = snprintf(name, sizeof name, "[U+%04X]", point);
		fl_emit_bytes(out, name, (size_t)size);
	} else {
		fl_emit_bytes(out, bytes, taken);
	}
	return taken;
}

static unsigned kind_of(const char *byte)
{
	return byte_kind[(unsigned char)*byte];
}

typedef signed char vector __attribute__((vector_size(16)));

/* Whether one of 16 bytes is of a kind above QUOTE; those from 0x80 on are negative. */
static bool any_above_quote(const char *bytes)
{
	vector all;
	uint64_t halves[2];
	memcpy(&all, bytes, sizeof all);
	all = ((all < ' ') & (all != '\t')) | (all == '&') | (all == '<') | (all == 0x7f);
	memcpy(halves, &all, sizeof halves);
	return halves[0] | halves[1];
}

/* Where the bytes of a kind up to `kept` end. Four at once: no kind of theirs is above what their bits make.
 */
static const char *skip_kept(const char *bytes, const char *end, unsigned kept)
{
	while (kept == QUOTE && end - bytes >= (ptrdiff_t)sizeof(vector) && !any_above_quote(bytes))
		bytes += sizeof(vector);
	while (end - bytes >= 4 &&
		(kind_of(bytes) | kind_of(bytes + 1) | kind_of(bytes + 2) | kind_of(bytes + 3)) <= kept)
		bytes += 4;
	while (bytes < end && kind_of(bytes) <= kept)
		bytes++;
	return bytes;
}

/* Bytes of a kind up to `kept` are copied. */
static void emit_run(struct fl_emit *out, const char *bytes, size_t length, unsigned kept)
{
	const char *end = bytes + length;
	while (bytes < end) {
		const char *run = bytes;
		bytes = skip_kept(bytes, end, kept);
		fl_emit_bytes(out, run, (size_t)(bytes - run));
		if (bytes == end)
			return;
		switch (byte_kind[(unsigned char)*bytes]) {
		case QUOTE:
		case ESCAPE:
			emit_escape(out, *bytes++);
			break;
		case CONTROL:
			emit_control(out, (unsigned char)*bytes++);
			break;
		default:
			bytes += emit_multibyte(out, bytes, (size_t)(end - bytes));
		}
	}
}

void fl_emit_text(struct fl_emit *out, const char *bytes, size_t length)
{
	emit_run(out, bytes, length, PLAIN);
}

bool fl_emit_is_content(const char *bytes, size_t length)
{
	return skip_kept(bytes, bytes + length, QUOTE) == bytes + length;
}

void fl_emit_content(struct fl_emit *out, const char *bytes, size_t length)
{
	emit_run(out, bytes, length, QUOTE);
}

void fl_emit_visible(struct fl_emit *out, const char *bytes, size_t length)
{
	emit_run(out, bytes, length, ESCAPE);
}

void fl_emit_string(struct fl_emit *out, const char *text)
{
	fl_emit_text(out, text, strlen(text));
}

void fl_emit_number(struct fl_emit *out, uint64_t number)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
		"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
		"8081828384858687888990919293949596979899";
	char digits[20], *end = digits + sizeof digits, *at = end;
	if (number < 10) {
		fl_emit_bytes(out, &"0123456789"[number], 1);
		return;
	}
	for (; number >= 100; number /= 100)
		memcpy(at -= 2, pairs + number % 100 * 2, 2);
	if (number >= 10)
		memcpy(at -= 2, pairs + number * 2, 2);
	else
		*--at = (char)('0' + number);
	fl_emit_bytes(out, at, (size_t)(end - at));
}

void fl_emit_grouped(struct fl_emit *out, uint64_t number)
{
	if (number < 10000) {
		fl_emit_number(out, number);
		return;
	}
	char digits[21];
	int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			EMIT(out, "\u202f");
		fl_emit_bytes(out, digits + i, 1);
	}
}

void fl_emit_human(struct fl_emit *out, uint64_t number)
{
	static const char units[] = "kMGTPE";
	if (number < 10000) {
		fl_emit_number(out, number);
		return;
	}
	size_t unit = 0;
	while (number >= 1000000) {
		number /= 1000;
		unit++;
	}
	/* number is in [1000, 1000000): thousandths of what is shown, with three digits of it */
	fl_emit_number(out, number / 1000);
	uint64_t rest = number % 1000;
	if (number < 100000) {
		EMIT(out, ".");
		fl_emit_number(out, rest / 100);
		if (number < 10000)
			fl_emit_number(out, rest / 10 % 10);
	}
	fl_emit_bytes(out, units + unit, 1);
}

void fl_emit_percent(struct fl_emit *out, struct fl_ratio ratio)
{
	if (ratio.found == 0) {
		EMIT(out, "–");
		return;
	}
	char buffer[16];
	const char *text = fl_text_percent(100.0 * (double)ratio.hit / (double)ratio.found, buffer);
	fl_emit_bytes(out, text, strlen(text));
	EMIT(out, "%");
}
