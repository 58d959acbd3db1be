/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_lines.h: coverage without a front end's mapping (bitcode, other languages): a counter per
 * block, and the lines that the block's debug locations name.
 */
#ifndef FURLONG_PASS_COVERAGE_LINES_H
#define FURLONG_PASS_COVERAGE_LINES_H

#include "coverage_tables.h"

namespace furlong
{

/* Adds the module's functions to the tables, emits them and places the marks. */
void countByLines(llvm::Module &module, CoverageTables &tables, FileTable &files);

} // namespace furlong

#endif
