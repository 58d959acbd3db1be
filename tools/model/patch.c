/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * patch.c: see patch.h.
 */
#include "model/patch.h"

#include <string.h>

const struct fl_patch_file *fl_patch_find(const struct fl_patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->file_count; i++)
		if (patch->files[i].path && !strcmp(patch->files[i].path, path))
			return &patch->files[i];
	return NULL;
}

/* One side of a hunk: the first line of it, or the first after it when it has none. */
static uint32_t begin(uint32_t first, uint32_t count)
{
	return count ? first : first + 1;
}

uint32_t fl_patch_old_line(const struct fl_patch_file *file, uint32_t line)
{
	int64_t shift = 0;
	if (file && file->change == FL_CHANGE_ADDED)
		return 0;
	for (size_t i = 0; file && i < file->hunk_count; i++) {
		const struct fl_hunk *hunk = &file->hunks[i];
		uint32_t first = begin(hunk->new_first, hunk->new_count);
		if (line < first)
			break;
		if (line - first < hunk->new_count)
			return 0;
		shift += (int64_t)hunk->old_count - hunk->new_count;
	}
	return (uint32_t)(line + shift);
}

uint32_t fl_patch_new_line(const struct fl_patch_file *file, uint32_t line)
{
	int64_t shift = 0;
	if (file && file->change == FL_CHANGE_DELETED)
		return 0;
	for (size_t i = 0; file && i < file->hunk_count; i++) {
		const struct fl_hunk *hunk = &file->hunks[i];
		uint32_t first = begin(hunk->old_first, hunk->old_count);
		if (line < first)
			break;
		if (line - first < hunk->old_count)
			return 0;
		shift += (int64_t)hunk->new_count - hunk->old_count;
	}
	return (uint32_t)(line + shift);
}
