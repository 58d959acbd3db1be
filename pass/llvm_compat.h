/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * llvm_compat.h: every difference between the LLVM versions we support, and the only #if on them.
 *
 * Each helper is named after what the pass means, not after the version that spells it differently.
 * Nothing here knows an instrument.
 */
#ifndef FURLONG_PASS_LLVM_COMPAT_H
#define FURLONG_PASS_LLVM_COMPAT_H

#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/ProfileData/Coverage/CoverageMapping.h"
#include "llvm/Transforms/Utils/BuildLibCalls.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#if __has_include("llvm/Support/ModRef.h")
#include "llvm/Support/ModRef.h"
#endif
#if __has_include("llvm/TargetParser/Triple.h")
#include "llvm/TargetParser/Triple.h"
#else
#include "llvm/ADT/Triple.h"
#endif
#if __has_include("llvm/Plugins/PassPlugin.h")
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif

namespace furlong::compat
{

/* LLVM 14 still has typed pointers; everywhere else this is plain `ptr`. */
inline llvm::PointerType *pointerTo(llvm::Type *pointee)
{
#if LLVM_VERSION_MAJOR >= 16
	return llvm::PointerType::get(pointee->getContext(), 0);
#else
	return llvm::PointerType::get(pointee, 0);
#endif
}

inline llvm::Triple tripleOf(const llvm::Module &module)
{
	return llvm::Triple(module.getTargetTriple());
}

/* Clang says which it is in the module when it is not the usual one. */
inline llvm::CodeModel::Model codeModelOf(const llvm::Module &module)
{
	auto model = module.getCodeModel();
	return model ? *model : llvm::CodeModel::Small;
}

/* What a function or call says about memory, as attributes: "only memory the program cannot see". */
inline void setInaccessibleMemoryOnly(llvm::AttrBuilder &attributes)
{
#if LLVM_VERSION_MAJOR >= 16
	attributes.addMemoryAttr(llvm::MemoryEffects::inaccessibleMemOnly());
#else
	attributes.addAttribute(llvm::Attribute::InaccessibleMemOnly);
#endif
}

/* Takes back "has no effect" (const) and "only reads" (pure) from a function or a call. */
template <class FunctionOrCall> bool stripReadOnlyPromise(FunctionOrCall &subject)
{
#if LLVM_VERSION_MAJOR >= 16
	if (!subject.getAttributes().getMemoryEffects().onlyReadsMemory())
		return false;
	subject.removeFnAttr(llvm::Attribute::Memory);
#else
	llvm::AttributeList attributes = subject.getAttributes();
	if (!attributes.hasFnAttr(llvm::Attribute::ReadNone) &&
		!attributes.hasFnAttr(llvm::Attribute::ReadOnly))
		return false;
	subject.removeFnAttr(llvm::Attribute::ReadNone);
	subject.removeFnAttr(llvm::Attribute::ReadOnly);
#endif
	return true;
}

/* Takes back whatever else limits the memory a definition touches ("only its arguments'"). */
inline void stripMemoryLimits(llvm::Function &function)
{
#if LLVM_VERSION_MAJOR >= 16
	function.removeFnAttr(llvm::Attribute::Memory);
#else
	for (auto kind : {llvm::Attribute::ReadNone, llvm::Attribute::ReadOnly, llvm::Attribute::WriteOnly,
		     llvm::Attribute::ArgMemOnly, llvm::Attribute::InaccessibleMemOnly,
		     llvm::Attribute::InaccessibleMemOrArgMemOnly})
		function.removeFnAttr(kind);
#endif
}

/* Whether LLVM knows that function of the C library to come back at once and without throwing. */
inline bool libraryReturns(const llvm::Function &function, const llvm::TargetLibraryInfo &library)
{
	llvm::LibFunc known;
	if (!library.getLibFunc(function, known))
		return false;
	auto &declaration = const_cast<llvm::Function &>(function);
	llvm::AttributeList before = declaration.getAttributes();
#if LLVM_VERSION_MAJOR >= 16
	llvm::inferNonMandatoryLibFuncAttrs(declaration, library);
#else
	llvm::inferLibFuncAttributes(declaration, library);
#endif
	bool returns = declaration.hasFnAttribute(llvm::Attribute::WillReturn) && declaration.doesNotThrow();
	declaration.setAttributes(before);
	return returns;
}

/* Clang's mapping of whole decisions came with 18; before, no region has this kind. */
#if LLVM_VERSION_MAJOR >= 18
inline constexpr int decisionRegionKind = llvm::coverage::CounterMappingRegion::MCDCDecisionRegion;
#else
inline constexpr int decisionRegionKind = -1;
#endif

inline bool startsWith(llvm::StringRef text, llvm::StringRef prefix)
{
	return text.substr(0, prefix.size()) == prefix;
}

inline bool skipsProfiling(const llvm::Function &function)
{
#if LLVM_VERSION_MAJOR >= 16
	if (function.hasFnAttribute(llvm::Attribute::SkipProfile))
		return true;
#endif
	return function.hasFnAttribute(llvm::Attribute::NoProfile);
}

/* Whether the address of a local variable may be known to anyone but its function. */
inline bool mayBeCaptured(const llvm::AllocaInst &alloca)
{
#if LLVM_VERSION_MAJOR >= 21
	return llvm::PointerMayBeCaptured(&alloca, /*ReturnCaptures=*/true);
#else
	return llvm::PointerMayBeCaptured(&alloca, /*ReturnCaptures=*/true, /*StoreCaptures=*/true);
#endif
}

inline const llvm::Value *pointerOperand(const llvm::Instruction &instruction)
{
	if (auto *update = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction))
		return update->getPointerOperand();
	if (auto *exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&instruction))
		return exchange->getPointerOperand();
	return llvm::getLoadStorePointerOperand(&instruction);
}

inline llvm::Function *intrinsic(
	llvm::Module &module, llvm::Intrinsic::ID id, llvm::ArrayRef<llvm::Type *> types = {})
{
#if LLVM_VERSION_MAJOR >= 20
	return llvm::Intrinsic::getOrInsertDeclaration(&module, id, types);
#else
	return llvm::Intrinsic::getDeclaration(&module, id, types);
#endif
}

/* The next that is not there for a debugger's sake only. */
inline const llvm::Instruction *nextInstruction(const llvm::Instruction &instruction)
{
	const llvm::Instruction *next = instruction.getNextNode();
	while (next && llvm::isa<llvm::DbgInfoIntrinsic>(next))
		next = next->getNextNode();
	return next;
}

/* What insertBefore() takes. */
inline auto placeOf(llvm::Instruction &instruction)
{
#if LLVM_VERSION_MAJOR >= 20
	return instruction.getIterator();
#else
	return &instruction;
#endif
}

inline void moveBefore(llvm::Instruction &instruction, llvm::Instruction &place)
{
	instruction.moveBefore(placeOf(place));
}

/* Whether code for the value may stand before the instruction. */
inline bool isSafeToExpand(
	llvm::ScalarEvolution &evolution, const llvm::SCEV *value, const llvm::Instruction &place)
{
#if LLVM_VERSION_MAJOR >= 16
	llvm::SCEVExpander expander(
#if LLVM_VERSION_MAJOR >= 22
		evolution, "furlong");
#else
		evolution, place.getModule()->getDataLayout(), "furlong");
#endif
	return expander.isSafeToExpandAt(value, &place);
#else
	return llvm::isSafeToExpandAt(value, &place, evolution);
#endif
}

/* Code for the value, before the instruction. */
inline llvm::Value *expand(
	llvm::ScalarEvolution &evolution, const llvm::SCEV *value, llvm::Type *type, llvm::Instruction &place)
{
#if LLVM_VERSION_MAJOR >= 22
	llvm::SCEVExpander expander(evolution, "furlong", /*PreserveLCSSA=*/false);
	return expander.expandCodeFor(value, type, place.getIterator());
#else
	llvm::SCEVExpander expander(
		evolution, place.getModule()->getDataLayout(), "furlong", /*PreserveLCSSA=*/false);
	return expander.expandCodeFor(value, type, &place);
#endif
}

/* A load or store of the elements that a mask selects. */
struct MaskedOperation {
	llvm::Value *address, *mask;
	llvm::Type *vectorType;
	bool write, packed;
};

/* False when it is none. Newer versions have no operand for the alignment. */
inline bool asMaskedOperation(const llvm::IntrinsicInst &call, MaskedOperation &operation)
{
	operation.write = operation.packed = false;
	operation.vectorType = call.getType();
	unsigned address = 0;
	switch (call.getIntrinsicID()) {
	case llvm::Intrinsic::masked_expandload:
		operation.packed = true;
		break;
	case llvm::Intrinsic::masked_load:
	case llvm::Intrinsic::masked_gather:
		break;
	case llvm::Intrinsic::masked_compressstore:
		operation.packed = true;
		[[fallthrough]];
	case llvm::Intrinsic::masked_store:
	case llvm::Intrinsic::masked_scatter:
		operation.write = true;
		operation.vectorType = call.getArgOperand(0)->getType();
		address = 1;
		break;
	default:
		return false;
	}
	operation.address = call.getArgOperand(address);
	/* The first vector of bits after it. */
	for (unsigned i = address + 1; i < call.arg_size(); i++) {
		operation.mask = call.getArgOperand(i);
		if (operation.mask->getType()->isVectorTy() &&
			operation.mask->getType()->getScalarType()->isIntegerTy(1))
			return true;
	}
	return false;
}

/* The last word before code generation, at every level; the LTO phase that newer versions add is of no use.
 */
template <class Callback> void registerOptimizerLast(llvm::PassBuilder &builder, Callback callback)
{
#if LLVM_VERSION_MAJOR >= 20
	builder.registerOptimizerLastEPCallback(
		[callback](llvm::ModulePassManager &manager, llvm::OptimizationLevel level,
			llvm::ThinOrFullLTOPhase) { callback(manager, level); });
#else
	builder.registerOptimizerLastEPCallback(callback);
#endif
}

} // namespace furlong::compat

#endif
