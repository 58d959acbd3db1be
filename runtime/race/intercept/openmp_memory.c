/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_memory.c: memory by OpenMP's own functions. libomp keeps it and gives it out again, to whichever
 * thread: it is new then.
 */
#include "race/intercept.h"
#include "race/memory.h"

#define FRESH(name, size, parameters, arguments)                                                             \
	FL_PUBLIC void *name parameters;                                                                     \
	FL_INTERCEPT_LATE(void *, name, parameters)                                                          \
	{                                                                                                    \
		void *block = FL_REAL_LATE(name) arguments;                                                  \
                                                                                                             \
		if (block)                                                                                   \
			fl_memory_fresh(block, size);                                                        \
		return block;                                                                                \
	}

FRESH(omp_alloc, bytes, (size_t bytes, uintptr_t by), (bytes, by))
FRESH(omp_aligned_alloc, bytes, (size_t alignment, size_t bytes, uintptr_t by), (alignment, bytes, by))
FRESH(omp_calloc, count *bytes, (size_t count, size_t bytes, uintptr_t by), (count, bytes, by))
FRESH(omp_aligned_calloc, count *bytes, (size_t alignment, size_t count, size_t bytes, uintptr_t by),
	(alignment, count, bytes, by))
FRESH(omp_realloc, bytes, (void *old, size_t bytes, uintptr_t by, uintptr_t from), (old, bytes, by, from))
FRESH(__kmpc_alloc, bytes, (int thread, size_t bytes, uintptr_t by), (thread, bytes, by))
FRESH(__kmpc_aligned_alloc, bytes, (int thread, size_t alignment, size_t bytes, uintptr_t by),
	(thread, alignment, bytes, by))
