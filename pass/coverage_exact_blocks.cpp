/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_blocks.cpp: how often control comes to the closing brace of a block that is left without a
 * jump: one that stands alone or behind a label, and the arm of an `if` whose condition is constant. Behind
 * it goes on what is written next.
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

/* Whether control may come there from anywhere, or from a `switch`. */
bool Exact::isLabel(int region) const
{
	return labels.has(region) || text.hasLabel(startOf(shape.regions[region]));
}

/* The label may be a macro. */
bool Exact::isBehindLabel(const Block &block) const
{
	int region = nest.around(block.open);
	return block.isLabelled ||
	       (region >= 0 && labels.has(region) && !firstIn(startOf(shape.regions[region]), block.open));
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
		if (start < brace || !goesOn || isLabel(region))
			return false;
	}
	return true;
}

/* The jump by which control goes on to a label from what is written before it: of that, clang makes the block
 * before. Null: by none. */
static const Instruction *goesOnToLabel(const BasicBlock &label)
{
	const BranchInst *jump = jumpAtEnd(label.getPrevNode());
	return jump && jump->getSuccessor(0) == &label ? jump : nullptr;
}

/* The same for the `case` that a region begins with: what goes on from a block stands at its brace. */
const Instruction *Exact::goesOnToCase(int region, Position brace) const
{
	for (const BasicBlock *block : predecessors(&labels.meeting(region))) {
		const BranchInst *jump = jumpAtEnd(block);
		if (jump && placeOf(*jump) == brace && !labels.onlyCounts(*block))
			return jump;
	}
	return nullptr;
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
	if (nest.parent(other) != around || !isLabel(other))
		return nullptr;
	return labels.has(other) ? goesOnToCase(other, brace) : goesOnToLabel(*begins[other]);
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
	const std::vector<const BasicBlock *> &begins) const
{
	for (const Block &block : written.blocks) {
		Position open = block.open, close = block.close;
		splitAtOpening(open, close, firsts, seen);
		int region = nest.around(close), around = region;
		if (region < 0 || seen.count({region, close.first}))
			continue;
		Position behind = {close.first, close.second + 1};
		if (rangeOf(shape.regions[region]) == Range(open, behind))
			around = nest.parent(region);
		else if (!(block.isStatement || isBehindLabel(block)) ||
			 endOf(shape.regions[region]) == behind)
			continue;
		if (around < 0)
			continue;
		const Instruction *first = firstIn(open, close), *next = nextBehind(close, around, begins);
		if (!first || !next || !dominators.dominates(first->getParent(), next->getParent()))
			continue;
		/* Where that is the brace around, more may come to it. */
		auto known = llvm::find_if(firsts, [&](const First &told) {
			return told.region == around && told.at == placeOf(*next);
		});
		seen[{region, close.first}] = true;
		firsts.push_back({close, region, known == firsts.end() ? truth.at(*next) : known->sum});
	}
}

/* The code region that clang ends within a block behind a label, where its last statement leaves: what the
 * label begins, or the rest of that. The brace would count as what is around, the label before or nothing.
 * -1: it ends none, but arms and the like. */
int Exact::leftWithin(Position open, Position close) const
{
	auto byEnd = [](const Region &region) { return std::make_pair(endOf(region), startOf(region)); };
	int last = -1;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind == FURLONG_REGION_CODE && !region.file && endOf(region) > open &&
			endOf(region) <= close && (last < 0 || byEnd(region) > byEnd(shape.regions[last])))
			last = static_cast<int>(i);
	}
	if (last < 0)
		return -1;
	Position start = startOf(shape.regions[last]);
	return start <= open || written.statements.count(start) || isLabel(last) ? last : -1;
}

/* Such a brace counts as the code before it, as that of any other block that is left does. */
void Exact::closeLabelled()
{
	for (const Block &block : written.blocks) {
		int left = isBehindLabel(block) ? leftWithin(block.open, block.close) : -1;
		if (left < 0)
			continue;
		Region brace = shape.regions[left];
		std::tie(brace.startLine, brace.startColumn) = block.close;
		std::tie(brace.endLine, brace.endColumn) = block.close;
		brace.endColumn++;
		Sum count = parts[left].empty() ? sum[left] : parts[left].back().sum;
		leadTo(brace, count);
		add(brace, count);
	}
}

} // namespace furlong
