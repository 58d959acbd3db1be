/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_tell.cpp: see coverage_tell.h.
 */
#include "coverage_tell.h"

using namespace llvm;

namespace furlong
{

enum { MAX_COUNTED_PATHS = 1024 };

namespace
{

class Teller
{
      public:
	Teller(Shape &described, const DecisionGraph &followed, Told &told)
	    : shape(described), graph(followed), truth(told), paths(followed)
	{
	}
	std::optional<CountedPaths> tell();

      private:
	bool isAlone(uint32_t node, bool value) const
	{
		return endsAt(node, value) && paths.to(node) == 1;
	}
	bool endsAt(uint32_t node, bool value) const
	{
		return graph.nodes[node].next[value] < DecisionGraph::FIRST_CONDITION;
	}
	void tellAlone();
	void number(uint32_t node, uint64_t path);
	std::vector<PathStep> steps(bool summed) const;

	Shape &shape;
	const DecisionGraph &graph;
	Told &truth;
	Paths paths;
	std::vector<Count> alone[2]; /* by value and node */
	uint32_t base = 0;
	Decision decision;
};

} // namespace

void Teller::tellAlone()
{
	for (bool value : {false, true}) {
		alone[value].resize(graph.nodes.size());
		for (uint32_t i = 0; i < graph.nodes.size(); i++)
			if (isAlone(i, value))
				alone[value][i] = truth.write(truth.of(*graph.nodes[i].leaf, value), shape);
	}
}

void Teller::number(uint32_t node, uint64_t path)
{
	for (bool value : {true, false}) {
		uint64_t its = path + paths.step(graph.nodes[node], value);
		if (isAlone(node, value))
			decision.paths.push_back(alone[value][node]);
		else if (endsAt(node, value))
			decision.paths.push_back(Count::counter(base + its));
		else
			number(graph.nodes[node].next[value] - DecisionGraph::FIRST_CONDITION, its);
	}
}

std::vector<PathStep> Teller::steps(bool summed) const
{
	std::vector<PathStep> found;
	for (uint32_t i = 0; i < graph.nodes.size(); i++)
		for (const Outcome &outcome : graph.nodes[i].leaf->outcomes) {
			bool counts = endsAt(i, outcome.value) && (summed || !isAlone(i, outcome.value));
			found.push_back({outcome, paths.step(graph.nodes[i], outcome.value), i == 0, counts});
		}
	return found;
}

std::optional<CountedPaths> Teller::tell()
{
	for (const DecisionGraph::Node &node : graph.nodes)
		decision.conditions.push_back({node.leaf->region, {node.next[0], node.next[1]}});
	decision.kind = graph.followed ? FURLONG_DECISION_COUNTED : FURLONG_DECISION_LOST;
	std::optional<CountedPaths> counted;
	if (graph.followed && paths.from(0) > MAX_COUNTED_PATHS) {
		decision.kind = FURLONG_DECISION_SUMMED;
		decision.counter = shape.counterCount;
		shape.counterCount += FURLONG_PATH_COUNTERS;
		counted = CountedPaths{steps(true), decision.counter, true};
	} else if (graph.followed) {
		tellAlone();
		std::vector<PathStep> its = steps(false);
		base = shape.counterCount;
		if (llvm::any_of(its, [](const PathStep &step) { return step.ends; })) {
			shape.counterCount += static_cast<uint32_t>(paths.from(0));
			counted = CountedPaths{std::move(its), base, false};
		}
		number(0, 0);
	}
	shape.decisions.push_back(std::move(decision));
	return counted;
}

static void tellOf(Shape &shape, uint32_t region, furlong_decision_kind kind)
{
	shape.decisions.push_back({{{region, {0, 0}}}, kind, {}});
}

std::vector<CountedPaths> tellDecisions(
	Shape &shape, const std::vector<DecisionGraph> &graphs, const Leaves &leaves, Told &truth)
{
	std::vector<CountedPaths> counted;
	for (const DecisionGraph &graph : graphs)
		if (std::optional<CountedPaths> its = Teller(shape, graph, truth).tell())
			counted.push_back(std::move(*its));
	for (uint32_t region : leaves.lost)
		tellOf(shape, region, FURLONG_DECISION_LOST);
	for (uint32_t region : leaves.none)
		tellOf(shape, region, FURLONG_DECISION_NONE);
	return counted;
}

void loseDecisions(Shape &shape)
{
	for (uint32_t i = 0; i < shape.regions.size(); i++)
		if (shape.regions[i].kind == FURLONG_REGION_BRANCH)
			tellOf(shape, i, FURLONG_DECISION_LOST);
}

} // namespace furlong
