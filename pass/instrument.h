/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.h: what plugin.cpp knows of an instrument. A new one is a sibling folder's worth of files
 * and one line in instruments.def; nothing here or in plugin.cpp looks inside it.
 */
#ifndef FURLONG_PASS_INSTRUMENT_H
#define FURLONG_PASS_INSTRUMENT_H

#include "llvm_compat.h"

namespace furlong
{

/* How code finds what belongs to its thread. */
enum class Addressing {
	ThreadRegister, /* the GS base where the target has one that is free, else as below */
	ThreadLocal,    /* a thread-local variable of the runtime */
	None,           /* no runtime and no threads: firmware */
};

/* What is noted of code that runs. */
enum class Counting {
	Times,     /* how often */
	Hits,      /* that it did */
	Decisions, /* how often, and each evaluation of decisions (MC/DC) */
};

struct Form {
	Addressing addressing;
	Counting counting;
};

struct Instrument {
	const char *name;
	void (*addPipelineStart)(llvm::ModulePassManager &, Form, llvm::OptimizationLevel);
	void (*addBeforeVectorizer)(llvm::FunctionPassManager &, llvm::OptimizationLevel);
	void (*addLast)(llvm::ModulePassManager &, Form, llvm::OptimizationLevel);
	void (*watch)(llvm::PassBuilder &); /* what others do in between; NULL: nothing to do */
};

#define INSTRUMENT(symbol) extern const Instrument symbol;
#include "instruments.def"
#undef INSTRUMENT

} // namespace furlong

#endif
