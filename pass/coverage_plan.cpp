/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_plan.cpp: see coverage_plan.h. A spanning tree of the heaviest ways; the ways that are not in it
 * are counted, and those in it follow, leaf by leaf (Knuth; Ball and Larus). Ways from and to the outside
 * cannot be counted. They form a star, so that they are always in the tree.
 */
#include "coverage_plan.h"
#include "coverage.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <algorithm>
#include <numeric>
#include <tuple>

using namespace llvm;

namespace furlong
{

Plan::Plan(Function &owner, const LeavingFunctions *leaving, Sums &sums) : function(owner)
{
	addPieces(leaving);
	addEdges(/*believing=*/!leaving);
	if (leaving)
		leaveLoops();
	findDead();
	weigh();
	choose(sums);
	solve(sums);
}

void Plan::weigh()
{
	if (!saves(function, CoverageSaving::Cold))
		return;
	DominatorTree dominators(function);
	LoopInfo loops(dominators);
	BranchProbabilityInfo probabilities(function, loops);
	BlockFrequencyInfo frequencies(function, probabilities, loops);
	for (Way &way : ways) {
		const BasicBlock *block = way.piece ? way.piece->getParent() : way.source;
		if (!block)
			continue;
		way.weight = frequencies.getBlockFreq(block).getFrequency();
		if (way.source)
			way.weight =
				probabilities.getEdgeProbability(way.source, way.target).scale(way.weight);
	}
}

/* What is in the tree stays unknown; the rest are symbols. */
void Plan::choose(Sums &sums)
{
	std::vector<unsigned> root(points), order(ways.size());
	std::iota(root.begin(), root.end(), 0);
	std::iota(order.begin(), order.end(), 0);
	auto find = [&root](unsigned point) {
		while (root[point] != point)
			point = root[point] = root[root[point]];
		return point;
	};
	/* Of equal ones, an edge is in the tree: to count it may need a block. */
	auto rank = [this](unsigned way) {
		const Way &it = ways[way];
		return std::make_tuple(it.piece || it.source, ~it.weight, it.piece != nullptr, way);
	};
	std::sort(order.begin(), order.end(), [&](unsigned a, unsigned b) { return rank(a) < rank(b); });
	for (unsigned way : order) {
		if (ways[way].known) /* dead: 0 */
			continue;
		unsigned from = find(ways[way].from), to = find(ways[way].to);
		if (from != to) {
			root[from] = to;
			continue;
		}
		ways[way].known = ways[way].counted = true;
		ways[way].sum = sums.symbol();
	}
}

void Plan::solve(Sums &sums)
{
	std::vector<std::vector<unsigned>> touching(points);
	std::vector<unsigned> unknown(touching.size()), ready;
	for (unsigned i = 0; i < ways.size(); i++)
		for (unsigned point : {ways[i].from, ways[i].to}) {
			touching[point].push_back(i);
			unknown[point] += !ways[i].known;
		}
	for (unsigned point = 1; point < touching.size(); point++)
		if (unknown[point] == 1)
			ready.push_back(point);
	while (!ready.empty()) {
		unsigned point = ready.back();
		ready.pop_back();
		if (point == OUTSIDE || unknown[point] != 1)
			continue;
		Way *open = nullptr;
		for (unsigned way : touching[point])
			if (!ways[way].known)
				open = &ways[way];
		std::vector<Term> terms;
		for (bool minus : {false, true})
			for (unsigned way : touching[point]) {
				bool sameSide = (ways[way].to == point) == (open->to == point);
				if (ways[way].known && sameSide == minus)
					terms.push_back({ways[way].sum, minus});
			}
		open->sum = sums.add(terms);
		open->known = true;
		for (unsigned end : {open->from, open->to})
			if (--unknown[end] == 1)
				ready.push_back(end);
	}
}

Sum Plan::at(const Instruction &instruction) const
{
	auto found = ofBlock.find(instruction.getParent());
	if (found == ofBlock.end())
		return 0;
	auto [first, last] = found->second;
	while (last > first && instruction.comesBefore(pieces[last].first))
		last--;
	return ways[pieces[last].way].sum;
}

Sum Plan::along(const BasicBlock *from, const BasicBlock *to) const
{
	auto found = ofEdge.find({from, to});
	return found == ofEdge.end() ? 0 : ways[found->second].sum;
}

Instruction *Plan::placeOf(const Way &way) const
{
	if (way.piece)
		return way.piece;
	if (way.target->getUniquePredecessor())
		return headOf(*way.target);
	Instruction *end = way.source->getTerminator();
	if (way.source->getUniqueSuccessor())
		return end;
	unsigned successor = 0;
	while (end->getSuccessor(successor) != way.target)
		successor++;
	BasicBlock *between =
		SplitCriticalEdge(end, successor, CriticalEdgeSplittingOptions().setMergeIdenticalEdges());
	return &*between->getFirstInsertionPt();
}

DenseMap<Sum, Plan::Rarest> Plan::rarest() const
{
	DenseMap<Sum, Rarest> found;
	for (unsigned i = 0; i < ways.size(); i++) {
		const Way &way = ways[i];
		if (!way.piece && !way.source)
			continue;
		auto [entry, isNew] = found.try_emplace(way.sum, Rarest{i, way.weight});
		/* Of equal ones a piece: to note an edge may need a block. */
		bool better =
			way.weight < entry->second.weight ||
			(way.piece && !ways[entry->second.place].piece && way.weight == entry->second.weight);
		if (!isNew && better)
			entry->second = {i, way.weight};
	}
	return found;
}

std::vector<std::pair<Sum, std::vector<Sum>>> Plan::together() const
{
	struct Point {
		std::vector<unsigned> in, out;
		bool open = false;
	};
	std::vector<Point> all(points);
	for (unsigned i = 0; i < ways.size(); i++) {
		bool open = ways[i].from == OUTSIDE || ways[i].to == OUTSIDE;
		all[ways[i].to].in.push_back(i);
		all[ways[i].from].out.push_back(i);
		all[ways[i].to].open |= open;
		all[ways[i].from].open |= open;
	}
	/* Control that comes back has been there. */
	DominatorTree dominators(function);
	auto comesBack = [&](unsigned way) {
		return ways[way].source && dominators.dominates(ways[way].target, ways[way].source);
	};
	std::vector<std::pair<Sum, std::vector<Sum>>> found;
	for (unsigned point = 1; point < points; point++) {
		const Point &it = all[point];
		for (bool in : {false, true}) {
			const std::vector<unsigned> &one = in ? it.in : it.out,
						    &several = in ? it.out : it.in;
			if (it.open || one.size() != 1 || several.size() < 2)
				continue;
			std::vector<Sum> parts;
			for (unsigned way : several)
				if (in || !comesBack(way))
					parts.push_back(ways[way].sum);
			found.push_back({ways[one.front()].sum, std::move(parts)});
		}
	}
	return found;
}

Placement Plan::placeAt(unsigned place, uint32_t counter, bool hit) const
{
	Placement placement = {placeOf(ways[place]), counter};
	placement.hit = hit;
	return placement;
}

std::vector<Placement> Plan::place(const Sums &sums)
{
	std::vector<Placement> placements;
	for (const Way &way : ways) {
		if (!way.counted)
			continue;
		if (std::optional<uint32_t> counter = sums.counterOf(way.sum))
			placements.push_back({placeOf(way), *counter});
	}
	return placements;
}

} // namespace furlong
