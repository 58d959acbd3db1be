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

/* The region that a loop's jump back ends: clang lets that of a `while` stand at the loop's beginning. Of
 * those that control has come through it is the last to end. -1: it is no such jump. */
int Exact::bodyOf(const BranchInst &back, const std::vector<const BasicBlock *> &begins,
	const DominatorTree &dominators) const
{
	const DILocation *place = back.getDebugLoc();
	int body = -1;
	if (!place || !back.hasMetadata(LLVMContext::MD_loop))
		return body;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (begins[i] && startOf(region) > Position(place->getLine(), place->getColumn()) &&
			dominators.dominates(begins[i], back.getParent()) &&
			(body < 0 || endOf(region) > endOf(shape.regions[body])))
			body = static_cast<int>(i);
	}
	return body < 0 ? body : nest.around(braceOf(shape.regions[body]));
}

/* Whether the region ends with a brace and no code stands on the line before that. */
bool Exact::endsWithBrace(const Region &region) const
{
	Position brace = braceOf(region);
	return region.startLine < region.endLine && text.hasBrace(brace) &&
	       llvm::none_of(sites,
		       [&](const Site &site) { return site.at.first == brace.first && site.at < brace; });
}

/* What goes on behind a region jumps there from its brace, and is the last to do so that has come through the
 * region: a scope's cleanup stands there before it, also of what leaves the region; and others begin without
 * a place of their own and have that one. */
void Exact::splitAtBraces(std::vector<First> &firsts, SeenLines &seen) const
{
	std::vector<const BasicBlock *> begins(original);
	for (const Site &site : sites)
		for (int region = site.region; region >= 0; region = nest.parent(region))
			if (!begins[region])
				begins[region] = site.instruction->getParent();
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
	for (const BasicBlock &block : function)
		if (isJump(*block.getTerminator()))
			end(bodyOf(cast<BranchInst>(*block.getTerminator()), begins, dominators),
				*block.getTerminator());
}

} // namespace furlong
