/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_count.cpp: see coverage_count.h.
 */
#include "coverage_count.h"
#include "mark.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/MD5.h"

using namespace llvm;

namespace furlong
{

static const char intrinsicPrefix[] = "llvm.instrprof.";

enum { OPERAND_NAME, OPERAND_HASH, OPERAND_COUNT, OPERAND_INDEX, OPERAND_STEP };

enum class Kind { Other, Increment, IncrementStep };

/* "cover" is the front end's mode of one byte per region; counted by us it is a count like any other. */
static Kind kindOf(const Function &intrinsic)
{
	StringRef name = intrinsic.getName();
	if (name == "llvm.instrprof.increment" || name == "llvm.instrprof.cover")
		return Kind::Increment;
	return name == "llvm.instrprof.increment.step" ? Kind::IncrementStep : Kind::Other;
}

static StringRef profileName(const IntrinsicInst &call)
{
	auto *name = dyn_cast<GlobalVariable>(call.getArgOperand(OPERAND_NAME)->stripPointerCasts());
	if (!name || !name->hasInitializer())
		return "";
	auto *text = dyn_cast<ConstantDataSequential>(name->getInitializer());
	return text ? text->getRawDataValues() : "";
}

static uint32_t integerOperand(const IntrinsicInst &call, unsigned operand)
{
	return cast<ConstantInt>(call.getArgOperand(operand))->getZExtValue();
}

static Copies copiesOf(const Function &function)
{
	return function.isDiscardableIfUnused() || function.isWeakForLinker() || function.hasComdat() ||
			       function.hasAvailableExternallyLinkage()
		       ? Copies::Many
		       : Copies::One;
}

static void addIncrement(CountedFunctions &functions, IntrinsicInst &call, Kind kind)
{
	Function &function = *call.getFunction();
	CountedFunction &counted = functions[MD5Hash(profileName(call))];
	if (counted.linkageName.empty()) {
		StringRef name = function.getName();
		name.consume_front("\1"); /* the name as it is, without the target's prefix */
		counted.linkageName = name.str();
	}
	Value *step = kind == Kind::IncrementStep ? call.getArgOperand(OPERAND_STEP)
						  : ConstantInt::get(Type::getInt64Ty(call.getContext()), 1);
	counted.increments.push_back({&call, integerOperand(call, OPERAND_INDEX), step});
	counted.counterCount = std::max(counted.counterCount, integerOperand(call, OPERAND_COUNT));
	if (!function.hasLocalLinkage() && copiesOf(function) == Copies::Many)
		counted.copies = Copies::Many;
}

/* Statements that clang forgot to give a counter (a coroutine's implicit handler, OpenMP's sections) count
 * for the function's entry. The entry is what comes first. */
static void keepOneEntry(CountedFunction &counted)
{
	const IntrinsicInst *entry = nullptr;
	for (BasicBlock &block : *counted.increments.front().call->getFunction())
		for (const Increment &increment : counted.increments)
			if (!entry && increment.index == 0 && increment.call->getParent() == &block)
				entry = increment.call;
	llvm::erase_if(counted.increments, [entry](const Increment &increment) {
		return entry && increment.index == 0 && increment.call != entry &&
		       increment.call->getFunction() == entry->getFunction();
	});
}

CountedFunctions findIncrements(Module &module)
{
	CountedFunctions functions;
	for (Function &intrinsic : module) {
		Kind kind = kindOf(intrinsic);
		if (kind == Kind::Other)
			continue;
		for (User *user : intrinsic.users()) {
			auto *call = dyn_cast<IntrinsicInst>(user);
			/* A naked function is its assembly: there is no room for an instruction of ours. */
			if (call && !call->getFunction()->hasFnAttribute(Attribute::Naked))
				addIncrement(functions, *call, kind);
		}
	}
	for (auto &[name, counted] : functions)
		keepOneEntry(counted);
	return functions;
}

void placeMarks(CountedFunction &function, const CoverageTables &tables, size_t number)
{
	for (const Increment &increment : function.increments) {
		IRBuilder<> builder(increment.call);
		createMark(builder, MarkKind::Count, tables.counter(number, increment.index), increment.step);
	}
}

void placeMarks(const std::vector<Placement> &placements, const CoverageTables &tables, size_t number)
{
	for (const Placement &placement : placements) {
		IRBuilder<> builder(placement.before);
		createMark(builder, placement.hit ? MarkKind::Hit : MarkKind::Count,
			tables.counter(number, placement.index),
			placement.step ? placement.step : builder.getInt64(1));
	}
}

void eraseIntrinsics(Module &module)
{
	SmallVector<Function *, 8> intrinsics;
	for (Function &function : module)
		if (compat::startsWith(function.getName(), intrinsicPrefix))
			intrinsics.push_back(&function);
	for (Function *intrinsic : intrinsics) {
		while (!intrinsic->use_empty()) {
			auto *call = cast<Instruction>(intrinsic->user_back());
			/* None of them has a result that anything but its own family uses. */
			call->replaceAllUsesWith(PoisonValue::get(call->getType()));
			call->eraseFromParent();
		}
		intrinsic->eraseFromParent();
	}
}

/* Whether nothing that carries counters can be behind this name. */
static bool isLibraryFunction(const Function &function, const TargetLibraryInfoImpl &library)
{
	LibFunc known;
	return function.isIntrinsic() ||
	       (function.isDeclaration() && library.getLibFunc(function.getName(), known));
}

static void stripCalls(Function &function, const TargetLibraryInfoImpl &library)
{
	for (Instruction &instruction : instructions(function)) {
		auto *call = dyn_cast<CallBase>(&instruction);
		if (!call || call->isInlineAsm())
			continue;
		Function *callee = call->getCalledFunction();
		if (!callee || !isLibraryFunction(*callee, library))
			compat::stripReadOnlyPromise(*call);
	}
}

void stripPromises(Module &module)
{
	TargetLibraryInfoImpl library(compat::tripleOf(module));
	for (Function &function : module) {
		if (isLibraryFunction(function, library) ||
			&function == markFunction(module, MarkKind::Count) ||
			&function == markFunction(module, MarkKind::Hit))
			continue;
		if (function.isDeclaration()) {
			compat::stripReadOnlyPromise(function);
		} else {
			compat::stripMemoryLimits(function);
			stripCalls(function, library);
		}
	}
}

} // namespace furlong
