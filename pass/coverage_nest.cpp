/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_nest.cpp: see coverage_nest.h.
 */
#include "coverage_nest.h"
#include "llvm_compat.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace furlong
{

bool isWithin(const Region &region, const llvm::Function &function)
{
	for (const llvm::Instruction &instruction : instructions(function)) {
		const llvm::DILocation *place = instruction.getDebugLoc();
		if (!place || place->getInlinedAt() ||
			place->getFile() != function.getSubprogram()->getFile())
			continue;
		Position at = {place->getLine(), place->getColumn()};
		if (at > startOf(region) && at < endOf(region))
			return true;
	}
	return false;
}

/* Whether a macro's name ends here, or, where the macro is a system header's, which has no width, stands on
 * the line before. */
static bool isBehindMacro(Position at, const Shape &shape)
{
	return llvm::any_of(shape.regions, [at](const Region &region) {
		bool isUse = region.kind == FURLONG_REGION_EXPANSION && endOf(region) == at;
		bool isSystems = region.kind == FURLONG_REGION_CODE && startOf(region) == endOf(region) &&
				 region.startLine == at.first && startOf(region) < at;
		return region.file == 0 && (isUse || isSystems);
	});
}

/* What packs are expanded to has regions of one range, too, which are several (docs/design/counters.md). Only
 * functions with a pack among their template arguments, or within one such, have a J there. */
static bool mayExpandPacks(const llvm::Function &function)
{
	return compat::startsWith(function.getName(), "_Z") && function.getName().contains('J');
}

void dropDoubles(Shape &shape, const llvm::Function &function)
{
	std::map<Range, bool> written; /* by range: whether there is code in it */
	std::vector<Region> kept;
	bool packs = mayExpandPacks(function);
	for (const Region &region : shape.regions) {
		Range range = rangeOf(region);
		if (region.kind == FURLONG_REGION_CODE && region.file == 0 && range.first < range.second) {
			auto known = written.find(range);
			if (known == written.end())
				written[range] = false;
			else if (known->second ||
				 (known->second = (!packs || isBehindMacro(range.first, shape)) &&
						  isWithin(region, function)))
				continue;
		}
		kept.push_back(region);
	}
	shape.regions = std::move(kept);
}

void beginAtNames(Shape &shape)
{
	std::map<Position, Position> names; /* by end */
	for (const Region &use : shape.regions)
		if (use.kind == FURLONG_REGION_EXPANSION && use.file == 0)
			names[endOf(use)] = startOf(use);
	for (Region &region : shape.regions) {
		auto name = names.find(startOf(region));
		if (region.kind == FURLONG_REGION_CODE && region.file == 0 && name != names.end())
			std::tie(region.startLine, region.startColumn) = name->second;
	}
}

std::vector<Range> usesOf(const Shape &shape)
{
	std::vector<Range> uses(shape.files.size());
	for (bool changed = true; changed;) {
		changed = false;
		for (const Region &region : shape.regions) {
			if (region.kind != FURLONG_REGION_EXPANSION || !region.expanded ||
				uses[region.expanded].first.first)
				continue;
			uses[region.expanded] = region.file ? uses[region.file] : rangeOf(region);
			changed |= uses[region.expanded].first.first != 0;
		}
	}
	return uses;
}

Nest::Nest(const Shape &shape) : regions(shape.regions), parents(shape.regions.size(), -1)
{
	for (size_t i = 0; i < regions.size(); i++)
		if (regions[i].kind == FURLONG_REGION_CODE && regions[i].file == 0)
			ordered.push_back(static_cast<int>(i));
	std::stable_sort(ordered.begin(), ordered.end(), [this](int a, int b) {
		Position left = startOf(regions[a]), right = startOf(regions[b]);
		return left != right ? left < right : endOf(regions[a]) > endOf(regions[b]);
	});
	int outer = -1;
	for (int region : ordered) {
		while (outer >= 0 && (endOf(regions[outer]) < endOf(regions[region]) ||
					     rangeOf(regions[outer]) == rangeOf(regions[region])))
			outer = parents[outer];
		parents[region] = outer;
		outer = region;
	}
}

int Nest::around(Position at) const
{
	auto after = std::upper_bound(ordered.begin(), ordered.end(), at,
		[this](Position place, int region) { return place < startOf(regions[region]); });
	int region = after == ordered.begin() ? -1 : after[-1];
	while (region >= 0 && endOf(regions[region]) <= at)
		region = parents[region];
	return region;
}

} // namespace furlong
