/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.h: counts that stay true when a callee does not come back (exit, longjmp, a throw, the end
 * of its thread), comes back twice (fork, setjmp), or is at work when the process ends.
 */
#ifndef FURLONG_PASS_COVERAGE_EXACT_H
#define FURLONG_PASS_COVERAGE_EXACT_H

#include "coverage_count.h"
#include "coverage_leaving.h"
#include "coverage_outlined.h"
#include "coverage_paths.h"
#include "instrument.h"
#include "source_text.h"
#include <optional>

namespace furlong
{

struct ExactCounts {
	std::vector<Placement> placements;
	std::vector<CountedPaths> paths; /* of decisions, when the shape is to tell of them */
};

/* Gives the shape true counts and returns where to count; nothing when the function cannot be looked
 * through: then clang's own counters remain. */
std::optional<ExactCounts> makeExact(Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving,
	const Outlined &outlined, const SourceText &text, Counting counting);

} // namespace furlong

#endif
