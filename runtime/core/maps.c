/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * maps.c: see maps.h. /proc/self/maps as text, then the ELF headers where they are mapped.
 */
#include "core/maps.h"

#include "core/print.h"
#include "core/sys.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>

#define MAPS_TEXT_BYTES ((size_t)1 << 20) /* read at most; more objects stay unknown */
#define MAPS_RANGES     8192
#define MAPS_OBJECTS    512

struct maps_line {
	uintptr_t begin, end, offset;
	bool readable;
	const char *path; /* "" for none */
};

static uintptr_t maps_hex(const char **at)
{
	uintptr_t value = 0;

	for (;; (*at)++) {
		char c = **at;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uintptr_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uintptr_t)(c - 'a' + 10);
		else
			return value;
	}
}

static const char *maps_skip_field(const char *at)
{
	while (*at && *at != ' ')
		at++;
	while (*at == ' ')
		at++;
	return at;
}

/* "BEGIN-END rwxp OFFSET DEVICE INODE   PATH"; the line ends in NUL. */
static struct maps_line maps_parse(const char *at)
{
	struct maps_line line = {0};

	line.begin = maps_hex(&at);
	at += *at == '-';
	line.end = maps_hex(&at);
	at += *at == ' ';
	line.readable = *at == 'r';
	at = maps_skip_field(at);
	line.offset = maps_hex(&at);
	line.path = maps_skip_field(maps_skip_field(maps_skip_field(at)));
	return line;
}

static void maps_note_readable(struct fl_maps *maps, const struct maps_line *line)
{
	struct fl_map_range *before = maps->readable_count ? &maps->readable[maps->readable_count - 1] : NULL;

	if (before && before->end == line->begin)
		before->end = line->end;
	else if (maps->readable_count < MAPS_RANGES)
		maps->readable[maps->readable_count++] = (struct fl_map_range){line->begin, line->end};
}

/* Mapped once for each segment; "[vdso]" all at once. */
static void maps_note_object(struct fl_maps *maps, const struct maps_line *line)
{
	struct fl_map_object *before = maps->object_count ? &maps->objects[maps->object_count - 1] : NULL;

	if (before && *line->path && !strcmp(before->path, line->path) && line->offset) {
		before->end = line->end;
		return;
	}
	if (line->offset || !line->readable || maps->object_count == MAPS_OBJECTS ||
		!(line->path[0] == '/' || !strcmp(line->path, "[vdso]")) ||
		line->end - line->begin < sizeof(ElfW(Ehdr)) ||
		memcmp((const void *)line->begin, ELFMAG, SELFMAG))
		return;
	maps->objects[maps->object_count++] =
		(struct fl_map_object){.begin = line->begin, .end = line->end, .path = line->path};
}

static void maps_note_build_id(struct fl_map_object *object, uintptr_t at, uintptr_t end)
{
	while (end - at >= sizeof(ElfW(Nhdr)) && at < end) {
		const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
		uintptr_t name = at + sizeof(*note), bytes = name + ((note->n_namesz + 3u) & ~3u),
			  next = bytes + ((note->n_descsz + 3u) & ~3u);

		if (next > end || next < at)
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			!memcmp((const void *)name, "GNU", 4))
			for (size_t i = 0; i < note->n_descsz && i < sizeof(object->build_id) / 2; i++)
				fl_print_to(object->build_id + 2 * i, 3, "%02x", ((const uint8_t *)bytes)[i]);
		at = next;
	}
}

static void maps_read_headers(const struct fl_maps *maps, struct fl_map_object *object)
{
	const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)object->begin;
	const ElfW(Phdr) *ph = (const ElfW(Phdr) *)(object->begin + header->e_phoff);
	bool biased = false;

	if (!fl_maps_can_read(maps, (uintptr_t)ph, header->e_phnum * sizeof(*ph)))
		return;
	for (int i = 0; i < header->e_phnum && !biased; i++)
		if (ph[i].p_type == PT_LOAD) {
			object->bias = object->begin - (ph[i].p_vaddr & ~(fl_sys_page_size() - 1));
			biased = true;
		}
	object->entry = header->e_entry ? object->bias + header->e_entry : 0;
	for (int i = 0; i < header->e_phnum; i++) {
		uintptr_t at = object->bias + ph[i].p_vaddr;

		if (!fl_maps_can_read(maps, at, ph[i].p_memsz))
			continue;
		if (ph[i].p_type == PT_GNU_EH_FRAME)
			object->unwind = at;
		if (ph[i].p_type == PT_NOTE)
			maps_note_build_id(object, at, at + ph[i].p_memsz);
	}
}

static void maps_read_lines(struct fl_maps *maps, char *text)
{
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		struct maps_line parsed;

		*end = '\0';
		parsed = maps_parse(line);
		if (parsed.readable)
			maps_note_readable(maps, &parsed);
		maps_note_object(maps, &parsed);
	}
	for (size_t i = 0; i < maps->object_count; i++)
		maps_read_headers(maps, &maps->objects[i]);
}

bool fl_maps_look(struct fl_maps *maps)
{
	size_t ranges = MAPS_RANGES * sizeof(*maps->readable),
	       objects = MAPS_OBJECTS * sizeof(*maps->objects), length = 0;
	char *text;
	int fd;
	long n;

	*maps = (struct fl_maps){.memory_bytes = ranges + objects + MAPS_TEXT_BYTES};
	fd = fl_sys_open("/proc/self/maps", O_RDONLY, 0);
	if (fd < 0)
		return false;
	if (fl_sys_map(&maps->memory, maps->memory_bytes, FL_SYS_MAP_ANYWHERE, -1, 0)) {
		maps->memory = NULL;
		fl_sys_close(fd);
		return false;
	}
	maps->readable = maps->memory;
	maps->objects = (void *)((char *)maps->memory + ranges);
	text = (char *)maps->memory + ranges + objects;
	while (length < MAPS_TEXT_BYTES - 1 &&
		(n = fl_sys_read(fd, text + length, MAPS_TEXT_BYTES - 1 - length)) > 0)
		length += (size_t)n;
	fl_sys_close(fd);
	maps_read_lines(maps, text);
	return true;
}

void fl_maps_forget(struct fl_maps *maps)
{
	if (maps->memory)
		fl_sys_unmap(maps->memory, maps->memory_bytes);
	maps->memory = NULL;
}

bool fl_maps_can_read(const struct fl_maps *maps, uintptr_t at, size_t size)
{
	size_t low = 0, high = maps->readable_count;

	if (at >= maps->besides.begin && at < maps->besides.end)
		return size <= maps->besides.end - at;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (maps->readable[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < maps->readable_count && at >= maps->readable[low].begin &&
	       size <= maps->readable[low].end - at;
}

struct fl_map_object *fl_maps_object(const struct fl_maps *maps, uintptr_t at)
{
	for (size_t i = 0; i < maps->object_count; i++)
		if (at >= maps->objects[i].begin && at < maps->objects[i].end)
			return &maps->objects[i];
	return NULL;
}
