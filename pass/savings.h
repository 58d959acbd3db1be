/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * savings.h: techniques that only save time, each of which can be left out to measure what it brings:
 * `-Xclang -default-function-attr -Xclang furlong-race-without=loops+quick`. An instrument lists its own.
 */
#ifndef FURLONG_PASS_SAVINGS_H
#define FURLONG_PASS_SAVINGS_H

#include "llvm_compat.h"
#include "llvm/IR/Function.h"

namespace furlong
{

/* Whether the function's attribute names it. */
bool isLeftOut(const llvm::Function &function, llvm::StringRef attribute, llvm::StringRef saving);

} // namespace furlong

#endif
