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
#include <cstddef>

using namespace llvm;

namespace furlong
{

using SelfStruct = AbiStruct<uint64_t, char *, uint64_t, uint64_t, furlong_race_frame *>;
static_assert(sizeof(furlong_race_thread) == 40 && offsetof(furlong_race_thread, mask) == 0 &&
		      offsetof(furlong_race_thread, cells) == 8 && offsetof(furlong_race_thread, epoch) == 16 &&
		      offsetof(furlong_race_thread, shared) == 24 && offsetof(furlong_race_thread, top) == 32,
	"SelfStruct and SelfMember list the members of struct furlong_race_thread");
static_assert(sizeof(furlong_race_frame) == 16 && offsetof(furlong_race_frame, return_address) == 0 &&
		      offsetof(furlong_race_frame, node) == 8 && offsetof(furlong_race_frame, reserved) == 12,
	"a frame is a pointer and 8 bytes that placeFrame() sets to 0");

static GlobalVariable *selfVariable(Module &module)
{
	static const char name[] = "__furlong_race_self";
	if (GlobalVariable *known = module.getNamedGlobal(name))
		return known;
	/* The runtime is there from the program's start, so that even code loaded later may reach it with
	 * one load. */
	return new GlobalVariable(module, SelfStruct::type(module.getContext()), false,
		GlobalValue::ExternalLinkage, nullptr, name, nullptr, GlobalValue::InitialExecTLSModel);
}

static Value *selfMember(IRBuilder<> &builder, SelfMember member)
{
	GlobalVariable *self = selfVariable(*builder.GetInsertBlock()->getModule());
	return builder.CreateStructGEP(self->getValueType(), self, (unsigned)member);
}

Value *loadSelf(IRBuilder<> &builder, SelfMember member)
{
	Type *type = SelfStruct::type(builder.getContext())->getElementType((unsigned)member);
	LoadInst *value = builder.CreateAlignedLoad(type, selfMember(builder, member), Align(8));
	setNoSanitize(*value);
	return value;
}

void storeTop(IRBuilder<> &builder, Value *top)
{
	setNoSanitize(*builder.CreateAlignedStore(top, selfMember(builder, SelfMember::Top), Align(8)));
}

void setPlace(IRBuilder<> &builder, Instruction &instruction)
{
	DISubprogram *subprogram = instruction.getFunction()->getSubprogram();
	if (!instruction.getDebugLoc() && subprogram)
		builder.SetCurrentDebugLocation(DILocation::get(builder.getContext(), 0, 0, subprogram));
	else
		builder.SetCurrentDebugLocation(instruction.getDebugLoc());
}

static Value *returnAddress(IRBuilder<> &builder)
{
	Function *intrinsic =
		compat::intrinsic(*builder.GetInsertBlock()->getModule(), Intrinsic::returnaddress);
	return builder.CreateCall(intrinsic, {builder.getInt32(0)});
}

Value *callerOf(IRBuilder<> &builder, Caller caller)
{
	if (caller == Caller::ReturnAddress)
		return returnAddress(builder);
	return ConstantPointerNull::get(compat::pointerTo(builder.getInt8Ty()));
}

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

	BasicBlock::iterator entry = function.getEntryBlock().getFirstInsertionPt();
	while (isa<AllocaInst>(*entry))
		++entry;
	IRBuilder<> builder(&*entry);
	setPlace(builder, *entry);
	Type *i64 = builder.getInt64Ty(), *pointer = compat::pointerTo(builder.getInt8Ty());
	Value *own = loadSelf(builder, SelfMember::Top);
	setNoSanitize(*builder.CreateAlignedStore(returnAddress(builder),
		builder.CreatePointerCast(own, compat::pointerTo(pointer)), Align(8)));
	Value *node = builder.CreateConstGEP1_64(builder.getInt8Ty(), own, 8);
	setNoSanitize(*builder.CreateAlignedStore(builder.getInt64(0),
		builder.CreatePointerCast(node, compat::pointerTo(i64)), Align(8)));
	Value *next = builder.CreateConstGEP1_64(builder.getInt8Ty(), own, sizeof(furlong_race_frame));
	storeTop(builder, next);

	for (Instruction *resumption : resumptions) {
		builder.SetInsertPoint(resumption);
		setPlace(builder, *resumption);
		storeTop(builder, builder.CreateConstGEP1_64(builder.getInt8Ty(), own, sizeof(furlong_race_frame)));
	}
	for (Instruction *exit : exits) {
		builder.SetInsertPoint(exit);
		setPlace(builder, *exit);
		storeTop(builder, own);
	}
}

} // namespace furlong
