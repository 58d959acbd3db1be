/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.h: counts that stay true when a callee does not come back (exit, longjmp, a throw, the end
 * of its thread) or comes back twice (fork, setjmp).
 */
#ifndef FURLONG_PASS_COVERAGE_EXACT_H
#define FURLONG_PASS_COVERAGE_EXACT_H

#include "coverage_count.h"
#include "coverage_leaving.h"

namespace furlong
{

/* Gives derived regions counters of their own and splits regions after calls; adds the counters to the
 * shape. What it cannot place keeps the count that clang derived. */
std::vector<Placement> makeExact(Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving);

} // namespace furlong

#endif
