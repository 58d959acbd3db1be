/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_space.c: where the loaded objects, the main stack and the room between them are.
 *
 * Called once, at start, without the runtime's lock (dl_iterate_phdr takes the loader's).
 */
#include "core/sys.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/resource.h>

#define STACK_ROOM_MAX ((uintptr_t)1 << 30)
#ifdef __aarch64__
#define PROGRAM_END ((uintptr_t)1 << 48)
#else
#define PROGRAM_END ((uintptr_t)1 << 47)
#endif
#define STACK_MARGIN ((uintptr_t)1 << 20)

static int look_at_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct fl_sys_space *space = data;
	uintptr_t vdso = getauxval(AT_SYSINFO_EHDR);

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t begin = info->dlpi_addr + ph->p_vaddr, end = begin + ph->p_memsz;

		if (ph->p_type == PT_INTERP)
			space->loader = true;
		if (ph->p_type != PT_LOAD || (vdso >= begin && vdso < end))
			continue;
		if (begin < space->lowest)
			space->lowest = begin;
		if (end > space->highest)
			space->highest = end;
	}
	return 0;
}

void fl_sys_space_look(struct fl_sys_space *space)
{
	struct rlimit stack = {0};
	uintptr_t room, top = getauxval(AT_RANDOM); /* the kernel puts these bytes at the main stack's top */

	*space = (struct fl_sys_space){.lowest = UINTPTR_MAX, .end = PROGRAM_END};
	dl_iterate_phdr(look_at_object, space);
	getrlimit(RLIMIT_STACK, &stack);
	room = stack.rlim_cur < STACK_ROOM_MAX ? stack.rlim_cur : STACK_ROOM_MAX;
	space->ceiling = top > room + STACK_MARGIN ? top - room - STACK_MARGIN : 0;
}
