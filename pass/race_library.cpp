/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_library.cpp: calls of C library functions that touch the program's memory, by the runtime's own table
 * (runtime/race/intercept/libc.def).
 *
 * A shared runtime stands before these functions by their names. In a static program it cannot: there the
 * call goes to __furlong_libc_NAME. Which of the two it will be is known when the program is linked, so the
 * call goes to a function of this object that asks:
 *
 *   NAME_near:  jump __furlong_libc_NAME if there is one, else NAME
 *
 * whose mention of NAME also brings the function behind into a static program. Only calls by name and of the
 * table's type: a program may have a function of its own by that name.
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "race.h"
#include "race/intercept/libc_types.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <string>

using namespace llvm;

namespace furlong
{

/* ---- the types of the table, as one letter a value: pointers are all alike ---- */

template <class T> constexpr char letterOf()
{
	if constexpr (std::is_void_v<T>)
		return 'v';
	else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
		return (char)('0' + sizeof(T));
	else
		return 'p'; /* a va_list is one too, or a structure that is passed by address */
}

template <class T> struct SignatureOf;
template <class R, class... A> struct SignatureOf<R(A...)> {
	static constexpr char text[] = {letterOf<R>(), letterOf<A>()..., 0};
};
template <class R, class... A> struct SignatureOf<R(A..., ...)> {
	static constexpr char text[] = {letterOf<R>(), letterOf<A>()..., '.', 0};
};

static char letterOf(const Type *type)
{
	if (type->isVoidTy())
		return 'v';
	if (type->isPointerTy())
		return 'p';
	return type->isIntegerTy() ? (char)('0' + type->getIntegerBitWidth() / 8) : '?';
}

static std::string signatureOf(const FunctionType *type)
{
	std::string text(1, letterOf(type->getReturnType()));
	for (const Type *parameter : type->params())
		text += letterOf(parameter);
	return type->isVarArg() ? text + "." : text;
}

struct Output {
	const char *name;
	unsigned argument;
	uint64_t bytes;
	unsigned parses; /* bytes of a character of the number that it reads in front of what it puts there,
			    or 0 */
};

struct Row {
	const char *name, *signature;
};

static const Row rows[] = {
#define LISTED(result, name, parameters)                         {#name, SignatureOf<result parameters>::text},
#define IN_STATIC(result, name, parameters)                      LISTED(result, name, parameters)
#define LIBC(result, name, parameters, arguments, before, after) LISTED(result, name, parameters)
#define LEAF(result, name, parameters, arguments, before, after) LISTED(result, name, parameters)
#define LIBC_VOID(name, parameters, arguments, before, after)    LISTED(void, name, parameters)
#define LEAF_VOID(name, parameters, arguments, before, after)    LISTED(void, name, parameters)
#define OUTPUT(name, argument, bytes)
#define PARSES(name, bytes)
#include "race/intercept/libc.def"
#undef OUTPUT
#undef PARSES
#undef LISTED
#undef IN_STATIC
#undef LIBC
#undef LEAF
#undef LIBC_VOID
#undef LEAF_VOID
};

/* The table's type of the function; NULL: it is not in the table. */
static const char *signatureInTable(StringRef name)
{
	static const StringMap<const char *> byName = [] {
		StringMap<const char *> map;
		for (const Row &row : rows)
			map[row.name] = row.signature;
		return map;
	}();
	auto found = byName.find(name);
	return found == byName.end() ? nullptr : found->second;
}

static const Output outputs[] = {
#define LISTED(result, name, parameters)
#define IN_STATIC(result, name, parameters)
#define LIBC(result, name, parameters, arguments, before, after)
#define LEAF(result, name, parameters, arguments, before, after)
#define LIBC_VOID(name, parameters, arguments, before, after)
#define LEAF_VOID(name, parameters, arguments, before, after)
#define OUTPUT(name, argument, bytes) {#name, argument, bytes, 0},
#define PARSES(name, bytes)           {#name, 1, sizeof(char *), bytes},
#include "race/intercept/libc.def"
#undef OUTPUT
#undef PARSES
#undef LISTED
#undef IN_STATIC
#undef LIBC
#undef LEAF
#undef LIBC_VOID
#undef LEAF_VOID
};

/* ---- calls ---- */

static void jumpTo(BasicBlock *block, Function &target, Function &from)
{
	IRBuilder<> builder(block);
	SmallVector<Value *, 8> arguments;
	for (Argument &argument : from.args())
		arguments.push_back(&argument);
	CallInst *jump = builder.CreateCall(from.getFunctionType(), &target, arguments);
	jump->setCallingConv(from.getCallingConv());
	jump->setAttributes(from.getAttributes());
	jump->addFnAttr(Attribute::NoBuiltin);
	jump->setTailCallKind(CallInst::TCK_MustTail);
	if (jump->getType()->isVoidTy())
		builder.CreateRetVoid();
	else
		builder.CreateRet(jump);
}

/* What a declaration says of its parameters and result is part of how they are passed; the rest of what it
 * says (that it only reads, for one) is not true of the runtime's. */
static AttributeList passing(const Function &function)
{
	AttributeList all = function.getAttributes();
	LLVMContext &context = function.getContext();
	SmallVector<AttributeSet, 8> parameters;
	auto onlyExtensions = [&](AttributeSet set) {
		AttrBuilder kept(context);
		for (auto kind : {Attribute::SExt, Attribute::ZExt})
			if (set.hasAttribute(kind))
				kept.addAttribute(kind);
		return AttributeSet::get(context, kept);
	};
	for (unsigned i = 0; i < function.arg_size(); i++)
		parameters.push_back(onlyExtensions(all.getParamAttrs(i)));
	return AttributeList::get(context, AttributeSet(), onlyExtensions(all.getRetAttrs()), parameters);
}

static Function *nearby(Function &behind)
{
	Module &module = *behind.getParent();
	std::string name = ("__furlong_libc_" + behind.getName() + "_near").str();
	if (Function *known = module.getFunction(name))
		return known->getFunctionType() == behind.getFunctionType() ? known : &behind;
	auto *type = behind.getFunctionType();
	auto *checked = Function::Create(
		type, GlobalValue::ExternalWeakLinkage, "__furlong_libc_" + behind.getName(), module);
	auto *near = Function::Create(type, GlobalValue::LinkOnceODRLinkage, name, module);
	near->setVisibility(GlobalValue::HiddenVisibility);
	near->setComdat(module.getOrInsertComdat(name));
	near->setDSOLocal(true);
	near->setCallingConv(behind.getCallingConv());
	near->setAttributes(passing(behind));
	near->addFnAttr(Attribute::NoInline);
	auto *entry = BasicBlock::Create(module.getContext(), "", near);
	auto *runtime = BasicBlock::Create(module.getContext(), "", near);
	auto *plain = BasicBlock::Create(module.getContext(), "", near);
	IRBuilder<> builder(entry);
	builder.CreateCondBr(builder.CreateIsNotNull(checked), runtime, plain);
	jumpTo(runtime, *checked, *near);
	jumpTo(plain, behind, *near);
	return near;
}

/* Where execution goes on behind a call that returned. */
static Instruction *behindCall(CallBase &call)
{
	auto *invoke = dyn_cast<InvokeInst>(&call);
	return invoke ? &*SplitEdge(invoke->getParent(), invoke->getNormalDest())->getFirstInsertionPt()
		      : call.getNextNode();
}

static void noteRange(IRBuilder<> &builder, FunctionCallee check, Value *at, Value *bytes, Caller caller)
{
	at = builder.CreatePointerCast(at, compat::pointerTo(builder.getInt8Ty()));
	callRuntime(builder, check, {at, bytes, callerOf(builder, caller)});
}

/* atof(text) is strtod(text, NULL). */
static CallBase *numberWithEnd(CallBase &call)
{
	Function *behind = call.getCalledFunction();
	if (!isa<CallInst>(call) || behind->getName() != "atof" ||
		signatureOf(behind->getFunctionType()) != "?p")
		return &call;
	IRBuilder<> builder(&call);
	auto *pointer = cast<PointerType>(call.getArgOperand(0)->getType());
	auto *type = FunctionType::get(call.getType(), {pointer, compat::pointerTo(pointer)}, false);
	CallInst *number = builder.CreateCall(call.getModule()->getOrInsertFunction("strtod", type),
		{call.getArgOperand(0), ConstantPointerNull::get(compat::pointerTo(pointer))});
	call.replaceAllUsesWith(number);
	call.eraseFromParent();
	return number;
}

/* How far a number reaches is known from where it ended: who does not ask for that is told here. */
static void noteNumber(CallBase &call, unsigned character, Caller caller)
{
	Module &module = *call.getModule();
	Value *text = call.getArgOperand(0), *end = call.getArgOperand(1);
	auto *pointer = dyn_cast<PointerType>(text->getType());
	if (!pointer || call.isMustTailCall())
		return;
	if (auto *plain = dyn_cast<CallInst>(&call))
		plain->setTailCallKind(CallInst::TCK_None);
	IRBuilder<> builder(&call.getFunction()->getEntryBlock().front());
	Value *place = builder.CreatePointerCast(builder.CreateAlloca(pointer), end->getType());
	builder.SetInsertPoint(&call);
	place = builder.CreateSelect(builder.CreateIsNull(end), place, end);
	call.setArgOperand(1, place);
	builder.SetInsertPoint(behindCall(call));
	setPlace(builder, call);
	place = builder.CreatePointerCast(place, compat::pointerTo(pointer));
	Value *ended = builder.CreatePtrToInt(builder.CreateLoad(pointer, place), builder.getInt64Ty());
	Value *bytes = builder.CreateSub(ended, builder.CreatePtrToInt(text, builder.getInt64Ty()));
	noteRange(builder, ABI_FUNCTION(module, __furlong_race_read_range), text,
		builder.CreateAdd(bytes, builder.getInt64(character)), caller);
}

static void noteOutput(CallBase &call, const Output &output, Caller caller)
{
	Value *to = call.getArgOperand(output.argument);
	if (output.parses)
		noteNumber(call, output.parses, caller);
	auto *local = dyn_cast<AllocaInst>(to->stripPointerCasts());
	if (isa<ConstantPointerNull>(to) || (local && !compat::mayBeCaptured(*local)))
		return;
	IRBuilder<> builder(&call);
	setPlace(builder, call);
	Value *bytes = builder.CreateSelect(
		builder.CreateIsNull(to), builder.getInt64(0), builder.getInt64(output.bytes));
	noteRange(builder, ABI_FUNCTION(*call.getModule(), __furlong_race_write_range), to, bytes, caller);
}

/* bool std::__1::__arrive_barrier_algorithm_base(std::__1::__barrier_algorithm_base *, unsigned char) is what
 * libc++'s std::barrier does not do in the program's own code. The last to arrive of a phase gets true and
 * comes after all others; it lets them go by an atomic store. */
static bool isBarrierArrival(const Function &function)
{
	return function.getName() ==
		       "_ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh" &&
	       function.arg_size() == 2 && function.getReturnType()->isIntegerTy(1);
}

static void orderArrival(CallBase &call)
{
	Module &module = *call.getModule();
	Value *barrier = call.getArgOperand(0);
	auto *pointer = cast<PointerType>(barrier->getType());
	auto says = [&](const char *name) {
		return module.getOrInsertFunction(name, Type::getVoidTy(module.getContext()), pointer);
	};
	IRBuilder<> builder(&call);
	setPlace(builder, call);
	builder.CreateCall(says("__tsan_release"), {barrier});
	builder.SetInsertPoint(behindCall(call));
	setPlace(builder, call);
	builder.CreateCall(says("__tsan_acquire"),
		{builder.CreateSelect(&call, barrier, ConstantPointerNull::get(pointer))});
}

void redirectLibraryCalls(Function &function, Caller caller)
{
	SmallVector<CallBase *, 16> calls;
	for (Instruction &instruction : instructions(function))
		if (auto *call = dyn_cast<CallBase>(&instruction))
			calls.push_back(call);
	for (CallBase *call : calls) {
		Function *behind = call->getCalledFunction();
		if (!behind || !behind->isDeclaration() || behind->isIntrinsic())
			continue;
		call = numberWithEnd(*call);
		behind = call->getCalledFunction();
		if (isBarrierArrival(*behind))
			orderArrival(*call);
		for (const Output &output : outputs)
			if (behind->getName() == output.name && call->arg_size() > output.argument &&
				call->getArgOperand(output.argument)->getType()->isPointerTy())
				noteOutput(*call, output, caller);
		const char *signature = signatureInTable(behind->getName());
		if (signature && signature == signatureOf(behind->getFunctionType()) &&
			call->getFunctionType() == behind->getFunctionType())
			call->setCalledFunction(nearby(*behind));
	}
}

} // namespace furlong
