/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_labels.cpp: the labels of `switch`.
 */
#include "coverage_labels.h"

#include "coverage_sites.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace furlong
{

Labels::Labels(const Shape &described) : shape(described)
{
	std::map<Position, int> begins;
	for (size_t i = 0; i < shape.regions.size(); i++)
		if (shape.regions[i].kind == FURLONG_REGION_CODE && !shape.regions[i].file)
			begins.try_emplace(startOf(shape.regions[i]), static_cast<int>(i));
	for (const Region &region : shape.regions) {
		auto begin = begins.find(startOf(region));
		if (region.kind == FURLONG_REGION_BRANCH && !region.file && begin != begins.end() &&
			region.count.isCounter())
			regions.try_emplace(region.count.index(), begin->second);
	}
}

int Labels::regionOf(uint32_t counter) const
{
	auto found = regions.find(counter);
	return found == regions.end() ? -1 : found->second;
}

bool Labels::onlyCounts(const BranchInst &jump) const
{
	const BasicBlock *block = jump.getParent(), *from = block->getUniquePredecessor();
	auto *count = dyn_cast<InstrProfIncrementInst>(&block->front());
	if (!count || jump.getPrevNode() != count || !from || !isa<SwitchInst>(from->getTerminator()))
		return false;
	int region = regionOf(static_cast<uint32_t>(count->getIndex()->getZExtValue()));
	const DILocation *at = jump.getDebugLoc();
	return region >= 0 &&
	       (!at || Position(at->getLine(), at->getColumn()) < startOf(shape.regions[region]));
}

const BasicBlock &Labels::meeting(const BasicBlock &counting) const
{
	const BranchInst *jump = jumpAtEnd(&counting), *before = jumpAtEnd(counting.getPrevNode());
	bool isFallenInto =
		jump && before && onlyCounts(*jump) && before->getSuccessor(0) == jump->getSuccessor(0);
	return isFallenInto ? *jump->getSuccessor(0) : counting;
}

} // namespace furlong
