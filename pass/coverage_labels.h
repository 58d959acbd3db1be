/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_labels.h: the labels of `switch`, and where clang counts how often one is chosen.
 */
#ifndef FURLONG_PASS_COVERAGE_LABELS_H
#define FURLONG_PASS_COVERAGE_LABELS_H

#include "coverage_count.h"
#include "coverage_nest.h"
#include "llvm/IR/Instructions.h"
#include <map>

namespace furlong
{

/* Clang counts a choice where it leads, before what stands behind the label; control that comes from above
 * passes that by. So there may be a block that counts and does nothing else. */
class Labels
{
      public:
	Labels(const Shape &described, const std::vector<Range> &uses,
		const std::vector<Increment> &increments);
	/* The code region that begins at the label whose choices a counter counts; or -1. */
	int regionOf(uint32_t counter) const;
	/* Whether a code region begins at a label. */
	bool has(int region) const;
	/* Whether that is such a block. It has no place of its own: clang has got no further in the text
	 * since the block before. */
	bool onlyCounts(const llvm::BasicBlock &block) const;
	/* Where what is counted for a label's region, and what comes from above, comes together. */
	const llvm::BasicBlock &meeting(int region) const;

      private:
	const Shape &shape;
	std::map<uint32_t, int> regions;                   /* by counter */
	std::map<int, const llvm::BasicBlock *> countedIn; /* by region */
};

} // namespace furlong

#endif
