/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_outlined.cpp: see coverage_outlined.h.
 */
#include "coverage_outlined.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include <algorithm>
#include <set>
#include <tuple>

namespace furlong
{

static bool isOutlined(const llvm::Function &function)
{
	const llvm::DISubprogram *subprogram = function.getSubprogram();
	return subprogram && (subprogram->isArtificial() || function.getName().contains("omp_outlined") ||
				     function.getName().contains("omp_offloading"));
}

void Outlined::add(Shape &shape, const llvm::Function &function)
{
	if (!isOutlined(function) || shape.regions.empty() || shape.regions[0].file ||
		shape.regions[0].kind != FURLONG_REGION_CODE)
		return;
	Region &whole = shape.regions[0];
	Position end = endOf(whole);
	for (const Region &region : shape.regions)
		if (region.file == 0)
			end = std::max(end, endOf(region));
	for (const llvm::Instruction &instruction : instructions(function)) {
		const llvm::DILocation *place = instruction.getDebugLoc();
		if (place && !place->getInlinedAt() &&
			place->getFile() == function.getSubprogram()->getFile())
			end = std::max(end, Position(place->getLine(), place->getColumn() + 1));
	}
	std::tie(whole.endLine, whole.endColumn) = end;
	statements.push_back({shape.files[0], rangeOf(whole)});
}

std::vector<Range> Outlined::within(const Shape &shape) const
{
	std::vector<Range> found;
	if (shape.regions.empty() || shape.regions[0].file)
		return found;
	Range whole = rangeOf(shape.regions[0]);
	for (const auto &[file, range] : statements)
		if (file == shape.files[0] && range != whole && range.first >= whole.first &&
			range.second <= whole.second)
			found.push_back(range);
	return found;
}

bool standsInOne(Position at, const std::vector<Range> &ranges)
{
	return std::any_of(ranges.begin(), ranges.end(),
		[at](const Range &range) { return range.first < at && at < range.second; });
}

void dropUses(Shape &shape, const std::vector<Range> &ranges)
{
	std::set<uint32_t> dropped; /* files */
	auto isUse = [&](const Region &region) {
		return region.kind == FURLONG_REGION_EXPANSION &&
		       (region.file ? dropped.count(region.file) : standsInOne(startOf(region), ranges));
	};
	for (size_t known = SIZE_MAX; known != dropped.size();) {
		known = dropped.size();
		for (const Region &region : shape.regions)
			if (isUse(region))
				dropped.insert(region.expanded);
	}
	auto goes = [&](const Region &region) { return dropped.count(region.file) || isUse(region); };
	shape.regions.erase(
		std::remove_if(shape.regions.begin(), shape.regions.end(), goes), shape.regions.end());
}

} // namespace furlong
