/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * filter.h: which functions may be instrumented at all, the same for every instrument.
 */
#ifndef FURLONG_PASS_FILTER_H
#define FURLONG_PASS_FILTER_H

#include "llvm_compat.h"

namespace furlong
{

/* Whether code of ours may stand in the function: it has a body, room for instructions, and its author did
 * not opt out (no_profile_instrument_function). */
bool isInstrumentable(const llvm::Function &function);

} // namespace furlong

#endif
