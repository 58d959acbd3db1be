/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_labels.cpp: the labels of `switch`.
 */
#include "coverage_labels.h"

#include "coverage_sites.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"

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
	std::set<uint32_t> choices; /* their counters */
	for (size_t i = 0; i < shape.regions.size(); i++)
		if (shape.regions[i].kind == FURLONG_REGION_CODE && !shape.regions[i].file)
			begins.try_emplace(startOf(shape.regions[i]), static_cast<int>(i));
	for (const Increment &increment : increments)
		if (isChosen(*increment.call->getParent()))
			choices.insert(increment.index);
	for (const Region &choice : shape.regions) {
		Position at = choice.file ? uses[choice.file].first : startOf(choice);
		auto begin = begins.find(at);
		if (choice.kind != FURLONG_REGION_BRANCH || !choice.count.isCounter() ||
			!choices.count(choice.count.index()) || begin == begins.end())
			continue;
		regions.try_emplace(choice.count.index(), begin->second);
		labelled.insert(begin->second);
	}
}

bool Labels::has(int region) const
{
	return labelled.count(region);
}

int Labels::regionOf(uint32_t counter) const
{
	auto found = regions.find(counter);
	return found == regions.end() ? -1 : found->second;
}

bool Labels::onlyCounts(const BranchInst &jump) const
{
	auto *count = dyn_cast<InstrProfIncrementInst>(&jump.getParent()->front());
	if (!count || jump.getPrevNode() != count || !isChosen(*jump.getParent()))
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
