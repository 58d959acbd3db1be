/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * paths_found.h: the paths of a decision, from the sums that stand for them (format.h).
 */
#ifndef FURLONG_READ_PATHS_FOUND_H
#define FURLONG_READ_PATHS_FOUND_H

#include "model/build.h"

/* `counters`: FURLONG_PATH_COUNTERS of them; NULL: nothing was counted. Returns how many paths were found;
 * *unfound counts the evaluations along others. */
size_t fl_paths_find(
	const uint64_t *counters, struct fl_path_facts **paths, size_t *capacity, uint64_t *unfound);

#endif
