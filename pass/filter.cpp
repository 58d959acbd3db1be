/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * filter.cpp: see filter.h.
 */
#include "filter.h"

using namespace llvm;

namespace furlong
{

bool isInstrumentable(const Function &function)
{
	if (function.isDeclaration() || function.hasFnAttribute(Attribute::Naked))
		return false;
	if (compat::startsWith(function.getName(), "__furlong_"))
		return false;
	return !compat::skipsProfiling(function);
}

} // namespace furlong
