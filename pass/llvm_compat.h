/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * llvm_compat.h: every difference between the LLVM versions we support, and the only #if on them.
 *
 * Each helper is named after what the pass means, not after the version that spells it differently.
 * Nothing here knows an instrument.
 */
#ifndef FURLONG_PASS_LLVM_COMPAT_H
#define FURLONG_PASS_LLVM_COMPAT_H

#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/ProfileData/Coverage/CoverageMapping.h"
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
