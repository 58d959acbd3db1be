/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * line_tables.h: gives line tables to a build that asked for no debug information, and touches no other.
 */
#ifndef FURLONG_PASS_LINE_TABLES_H
#define FURLONG_PASS_LINE_TABLES_H

#include "llvm_compat.h"

namespace furlong
{

struct LineTablesPass : llvm::PassInfoMixin<LineTablesPass> {
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}
};

} // namespace furlong

#endif
