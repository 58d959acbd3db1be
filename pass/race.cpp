/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.cpp: the race instrument's place in the pipeline, and its way through a module.
 *
 * It works last: what the optimiser removed was never an access, and what it made of a loop is what is
 * checked.
 */
#include "race.h"
#include "filter.h"
#include "race_ignore.h"
#include "race_loops.h"
#include "sanitize_word.h"

using namespace llvm;

namespace furlong
{

/* Optimisers may read early, or more than was asked for, what another path or nobody reads: nothing is wrong
 * with that until each read is checked. Where they are told that it will be, they do not. All functions are
 * told, as only those that agree are inlined into each other. */
struct ExactReadsPass : PassInfoMixin<ExactReadsPass> {
	PreservedAnalyses run(Module &module, ModuleAnalysisManager &)
	{
		for (Function &function : module)
			if (!function.isDeclaration())
				function.addFnAttr(Attribute::SanitizeThread);
		return PreservedAnalyses::all();
	}
	static bool isRequired()
	{
		return true;
	}
};

static const char withoutAttribute[] = "furlong-race-without";

bool saves(const Function &function, Saving saving)
{
	static const char *const names[] = {
#define SAVING(name, constant) #name,
#include "race_savings.def"
#undef SAVING
	};
	return !isLeftOut(function, withoutAttribute, names[(size_t)saving]);
}

static uint32_t countAccesses(const Function &function)
{
	uint32_t count = 0;
	for (const BasicBlock &block : function)
		for (const Instruction &instruction : block)
			count += isa<LoadInst>(instruction) || isa<StoreInst>(instruction) ||
				 isAtomicOperation(instruction);
	return count;
}

static void instrument(Function &function, FunctionAnalysisManager &manager, const RaceIgnoreList &ignored,
	RaceCounts &counts)
{
	bool optimised = !function.hasFnAttribute(Attribute::OptimizeNone);
	bool leftOut = function.hasFnAttribute(leftOutAttribute);
	if (optimised && !leftOut && saves(function, Saving::Bodies))
		placeBodies(function, manager);
	if (optimised)
		simplifyLoops(function, manager);
	SmallVector<Access, 32> accesses;
	findAccesses(function, accesses, counts);
	if (leftOut) {
		counts.leftOut += accesses.size();
		accesses.clear();
	}
	ignored.removeIgnored(accesses, counts);
	size_t found = accesses.size();
	if (optimised && saves(function, Saving::Loops))
		hoistFromLoops(function, manager, accesses);
	if (optimised && saves(function, Saving::Behind))
		checkBehindLoops(function, manager, accesses);
	bool frame = needsFrame(function);
	Caller caller = frame ? Caller::HasFrame : Caller::ReturnAddress;
	uint32_t atomics = placeAtomics(function, caller);
	placeChecks(function, accesses, caller);
	redirectLibraryCalls(function, caller);
	if (frame)
		placeFrame(function);
	counts.checked += found + atomics;
	if (!frame && accesses.empty() && !atomics)
		return;
	/* It touches memory of the runtime now. In a later link a frame of its own must not end up in another
	 * function's, where it would say the same return address twice. */
	compat::stripMemoryLimits(function);
	function.removeFnAttr(Attribute::Speculatable);
	if (frame && !function.hasFnAttribute(Attribute::AlwaysInline))
		function.addFnAttr(Attribute::NoInline);
}

PreservedAnalyses RacePass::run(Module &module, ModuleAnalysisManager &manager)
{
	if (hasRaceUnit(module))
		return PreservedAnalyses::all();
	RaceIgnoreList ignored(module);
	auto early = resolverFunctions(module);
	RaceCounts counts;
	auto &functionManager = manager.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
	bool any = false;
	SmallVector<Function *, 64> functions; /* as they were: calls of the runtime add some */
	for (Function &function : module)
		functions.push_back(&function);
	for (Function *each : functions) {
		Function &function = *each;
		function.removeFnAttr(Attribute::SanitizeThread);
		if (function.isDeclaration() || function.hasAvailableExternallyLinkage())
			continue;
		any = true;
		if (!isInstrumentable(function) || early.count(&function) || ignored.contains(function))
			counts.leftOut += countAccesses(function);
		else
			instrument(function, functionManager, ignored, counts);
	}
	for (Function *each : functions)
		each->removeFnAttr(withoutAttribute); /* it has served */
	if (any)
		emitRaceUnit(module, counts);
	return PreservedAnalyses::none();
}

/* Whose marks are taken away first; the other one sets them for itself. */
static void addFirst(ModulePassManager &manager, Form, OptimizationLevel level)
{
	manager.addPass(SanitizeWordPass());
	if (level != OptimizationLevel::O0)
		manager.addPass(ExactReadsPass());
}

static void addRacePass(ModulePassManager &manager, Form, OptimizationLevel)
{
	manager.addPass(RacePass());
	manager.addPass(SanitizeWordLastPass());
}

const Instrument race = {"race", addFirst, nullptr, addRacePass, watchEarlyReads};

} // namespace furlong
