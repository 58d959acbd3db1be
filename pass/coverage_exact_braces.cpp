/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_braces.cpp: how often control comes to the brace that closes a region, on a line of its own:
 * as often as it goes on behind it (coverage_exact_regions.h).
 */
#include "coverage_exact_regions.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace furlong
{

static Position braceOf(const Region &region)
{
	return {region.endLine, region.endColumn - 1};
}

static bool isJump(const Instruction &instruction)
{
	auto *jump = dyn_cast<BranchInst>(&instruction);
	return jump && jump->isUnconditional();
}

/* The region that a jump leaves which does not stand at its brace: clang lets one behind an `else` stand
 * nowhere, and one back to a loop's beginning there. Of those that control has come through it is the last to
 * end, within the loop, or without what the jump leads to; or -1. */
int Exact::leftBy(const BranchInst &jump, const std::vector<const BasicBlock *> &begins,
	const DominatorTree &dominators) const
{
	Position place = placeOf(jump);
	if (place.first && !jump.hasMetadata(LLVMContext::MD_loop))
		return -1;
	auto isLeft = [&](size_t region) {
		return place.first ? startOf(shape.regions[region]) > place
				   : !dominators.dominates(begins[region], jump.getSuccessor(0));
	};
	int left = -1;
	for (size_t i = 0; i < original; i++)
		if (begins[i] && dominators.dominates(begins[i], jump.getParent()) && isLeft(i) &&
			(left < 0 || endOf(shape.regions[i]) > endOf(shape.regions[left])))
			left = static_cast<int>(i);
	return left < 0 ? left : nest.around(braceOf(shape.regions[left]));
}

/* Whether the region ends with a brace and no code stands on the line before that. */
bool Exact::endsWithBrace(const Region &region) const
{
	Position brace = braceOf(region);
	return region.startLine < region.endLine && text.hasBrace(brace) &&
	       llvm::none_of(sites,
		       [&](const Site &site) { return site.at.first == brace.first && site.at < brace; });
}

/* By region: the block of what control comes to first in it; or null. */
std::vector<const BasicBlock *> Exact::beginnings() const
{
	std::vector<const BasicBlock *> begins(original);
	for (const Site &site : sites)
		for (int region = site.region; region >= 0; region = nest.parent(region))
			if (!begins[region])
				begins[region] = site.instruction->getParent();
	return begins;
}

/* What goes on behind a region jumps there from its brace, and is the last to do so that has come through the
 * region: a scope's cleanup stands there before it, also of what leaves the region; and others begin without
 * a place of their own and have that one. */
void Exact::splitAtBraces(std::vector<First> &firsts, SeenLines &seen) const
{
	std::vector<const BasicBlock *> begins = beginnings();
	DominatorTree dominators(function);
	auto end = [&](int region, const Instruction &jump) {
		if (region < 0 || !endsWithBrace(shape.regions[region]) || !begins[region] ||
			!dominators.dominates(begins[region], jump.getParent()))
			return;
		Position brace = braceOf(shape.regions[region]);
		if (seen.insert({{region, brace.first}, true}).second)
			firsts.push_back({brace, region, truth.at(jump)});
	};
	for (const Site &site : llvm::reverse(sites))
		if (isJump(*site.instruction) && site.region >= 0 &&
			site.at == braceOf(shape.regions[site.region]))
			end(site.region, *site.instruction);
	auto thrown = unwinding(function);
	for (const BasicBlock &block : function)
		if (const BranchInst *jump = thrown.count(&block) ? nullptr : jumpAtEnd(&block))
			end(leftBy(*jump, begins, dominators), *jump);
	splitAtBlocks(firsts, seen, dominators, begins);
}

} // namespace furlong
