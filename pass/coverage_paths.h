/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_paths.h: which way a decision was evaluated, counted. The way is a number that is made up in the
 * function's own registers: it is right under recursion, in coroutines, and when a condition does not end.
 */
#ifndef FURLONG_PASS_COVERAGE_PATHS_H
#define FURLONG_PASS_COVERAGE_PATHS_H

#include "coverage_decisions.h"
#include "coverage_tables.h"

namespace furlong
{

/* What is to be done where control takes an outcome of a condition. */
struct PathStep {
	Outcome outcome;
	uint64_t add; /* to the number of the path */
	bool first;   /* of the decision: the number begins with 0 */
	bool ends;    /* the decision: count */
};

struct CountedPaths {
	std::vector<PathStep> steps;
	uint32_t counter; /* the first of one a path, or of the sums */
	bool summed;
};

void placePaths(llvm::ArrayRef<CountedPaths> decisions, const CoverageTables &tables, size_t function);

} // namespace furlong

#endif
