/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mark.h: "this counter goes up by so much here" or "this runs", as a call that lives between the pipeline's
 * start and its end and never reaches an object file.
 *
 * The optimiser sees an effect on memory that nothing else can reach: it may not drop a mark, run it
 * speculatively or merge two, and is otherwise not hindered.
 */
#ifndef FURLONG_PASS_MARK_H
#define FURLONG_PASS_MARK_H

#include "llvm_compat.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace furlong
{

enum class MarkKind {
	Count, /* adds `step` to the counter */
	Hit,   /* the counter becomes 1 if `step` is; 0 does nothing */
};

/* At the builder's place; `step` is an i64. */
llvm::CallInst *createMark(
	llvm::IRBuilder<> &builder, MarkKind kind, llvm::Value *counter, llvm::Value *step);

/* The instruction as a mark, or null. */
llvm::CallInst *asMark(llvm::Instruction &instruction);

inline llvm::Value *markCounter(const llvm::CallInst &mark)
{
	return mark.getArgOperand(0);
}

inline llvm::Value *markStep(const llvm::CallInst &mark)
{
	return mark.getArgOperand(1);
}

MarkKind markKind(const llvm::CallInst &mark);

/* The function that marks of a kind call, or null when the module has none. */
llvm::Function *markFunction(llvm::Module &module, MarkKind kind);
bool hasMarks(llvm::Module &module);

/* The attributes of a mark, which also fit the code it becomes. */
llvm::AttributeSet markAttributes(llvm::LLVMContext &context);

/* Keeps the sanitizers' hands off. */
void setNoSanitize(llvm::Instruction &instruction);

} // namespace furlong

#endif
