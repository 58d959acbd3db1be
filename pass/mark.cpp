/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mark.cpp: see mark.h.
 */
#include "mark.h"
#include "coverage.h"

using namespace llvm;

namespace furlong
{

static const char inlineCost[] = "call-inline-cost";
static const char countName[] = "__furlong_count", hitName[] = "__furlong_hit";

static const char *nameOf(MarkKind kind)
{
	return kind == MarkKind::Count ? countName : hitName;
}

AttributeSet markAttributes(LLVMContext &context)
{
	AttrBuilder attributes(context);
	for (auto kind : {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoSync, Attribute::NoFree,
		     Attribute::NoCallback, Attribute::NoMerge})
		attributes.addAttribute(kind);
	attributes.addAttribute(inlineCost, "0");
	compat::setInaccessibleMemoryOnly(attributes);
	return AttributeSet::get(context, attributes);
}

static AttributeList functionAttributes(LLVMContext &context)
{
	return AttributeList::get(
		context, AttributeList::FunctionIndex, AttrBuilder(context, markAttributes(context)));
}

Function *markFunction(Module &module, MarkKind kind)
{
	return module.getFunction(nameOf(kind));
}

bool hasMarks(Module &module)
{
	return markFunction(module, MarkKind::Count) || markFunction(module, MarkKind::Hit);
}

MarkKind markKind(const CallInst &mark)
{
	return mark.getCalledFunction()->getName() == hitName ? MarkKind::Hit : MarkKind::Count;
}

CallInst *createMark(IRBuilder<> &builder, MarkKind kind, Value *counter, Value *step)
{
	Module &module = *builder.GetInsertBlock()->getModule();
	LLVMContext &context = module.getContext();
	Type *i64 = Type::getInt64Ty(context);
	FunctionCallee callee = module.getOrInsertFunction(nameOf(kind),
		FunctionType::get(Type::getVoidTy(context), {compat::pointerTo(i64), i64}, false));
	auto *function = cast<Function>(callee.getCallee());
	AttributeList attributes = functionAttributes(context);
	function->setAttributes(attributes);
	CallInst *mark = builder.CreateCall(callee, {counter, step});
	mark->setAttributes(attributes);
	if (!saves(*builder.GetInsertBlock()->getParent(), CoverageSaving::Inlining))
		mark->addFnAttr(Attribute::get(context, inlineCost, "35")); /* a call's, with two arguments */
	return mark;
}

CallInst *asMark(Instruction &instruction)
{
	auto *call = dyn_cast<CallInst>(&instruction);
	if (!call)
		return nullptr;
	Function *callee = call->getCalledFunction();
	return callee && (callee->getName() == countName || callee->getName() == hitName) ? call : nullptr;
}

void setNoSanitize(Instruction &instruction)
{
	LLVMContext &context = instruction.getContext();
	instruction.setMetadata("nosanitize", MDNode::get(context, {}));
}

} // namespace furlong
