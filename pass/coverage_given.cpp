/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_given.cpp: see coverage_given.h.
 */
#include "coverage_given.h"
#include <optional>
#include <set>

using namespace llvm;

namespace furlong
{

/* What says how often the text that a use leads to is come to; as the tool has it. */
static std::optional<size_t> firstOf(const Shape &shape, const Region &use)
{
	const Region *at = &use;
	for (size_t depth = 0; depth < shape.files.size(); depth++) {
		auto first = llvm::find_if(shape.regions, [&](const Region &region) {
			return region.file == at->expanded &&
			       (region.kind == FURLONG_REGION_CODE ||
				       region.kind == FURLONG_REGION_EXPANSION);
		});
		if (first == shape.regions.end())
			break;
		if (first->kind == FURLONG_REGION_CODE)
			return first - shape.regions.begin();
		at = &*first;
	}
	return std::nullopt;
}

/* Whether a region of code begins in there and ends behind it. */
static bool isCrossed(const Shape &shape, Range range)
{
	return llvm::any_of(shape.regions, [&](const Region &region) {
		return region.kind == FURLONG_REGION_CODE && !region.file && startOf(region) > range.first &&
		       startOf(region) < range.second && endOf(region) > range.second;
	});
}

/* A line that ends with a comment is one to clang, if a macro is given what stands there. */
static void keepLines(Shape &shape, const SourceText &text, const std::vector<Region> &given)
{
	llvm::erase_if(shape.regions, [&](const Region &skipped) {
		return skipped.kind == FURLONG_REGION_SKIPPED && !skipped.file &&
		       llvm::any_of(given,
			       [&](const Region &region) {
				       return startOf(region) < startOf(skipped) &&
					      startOf(skipped) < endOf(region);
			       }) &&
		       text.hasCode(rangeOf(skipped));
	});
}

std::vector<size_t> addGiven(Shape &shape, const SourceText &text)
{
	std::vector<Region> uses;
	std::set<Range> known;
	for (Region use : shape.regions) {
		Range range = {{use.endLine, END_OF_LINE - 1}, {0, 0}};
		if (use.kind == FURLONG_REGION_EXPANSION && !use.file && use.expanded)
			range.second = text.closing(endOf(use));
		if (range.second.first <= use.endLine || isCrossed(shape, range) ||
			!known.insert(range).second)
			continue;
		std::tie(use.startLine, use.startColumn) = range.first;
		std::tie(use.endLine, use.endColumn) = range.second;
		uses.push_back(use);
	}
	keepLines(shape, text, uses);
	std::vector<size_t> firsts;
	for (Region use : uses) {
		std::optional<size_t> first = firstOf(shape, use);
		if (!first)
			continue;
		use.kind = FURLONG_REGION_CODE;
		use.count = shape.regions[*first].count;
		use.expanded = 0;
		shape.regions.push_back(use);
		firsts.push_back(*first);
	}
	return firsts;
}

} // namespace furlong
