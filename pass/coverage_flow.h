/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_flow.h: what each block of a function counts, as a sum of the front end's counters.
 *
 * Clang counts some regions and derives the others: "else" is the parent minus "then". That holds only while
 * everything that is called comes back. Solving the same flow over the blocks tells which block or edge
 * stands for a derived count, so that it can be counted there instead.
 */
#ifndef FURLONG_PASS_COVERAGE_FLOW_H
#define FURLONG_PASS_COVERAGE_FLOW_H

#include "coverage_count.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <optional>

namespace furlong
{

/* How often each counter goes into a count; no entry is zero. */
using Form = std::map<uint32_t, int>;

struct FlowEdge {
	llvm::BasicBlock *from, *to;
	std::optional<Form> form;
};

class Flow
{
      public:
	Flow(llvm::Function &function, const std::vector<Increment> &increments);

	/* Null where the flow does not determine it. */
	const Form *of(const llvm::BasicBlock *block) const;
	const std::vector<FlowEdge> &edges() const
	{
		return all;
	}

	/* The form of a region's count. */
	static Form ofCount(Count count, const std::vector<Expression> &expressions);

      private:
	struct Node {
		std::optional<Form> form;
		std::vector<size_t> in, out; /* indices into all */
	};

	bool settle(Node &node);
	bool settleFrom(Node &node, const std::vector<size_t> &side);

	llvm::DenseMap<const llvm::BasicBlock *, Node> nodes;
	std::vector<FlowEdge> all;
};

} // namespace furlong

#endif
