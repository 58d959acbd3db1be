/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_labels.h: computed gotos of a function that gets a second body.
 */
#ifndef FURLONG_PASS_RACE_LABELS_H
#define FURLONG_PASS_RACE_LABELS_H

#include "llvm/IR/Function.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace furlong
{

/* Whether each address of a label comes out of a constant table of the function, and is gone to from the
 * block that it was read in, or the next: none is kept that could be of the other body. */
bool labelsStayInBlocks(llvm::Function &function);

/* The copied blocks' own labels, and tables of them. */
void copyLabels(llvm::Function &function, llvm::ValueToValueMapTy &copies);

} // namespace furlong

#endif
