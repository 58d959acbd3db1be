/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.h: counts that stay true when a callee does not come back (exit, longjmp, a throw, the end
 * of its thread), comes back twice (fork, setjmp), or is at work when the process ends.
 */
#ifndef FURLONG_PASS_COVERAGE_EXACT_H
#define FURLONG_PASS_COVERAGE_EXACT_H

#include "coverage_count.h"
#include "coverage_leaving.h"
#include "instrument.h"
#include <optional>

namespace furlong
{

/* Gives the shape true counts and returns where to count; nothing when the function cannot be looked
 * through: then clang's own counters remain. */
std::optional<std::vector<Placement>> makeExact(
	Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving, Counting counting);

} // namespace furlong

#endif
