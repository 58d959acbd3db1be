/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_mapping.h: clang's coverage mapping as it stands in the module, read with LLVM's own reader
 * while we are still in the compiler that wrote it, and then taken out of the module.
 */
#ifndef FURLONG_PASS_COVERAGE_MAPPING_H
#define FURLONG_PASS_COVERAGE_MAPPING_H

#include "llvm_compat.h"
#include "shape.h"

namespace furlong
{

/* A record. The shape has no name and no counters yet: the record knows a hash of the name only. */
struct MappedFunction {
	uint64_t nameHash; /* low half of the MD5 of clang's profile name */
	Shape shape;
};

/* Whether clang left a mapping here. */
bool hasMapping(const llvm::Module &module);

/* Reads all records; complains through the module's context about what cannot be read. */
std::vector<MappedFunction> readMapping(llvm::Module &module, FileTable &files);

/* clang's profile names of functions that were never emitted. */
std::vector<std::string> unusedNames(const llvm::Module &module);

/* Removes the mapping and the names, so that nothing of clang's profiling reaches the object. Instructions
 * that refer to them must be gone. */
void eraseMapping(llvm::Module &module);

} // namespace furlong

#endif
