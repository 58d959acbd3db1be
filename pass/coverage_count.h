/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_count.h: the front end's profiling intrinsics, found and turned into marks.
 */
#ifndef FURLONG_PASS_COVERAGE_COUNT_H
#define FURLONG_PASS_COVERAGE_COUNT_H

#include "coverage_tables.h"
#include "llvm/IR/IntrinsicInst.h"
#include <map>

namespace furlong
{

/* One front-end "count here". */
struct Increment {
	llvm::IntrinsicInst *call;
	uint32_t index;
	llvm::Value *step;
};

/* What clang counts under one profile name; almost always one function. */
struct CountedFunction {
	std::vector<Increment> increments;
	uint32_t counterCount = 0;
	Copies copies = Copies::One;
	std::string linkageName;
};

/* By hash of the profile name, as the mapping refers to it. */
using CountedFunctions = std::map<uint64_t, CountedFunction>;

CountedFunctions findIncrements(llvm::Module &module);

/* Puts a mark in the place of every increment of `function`. */
void placeMarks(CountedFunction &function, const CoverageTables &tables, size_t number);

/* A counter of ours: counts where control passes `before`. */
struct Placement {
	llvm::Instruction *before;
	uint32_t index;
	llvm::Value *step = nullptr; /* null: one */
	bool hit = false;            /* notes that control passes, rather than how often */
};

void placeMarks(const std::vector<Placement> &placements, const CoverageTables &tables, size_t number);

/* Removes all of clang's profiling intrinsics, marked or not. */
void eraseIntrinsics(llvm::Module &module);

/* Takes back promises that are no longer true, or never were for code we cannot see: a function that
 * counts has an effect, and dropping or merging its calls would lose counts. */
void stripPromises(llvm::Module &module);

} // namespace furlong

#endif
