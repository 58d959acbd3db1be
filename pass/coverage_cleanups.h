/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_cleanups.h: blocks that end a scope, in which ways meet that part again at once.
 *
 * "return", "break" and "goto" out of a scope with a cleanup, and its normal end, all go through one block,
 * which then tells them apart by a value, as does the end of a coroutine that is destroyed. Who came with
 * which value is known, through scopes within scopes too.
 */
#ifndef FURLONG_PASS_COVERAGE_CLEANUPS_H
#define FURLONG_PASS_COVERAGE_CLEANUPS_H

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

namespace furlong
{

class Cleanups
{
      public:
	using Value = const llvm::ConstantInt *;
	struct Cleanup {
		/* From here to the block that chooses; several where it is a loop or asks something. */
		llvm::BasicBlock *entry;
		llvm::SmallPtrSet<const llvm::BasicBlock *, 4> blocks;
		llvm::SmallSetVector<Value, 4> values; /* what it is entered with */
	};

	explicit Cleanups(llvm::Function &function);
	/* By the block that chooses. */
	const llvm::MapVector<llvm::BasicBlock *, Cleanup> &all() const
	{
		return found;
	}
	bool chooses(const llvm::BasicBlock *block) const
	{
		return found.count(const_cast<llvm::BasicBlock *>(block)) != 0;
	}
	/* The block that chooses in the cleanup that begins here, or null. */
	llvm::BasicBlock *beginningAt(const llvm::BasicBlock *entry) const
	{
		return chooser.lookup(entry);
	}
	static llvm::BasicBlock *next(const llvm::BasicBlock *choosing, Value value);
	/* What the cleanup of `choosing` is entered with from a block; if that chooses too, it did so by
	 * `had`. */
	Value arriving(llvm::BasicBlock *from, const llvm::BasicBlock *choosing, Value had) const;

      private:
	bool findEntry(
		llvm::BasicBlock *choosing, Cleanup &cleanup, const llvm::DominatorTree &dominators) const;
	bool collect(llvm::BasicBlock *choosing, Cleanup &cleanup) const;
	void forgetUnknown();

	llvm::MapVector<llvm::BasicBlock *, Cleanup> found;
	llvm::DenseMap<const llvm::BasicBlock *, llvm::BasicBlock *> chooser; /* by entry */
};

} // namespace furlong

#endif
