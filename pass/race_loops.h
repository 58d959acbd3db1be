/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_loops.h: checks of loops, made once before the loop.
 */
#ifndef FURLONG_PASS_RACE_LOOPS_H
#define FURLONG_PASS_RACE_LOOPS_H

#include "race.h"

namespace furlong
{

/* Changes the function's blocks; to be called before accesses are looked for. */
void simplifyLoops(llvm::Function &function, llvm::FunctionAnalysisManager &manager);

/* Moves accesses out of loops, and makes one of those that together are one. The counts of the unit stay
 * what they are: what one check stands for was checked. */
void hoistFromLoops(llvm::Function &function, llvm::FunctionAnalysisManager &manager,
	llvm::SmallVectorImpl<Access> &accesses);

/* The same for loops of which only their end tells how often they went round (race_behind.cpp). Changes the
 * function's blocks; to be called last. */
void checkBehindLoops(llvm::Function &function, llvm::FunctionAnalysisManager &manager,
	llvm::SmallVectorImpl<Access> &accesses);

/* What unrolling and vectorising make of one access stands in one place. */
bool samePlaceInSource(const Access &a, const Access &b);

} // namespace furlong

#endif
