/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_told.cpp: see coverage_told.h.
 */
#include "coverage_told.h"
#include "coverage_hits.h"

using namespace llvm;

namespace furlong
{

Told::Told(Function &function, const CountedFunction &counted, const std::vector<Expression> &all,
	const LeavingFunctions *leaving)
    : increments(counted.increments), expressions(all), plan(function, leaving, sums),
      counters(counted.counterCount), derivations(all.size())
{
}

/* A counter of clang: how often control passes its increments. One that adds an outcome ("x ? 1 : 2") stands
 * for no place, and is kept. */
Sum Told::ofIncrements(uint32_t index)
{
	if (index >= counters.size())
		return 0;
	if (counters[index])
		return *counters[index];
	std::vector<Term> terms;
	for (const Increment &increment : increments) {
		if (increment.index != index)
			continue;
		auto *step = dyn_cast<ConstantInt>(increment.step);
		if (!step || !step->isOne()) {
			counters[index] = sums.symbol();
			kept.push_back({index, *counters[index]});
			return *counters[index];
		}
		terms.push_back({plan.at(*increment.call), false});
	}
	counters[index] = sums.add(terms);
	return *counters[index];
}

Sum Told::of(Count count)
{
	if (!count.encoded)
		return 0;
	uint32_t index = count.index();
	if (count.isCounter())
		return ofIncrements(index);
	if (!derivations[index]) {
		derivations[index] = 0; /* one that contains itself is garbage, but ends */
		const Expression &expression = expressions[index];
		Term terms[] = {{of(expression.left), false}, {of(expression.right), !expression.add}};
		derivations[index] = sums.add(terms);
	}
	return *derivations[index];
}

bool Told::isSelects(Sum sum) const
{
	return llvm::any_of(kept, [sum](const auto &counter) { return counter.second == sum; });
}

bool Told::onlyHits(std::vector<Sum> wanted, Shape &shape)
{
	Hits chosen(plan, sums);
	if (!chosen.choose(std::move(wanted)))
		return false;
	noting = true;
	places = chosen.write(shape);
	return true;
}

/* Symbols have counters of their own anyway. */
void Told::countEach(const std::vector<Sum> &wanted, Shape &shape)
{
	auto rarest = plan.rarest();
	for (Sum sum : wanted) {
		auto found = rarest.find(sum);
		if (!sum || found == rarest.end() || sums.isSymbol(sum) || sums.written(sum))
			continue;
		sums.setWritten(sum, Count::counter(shape.counterCount));
		places.push_back({found->second.place, shape.counterCount++});
	}
}

Sum Told::of(const Leaf &leaf, bool value)
{
	std::vector<Term> terms;
	for (const Outcome &outcome : leaf.outcomes)
		if (outcome.value == value)
			terms.push_back({along(outcome.end->getParent(),
						 outcome.end->getSuccessor(outcome.successor)),
				false});
	return add(terms);
}

std::vector<Placement> Told::place()
{
	std::vector<Placement> placements;
	if (!noting)
		placements = plan.place(sums);
	for (auto [place, counter] : places)
		placements.push_back(plan.placeAt(place, counter, noting));
	for (auto [index, sum] : kept)
		for (const Increment &increment : increments)
			if (std::optional<uint32_t> counter = sums.counterOf(sum);
				counter && increment.index == index)
				placements.push_back({increment.call, *counter, increment.step, noting});
	return placements;
}

} // namespace furlong
