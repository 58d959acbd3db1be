/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_together.cpp: several marks of one counter become one. A function that is inlined twice in a row,
 * or a loop that is unrolled, leaves them in one block. Where control may not come from one to the next, each
 * stays.
 */
#include "coverage.h"
#include "mark.h"
#include "llvm/ADT/DenseMap.h"

using namespace llvm;

namespace furlong
{

/* Adds a mark to one before it. */
static bool addTo(CallInst &earlier, CallInst &mark)
{
	auto *one = dyn_cast<ConstantInt>(markStep(earlier)), *other = dyn_cast<ConstantInt>(markStep(mark));
	if (!one || !other)
		return false;
	bool counts = markKind(mark) == MarkKind::Count;
	APInt sum = counts ? one->getValue() + other->getValue() : one->getValue() | other->getValue();
	if (!sum.isSignedIntN(32)) /* one instruction has no room for more */
		return false;
	earlier.setArgOperand(1, ConstantInt::get(one->getType(), sum));
	mark.eraseFromParent();
	return true;
}

static void joinMarks(BasicBlock &block)
{
	DenseMap<std::pair<Value *, unsigned>, CallInst *> known;
	for (auto it = block.begin(); it != block.end();) {
		Instruction &instruction = *it++;
		CallInst *mark = asMark(instruction);
		if (!mark) {
			if (!runsThrough(instruction))
				known.clear();
			continue;
		}
		auto [entry, isNew] =
			known.try_emplace({markCounter(*mark), (unsigned)markKind(*mark)}, mark);
		if (!isNew && !addTo(*entry->second, *mark))
			entry->second = mark;
	}
}

void joinMarks(Module &module)
{
	for (Function &function : module) {
		if (function.isDeclaration() || function.hasOptNone() ||
			!saves(function, CoverageSaving::Together))
			continue;
		for (BasicBlock &block : function)
			joinMarks(block);
	}
}

} // namespace furlong
