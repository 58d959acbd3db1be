/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sanitize_word.h: for code that asks whether there is a thread sanitizer.
 *
 * __has_feature(thread_sanitizer) is true only for a front end that was told so (-Xclang -fsanitize=thread,
 * in the flags files named -tsan), which marks functions for ThreadSanitizer's own pass. The marks are taken
 * away here, and that pass, which comes after ours, is told to leave all functions alone. A function without
 * a mark is one that its author left out: its plain accesses are not looked at, its atomic operations are.
 */
#ifndef FURLONG_PASS_SANITIZE_WORD_H
#define FURLONG_PASS_SANITIZE_WORD_H

#include "llvm_compat.h"

namespace furlong
{

/* On a function whose plain accesses are left out. */
inline constexpr char leftOutAttribute[] = "furlong-left-out";

/* First of all. */
struct SanitizeWordPass : llvm::PassInfoMixin<SanitizeWordPass> {
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}
};

/* When our own checks stand. */
struct SanitizeWordLastPass : llvm::PassInfoMixin<SanitizeWordLastPass> {
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}
};

} // namespace furlong

#endif
