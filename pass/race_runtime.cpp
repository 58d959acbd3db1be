/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_runtime.cpp: how compiled code reaches the runtime: its thread's words, and calls.
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "mark.h"
#include "race.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <cstddef>

using namespace llvm;

namespace furlong
{

using SelfStruct = AbiStruct<uint64_t, char *, uint64_t, uint64_t, furlong_race_frame *>;
static_assert(sizeof(furlong_race_thread) == 40 && offsetof(furlong_race_thread, mask) == 0 &&
		      offsetof(furlong_race_thread, cells) == 8 &&
		      offsetof(furlong_race_thread, epoch) == 16 &&
		      offsetof(furlong_race_thread, shared) == 24 && offsetof(furlong_race_thread, top) == 32,
	"SelfStruct and SelfMember list the members of struct furlong_race_thread");
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

Value *returnAddressOf(IRBuilder<> &builder)
{
	Function *intrinsic =
		compat::intrinsic(*builder.GetInsertBlock()->getModule(), Intrinsic::returnaddress);
	return builder.CreateCall(intrinsic, {builder.getInt32(0)});
}

Value *callerOf(IRBuilder<> &builder, Caller caller)
{
	if (caller == Caller::ReturnAddress)
		return returnAddressOf(builder);
	return ConstantPointerNull::get(compat::pointerTo(builder.getInt8Ty()));
}

/* A function of this object alone that jumps to the runtime's. Blocks that are hardly ever entered call it
 * directly; the runtime's address would come out of a table, and the code generator fetches such addresses
 * ahead of loops and keeps them in registers that the loops need. */
static Function *nearby(Module &module, Function &far)
{
	std::string name = (far.getName() + "_near").str();
	if (Function *known = module.getFunction(name))
		return known;
	FunctionType *type = far.getFunctionType();
	auto *thunk = Function::Create(type, GlobalValue::LinkOnceODRLinkage, name, module);
	thunk->setVisibility(GlobalValue::HiddenVisibility);
	thunk->setComdat(module.getOrInsertComdat(name));
	thunk->setDSOLocal(true);
	thunk->setCallingConv(CallingConv::PreserveAll);
	thunk->addFnAttr(Attribute::NoInline);
	thunk->addFnAttr(Attribute::NoUnwind);
	/* Used by somebody unseen, so that a link-time optimiser leaves the arguments alone: where all
	 * callers pass the same constant it would have the jump set it, and the code generator puts registers
	 * that the convention preserves back before it jumps. */
	appendToCompilerUsed(module, {thunk});
	IRBuilder<> builder(BasicBlock::Create(module.getContext(), "", thunk));
	SmallVector<Value *, 4> arguments;
	for (Argument &argument : thunk->args())
		arguments.push_back(&argument);
	CallInst *jump = builder.CreateCall(type, &far, arguments);
	jump->setCallingConv(CallingConv::PreserveAll);
	jump->setTailCallKind(CallInst::TCK_MustTail);
	builder.CreateRetVoid();
	return thunk;
}

CallInst *callRuntime(IRBuilder<> &builder, FunctionCallee callee, ArrayRef<Value *> arguments)
{
	/* Every register is preserved, the vector ones too; those that the convention does not cover are
	 * merely spilled. Nor may the first call go by way of the dynamic loader, which does not preserve
	 * r10. */
	Module &module = *builder.GetInsertBlock()->getModule();
	CallingConv::ID convention = CallingConv::C;
	if (compat::tripleOf(module).getArch() == Triple::x86_64) {
		auto *function = cast<Function>(callee.getCallee());
		convention = CallingConv::PreserveAll;
		function->setCallingConv(convention);
		function->addFnAttr(Attribute::NonLazyBind);
		/* In the large model every address is a constant of 8 bytes, and nothing is near. */
		if (compat::codeModelOf(module) != CodeModel::Large)
			callee = nearby(module, *function);
	}
	CallInst *call = builder.CreateCall(callee, arguments);
	call->setCallingConv(convention);
	call->addFnAttr(Attribute::NoUnwind);
	call->addFnAttr(Attribute::NoMerge);
	return call;
}

} // namespace furlong
