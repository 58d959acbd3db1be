/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_leaving.cpp: see coverage_leaving.h.
 */
#include "coverage_leaving.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace furlong
{

/* These come back twice, whatever their attributes say. */
static bool copiesTheProcess(StringRef name)
{
	for (const char *known : {"fork", "_Fork", "vfork", "forkpty", "daemon"})
		if (name == known)
			return true;
	return false;
}

/* A system call, a trap, a jump. Without a result to be used it does something else than to compute; and an
 * empty one is there for the compiler only. */
static bool mayEnd(const InlineAsm &assembly)
{
	return assembly.hasSideEffects() && !StringRef(assembly.getAsmString()).empty();
}

bool LeavingFunctions::mayNotReturnOnce(const CallBase &call) const
{
	if (call.hasFnAttr(Attribute::ReturnsTwice) || call.doesNotReturn())
		return true;
	if (auto *intrinsic = dyn_cast<IntrinsicInst>(&call))
		return intrinsic->getIntrinsicID() == Intrinsic::eh_sjlj_setjmp;
	if (auto *assembly = dyn_cast<InlineAsm>(call.getCalledOperand()))
		return mayEnd(*assembly);
	const Function *callee = call.getCalledFunction();
	if (!callee)
		return !(call.hasFnAttr(Attribute::WillReturn) && call.doesNotThrow());
	if (callee->isDeclaration() || callee->isInterposable()) {
		if (copiesTheProcess(callee->getName()))
			return true;
		return !returning.count(callee) &&
		       !(call.hasFnAttr(Attribute::WillReturn) && call.doesNotThrow());
	}
	return functions.count(callee);
}

bool LeavingFunctions::leaves(const Function &function) const
{
	for (const Instruction &instruction : instructions(function)) {
		auto *call = dyn_cast<CallBase>(&instruction);
		if (call && mayNotReturnOnce(*call) && !call->hasFnAttr(Attribute::ReturnsTwice))
			return true;
	}
	return false;
}

/* From callees to callers until nothing changes; most modules need two or three rounds. */
LeavingFunctions::LeavingFunctions(Module &module)
{
	TargetLibraryInfoImpl known(compat::tripleOf(module));
	TargetLibraryInfo library(known);
	for (const Function &function : module) {
		if (function.isDeclaration() && compat::libraryReturns(function, library))
			returning.insert(&function);
		SmallVector<std::pair<const BasicBlock *, const BasicBlock *>, 4> back;
		if (!function.isDeclaration())
			FindFunctionBackedges(function, back);
		if (!back.empty())
			functions.insert(&function);
	}
	for (bool changed = true; changed;) {
		changed = false;
		for (const Function &function : module)
			if (!function.isDeclaration() && !functions.count(&function) && leaves(function))
				changed |= functions.insert(&function).second;
	}
}

} // namespace furlong
