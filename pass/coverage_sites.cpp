/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_sites.cpp: see coverage_sites.h.
 */
#include "coverage_sites.h"
#include "llvm_compat.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IntrinsicInst.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

/* Nothing may come between a musttail call and its return. */
static bool endsTailCall(const Instruction &instruction)
{
	return instruction.getParent()->getTerminatingMustTailCall() && !isa<CallBase>(instruction) &&
	       instruction.isTerminator();
}

static bool beginsCatch(const BasicBlock &block)
{
	return any_of(block, [](const Instruction &instruction) {
		auto *call = dyn_cast<CallBase>(&instruction);
		const Function *callee = call ? call->getCalledFunction() : nullptr;
		return callee && callee->getName().contains("begin_catch");
	});
}

/* What an exception passes on its way to where it is caught: destructors, which stand at closing braces
 * that nobody has come to. */
static SmallPtrSet<const BasicBlock *, 16> unwinding(const Function &function)
{
	SmallPtrSet<const BasicBlock *, 16> found;
	SmallVector<const BasicBlock *, 16> open;
	for (const BasicBlock &block : function)
		if (block.isEHPad())
			open.push_back(&block);
	while (!open.empty()) {
		const BasicBlock *block = open.pop_back_val();
		if (!beginsCatch(*block) && found.insert(block).second)
			open.append(succ_begin(block), succ_end(block));
	}
	return found;
}

/* Code that belongs to a place of the function's own text. */
static bool speaks(const Instruction &instruction, const Function &function)
{
	const DILocation *location = instruction.getDebugLoc();
	if (!location || !location->getLine() || location->getInlinedAt() ||
		location->getFile() != function.getSubprogram()->getFile())
		return false;
	if (isa<PHINode>(instruction) || isa<AllocaInst>(instruction) || instruction.isEHPad())
		return false;
	return (!isa<IntrinsicInst>(instruction) || isa<MemIntrinsic>(instruction)) &&
	       !endsTailCall(instruction);
}

/* Where a structure is made that the function gives back, or null. */
static const Value *resultOf(const ReturnInst &end)
{
	const Function &function = *end.getFunction();
	auto *load = dyn_cast_or_null<LoadInst>(end.getReturnValue());
	auto *slot = load ? dyn_cast<AllocaInst>(load->getPointerOperand()->stripInBoundsOffsets()) : nullptr;
	if (slot && slot->getAllocatedType()->isAggregateType())
		return slot;
	for (const Argument &argument : function.args())
		if (argument.hasStructRetAttr())
			return &argument;
	return nullptr;
}

static bool makesIn(const Instruction &instruction, const Value *result)
{
	auto *call = dyn_cast<CallBase>(&instruction);
	return call && llvm::any_of(call->args(), [&](const Use &argument) {
		return call->paramHasAttr(call->getArgOperandNo(&argument), Attribute::StructRet) &&
		       argument->stripInBoundsOffsets() == result;
	});
}

/* `return x;` is no instruction where x was made in the result's place. It stands before the closing brace,
 * and what stands there is all that tells of it: the first of `closing`. */
static void addSilentReturn(std::vector<Site> &sites, const std::vector<Site> &closing, const Shape &shape,
	const Nest &nest, uint32_t line)
{
	if (closing.empty() || sites.empty())
		return;
	auto *end = dyn_cast<ReturnInst>(closing.back().instruction);
	const Value *result = end ? resultOf(*end) : nullptr;
	if (!result || makesIn(*sites.back().instruction, result))
		return;
	auto isSkipped = [&line](const Region &region) {
		return region.kind == FURLONG_REGION_SKIPPED && region.file == 0 &&
		       region.startLine <= line && line <= region.endLine;
	};
	while (llvm::any_of(shape.regions, isSkipped))
		line--;
	for (const Site &site : sites)
		if (site.at.first >= line)
			return;
	Position at = {line, 1};
	sites.push_back({closing.front().instruction, at, nest.around(at)});
}

std::vector<Site> findSites(Function &function, const Shape &shape, const Nest &nest)
{
	/* At the closing brace stands what ends the function: no code of its own. A function of one `return`
	 * of a constant has its last instruction there instead. */
	Position brace = {0, 0};
	for (const Region &region : shape.regions)
		if (region.file == 0 && region.kind == FURLONG_REGION_CODE)
			brace = std::max(brace, Position(region.endLine, region.endColumn - 1));
	std::vector<Site> sites, closing;
	auto passed = unwinding(function);
	ReversePostOrderTraversal<Function *> order(&function);
	for (BasicBlock *block : order) {
		if (passed.count(block))
			continue;
		for (Instruction &instruction : *block) {
			if (!speaks(instruction, function))
				continue;
			const DILocation *location = instruction.getDebugLoc();
			Position at = {location->getLine(), location->getColumn()};
			(at != brace ? sites : closing).push_back({&instruction, at, nest.around(at)});
		}
	}
	addSilentReturn(sites, closing, shape, nest, brace.first - 1);
	return sites;
}

} // namespace furlong
