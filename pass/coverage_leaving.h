/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_leaving.h: which calls may come back never, or twice. After those, and only those, a region's
 * count says nothing about the rest of the region.
 */
#ifndef FURLONG_PASS_COVERAGE_LEAVING_H
#define FURLONG_PASS_COVERAGE_LEAVING_H

#include "llvm_compat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstrTypes.h"

namespace furlong
{

/* The functions of a module that may be left otherwise than by returning (they throw, jump, end their thread
 * or the process, or call one that does), or not at all while the process ends: what loops may. Of other
 * units' functions, only those of the C library that are known to come back at once are taken to. */
class LeavingFunctions
{
      public:
	explicit LeavingFunctions(llvm::Module &module);

	/* Whether what follows the call may run less or more often than what precedes it. */
	bool mayNotReturnOnce(const llvm::CallBase &call) const;

      private:
	bool leaves(const llvm::Function &function) const;

	llvm::SmallPtrSet<const llvm::Function *, 16> functions, returning;
};

} // namespace furlong

#endif
