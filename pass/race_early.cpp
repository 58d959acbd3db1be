/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_early.cpp: reads that two of LLVM's passes make although they are told that reads are checked.
 *
 *   - LICM keeps a variable that only some rounds of a loop store to in a register, and reads it in front of
 * the loop.
 *   - InstCombine (up to LLVM 19) makes of a read of one of two variables a read of both.
 *
 * While such a pass works, what it must leave alone is volatile; behind it, it is as it was.
 */
#include "race.h"
#include "llvm/ADT/Any.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/MustExecute.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/ValueHandle.h"
#include <memory>

using namespace llvm;

namespace furlong
{

using Held = SmallVector<WeakVH, 8>;

template <class Access> static void hold(Held &held, Access &access)
{
	access.setVolatile(true);
	held.push_back(WeakVH(&access));
}

static void letGo(Held &held)
{
	for (WeakVH &each : held)
		if (auto *store = dyn_cast_or_null<StoreInst>(each))
			store->setVolatile(false);
		else if (auto *load = dyn_cast_or_null<LoadInst>(each))
			load->setVolatile(false);
	held.clear();
}

static bool isOfItsFunctionOnly(const Value *pointer)
{
	auto *local = dyn_cast<AllocaInst>(getUnderlyingObject(pointer));
	return local && !compat::mayBeCaptured(*local);
}

/* Stores to one place that a loop may go round without ever coming to, nor to a read of it. */
static void holdStores(Held &held, const Loop &loop)
{
	SmallVector<StoreInst *, 8> stores;
	for (BasicBlock *block : loop.blocks())
		for (Instruction &instruction : *block)
			if (auto *store = dyn_cast<StoreInst>(&instruction))
				if (store->isSimple() && loop.isLoopInvariant(store->getPointerOperand()) &&
					!isOfItsFunctionOnly(store->getPointerOperand()))
					stores.push_back(store);
	if (stores.empty())
		return;
	DominatorTree tree(*loop.getHeader()->getParent());
	SimpleLoopSafetyInfo rounds;
	rounds.computeLoopSafetyInfo(&loop);
	SmallPtrSet<const Value *, 8> always;
	for (BasicBlock *block : loop.blocks())
		for (Instruction &instruction : *block)
			if (const Value *pointer = getLoadStorePointerOperand(&instruction))
				if (rounds.isGuaranteedToExecute(instruction, &tree, &loop))
					always.insert(pointer);
	for (StoreInst *store : stores)
		if (!always.count(store->getPointerOperand()))
			hold(held, *store);
}

static void holdChoices(Held &held, const Function &function)
{
	for (const BasicBlock &block : function)
		for (const Instruction &instruction : block)
			if (auto *load = dyn_cast<LoadInst>(&instruction))
				if (load->isSimple() &&
					isa<SelectInst>(load->getPointerOperand()->stripPointerCasts()))
					hold(held, const_cast<LoadInst &>(*load));
}

void watchEarlyReads(PassBuilder &builder)
{
	PassInstrumentationCallbacks *callbacks = builder.getPassInstrumentationCallbacks();
	if (!callbacks)
		return;
	auto held = std::make_shared<Held>();
	callbacks->registerBeforeNonSkippedPassCallback([held](StringRef pass, Any unit) {
		auto *loop = any_cast<const Loop *>(&unit);
		auto *function = any_cast<const Function *>(&unit);
		if (loop && (pass == "LICMPass" || pass == "LNICMPass") &&
			(*loop)->getHeader()->getParent()->hasFnAttribute(Attribute::SanitizeThread))
			holdStores(*held, **loop);
		else if (function && pass == "InstCombinePass" &&
			 (*function)->hasFnAttribute(Attribute::SanitizeThread))
			holdChoices(*held, **function);
	});
	callbacks->registerAfterPassCallback(
		[held](StringRef, Any, const PreservedAnalyses &) { letGo(*held); });
	callbacks->registerAfterPassInvalidatedCallback(
		[held](StringRef, const PreservedAnalyses &) { letGo(*held); });
}

} // namespace furlong
