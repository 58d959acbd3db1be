/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_plan.h: where to count in a function so that how often each place ran can be told, exactly and at
 * the least cost (docs/design/counters.md).
 *
 * The pieces are stretches of a block up to a call that may not return once. What enters a piece leaves it,
 * but for such calls and for loops in which a thread may be when the process ends: there nothing follows
 * from anything. Of all places that then determine the others, those that run least often are counted.
 */
#ifndef FURLONG_PASS_COVERAGE_PLAN_H
#define FURLONG_PASS_COVERAGE_PLAN_H

#include "coverage_cleanups.h"
#include "coverage_count.h"
#include "coverage_leaving.h"
#include "coverage_sums.h"

namespace furlong
{

class Plan
{
      public:
	/* Without `leaving`, every call returns once and every loop ends. */
	Plan(llvm::Function &function, const LeavingFunctions *leaving, Sums &sums);

	/* How often control passes this instruction, and this edge. */
	Sum at(const llvm::Instruction &instruction) const;
	Sum along(const llvm::BasicBlock *from, const llvm::BasicBlock *to) const;
	/* For each sum that a place has: the place that runs least often. Places are known by number. */
	struct Rarest {
		unsigned place;
		uint64_t weight;
	};
	llvm::DenseMap<Sum, Rarest> rarest() const;
	/* Sums of which one is more than 0 if and only if another one is: what leaves a point, and what
	 * enters it for the first time. */
	std::vector<std::pair<Sum, std::vector<Sum>>> together() const;
	Placement placeAt(unsigned place, uint32_t counter, bool hit) const;
	/* The counters of what was written; splits edges. */
	std::vector<Placement> place(const Sums &sums);

      private:
	struct Piece {
		llvm::Instruction *first;
		unsigned way; /* the one through it */
	};
	struct Way {
		unsigned from, to; /* points */
		uint64_t weight;
		llvm::Instruction *piece;          /* through a piece: its first instruction, else null */
		llvm::BasicBlock *source, *target; /* along an edge; null: cannot be counted */
		bool known, counted;
		Sum sum;
	};
	enum : unsigned {
		OUTSIDE
	}; /* the point that nothing is said of; then two a piece: before and after */

	static llvm::Instruction *headOf(llvm::BasicBlock &block);
	void addPieces(const LeavingFunctions *leaving);
	void addEdges(bool believing);
	void addCleanups(const Cleanups &cleanups);
	void leaveLoops();
	void enterOutside(const llvm::BasicBlock *block);
	void leaveOutside(unsigned piece);
	void findDead();
	void weigh();
	void choose(Sums &sums);
	void solve(Sums &sums);
	llvm::Instruction *placeOf(const Way &way) const;

	llvm::Function &function;
	std::vector<Piece> pieces;
	std::vector<Way> ways;
	llvm::DenseMap<const llvm::BasicBlock *, std::pair<unsigned, unsigned>>
		ofBlock; /* first, last piece */
	llvm::DenseMap<std::pair<const llvm::BasicBlock *, const llvm::BasicBlock *>, unsigned> ofEdge;
	std::vector<bool> entered, left; /* by piece: from and to the outside */
	std::vector<bool> dead;          /* by piece: what control never reaches */
	unsigned points = 1;
};

} // namespace furlong

#endif
