/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_given.h: what a macro is given over several lines, as a region of its own.
 */
#ifndef FURLONG_PASS_COVERAGE_GIVEN_H
#define FURLONG_PASS_COVERAGE_GIVEN_H

#include "source_text.h"

namespace furlong
{

/* Clang has no regions in there, and tells of the macro's name only. Adds one for each use in the function's
 * own file that ends on a later line: from the end of the name's line on. It runs as often as the macro's
 * text, unless places in it say more. Returns, for each that was added, the first region of that text. */
std::vector<size_t> addGiven(Shape &shape, const SourceText &text);

} // namespace furlong

#endif
