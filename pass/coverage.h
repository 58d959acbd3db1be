/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage.h: the passes of the coverage instrument, in the order they run (docs/design/counters.md).
 */
#ifndef FURLONG_PASS_COVERAGE_H
#define FURLONG_PASS_COVERAGE_H

#include "instrument.h"
#include "savings.h"

namespace furlong
{

/* What makes counting cheaper (savings.h). */
enum class CoverageSaving {
#define SAVING(name, constant) constant,
#include "coverage_savings.def"
#undef SAVING
};
bool saves(const llvm::Function &function, CoverageSaving saving);

/* Whether control surely goes on behind it, at once, and nobody sees in between what was counted. */
bool runsThrough(llvm::Instruction &instruction);

/* Marks of one counter in one block become one. */
void joinMarks(llvm::Module &module);

/* Pipeline start: tables, and marks in the place of clang's counters. */
struct CoverageStartPass : llvm::PassInfoMixin<CoverageStartPass> {
	explicit CoverageStartPass(Form wanted) : form(wanted)
	{
	}
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}

      private:
	Form form;
};

/* Before the vectoriser: marks out of loops. */
struct CoveragePromotePass : llvm::PassInfoMixin<CoveragePromotePass> {
	llvm::PreservedAnalyses run(llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
	static bool isRequired()
	{
		return true;
	}
};

/* Last: marks to machine instructions. */
struct CoverageLowerPass : llvm::PassInfoMixin<CoverageLowerPass> {
	explicit CoverageLowerPass(Addressing wanted) : addressing(wanted)
	{
	}
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}

      private:
	Addressing addressing;
};

} // namespace furlong

#endif
