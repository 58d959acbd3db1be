/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_hits.h: where to note that code ran, when nobody asks how often (docs/design/counters.md).
 *
 * Of a sum only whether it is more than 0 is wanted. So a place needs no note of its own where others tell
 * it: code before a branch ran if one of the branch's ways did. Differences tell nothing.
 */
#ifndef FURLONG_PASS_COVERAGE_HITS_H
#define FURLONG_PASS_COVERAGE_HITS_H

#include "coverage_plan.h"
#include <map>

namespace furlong
{

class Hits
{
      public:
	Hits(const Plan &plan, Sums &sums);
	/* False if one of them cannot be told. */
	bool choose(std::vector<Sum> wanted);
	/* Writes all that was chosen; returns places and their counters. */
	std::vector<std::pair<unsigned, uint32_t>> write(Shape &shape);

      private:
	bool tell(Sum sum);
	bool tellByParts(Sum sum);
	uint64_t weight(Sum sum) const;
	bool isCheaper(Sum sum, const std::vector<Sum> &parts) const;

	Sums &sums;
	llvm::DenseMap<Sum, Plan::Rarest> rarest;
	std::multimap<Sum, std::vector<Sum>> together;
	std::map<Sum, std::vector<Sum>> told; /* by which others; none: by itself */
	std::vector<Sum> order;               /* others first */
};

} // namespace furlong

#endif
