/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.h: inside model/ only: what each instance of a template ran, beside what all of them did.
 *
 * Naive model: an instance's lines are those of a file in which it alone was compiled.
 */
#ifndef FURLONG_MODEL_INSTANCES_H
#define FURLONG_MODEL_INSTANCES_H

#include "model/file.h"

struct fl_map;

/* The body of one instance. `known` is the builder's, for all files; `linkage` is interned. */
void fl_instances_add(struct raw_file *raw, size_t file, struct fl_map *known,
	const struct raw_instance *facts, const struct raw_region *regions, size_t count);

#endif
