/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_tell.h: decisions into a function's shape, each path with its count.
 *
 * A path that is the only one to take its last outcome runs as often as that outcome, and needs no counter.
 * The others are counted by number, in a row of counters or, where there would be too many, in sums
 * (format.h).
 */
#ifndef FURLONG_PASS_COVERAGE_TELL_H
#define FURLONG_PASS_COVERAGE_TELL_H

#include "coverage_paths.h"
#include "coverage_told.h"

namespace furlong
{

/* When the regions are written and nothing is placed yet. */
std::vector<CountedPaths> tellDecisions(
	Shape &shape, const std::vector<DecisionGraph> &graphs, const Leaves &leaves, Told &truth);

/* Of a function that cannot be looked through. */
void loseDecisions(Shape &shape);

} // namespace furlong

#endif
