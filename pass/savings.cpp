/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * savings.cpp: see savings.h.
 */
#include "savings.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace furlong
{

bool isLeftOut(const Function &function, StringRef attribute, StringRef saving)
{
	SmallVector<StringRef, 8> without;
	function.getFnAttribute(attribute).getValueAsString().split(without, '+', -1, false);
	return is_contained(without, saving);
}

} // namespace furlong
