/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_lower.cpp: marks become instructions (docs/design/counting.md, "One address, one delta").
 *
 * On x86-64 each is one read-modify-write instruction, so that a signal handler cannot come between. It is
 * inline assembly: a load, add and store would be taken apart and promoted by the passes of a later link,
 * and an address in the GS segment is a constant that they fold into tables.
 */
#include "abi_types.h"
#include "coverage.h"
#include "filter.h"
#include "furlong/abi.h"
#include "mark.h"
#include "llvm/IR/InlineAsm.h"

using namespace llvm;

namespace furlong
{

/* How a counter is reached from the code of one function. */
enum class CounterForm {
	GsRelative, /* incq %gs:counter(%rip) */
	Delta,      /* counter + __furlong_coverage_delta */
	Section,    /* the module's own counters, delta 0 */
};

static bool isX86_64(const Module &module)
{
	Triple triple = compat::tripleOf(module);
	return triple.getArch() == Triple::x86_64 && triple.isArch64Bit() && !triple.isX32();
}

/* One instruction on memory: "incq $0" or "addq $1, $0"; "movb $$1, $0" or "orq $1, $0". */
static void emitAssembly(IRBuilder<> &builder, MarkKind kind, Value *address, Value *step, bool gsRelative)
{
	LLVMContext &context = builder.getContext();
	auto *constant = dyn_cast<ConstantInt>(step);
	bool one = constant && constant->isOne();
	bool immediate = constant && constant->getValue().isSignedIntN(32);
	StringRef target = gsRelative ? "%gs:$0" : "$0";
	bool counts = kind == MarkKind::Count;
	StringRef single = counts ? "incq " : "movb $$1, ", several = counts ? "addq $1, " : "orq $1, ";
	std::string text = ((one ? single : several) + target).str();
	std::string constraints =
		one ? (counts ? "=*m,~{flags}" : "=*m") : (immediate ? "=*m,i,~{flags}" : "=*m,r,~{flags}");

	SmallVector<Value *, 2> operands = {address};
	SmallVector<Type *, 2> types = {address->getType()};
	if (!one) {
		operands.push_back(step);
		types.push_back(step->getType());
	}
	auto *type = FunctionType::get(Type::getVoidTy(context), types, false);
	CallInst *code = builder.CreateCall(
		InlineAsm::get(type, text, constraints, /*hasSideEffects=*/true), operands);
	code->setAttributes(AttributeList::get(context, markAttributes(context), AttributeSet(), {}));
	code->addParamAttr(0, Attribute::get(context, Attribute::ElementType, builder.getInt64Ty()));
	setNoSanitize(*code);
}

/* The same where we have no assembly for it. Volatile keeps later passes from carrying it across anything. */
static void emitPlain(IRBuilder<> &builder, MarkKind kind, Value *address, Value *step)
{
	LoadInst *old =
		builder.CreateAlignedLoad(builder.getInt64Ty(), address, Align(8), /*isVolatile=*/true);
	Value *more = kind == MarkKind::Count ? builder.CreateAdd(old, step) : builder.CreateOr(old, step);
	StoreInst *store = builder.CreateAlignedStore(more, address, Align(8), /*isVolatile=*/true);
	setNoSanitize(*old);
	setNoSanitize(*store);
}

/* Read at every mark: between two of them the code may have moved to another thread (fibers), or the
 * runtime may have started. What that costs, common subexpressions win back where nothing is called. */
static Value *addDelta(IRBuilder<> &builder, Value *counter, GlobalVariable *delta)
{
	Type *i64 = builder.getInt64Ty();
	LoadInst *value = builder.CreateLoad(delta->getValueType(), delta);
	setNoSanitize(*value);
	Value *bytes = builder.CreatePointerCast(counter, compat::pointerTo(builder.getInt8Ty()));
	return builder.CreatePointerCast(
		builder.CreateGEP(builder.getInt8Ty(), bytes, value), compat::pointerTo(i64));
}

static GlobalVariable *deltaVariable(Module &module)
{
	static const char name[] = "__furlong_coverage_delta";
	Type *type = irType<decltype(__furlong_coverage_delta)>(module.getContext());
	if (GlobalVariable *known = module.getNamedGlobal(name))
		return known;
	/* The runtime is there from the program's start, so that even code loaded later may reach it with
	 * one load. */
	return new GlobalVariable(module, type, false, GlobalValue::ExternalLinkage, nullptr, name, nullptr,
		GlobalValue::InitialExecTLSModel);
}

static void lowerMark(CallInst &mark, CounterForm form, bool assembly, GlobalVariable *delta)
{
	IRBuilder<> builder(&mark);
	Value *address = markCounter(mark);
	if (form == CounterForm::Delta)
		address = addDelta(builder, address, delta);
	if (assembly)
		emitAssembly(
			builder, markKind(mark), address, markStep(mark), form == CounterForm::GsRelative);
	else
		emitPlain(builder, markKind(mark), address, markStep(mark));
	mark.eraseFromParent();
}

PreservedAnalyses CoverageLowerPass::run(Module &module, ModuleAnalysisManager &)
{
	if (!hasMarks(module))
		return PreservedAnalyses::all();
	joinMarks(module);
	bool assembly = isX86_64(module);
	bool gs = assembly && addressing == Addressing::ThreadRegister;
	bool bare = addressing == Addressing::None;
	GlobalVariable *delta = gs || bare ? nullptr : deltaVariable(module);
	/* What they count is folded in when the object registers: its windows do not exist yet. */
	auto early = resolvers(module);
	for (MarkKind kind : {MarkKind::Count, MarkKind::Hit}) {
		Function *marks = markFunction(module, kind);
		while (marks && !marks->use_empty()) {
			auto &mark = *cast<CallInst>(marks->user_back());
			CounterForm form = gs ? CounterForm::GsRelative : CounterForm::Delta;
			if (bare || early.count(mark.getFunction()))
				form = CounterForm::Section;
			lowerMark(mark, form, assembly, delta);
		}
		if (marks)
			marks->eraseFromParent();
	}
	return PreservedAnalyses::none();
}

} // namespace furlong
