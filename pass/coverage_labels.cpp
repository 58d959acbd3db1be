/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_labels.cpp: the labels of `switch`.
 */
#include "coverage_labels.h"

#include "coverage_sites.h"
#include "llvm/IR/CFG.h"

using namespace llvm;

namespace furlong
{

static bool isChosen(const BasicBlock &block)
{
	return any_of(predecessors(&block),
		[](const BasicBlock *from) { return isa<SwitchInst>(from->getTerminator()); });
}

Labels::Labels(
	const Shape &described, const std::vector<Range> &uses, const std::vector<Increment> &increments)
    : shape(described)
{
	std::map<Position, int> begins;
	std::map<uint32_t, const BasicBlock *> choices; /* by counter */
	for (size_t i = 0; i < shape.regions.size(); i++)
		if (shape.regions[i].kind == FURLONG_REGION_CODE && !shape.regions[i].file)
			begins.try_emplace(startOf(shape.regions[i]), static_cast<int>(i));
	for (const Increment &increment : increments)
		if (isChosen(*increment.call->getParent()))
			choices[increment.index] = increment.call->getParent();
	for (const Region &choice : shape.regions) {
		if (choice.kind != FURLONG_REGION_BRANCH || !choice.count.isCounter())
			continue;
		auto counted = choices.find(choice.count.index());
		auto begin = begins.find(choice.file ? uses[choice.file].first : startOf(choice));
		if (counted == choices.end() || begin == begins.end())
			continue;
		regions.try_emplace(counted->first, begin->second);
		countedIn[begin->second] = counted->second;
	}
}

bool Labels::has(int region) const
{
	return countedIn.count(region);
}

int Labels::regionOf(uint32_t counter) const
{
	auto found = regions.find(counter);
	return found == regions.end() ? -1 : found->second;
}

bool Labels::onlyCounts(const BasicBlock &block) const
{
	auto *count = dyn_cast<InstrProfIncrementInst>(&block.front());
	const BranchInst *jump = jumpAtEnd(&block);
	if (!count || !jump || jump->getPrevNode() != count || !isChosen(block))
		return false;
	int region = regionOf(static_cast<uint32_t>(count->getIndex()->getZExtValue()));
	return region >= 0 && placeOf(*jump) < startOf(shape.regions[region]);
}

const BasicBlock &Labels::meeting(int region) const
{
	const BasicBlock &counting = *countedIn.at(region);
	const BranchInst *before = jumpAtEnd(counting.getPrevNode());
	if (!before || !onlyCounts(counting))
		return counting;
	const BasicBlock *next = counting.getSingleSuccessor();
	return before->getSuccessor(0) == next ? *next : counting;
}

} // namespace furlong
