/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_decisions.h: which conditions make up one decision, and in which order they decide it
 * (docs/design/decisions.md).
 *
 * Clang's mapping says where conditions stand and how often each was true and false, and no more. How "&&",
 * "||" and "!" join them is seen in the control flow: at the pipeline's start it is still as the front end
 * made it.
 */
#ifndef FURLONG_PASS_COVERAGE_DECISIONS_H
#define FURLONG_PASS_COVERAGE_DECISIONS_H

#include "coverage_count.h"
#include "llvm_compat.h"
#include "shape.h"

namespace furlong
{

/* A way out of a condition. */
struct Outcome {
	llvm::BranchInst *end;
	unsigned successor;
	bool value;              /* of the condition */
	llvm::BasicBlock *meets; /* with other ways out by this value; null: it is the only one */
};

/* A condition and its outcomes: two, or more where it is "x ? y : z". */
struct Leaf {
	uint32_t region;
	std::vector<Outcome> outcomes;
};

struct Leaves {
	std::vector<Leaf> found;
	std::vector<uint32_t> lost; /* regions of conditions with code whose outcomes were not found */
	std::vector<uint32_t> none; /* regions of a switch's cases, and of what there is no code for */
};

/* How a decision comes about: from the first condition on, each outcome leads to a later condition or ends
 * it. */
struct DecisionGraph {
	enum : uint32_t { ENDS_FALSE, ENDS_TRUE, FIRST_CONDITION };
	struct Node {
		const Leaf *leaf;
		uint32_t next[2]; /* by value; ENDS_…, or FIRST_CONDITION + the number of a later node */
	};
	std::vector<Node> nodes;
	bool followed; /* false: we know of these conditions only that they may be one decision */
};

/* Only counts, and is come to from no more places than these. */
bool isCountingBlock(const llvm::BasicBlock &block, unsigned places);

/* Those of more than one condition, and all that could not be followed. They refer to `leaves`. */
std::vector<DecisionGraph> findDecisions(llvm::Function &function, const Shape &shape,
	llvm::ArrayRef<Increment> increments, const Leaves &leaves);

/* The paths through a decision, numbered from 0: of two that part at a condition, those through "true" come
 * first. */
class Paths
{
      public:
	explicit Paths(const DecisionGraph &graph);
	/* How many there are from a node on, or after its outcome. */
	uint64_t from(uint32_t node) const
	{
		return onwards[node];
	}
	uint64_t after(const DecisionGraph::Node &node, bool value) const;
	/* What an outcome adds to the number. */
	uint64_t step(const DecisionGraph::Node &node, bool value) const
	{
		return value ? 0 : after(node, true);
	}
	/* In how many ways a node is reached. */
	uint64_t to(uint32_t node) const
	{
		return ways[node];
	}

      private:
	std::vector<uint64_t> onwards, ways;
};

} // namespace furlong

#endif
