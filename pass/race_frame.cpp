/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_frame.cpp: the calls in progress (abi.h, struct furlong_race_frame).
 *
 * A function whose callees may be instrumented, or be functions that the runtime stands in for, has a frame
 * from its entry to its exits. Where control comes back by another way than a return, `top` is whatever
 * the callees left, so it is set again. A call in tail position stays one: the frame goes before it.
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "mark.h"
#include "race.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <cstddef>

using namespace llvm;

namespace furlong
{

static_assert(sizeof(furlong_race_frame) == 16 && offsetof(furlong_race_frame, return_address) == 0 &&
		      offsetof(furlong_race_frame, node) == 8 && offsetof(furlong_race_frame, place) == 12,
	"a frame is a pointer and 8 bytes that placeFrame() stores at once");

/* Code of the program or the C library that may see the frame. Intrinsics are instructions; those that
 * become calls of memcpy and the like have had their check. */
static bool mayLookAtFrames(const CallBase &call)
{
	if (call.isInlineAsm() || isa<IntrinsicInst>(call))
		return false;
	return !(call.doesNotAccessMemory() && call.doesNotThrow());
}

/* Followed by a return of its result: it takes over our stack, and the frame would be one of nobody. */
static bool isTailCall(const CallBase &call)
{
	auto *plain = dyn_cast<CallInst>(&call);
	if (!plain || !plain->isTailCall())
		return false;
	if (plain->isMustTailCall())
		return true;
	if (plain->getFunction()->getFnAttribute("disable-tail-calls").getValueAsBool())
		return false;
	auto *end = dyn_cast_or_null<ReturnInst>(compat::nextInstruction(*plain));
	return end && (!end->getReturnValue() || end->getReturnValue() == plain);
}

bool needsFrame(const Function &function)
{
	for (const Instruction &instruction : instructions(function)) {
		auto *call = dyn_cast<CallBase>(&instruction);
		if (call && mayLookAtFrames(*call) && !isTailCall(*call))
			return true;
	}
	return false;
}

static bool comesBackTwice(const Instruction &instruction)
{
	auto *call = dyn_cast<CallInst>(&instruction);
	return call && call->hasFnAttr(Attribute::ReturnsTwice);
}

/* Where the return address lies. */
static Value *placeOf(IRBuilder<> &builder)
{
	Module &module = *builder.GetInsertBlock()->getModule();
	Function *intrinsic = compat::intrinsic(
		module, Intrinsic::addressofreturnaddress, {compat::pointerTo(builder.getInt8Ty())});
	return builder.CreatePtrToInt(builder.CreateCall(intrinsic), builder.getInt64Ty());
}

/* Who switches stacks tells nobody: the first call on another one finds a caller that is not near. What `top`
 * is, before the instruction. */
static Value *topOn(IRBuilder<> &builder, Value *place, Instruction *before)
{
	Type *i32 = builder.getInt32Ty();
	Value *top = loadSelf(builder, SelfMember::Top);
	Value *last = builder.CreateConstGEP1_64(builder.getInt8Ty(), top, -(int64_t)sizeof(uint32_t));
	LoadInst *caller = builder.CreateAlignedLoad(
		i32, builder.CreatePointerCast(last, compat::pointerTo(i32)), Align(4));
	setNoSanitize(*caller);
	Value *far = builder.CreateICmpUGE(builder.CreateSub(caller, builder.CreateTrunc(place, i32)),
		builder.getInt32(FURLONG_RACE_NEAR));
	BasicBlock *here = builder.GetInsertBlock();
	Instruction *end = SplitBlockAndInsertIfThen(
		far, before, false, MDBuilder(builder.getContext()).createBranchWeights(1, 1 << 20));
	builder.SetInsertPoint(end);
	setPlace(builder, *before);
	callRuntime(builder, ABI_FUNCTION(*before->getModule(), __furlong_race_stack),
		{builder.CreateIntToPtr(place, compat::pointerTo(builder.getInt8Ty()))});
	Value *found = loadSelf(builder, SelfMember::Top);
	builder.SetInsertPoint(before);
	PHINode *own = builder.CreatePHI(top->getType(), 2);
	own->addIncoming(top, here);
	own->addIncoming(found, end->getParent());
	return own;
}

void placeFrame(Function &function)
{
	SmallVector<Instruction *, 8> exits, resumptions;
	for (BasicBlock &block : function) {
		if (block.isEHPad() && block.getFirstInsertionPt() != block.end())
			resumptions.push_back(&*block.getFirstInsertionPt());
		for (Instruction &instruction : block)
			if (comesBackTwice(instruction))
				resumptions.push_back(instruction.getNextNode());
		Instruction *end = block.getTerminator();
		CallInst *tail = nullptr;
		if (isa<ReturnInst>(end))
			for (Instruction &instruction : block)
				if (auto *call = dyn_cast<CallInst>(&instruction))
					if (mayLookAtFrames(*call) && isTailCall(*call))
						tail = call;
		if (isa<ReturnInst>(end) || isa<ResumeInst>(end) || isa<CleanupReturnInst>(end))
			exits.push_back(tail ? tail : end);
	}

	Instruction &entry = behindAllocas(function);
	IRBuilder<> builder(&entry);
	setPlace(builder, entry);
	Type *i64 = builder.getInt64Ty(), *pointer = compat::pointerTo(builder.getInt8Ty());
	Value *place = placeOf(builder);
	Value *own = saves(function, Saving::Stacks) ? topOn(builder, place, &entry)
						     : loadSelf(builder, SelfMember::Top);
	setNoSanitize(*builder.CreateAlignedStore(returnAddressOf(builder),
		builder.CreatePointerCast(own, compat::pointerTo(pointer)), Align(8)));
	Value *node = builder.CreateConstGEP1_64(builder.getInt8Ty(), own, 8);
	setNoSanitize(*builder.CreateAlignedStore(builder.CreateShl(place, 32),
		builder.CreatePointerCast(node, compat::pointerTo(i64)), Align(8)));
	Value *next = builder.CreateConstGEP1_64(builder.getInt8Ty(), own, sizeof(furlong_race_frame));
	storeTop(builder, next);

	for (Instruction *resumption : resumptions) {
		builder.SetInsertPoint(resumption);
		setPlace(builder, *resumption);
		storeTop(builder,
			builder.CreateConstGEP1_64(builder.getInt8Ty(), own, sizeof(furlong_race_frame)));
	}
	for (Instruction *exit : exits) {
		builder.SetInsertPoint(exit);
		setPlace(builder, *exit);
		storeTop(builder, own);
	}
}

} // namespace furlong
