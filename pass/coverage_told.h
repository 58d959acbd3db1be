/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_told.h: clang's counters and expressions in terms of a plan.
 *
 * Clang counts some regions and derives the others: "else" is the parent minus "then". In a plan that
 * believes in every return that is so; one that knows better gives each of clang's counters, and each place,
 * the count it really has. Both are asked: the first tells which places clang means, the second how often
 * they run.
 */
#ifndef FURLONG_PASS_COVERAGE_TOLD_H
#define FURLONG_PASS_COVERAGE_TOLD_H

#include "coverage_decisions.h"
#include "coverage_plan.h"

namespace furlong
{

class Told
{
      public:
	/* Without `leaving`, every call returns once and every loop ends. */
	Told(llvm::Function &function, const CountedFunction &counted,
		const std::vector<Expression> &expressions, const LeavingFunctions *leaving);

	/* A count of clang. */
	Sum of(Count count);
	Sum add(llvm::ArrayRef<Term> terms)
	{
		return sums.add(terms);
	}
	Sum at(const llvm::Instruction &instruction) const
	{
		return plan.at(instruction);
	}
	Sum along(const llvm::BasicBlock *from, const llvm::BasicBlock *to) const
	{
		return plan.along(from, to);
	}
	/* Whether that is the count of a condition that has no branch: "x ? 1 : 2" is a "select". */
	bool isSelects(Sum sum) const;
	/* How often a condition has a value. */
	Sum of(const Leaf &leaf, bool value);
	Count write(Sum sum, Shape &shape)
	{
		return sums.write(sum, shape);
	}
	/* From now on sums are written as what tells whether they are more than 0. False, and nothing is
	 * changed, if one of these cannot be told without a difference. */
	bool onlyHits(std::vector<Sum> wanted, Shape &shape);
	/* From now on each sum that a place has is counted there, whether or not it follows from others. */
	void countEach(const std::vector<Sum> &wanted, Shape &shape);
	/* Where to count what was written; splits edges. */
	std::vector<Placement> place();

      private:
	Sum ofIncrements(uint32_t index);

	const std::vector<Increment> &increments;
	std::vector<Expression> expressions;
	Sums sums;
	Plan plan;
	std::vector<std::optional<Sum>> counters, derivations;
	std::vector<std::pair<uint32_t, Sum>> kept; /* counters of clang that are counted as they are */
	std::vector<std::pair<unsigned, uint32_t>> places; /* of hits, and of sums that are counted each */
	bool noting = false;
};

} // namespace furlong

#endif
