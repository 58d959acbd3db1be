/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * plugin.cpp: the entry points and the places in the pipeline; no work on the IR.
 *
 * The loader (loader.c) first says which instruments the file it was loaded as stands for, then hands
 * llvmGetPassPluginInfo() through to the compiler.
 */
#include "instrument.h"
#include "line_tables.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

using namespace llvm;

namespace furlong
{

static const Instrument *const knownInstruments[] = {
#define INSTRUMENT(symbol) &symbol,
#include "instruments.def"
#undef INSTRUMENT
};

static SmallVector<const Instrument *, 4> selected;
static Form selectedForm = {Addressing::ThreadRegister, Counting::Times};

static bool select(StringRef name)
{
	selected.clear();
	name.consume_back("-tsan"); /* is the flags file's, and the front end's */
	selectedForm.counting = name.consume_back("-hit")    ? Counting::Hits
				: name.consume_back("-mcdc") ? Counting::Decisions
							     : Counting::Times;
	selectedForm.addressing = name.consume_back("-tls")       ? Addressing::ThreadLocal
				  : name.consume_back("-minimal") ? Addressing::None
								  : Addressing::ThreadRegister;
	for (const Instrument *instrument : knownInstruments)
		if (name == "all" || name == instrument->name)
			selected.push_back(instrument);
	return !selected.empty();
}

static void registerCallbacks(PassBuilder &builder)
{
	builder.registerPipelineStartEPCallback([](ModulePassManager &manager, OptimizationLevel level) {
		manager.addPass(LineTablesPass());
		for (const Instrument *instrument : selected)
			instrument->addPipelineStart(manager, selectedForm, level);
	});
	builder.registerVectorizerStartEPCallback([](FunctionPassManager &manager, OptimizationLevel level) {
		for (const Instrument *instrument : selected)
			if (instrument->addBeforeVectorizer)
				instrument->addBeforeVectorizer(manager, level);
	});
	for (const Instrument *instrument : selected)
		if (instrument->watch)
			instrument->watch(builder);
	compat::registerOptimizerLast(builder, [](ModulePassManager &manager, OptimizationLevel level) {
		for (const Instrument *instrument : selected)
			instrument->addLast(manager, selectedForm, level);
	});
}

} // namespace furlong

/* The name is that of a flags file without its suffix: "coverage", "all", "coverage-tls", "coverage-hit",
 * "coverage-mcdc", * "race-tsan". Returns 0, or -1
 * when no instrument of that name was built. */
extern "C" __attribute__((visibility("default"))) int furlong_pass_select(const char *name)
{
	return furlong::select(name) ? 0 : -1;
}

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo llvmGetPassPluginInfo()
{
	return {LLVM_PLUGIN_API_VERSION, "furlong", FURLONG_VERSION, furlong::registerCallbacks};
}
