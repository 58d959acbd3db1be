/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * filter.h: which functions may be instrumented at all, and what a place in the source is called, the same
 * for every instrument.
 */
#ifndef FURLONG_PASS_FILTER_H
#define FURLONG_PASS_FILTER_H

#include "llvm_compat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <string>

namespace furlong
{

/* Whether code of ours may stand in the function: it has a body, room for instructions, and its author did
 * not opt out (no_profile_instrument_function). */
bool isInstrumentable(const llvm::Function &function);

/* The functions that run while the dynamic loader relocates: resolvers of ifuncs. Thread-local variables
 * cannot be reached from them. */
llvm::SmallPtrSet<const llvm::Function *, 4> resolvers(const llvm::Module &module);

/* Those and whatever of the module they call. */
llvm::SmallPtrSet<const llvm::Function *, 4> resolverFunctions(const llvm::Module &module);

/* The file's path, with its directory unless the name is absolute. */
std::string pathOf(const llvm::DIFile &file);

} // namespace furlong

#endif
