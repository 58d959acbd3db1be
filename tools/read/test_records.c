/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_records.c: records of tests, from untrusted bytes.
 */
#include <furlong/format.h>
#include <string.h>

#include "read/tests.h"
#include "util/files.h"
#include "util/memory.h"

const char *fl_tests_path(const char *data, struct fl_arena *arena)
{
	size_t length = strlen(data), suffix = strlen(FURLONG_DATA_SUFFIX);
	if (length <= suffix || strcmp(data + length - suffix, FURLONG_DATA_SUFFIX))
		return NULL;
	return fl_arena_format(arena, "%.*s%s", (int)(length - suffix), data, FURLONG_TEST_SUFFIX);
}

static void put_bytes(struct fl_test_bytes *bytes, const void *from, size_t length)
{
	while (bytes->capacity - bytes->count < length)
		bytes->items = fl_resize(bytes->items, bytes->capacity = 2 * bytes->capacity + 4096, 1);
	if (length)
		memcpy(bytes->items + bytes->count, from, length);
	bytes->count += length;
}

static void put_number(struct fl_test_bytes *bytes, uint64_t number)
{
	unsigned char text[10];
	size_t length = 0;
	for (; number >= 0x80; number >>= 7)
		text[length++] = (unsigned char)(number | 0x80);
	text[length++] = (unsigned char)number;
	put_bytes(bytes, text, length);
}

void fl_test_bytes_add(struct fl_test_bytes *bytes, uint64_t module_id, const char *label,
	const uint64_t *counts, size_t count)
{
	struct furlong_test_record head = {
		.magic = FURLONG_TEST_MAGIC, .module_id = module_id, .label_bytes = (uint32_t)strlen(label)};
	size_t begin = bytes->count, next = 0;
	static const unsigned char zeros[8];
	put_bytes(bytes, &head, sizeof head);
	put_bytes(bytes, label, head.label_bytes);
	for (size_t i = 0; i < count; i++) {
		if (!counts[i])
			continue;
		put_number(bytes, i - next);
		put_number(bytes, counts[i]);
		next = i + 1;
		head.entries++;
	}
	put_bytes(bytes, zeros, (8 - (bytes->count - begin) % 8) % 8);
	head.record_bytes = (uint32_t)(bytes->count - begin);
	memcpy(bytes->items + begin, &head, sizeof head);
}

void fl_test_bytes_add_file(struct fl_test_bytes *bytes, const char *path)
{
	struct fl_bytes file;
	if (!path || fl_bytes_map(path, &file))
		return;
	put_bytes(bytes, file.data, file.size / 8 * 8);
	fl_bytes_unmap(&file);
}

static bool is_whole(const struct furlong_test_record *head, size_t left)
{
	return head->magic == FURLONG_TEST_MAGIC && head->record_bytes >= sizeof *head &&
	       head->record_bytes <= left && head->record_bytes % 8 == 0 &&
	       head->label_bytes <= head->record_bytes - sizeof *head;
}

bool fl_test_records_next(struct fl_test_records *records, struct fl_test_counts *counts)
{
	bool damaged = false;
	while (records->at < records->end) {
		struct furlong_test_record head = {0};
		size_t left = (size_t)(records->end - records->at);
		memcpy(&head, records->at, left < sizeof head ? left : sizeof head);
		if (!is_whole(&head, left)) {
			records->damaged += !damaged;
			damaged = true;
			records->at += left < 8 ? left : 8;
			continue;
		}
		const unsigned char *label = records->at + sizeof head;
		*counts = (struct fl_test_counts){
			.module_id = head.module_id,
			.label = (const char *)label,
			.label_bytes = head.label_bytes,
			.at = label + head.label_bytes,
			.end = records->at + head.record_bytes,
			.left = head.entries,
		};
		records->at += head.record_bytes;
		return true;
	}
	return false;
}

static bool take_number(struct fl_test_counts *counts, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; counts->at < counts->end && shift < 64; shift += 7) {
		unsigned char byte = *counts->at++;
		*number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

bool fl_test_counts_next(struct fl_test_counts *counts, uint64_t *counter, uint64_t *count)
{
	uint64_t gap;
	if (!counts->left || !take_number(counts, &gap) || !take_number(counts, count))
		return false;
	counts->left--;
	*counter = counts->next + gap;
	counts->next = *counter + 1;
	return *counter >= gap; /* no overflow */
}
