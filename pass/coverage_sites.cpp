/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_sites.cpp: see coverage_sites.h.
 */
#include "coverage_sites.h"
#include "llvm_compat.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
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

const BranchInst *jumpAtEnd(const BasicBlock *block)
{
	auto *jump = block ? dyn_cast<BranchInst>(block->getTerminator()) : nullptr;
	return jump && jump->isUnconditional() ? jump : nullptr;
}

SmallPtrSet<const BasicBlock *, 16> unwinding(const Function &function)
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

/* Which thread this is, OpenMP's code asks at a function's beginning, with the place of what needs it first.
 */
static bool asksForThread(const Instruction &instruction)
{
	auto *call = dyn_cast<CallBase>(&instruction);
	const Function *callee = call ? call->getCalledFunction() : nullptr;
	return callee && callee->getName() == "__kmpc_global_thread_num";
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
	auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
	return (!intrinsic || isa<MemIntrinsic>(intrinsic) || intrinsic->doesNotReturn()) &&
	       !endsTailCall(instruction) && !asksForThread(instruction);
}

/* What a coroutine does before it is suspended for the first time is not written anywhere; its copies of the
 * arguments stand at the first `co_await`. */
static SmallPtrSet<const BasicBlock *, 8> beforeCoroutine(
	const Function &function, const DominatorTree &dominators)
{
	SmallPtrSet<const BasicBlock *, 8> found;
	for (const BasicBlock &block : function) {
		bool suspends = any_of(block, [](const Instruction &instruction) {
			auto *call = dyn_cast<IntrinsicInst>(&instruction);
			return call && call->getIntrinsicID() == Intrinsic::coro_suspend;
		});
		if (!suspends)
			continue;
		for (auto *node = dominators.getNode(&block); node; node = node->getIDom())
			found.insert(node->getBlock());
		break;
	}
	return found;
}

/* Reverse post-order, but a loop's body comes before what follows the loop: a body without a region of its
 * own (OpenMP's) is to be come to as it is written. */
static std::vector<BasicBlock *> inOrder(Function &function, DominatorTree &dominators)
{
	LoopInfo loops(dominators);
	auto sharedDepth = [&loops](const BasicBlock *from, const BasicBlock *to) {
		const Loop *loop = loops.getLoopFor(from);
		while (loop && !loop->contains(to))
			loop = loop->getParentLoop();
		return loop ? loop->getLoopDepth() : 0;
	};
	std::vector<BasicBlock *> order;
	SmallPtrSet<const BasicBlock *, 32> seen;
	struct Visit {
		BasicBlock *block;
		SmallVector<BasicBlock *, 2> next; /* the last first */
	};
	std::vector<Visit> open;
	auto visit = [&](BasicBlock *block) {
		if (!seen.insert(block).second)
			return;
		Visit it = {block, {succ_begin(block), succ_end(block)}};
		std::reverse(it.next.begin(), it.next.end());
		llvm::stable_sort(it.next, [&](const BasicBlock *a, const BasicBlock *b) {
			return sharedDepth(block, a) > sharedDepth(block, b);
		});
		open.push_back(std::move(it));
	};
	visit(&function.getEntryBlock());
	while (!open.empty()) {
		if (open.back().next.empty()) {
			order.push_back(open.back().block);
			open.pop_back();
			continue;
		}
		visit(open.back().next.pop_back_val());
	}
	std::reverse(order.begin(), order.end());
	return order;
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

Position placeOf(const Instruction &instruction)
{
	const DILocation *location = instruction.getDebugLoc();
	return location ? Position(location->getLine(), location->getColumn()) : Position(0, 0);
}

/* Whether a jump stands before what control has passed on its way to it: where a statement ends, what goes on
 * behind it has the place of what was written last, which may be an `if` around. Where clang counts, a
 * statement begins, and a jump there is its own. */
static bool looksBack(const Instruction &instruction, const DominatorTree &dominators)
{
	auto *jump = dyn_cast<BranchInst>(&instruction);
	if (!jump || jump->isConditional())
		return false;
	const Instruction *it = jump->getPrevNode();
	for (auto *node = dominators.getNode(jump->getParent()); node; node = node->getIDom()) {
		if (node->getBlock() != jump->getParent())
			it = node->getBlock()->getTerminator();
		for (; it; it = it->getPrevNode()) {
			if (isa<InstrProfIncrementInst>(it))
				return false;
			if (speaks(*it, *jump->getFunction()))
				return placeOf(*it) > placeOf(*jump);
		}
	}
	return false;
}

std::vector<Site> findSites(Function &function, const Shape &shape, const Nest &nest, const Labels &labels)
{
	/* At the closing brace stands what ends the function: no code of its own. A function of one `return`
	 * of a constant has its last instruction there instead. */
	Position brace = {0, 0};
	for (const Region &region : shape.regions)
		if (region.file == 0 && region.kind == FURLONG_REGION_CODE)
			brace = std::max(brace, Position(region.endLine, region.endColumn - 1));
	std::vector<Site> sites, closing;
	DominatorTree dominators(function);
	auto passed = unwinding(function);
	auto unwritten = beforeCoroutine(function, dominators);
	for (BasicBlock *block : inOrder(function, dominators)) {
		if (passed.count(block) || labels.onlyCounts(*block))
			continue;
		for (Instruction &instruction : *block) {
			if (!speaks(instruction, function) || looksBack(instruction, dominators))
				continue;
			Position at = placeOf(instruction);
			int region = nest.around(at);
			if (unwritten.count(block) && region >= 0 && at != startOf(shape.regions[region]))
				continue;
			(at != brace ? sites : closing).push_back({&instruction, at, region});
		}
	}
	addSilentReturn(sites, closing, shape, nest, brace.first - 1);
	return sites;
}

} // namespace furlong
