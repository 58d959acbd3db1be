/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * registration.h: how a linked module hands its sections to the runtime, the same for every instrument.
 */
#ifndef FURLONG_PASS_REGISTRATION_H
#define FURLONG_PASS_REGISTRATION_H

#include "llvm_compat.h"
#include "llvm/ADT/ArrayRef.h"

namespace furlong
{

/* One constructor per linked module, before all others, however many of its objects bring it: it calls
 * `target` with the ABI version and a descriptor, the bounds of each section in turn. */
void emitRegistration(llvm::Module &module, llvm::StringRef instrument, llvm::FunctionCallee target,
	llvm::ArrayRef<const char *> sections);

} // namespace furlong

#endif
