/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_atomic.cpp: what stands around atomic operations and fences.
 *
 * The operation stays the program's own instruction; between the two calls there is nothing else. Where the
 * thread has nothing new to say, a copy without calls takes its place (race_quick.cpp).
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "race.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace furlong
{

/* C's memory orders, as the ABI and libatomic number them. */
enum COrder { RELAXED = 0, CONSUME = 1, ACQUIRE = 2, RELEASE = 3, ACQUIRE_RELEASE = 4, SEQUENTIAL = 5 };

static uint32_t orderOf(AtomicOrdering ordering)
{
	switch (ordering) {
	case AtomicOrdering::Acquire:
		return ACQUIRE;
	case AtomicOrdering::Release:
		return RELEASE;
	case AtomicOrdering::AcquireRelease:
		return ACQUIRE_RELEASE;
	case AtomicOrdering::SequentiallyConsistent:
		return SEQUENTIAL;
	case AtomicOrdering::NotAtomic:
	case AtomicOrdering::Unordered:
	case AtomicOrdering::Monotonic:
		return RELAXED;
	}
	return SEQUENTIAL;
}

static Value *whatOf(IRBuilder<> &builder, uint32_t operation, AtomicOrdering order,
	AtomicOrdering onFailure = AtomicOrdering::NotAtomic)
{
	return builder.getInt32(operation | orderOf(order) << 4 | orderOf(onFailure) << 8);
}

static bool describe(Instruction &instruction, const DataLayout &layout, AtomicOperation &operation)
{
	IRBuilder<> builder(instruction.getContext());
	Type *type;
	operation.stored = builder.getInt32(1);
	if (auto *load = dyn_cast<LoadInst>(&instruction)) {
		type = load->getType();
		operation.what = whatOf(builder, FURLONG_RACE_ATOMIC_LOAD, load->getOrdering());
		operation.stored = builder.getInt32(0);
	} else if (auto *store = dyn_cast<StoreInst>(&instruction)) {
		type = store->getValueOperand()->getType();
		operation.what = whatOf(builder, FURLONG_RACE_ATOMIC_STORE, store->getOrdering());
	} else if (auto *update = dyn_cast<AtomicRMWInst>(&instruction)) {
		type = update->getType();
		operation.what = whatOf(builder, FURLONG_RACE_ATOMIC_UPDATE, update->getOrdering());
	} else if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction)) {
		type = exchange->getNewValOperand()->getType();
		operation.what = whatOf(builder, FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE,
			exchange->getSuccessOrdering(), exchange->getFailureOrdering());
		operation.stored = nullptr;
	} else {
		return false;
	}
	operation.address = const_cast<Value *>(compat::pointerOperand(instruction));
	operation.size = layout.getTypeStoreSize(type).getKnownMinValue();
	return true;
}

static void surround(Instruction &instruction, const AtomicOperation &operation, Caller caller)
{
	Module &module = *instruction.getModule();
	IRBuilder<> builder(&instruction);
	setPlace(builder, instruction);
	Value *address = builder.CreatePointerCast(operation.address, compat::pointerTo(builder.getInt8Ty()));
	Value *size = builder.getInt32(operation.size);
	Value *from = callerOf(builder, caller);
	callRuntime(builder, ABI_FUNCTION(module, __furlong_race_atomic_begin),
		{address, size, operation.what, from});

	DebugLoc where = builder.getCurrentDebugLocation();
	builder.SetInsertPoint(instruction.getNextNode());
	builder.SetCurrentDebugLocation(where);
	Value *stored = operation.stored;
	if (!stored) {
		stored = &instruction;
		if (isa<AtomicCmpXchgInst>(instruction))
			stored = builder.CreateExtractValue(stored, 1);
		stored = builder.CreateZExtOrTrunc(stored, builder.getInt32Ty());
	}
	callRuntime(builder, ABI_FUNCTION(module, __furlong_race_atomic_end),
		{address, size, operation.what, stored});
}

/* What a fence releases is what was done before it, what it acquires is for what comes after: nothing lies
 * between the call and the fence, so either side is right for both. */
static void announce(FenceInst &fence)
{
	IRBuilder<> builder(&fence);
	setPlace(builder, fence);
	callRuntime(builder, ABI_FUNCTION(*fence.getModule(), __furlong_race_fence),
		{builder.getInt32(orderOf(fence.getOrdering()))});
}

uint32_t placeAtomics(Function &function, Caller caller)
{
	const DataLayout &layout = function.getParent()->getDataLayout();
	SmallVector<Instruction *, 8> found;
	for (Instruction &instruction : instructions(function))
		if ((isAtomicOperation(instruction) && !instruction.getMetadata("nosanitize")) ||
			isa<FenceInst>(instruction) || isLibraryAtomic(instruction))
			found.push_back(&instruction);
	uint32_t count = 0;
	for (Instruction *instruction : found) {
		AtomicOperation operation;
		if (auto *fence = dyn_cast<FenceInst>(instruction)) {
			if (fence->getSyncScopeID() != SyncScope::SingleThread)
				announce(*fence);
		} else if (auto *call = dyn_cast<CallInst>(instruction)) {
			if (!describeLibraryAtomic(*call, operation))
				continue;
			surround(*call, operation, caller);
			count++;
		} else if (describe(*instruction, layout, operation)) {
			surround(placeQuickWay(*instruction, operation.address, operation.size), operation,
				caller);
			count++;
		}
	}
	return count;
}

} // namespace furlong
