/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_nest.cpp: see coverage_nest.h.
 */
#include "coverage_nest.h"
#include <algorithm>

namespace furlong
{

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
