/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_leaves.h: where in the code the conditions of clang's mapping are true and false.
 */
#ifndef FURLONG_PASS_COVERAGE_LEAVES_H
#define FURLONG_PASS_COVERAGE_LEAVES_H

#include "coverage_decisions.h"
#include "coverage_told.h"
#include "llvm/ADT/STLExtras.h"

namespace furlong
{

/* Before anything is written: the branches' counts are clang's still. */
Leaves findLeaves(llvm::Function &function, const Shape &shape, Told &believed,
	llvm::function_ref<bool(const llvm::Instruction &, uint32_t)> standsIn);

} // namespace furlong

#endif
