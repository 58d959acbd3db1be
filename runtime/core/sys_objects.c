/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_objects.c: the objects that the loader has mapped. Reads their program headers and dynamic sections.
 */
#include "core/sys.h"

#include "core/print.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

#define RUNTIME_NAME "libfurlong_rt.so"

struct objects_walk {
	void (*each)(const struct fl_sys_object *object, void *data);
	void *data;
};

/* Programs name the runtime by its path. */
static bool names_runtime(const char *needed)
{
	const char *slash = strrchr(needed, '/');

	return !strcmp(slash ? slash + 1 : needed, RUNTIME_NAME);
}

/* What its dynamic section says; glibc relocates the addresses in place, but not the vdso's. */
struct dynamic {
	const char *strings;
	const ElfW(Sym) * symbols;
	const uint32_t *hash; /* DT_GNU_HASH's; word 1: the first symbol that is defined */
	bool needs_runtime;
};

static const void *place_of(uintptr_t bias, const ElfW(Dyn) * entry)
{
	uintptr_t at = entry->d_un.d_ptr;

	return (const void *)(at < bias ? bias + at : at);
}

static struct dynamic read_dynamic(uintptr_t bias, uintptr_t at)
{
	const ElfW(Dyn) *begin = (const ElfW(Dyn) *)at;
	struct dynamic dynamic = {0};

	for (const ElfW(Dyn) *d = begin; d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_STRTAB)
			dynamic.strings = place_of(bias, d);
		else if (d->d_tag == DT_SYMTAB)
			dynamic.symbols = place_of(bias, d);
		else if (d->d_tag == DT_GNU_HASH)
			dynamic.hash = place_of(bias, d);
	for (const ElfW(Dyn) *d = begin; dynamic.strings && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_NEEDED && names_runtime(dynamic.strings + d->d_un.d_val))
			dynamic.needs_runtime = true;
	return dynamic;
}

/* Objects with counters ask for what registers them: such symbols stand before those of the hash table, which
 * says where those begin, unless there are none (1). */
bool fl_sys_object_may_count(const struct fl_sys_object *object)
{
	struct dynamic dynamic;

	if (!object->needs_runtime)
		return false;
	dynamic = read_dynamic(object->bias, object->dynamic);
	if (!dynamic.symbols || !dynamic.hash || dynamic.hash[1] <= 1)
		return true;
	for (uint32_t i = 1; i < dynamic.hash[1]; i++)
		if (!strcmp(dynamic.strings + dynamic.symbols[i].st_name, "__furlong_coverage_module"))
			return true;
	return false;
}

/* The GNU build id among a segment's notes. */
static void look_at_notes(
	const struct dl_phdr_info *info, const ElfW(Phdr) * ph, struct fl_sys_object *object)
{
	const char *at = (const char *)(info->dlpi_addr + ph->p_vaddr), *end = at + ph->p_memsz;
	size_t unit = ph->p_align == 8 ? 8 : 4;

	while ((size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
		const char *name = at + sizeof(*note);
		const unsigned char *bytes = (const unsigned char *)at +
					     ((sizeof(*note) + note->n_namesz + unit - 1) & ~(unit - 1));
		size_t size = (const char *)bytes - at + ((note->n_descsz + unit - 1) & ~(unit - 1));

		if (size > (size_t)(end - at))
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(name, "GNU", 4))
			for (size_t i = 0; i < note->n_descsz && i < sizeof(object->build_id) / 2; i++)
				fl_print_to(object->build_id + 2 * i, 3, "%02x", bytes[i]);
		at += size;
	}
}

static void look_at_segments(const struct dl_phdr_info *info, struct fl_sys_object *object)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t begin = info->dlpi_addr + ph->p_vaddr, end = begin + ph->p_memsz;

		if (ph->p_type == PT_DYNAMIC) {
			object->dynamic = begin;
			object->needs_runtime = read_dynamic(object->bias, begin).needs_runtime;
		}
		if (ph->p_type == PT_NOTE)
			look_at_notes(info, ph, object);
		if (ph->p_type != PT_LOAD)
			continue;
		object->has_code |= (ph->p_flags & PF_X) != 0;
		object->begin = begin < object->begin ? begin : object->begin;
		object->end = end > object->end ? end : object->end;
		if (!(ph->p_flags & PF_W))
			continue;
		object->writable_begin = begin < object->writable_begin ? begin : object->writable_begin;
		object->writable_end = end > object->writable_end ? end : object->writable_end;
	}
}

/* The program itself has no name here. */
static void name_program(struct fl_sys_object *object)
{
	static char name[sizeof(object->path)]; /* asked for at the start, by one thread */
	const char *fallback = (const char *)getauxval(AT_EXECFN);

	if (!*name && fl_sys_readlink("/proc/self/exe", name, sizeof(name) - 1) <= 0 && fallback)
		strncpy(name, fallback, sizeof(name) - 1);
	memcpy(object->path, name, sizeof(name));
}

static int look_at_one(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct objects_walk *walk = data;
	struct fl_sys_object object = {.begin = UINTPTR_MAX, .writable_begin = UINTPTR_MAX};

	(void)size;
	object.bias = info->dlpi_addr;
	look_at_segments(info, &object);
	if (object.begin > object.end)
		return 0;
	if (info->dlpi_name && *info->dlpi_name)
		strncpy(object.path, info->dlpi_name, sizeof(object.path) - 1);
	else
		name_program(&object);
	walk->each(&object, walk->data);
	return 0;
}

/* /proc/self/maps says "(deleted)" at the end of such a mapping's line. */
bool fl_sys_mapping_is_deleted(const void *at)
{
	static const char mark[] = " (deleted)";
	char buf[4096], start[24];
	size_t column = 0, matched = 0, marked = 0,
	       length = fl_print_to(start, sizeof(start), "%lx-", (uintptr_t)at);
	bool deleted = false;
	int fd = fl_sys_open("/proc/self/maps", O_RDONLY, 0);
	long n;

	while (fd >= 0 && !deleted && (n = fl_sys_read(fd, buf, sizeof(buf))) > 0)
		for (long i = 0; i < n && !deleted; i++) {
			char c = buf[i];

			if (c == '\n') {
				deleted = matched == length && marked == sizeof(mark) - 1;
				column = matched = marked = 0;
				continue;
			}
			matched += column < length && matched == column && c == start[column];
			marked = c == mark[marked] ? marked + 1 : c == mark[0];
			column++;
		}
	if (fd >= 0)
		fl_sys_close(fd);
	return deleted;
}

void fl_sys_objects_look(void (*each)(const struct fl_sys_object *object, void *data), void *data)
{
	struct objects_walk walk = {each, data};

	dl_iterate_phdr(look_at_one, &walk);
}
