/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_blocks.cpp: how often control comes to the closing brace of a block that is left without a
 * jump: one that stands alone, and the arm of an `if` whose condition is constant. Behind it goes on what is
 * written next.
 */
#include "coverage_exact_regions.h"

using namespace llvm;

namespace furlong
{

/* Of the function's own text. */
Outline Exact::outline() const
{
	Range whole = {{UINT32_MAX, 0}, {0, 0}};
	std::vector<Range> without = foreign;
	for (const Region &region : shape.regions) {
		if (region.file)
			continue;
		if (region.kind == FURLONG_REGION_SKIPPED)
			without.push_back(rangeOf(region));
		if (region.kind == FURLONG_REGION_CODE)
			whole = {std::min(whole.first, startOf(region)),
				std::max(whole.second, endOf(region))};
	}
	return text.outline(whole, without);
}

/* Whether that is the region around, or clang begins another one where it goes on behind the brace, because
 * something left it before. That ends where its last statement leaves, if it does. */
bool Exact::isRestOf(int around, Position brace, int region) const
{
	for (; region != around; region = nest.parent(region)) {
		if (region < 0)
			return false;
		Position start = startOf(shape.regions[region]);
		bool goesOn = endOf(shape.regions[region]) == endOf(shape.regions[around]) ||
			      written.statements.count(start);
		if (start < brace || !goesOn || text.hasLabel(start))
			return false;
	}
	return true;
}

/* The jump by which control goes on to a label from what is written before it: of that, clang makes the block
 * before. Null: by none. */
static const Instruction *goesOnTo(const BasicBlock &label)
{
	const BranchInst *jump = jumpAtEnd(label.getPrevNode());
	return jump && jump->getSuccessor(0) == &label ? jump : nullptr;
}

/* What control comes to behind a brace in the region around, by no other way; or null. */
const Instruction *Exact::nextBehind(
	Position brace, int around, const std::vector<const BasicBlock *> &begins) const
{
	auto next = llvm::find_if(sites,
		[&](const Site &site) { return site.at > brace && isRestOf(around, brace, site.region); });
	int other = -1; /* the first region that begins before that, and is no rest */
	for (int i = 0; i < static_cast<int>(original); i++) {
		Position start = startOf(shape.regions[i]);
		if (begins[i] && start > brace && (next == sites.end() || start <= next->at) &&
			(other < 0 || start < startOf(shape.regions[other])) && !isRestOf(around, brace, i))
			other = i;
	}
	if (other < 0)
		return next == sites.end() ? nullptr : next->instruction;
	Position start = startOf(shape.regions[other]);
	bool isLabel = nest.parent(other) == around && text.hasLabel(start) && !text.hasCase(start);
	return isLabel ? goesOnTo(*begins[other]) : nullptr;
}

/* What control comes to first of what stands there; or null. */
const Instruction *Exact::firstIn(Position open, Position close) const
{
	auto first =
		llvm::find_if(sites, [&](const Site &site) { return site.at > open && site.at < close; });
	return first == sites.end() ? nullptr : first->instruction;
}

/* What a macro is given has no region that begins with an opening brace: on a line of its own that counts as
 * what stands behind it. */
void Exact::splitAtOpening(Position open, Position close, std::vector<First> &firsts, SeenLines &seen) const
{
	int region = nest.around(open);
	if (region < 0 || !isGiven(region) || text.hasCode({{open.first, 1}, open}))
		return;
	const Instruction *first = firstIn(open, close);
	if (first && seen.insert({{region, open.first}, true}).second)
		firsts.push_back({open, region, truth.at(*first)});
}

void Exact::splitAtBlocks(std::vector<First> &firsts, SeenLines &seen, const DominatorTree &dominators,
	const std::vector<const BasicBlock *> &begins)
{
	written = outline();
	for (const auto &[open, close, isStatement] : written.blocks) {
		splitAtOpening(open, close, firsts, seen);
		int region = nest.around(close), around = region;
		if (region < 0 || seen.count({region, close.first}))
			continue;
		Position behind = {close.first, close.second + 1};
		if (rangeOf(shape.regions[region]) == Range(open, behind))
			around = nest.parent(region);
		else if (!isStatement || endOf(shape.regions[region]) == behind)
			continue;
		/* A stretch of a `case` would go on to the end of the `switch`. */
		if (around < 0 || text.hasCase(startOf(shape.regions[around])))
			continue;
		const Instruction *first = firstIn(open, close), *next = nextBehind(close, around, begins);
		if (!first || !next || !dominators.dominates(first->getParent(), next->getParent()))
			continue;
		/* Where that is the brace around, more may come to it. */
		auto known = llvm::find_if(firsts, [&](const First &told) {
			return told.region == around && next->getDebugLoc() &&
			       told.at ==
				       Position(next->getDebugLoc().getLine(), next->getDebugLoc().getCol());
		});
		seen[{region, close.first}] = true;
		firsts.push_back({close, region, known == firsts.end() ? truth.at(*next) : known->sum});
	}
}

} // namespace furlong
