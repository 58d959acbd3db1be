/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.cpp: see coverage_exact.h; how a region comes to its count is in coverage_exact_parts.cpp
 * and coverage_exact_counts.cpp.
 */
#include "coverage.h"
#include "coverage_exact_regions.h"
#include "coverage_tell.h"

using namespace llvm;

namespace furlong
{

/* Every region of clang has its sum. */
void Exact::settle()
{
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		form.push_back(region.kind == FURLONG_REGION_BRANCH ? 0 : believed.of(region.count));
	}
	sum.resize(original);
	falseSum.resize(original);
	begun.resize(original);
	parts.resize(original);
	chooseCopies();
	begin();
	beginGiven();
	splitAtSites();
	endGiven();
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_BRANCH || settleCase(i) || settleTogether(i))
			continue;
		sum[i] = ofOutcome(region, region.count, region.falseCount);
		falseSum[i] = ofOutcome(region, region.falseCount, region.count);
	}
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (!region.count.encoded)
			sum[i] = 0;
		else if (region.file &&
			 (region.kind == FURLONG_REGION_CODE || region.kind == FURLONG_REGION_GAP))
			sum[i] = ofText(i);
		else if (region.kind == FURLONG_REGION_GAP)
			sum[i] = ofGap(region);
		else if (region.kind == FURLONG_REGION_CODE && !begun[i])
			sum[i] = ofWordless(i);
	}
	leadUpToRegions();
	closeLabelled();
}

/* All sums that are told. */
std::vector<Sum> Exact::wanted() const
{
	std::vector<Sum> all;
	for (size_t i = 0; i < shape.regions.size(); i++)
		switch (shape.regions[i].kind) {
		case FURLONG_REGION_BRANCH:
			all.push_back(falseSum[i]);
			[[fallthrough]];
		case FURLONG_REGION_CODE:
		case FURLONG_REGION_GAP:
			all.push_back(sum[i]);
			break;
		case FURLONG_REGION_EXPANSION:
		case FURLONG_REGION_SKIPPED:
			break;
		}
	return all;
}

void Exact::write(Counting counting)
{
	shape.regions.insert(shape.regions.end(), added.begin(), added.end());
	shape.expressions.clear();
	shape.counterCount = 0;
	if (counting == Counting::Hits && truth.onlyHits(wanted(), shape))
		shape.flags |= FURLONG_SHAPE_HITS;
	else if (!saves(function, CoverageSaving::Tree))
		truth.countEach(wanted(), shape);
	for (size_t i = 0; i < shape.regions.size(); i++) {
		Region &region = shape.regions[i];
		if (region.kind == FURLONG_REGION_SKIPPED || region.kind == FURLONG_REGION_EXPANSION)
			continue;
		bool isBranch = region.kind == FURLONG_REGION_BRANCH;
		/* A constant outcome stays one: it is told by its count. */
		if (!isBranch || region.count.encoded)
			region.count = truth.write(sum[i], shape);
		if (isBranch && region.falseCount.encoded)
			region.falseCount = truth.write(falseSum[i], shape);
	}
}

Leaves Exact::leavesOf()
{
	return findLeaves(function, shape, believed, [this](const Instruction &instruction, uint32_t branch) {
		return standsIn(instruction, shape.regions[branch], 0);
	});
}

ExactCounts Exact::run(Counting counting)
{
	ExactCounts counts;
	sites = findSites(function, shape, nest, labels);
	llvm::erase_if(
		sites, [&](const Site &site) { return standsInOne(site.at, foreign) || repeatsJump(site); });
	settle();
	Leaves leaves;
	std::vector<DecisionGraph> decisions;
	if (counting == Counting::Decisions) {
		leaves = leavesOf();
		decisions = findDecisions(function, shape, increments, leaves);
		for (const Leaf &leaf : leaves.found) {
			sum[leaf.region] = truth.of(leaf, true);
			falseSum[leaf.region] = truth.of(leaf, false);
		}
	}
	write(counting);
	counts.paths = tellDecisions(shape, decisions, leaves, truth);
	counts.placements = truth.place();
	return counts;
}

std::optional<ExactCounts> makeExact(Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving,
	const Outlined &outlined, const SourceText &text, Counting counting)
{
	Function &function = *counted.increments.front().call->getFunction();
	if (!function.getSubprogram())
		return std::nullopt;
	for (const Increment &increment : counted.increments)
		if (increment.call->getFunction() != &function)
			return std::nullopt;
	std::vector<Range> foreign = outlined.within(shape);
	dropUses(shape, foreign);
	dropDoubles(shape, function);
	beginAtNames(shape);
	return Exact(shape, counted, function, leaving, text, foreign).run(counting);
}

} // namespace furlong
