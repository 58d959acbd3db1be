/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_nest.cpp: see coverage_nest.h.
 */
#include "coverage_nest.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace furlong
{

static bool isWithin(const Region &region, const llvm::Function &function)
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

void dropDoubles(Shape &shape, const llvm::Function &function)
{
	std::map<std::pair<Position, Position>, bool> written; /* by range: whether there is code in it */
	std::vector<Region> kept;
	for (const Region &region : shape.regions) {
		std::pair<Position, Position> range = {startOf(region), endOf(region)};
		if (region.kind == FURLONG_REGION_CODE && region.file == 0 && range.first < range.second) {
			auto known = written.find(range);
			if (known == written.end())
				written[range] = false;
			else if (known->second || (known->second = isWithin(region, function)))
				continue;
		}
		kept.push_back(region);
	}
	shape.regions = std::move(kept);
}

void spanOutlined(Shape &shape, const llvm::Function &function)
{
	const llvm::DISubprogram *subprogram = function.getSubprogram();
	bool isOutlined = subprogram->isArtificial() || function.getName().contains("omp_outlined");
	if (!isOutlined || shape.regions.empty() || shape.regions[0].file ||
		shape.regions[0].kind != FURLONG_REGION_CODE)
		return;
	Region &whole = shape.regions[0];
	Position end = endOf(whole);
	for (const Region &region : shape.regions)
		if (region.file == 0)
			end = std::max(end, endOf(region));
	for (const llvm::Instruction &instruction : instructions(function)) {
		const llvm::DILocation *place = instruction.getDebugLoc();
		if (place && !place->getInlinedAt() && place->getFile() == subprogram->getFile())
			end = std::max(end, Position(place->getLine(), place->getColumn() + 1));
	}
	std::tie(whole.endLine, whole.endColumn) = end;
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
		while (outer >= 0 && endOf(regions[outer]) < endOf(regions[region]))
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
