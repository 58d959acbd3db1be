/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_leaving.cpp: see coverage_leaving.h.
 */
#include "coverage_leaving.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace furlong
{

enum class Known { Nothing, ComesBackTwice, MayNotComeBack, EndsByAccident };

/* Functions of the C and C++ libraries whose attributes do not tell. An assertion that fails ends the process
 * on the spot: to count after everything that contains one would be dear, and tell of nothing but the last
 * moment. */
static const struct {
	const char *name;
	Known what;
} library[] = {
	{"fork", Known::ComesBackTwice},
	{"_Fork", Known::ComesBackTwice},
	{"vfork", Known::ComesBackTwice},
	{"forkpty", Known::ComesBackTwice},
	{"daemon", Known::ComesBackTwice},
	{"execl", Known::MayNotComeBack},
	{"execle", Known::MayNotComeBack},
	{"execlp", Known::MayNotComeBack},
	{"execv", Known::MayNotComeBack},
	{"execve", Known::MayNotComeBack},
	{"execvp", Known::MayNotComeBack},
	{"execvpe", Known::MayNotComeBack},
	{"fexecve", Known::MayNotComeBack},
	{"abort", Known::EndsByAccident},
	{"__assert_fail", Known::EndsByAccident},
	{"__assert_perror_fail", Known::EndsByAccident},
	{"__stack_chk_fail", Known::EndsByAccident},
	{"_ZSt9terminatev", Known::EndsByAccident},
	{"__cxa_pure_virtual", Known::EndsByAccident},
};

static Known known(StringRef name)
{
	for (const auto &entry : library)
		if (name == entry.name)
			return entry.what;
	return Known::Nothing;
}

static Known knownCallee(const CallBase &call)
{
	const Function *callee = call.getCalledFunction();
	if (callee && callee->getName() == "__clang_call_terminate")
		return Known::EndsByAccident;
	return callee && callee->isDeclaration() ? known(callee->getName()) : Known::Nothing;
}

bool LeavingFunctions::mayNotReturnOnce(const CallBase &call) const
{
	if (call.isInlineAsm())
		return false;
	if (call.hasFnAttr(Attribute::ReturnsTwice))
		return true;
	Known what = knownCallee(call);
	if (what == Known::ComesBackTwice || what == Known::MayNotComeBack)
		return true;
	const Function *callee = call.getCalledFunction();
	return callee && functions.count(callee);
}

bool LeavingFunctions::leaves(const Function &function) const
{
	for (const Instruction &instruction : instructions(function)) {
		auto *call = dyn_cast<CallBase>(&instruction);
		if (!call)
			continue;
		if (call->doesNotReturn() && knownCallee(*call) != Known::EndsByAccident)
			return true;
		if (!call->hasFnAttr(Attribute::ReturnsTwice) && mayNotReturnOnce(*call) &&
			knownCallee(*call) != Known::ComesBackTwice)
			return true;
	}
	return false;
}

/* From callees to callers until nothing changes; most modules need two or three rounds. */
LeavingFunctions::LeavingFunctions(Module &module)
{
	for (bool changed = true; changed;) {
		changed = false;
		for (const Function &function : module)
			if (!function.isDeclaration() && !functions.count(&function) && leaves(function))
				changed |= functions.insert(&function).second;
	}
}

} // namespace furlong
