/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_hits.cpp: see coverage_hits.h. From what runs least often to what runs most often, each is told by
 * others if they cost less. Others are always rarer, or told already; so nothing is told by itself in a
 * circle.
 */
#include "coverage_hits.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

Hits::Hits(const Plan &plan, Sums &all) : sums(all), rarest(plan.rarest())
{
	for (auto &[sum, parts] : plan.together())
		together.emplace(sum, std::move(parts));
	told[0] = {};
}

uint64_t Hits::weight(Sum sum) const
{
	auto found = rarest.find(sum);
	return found == rarest.end() ? UINT64_MAX : found->second.weight;
}

/* Whether the parts that are not told yet cost less than a note of its own. */
bool Hits::isCheaper(Sum sum, const std::vector<Sum> &parts) const
{
	uint64_t own = weight(sum), cost = 0;
	for (Sum part : parts) {
		if (told.count(part))
			continue;
		if (weight(part) >= own - cost)
			return false;
		cost += weight(part);
	}
	return true;
}

/* A sum that no place has: of places that have one. */
bool Hits::tellByParts(Sum sum)
{
	std::vector<Sum> parts;
	if (sums.isSymbol(sum)) {
		told[sum] = {}; /* a counter of clang's */
		order.push_back(sum);
		return true;
	}
	for (const Term &term : sums.terms(sum)) {
		if (term.minus || !tell(term.sum))
			return false;
		parts.push_back(term.sum);
	}
	told[sum] = std::move(parts);
	order.push_back(sum);
	return true;
}

bool Hits::tell(Sum sum)
{
	if (told.count(sum))
		return true;
	if (!rarest.count(sum))
		return tellByParts(sum);
	auto [first, last] = together.equal_range(sum);
	for (auto it = first; it != last; ++it) {
		if (!isCheaper(sum, it->second))
			continue;
		for (Sum part : it->second)
			if (!tell(part))
				return false;
		told[sum] = it->second;
		order.push_back(sum);
		return true;
	}
	told[sum] = {};
	order.push_back(sum);
	return true;
}

bool Hits::choose(std::vector<Sum> wanted)
{
	std::stable_sort(wanted.begin(), wanted.end(),
		[this](Sum left, Sum right) { return weight(left) < weight(right); });
	return std::all_of(wanted.begin(), wanted.end(), [this](Sum sum) { return tell(sum); });
}

std::vector<std::pair<unsigned, uint32_t>> Hits::write(Shape &shape)
{
	std::vector<std::pair<unsigned, uint32_t>> places;
	for (Sum sum : order) {
		Count count = Count::zero();
		for (Sum part : told[sum]) {
			Count right = *sums.written(part);
			if (!count.encoded) {
				count = right;
				continue;
			}
			shape.expressions.push_back({true, count, right});
			count = Count::expression(shape.expressions.size() - 1);
		}
		if (told[sum].empty()) {
			count = Count::counter(shape.counterCount++);
			auto place = rarest.find(sum);
			if (place != rarest.end())
				places.push_back({place->second.place, shape.counterCount - 1});
		}
		sums.setWritten(sum, count);
	}
	return places;
}

} // namespace furlong
