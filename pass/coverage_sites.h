/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_sites.h: the instructions that say where in the source control is.
 */
#ifndef FURLONG_PASS_COVERAGE_SITES_H
#define FURLONG_PASS_COVERAGE_SITES_H

#include "coverage_labels.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

namespace furlong
{

struct Site {
	const llvm::Instruction *instruction;
	Position at;
	int region; /* innermost code region, or -1 */
};

/* By its debug location; {0, 0} without. */
Position placeOf(const llvm::Instruction &instruction);

/* The jump without a condition that ends a block, or null; of no block, too. */
const llvm::BranchInst *jumpAtEnd(const llvm::BasicBlock *block);

/* What an exception passes on its way to where it is caught: destructors, which stand at closing braces
 * that nobody has come to. */
llvm::SmallPtrSet<const llvm::BasicBlock *, 16> unwinding(const llvm::Function &function);

/* As control comes to them; what follows a loop after its body. */
std::vector<Site> findSites(
	llvm::Function &function, const Shape &shape, const Nest &nest, const Labels &labels);

} // namespace furlong

#endif
