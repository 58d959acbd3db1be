/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_outlined.h: functions that clang made of statements: OpenMP's parallel regions and tasks.
 *
 * The function around has no code there. What it hands over has the place of its first use, though, and with
 * it goes the use of a macro: both would count once more what the statement's own function counts.
 */
#ifndef FURLONG_PASS_COVERAGE_OUTLINED_H
#define FURLONG_PASS_COVERAGE_OUTLINED_H

#include "coverage_nest.h"

namespace furlong
{

class Outlined
{
      public:
	/* If it is one. Its region may be no more than the line of a pragma; from here on it ends where the
	 * function's code does. */
	void add(Shape &shape, const llvm::Function &function);
	/* Those whose statement stands in this function. */
	std::vector<Range> within(const Shape &shape) const;

      private:
	std::vector<std::pair<uint32_t, Range>> statements; /* by file */
};

/* Whether a place is strictly in one of the ranges. */
bool standsInOne(Position at, const std::vector<Range> &ranges);

/* Takes away the uses of macros in these ranges, with the macros' text. */
void dropUses(Shape &shape, const std::vector<Range> &ranges);

} // namespace furlong

#endif
