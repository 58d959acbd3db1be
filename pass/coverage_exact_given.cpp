/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_given.cpp: the counts of what a macro is given on lines behind that of its name
 * (coverage_exact_regions.h, coverage_given.h).
 */
#include "coverage_exact_regions.h"
#include "llvm/Analysis/PostDominators.h"

using namespace llvm;

namespace furlong
{

/* What a macro is given begins as often as the macro's text. */
void Exact::beginGiven()
{
	for (size_t i = 0; i < given.size(); i++) {
		size_t region = original - given.size() + i;
		begun[region] = true;
		sum[region] = ofText(given[i]);
	}
}

bool Exact::isGiven(int region) const
{
	return region >= static_cast<int>(original - given.size());
}

/* A line that begins with the parenthesis counts as the code around. */
void Exact::endGiven()
{
	for (size_t i = original - given.size(); i < original; i++) {
		Region space = shape.regions[i];
		int outer = nest.parent(static_cast<int>(i));
		if (outer < 0 || text.hasCode({{space.endLine, 1}, {space.endLine, space.endColumn - 1}}))
			continue;
		space.kind = FURLONG_REGION_GAP;
		space.startLine = space.endLine - 1;
		space.startColumn = END_OF_LINE;
		add(space, partAt(outer, endOf(space)));
	}
}

/* Whether a macro is given what stands here, on a line behind that of its name. */
bool Exact::isGiven(Position at) const
{
	for (size_t i = original - given.size(); i < original; i++)
		if (startOf(shape.regions[i]) < at && at < endOf(shape.regions[i]))
			return true;
	return false;
}

/* A jump alone in its block, where something ends, has the place of what was written last: of a jump before
 * it, which is no other one of that. */
bool Exact::repeatsJump(const Site &site) const
{
	auto *jump = dyn_cast<BranchInst>(site.instruction);
	if (!jump || jump->isConditional() || jump->getPrevNode() || !isGiven(site.at))
		return false;
	const BranchInst *other = jumpAtEnd(jump->getParent()->getPrevNode());
	return other && other->getDebugLoc() == jump->getDebugLoc();
}

/* Whether a jump decides by what stands on other lines of what a macro is given, before code that runs
 * otherwise. */
bool Exact::isBeforeGiven(const Site &jump) const
{
	auto *end = dyn_cast<BranchInst>(jump.instruction);
	if (!end || !end->isConditional() || !isGiven(jump.at))
		return false;
	bool leads = false;
	for (const Site &site : sites) {
		if (site.at.first != jump.at.first || site.instruction == jump.instruction)
			continue;
		if (site.at < jump.at)
			return false;
		leads |= believed.at(*site.instruction) != believed.at(*jump.instruction);
	}
	return leads;
}

/* How often control comes to a place. A macro may put what it is given into its text several times: on
 * different ways these add up, one after the other they count once. */
Sum Exact::ofPlace(const Site &first)
{
	const BasicBlock *block = first.instruction->getParent();
	Sum found = truth.at(*first.instruction);
	auto isCopy = [&](const Site &site) {
		return site.at == first.at && site.instruction->getParent() != block;
	};
	if (!isGiven(first.region) || llvm::none_of(sites, isCopy))
		return found;
	SmallVector<const BasicBlock *, 4> copies = {block};
	DominatorTree dominators(function);
	PostDominatorTree ends(function);
	for (const Site &copy : sites) {
		const BasicBlock *next = copy.instruction->getParent();
		auto isOnOneWay = [&](const BasicBlock *other) {
			return dominators.dominates(other, next) || ends.dominates(next, other);
		};
		if (copy.at != first.at || llvm::any_of(copies, isOnOneWay))
			continue;
		copies.push_back(next);
		Term terms[] = {{found, false}, {truth.at(*copy.instruction), false}};
		found = truth.add(terms);
	}
	return found;
}

} // namespace furlong
