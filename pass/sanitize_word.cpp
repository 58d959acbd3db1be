/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sanitize_word.cpp: see sanitize_word.h.
 */
#include "sanitize_word.h"

using namespace llvm;

namespace furlong
{

static constexpr char askedMetadata[] = "furlong.thread_sanitizer";

/* Not inlined where its accesses would be looked at. */
static void leaveOut(Function &function)
{
	function.addFnAttr(leftOutAttribute);
	if (!function.hasFnAttribute(Attribute::AlwaysInline))
		function.addFnAttr(Attribute::NoInline);
}

PreservedAnalyses SanitizeWordPass::run(Module &module, ModuleAnalysisManager &)
{
	bool asked = false;
	for (Function &function : module)
		asked |= function.hasFnAttribute(Attribute::SanitizeThread);
	if (!asked)
		return PreservedAnalyses::all();
	for (Function &function : module) {
		if (!function.isDeclaration() && !function.hasFnAttribute(Attribute::SanitizeThread))
			leaveOut(function);
		function.removeFnAttr(Attribute::SanitizeThread);
	}
	module.getOrInsertNamedMetadata(askedMetadata);
	return PreservedAnalyses::none();
}

PreservedAnalyses SanitizeWordLastPass::run(Module &module, ModuleAnalysisManager &)
{
	NamedMDNode *asked = module.getNamedMetadata(askedMetadata);
	if (!asked)
		return PreservedAnalyses::all();
	asked->eraseFromParent();
	for (Function &function : module)
		if (!function.isDeclaration())
			function.addFnAttr(Attribute::DisableSanitizerInstrumentation);
	return PreservedAnalyses::none();
}

} // namespace furlong
