/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_tables.h: the four sections of abi.h, and the constructor that hands them over.
 *
 * First add() every function, then emit() once, then ask for counters.
 */
#ifndef FURLONG_PASS_COVERAGE_TABLES_H
#define FURLONG_PASS_COVERAGE_TABLES_H

#include "instrument.h"
#include "llvm_compat.h"
#include "shape.h"

namespace furlong
{

/* Whether a definition may come from several objects of which the linker keeps one. */
enum class Copies { One, Many };

class CoverageTables
{
      public:
	CoverageTables(llvm::Module &owner, FileTable &table, Addressing wanted)
	    : module(owner), files(table), addressing(wanted)
	{
	}
	/* Returns the number to ask for counters with. */
	size_t add(Shape shape, Copies copies);
	void emit();
	llvm::Constant *counter(size_t function, uint32_t index) const;

	/* Whether the module already went through here (LTO, a pass over bitcode that we made). */
	static bool present(const llvm::Module &module);

      private:
	struct Function {
		Shape shape;
		Copies copies;
		llvm::GlobalVariable *counters; /* null: has none */
		uint64_t firstCounter;
	};

	void emitMap();
	void emitOwned();
	void emitShared(Function &function);
	void emitId();
	llvm::GlobalVariable *define(llvm::Constant *value, llvm::Type *type, const llvm::Twine &name,
		const char *section, bool constant);
	llvm::Constant *entry(const Function &function, llvm::Constant *self, llvm::Constant *shape);
	llvm::Constant *bytes(llvm::StringRef contents);

	llvm::Module &module;
	FileTable &files;
	Addressing addressing;
	std::vector<Function> functions;
	std::vector<llvm::GlobalValue *> retained;
	std::string map;                    /* the unit's own part of furlong_map: file table, then shapes */
	std::vector<uint64_t> shapeOffsets; /* in map, of functions with one copy */
	llvm::GlobalVariable *mapVariable = nullptr;
};

} // namespace furlong

#endif
