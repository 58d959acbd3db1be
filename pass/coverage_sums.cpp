/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_sums.cpp: see coverage_sums.h.
 */
#include "coverage_sums.h"

using namespace llvm;

namespace furlong
{

Sums::Sums()
{
	nodes.push_back({0, false, {}, Count::zero()});
	known[0] = 0;
}

Sum Sums::symbol()
{
	Sum number = nodes.size();
	nodes.push_back({printOf(number), true, {}, std::nullopt});
	known[nodes.back().print] = number;
	return number;
}

Sum Sums::add(ArrayRef<Term> terms)
{
	uint64_t print = 0;
	std::vector<Term> kept;
	for (const Term &term : terms) {
		if (!term.sum)
			continue;
		print += term.minus ? 0 - nodes[term.sum].print : nodes[term.sum].print;
		kept.push_back(term);
	}
	auto [entry, isNew] = known.try_emplace(print, nodes.size());
	if (isNew)
		nodes.push_back({print, false, std::move(kept), std::nullopt});
	return entry->second;
}

Count Sums::write(Sum sum, Shape &shape)
{
	if (nodes[sum].written)
		return *nodes[sum].written;
	Count count = Count::zero();
	if (nodes[sum].isSymbol) {
		count = Count::counter(shape.counterCount++);
	} else {
		for (Term term : nodes[sum].terms) {
			Count right = write(term.sum, shape);
			if (!count.encoded && !term.minus) {
				count = right;
				continue;
			}
			shape.expressions.push_back({!term.minus, count, right});
			count = Count::expression(shape.expressions.size() - 1);
		}
	}
	nodes[sum].written = count;
	return count;
}

std::optional<uint32_t> Sums::counterOf(Sum symbol) const
{
	const std::optional<Count> &written = nodes[symbol].written;
	if (!written)
		return std::nullopt;
	return written->index();
}

} // namespace furlong
