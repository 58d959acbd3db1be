/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_promote.cpp: counts are kept in registers while a loop runs and added where it is left.
 *
 * Only in loops that cannot be left in any other way and do not wait for anybody: no calls but those that
 * certainly return and see nothing of us, no atomics, no volatile accesses. What is added is the
 * difference, never "load, count, store", so a signal handler's counts survive. A loop whose number of
 * turns is not known beforehand also adds every 2^16 turns: what a kill can lose is bounded.
 */
#include "coverage.h"
#include "mark.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/DomTreeUpdater.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace furlong
{

static const char flushMetadata[] = "furlong.flush";

enum { FLUSH_TURNS = 1 << 16, MAX_ADDITIONS = 64 };

using MarksByCounter = MapVector<Value *, SmallVector<CallInst *, 2>>;

/* A loop's counts while it is being rewritten: one local variable each, made into registers at the end. */
struct Promotion {
	Loop &loop;
	MarksByCounter marks;
	SmallVector<BasicBlock *, 4> exits;
	SmallVector<AllocaInst *, 8> locals;
	Value *turns = nullptr; /* the counter that goes up by one in each turn, if there is one */
};

static bool returnsAndIgnoresUs(const CallBase &call)
{
	if (call.isInlineAsm() || isa<InvokeInst>(call) || isa<CallBrInst>(call))
		return false;
	if (isa<DbgInfoIntrinsic>(call) || isa<MemIntrinsic>(call) || call.isLifetimeStartOrEnd() ||
		isa<AssumeInst>(call))
		return !isa<MemIntrinsic>(call) || !cast<MemIntrinsic>(call).isVolatile();
	return call.onlyReadsMemory() && call.doesNotThrow() && call.hasFnAttr(Attribute::WillReturn);
}

bool runsThrough(Instruction &instruction)
{
	if (asMark(instruction))
		return true;
	if (auto *call = dyn_cast<CallBase>(&instruction))
		return returnsAndIgnoresUs(*call);
	return !instruction.isAtomic() && !instruction.isVolatile() && !instruction.mayThrow();
}

static bool collect(Promotion &promotion)
{
	Loop &loop = promotion.loop;
	if (!loop.isLoopSimplifyForm())
		return false;
	for (BasicBlock *block : loop.blocks())
		for (Instruction &instruction : *block) {
			if (!runsThrough(instruction))
				return false;
			CallInst *mark = asMark(instruction);
			if (mark && mark->hasMetadata(flushMetadata))
				return false; /* that was us, before the vectoriser */
			if (mark && !loop.isLoopInvariant(markCounter(*mark)))
				return false;
			if (mark)
				promotion.marks[markCounter(*mark)].push_back(mark);
		}
	loop.getUniqueExitBlocks(promotion.exits);
	for (BasicBlock *exit : promotion.exits)
		if (exit->isEHPad() || exit->getFirstInsertionPt() == exit->end())
			return false;
	return !promotion.marks.empty() && promotion.marks.size() * promotion.exits.size() <= MAX_ADDITIONS;
}

/* A hit is a store that waits for nothing, and marks of each way through the loop leave nothing to vectorise
 * if the number of turns is not known. */
static bool isWorthIt(const Promotion &promotion, bool bounded)
{
	return bounded || markKind(*promotion.marks.front().second.front()) == MarkKind::Count;
}

static Value *countsTurns(const Promotion &promotion, const DominatorTree &dominators)
{
	if (!saves(*promotion.loop.getHeader()->getParent(), CoverageSaving::Turns))
		return nullptr;
	for (const auto &[counter, marks] : promotion.marks) {
		auto *step = dyn_cast<ConstantInt>(markStep(*marks.front()));
		if (marks.size() == 1 && step && step->isOne() &&
			markKind(*marks.front()) == MarkKind::Count &&
			dominators.dominates(marks.front()->getParent(), promotion.loop.getLoopLatch()))
			return counter;
	}
	return nullptr;
}

/* local += step in the place of a mark; or local |= step. */
static void countLocally(AllocaInst *local, CallInst *mark)
{
	IRBuilder<> builder(mark);
	Value *old = builder.CreateLoad(builder.getInt64Ty(), local);
	bool counts = markKind(*mark) == MarkKind::Count;
	builder.CreateStore(
		counts ? builder.CreateAdd(old, markStep(*mark)) : builder.CreateOr(old, markStep(*mark)),
		local);
	mark->eraseFromParent();
}

/* counter += local, or counter |= local */
static CallInst *addToCounter(
	IRBuilder<> &builder, MarkKind kind, Value *counter, AllocaInst *local, const DebugLoc &location)
{
	builder.SetCurrentDebugLocation(location);
	return createMark(builder, kind, counter, builder.CreateLoad(builder.getInt64Ty(), local));
}

static AllocaInst *makeLocal(Promotion &promotion, const Twine &name)
{
	Function &function = *promotion.loop.getHeader()->getParent();
	IRBuilder<> atEntry(&*function.getEntryBlock().getFirstInsertionPt());
	AllocaInst *local = atEntry.CreateAlloca(atEntry.getInt64Ty(), nullptr, name);
	IRBuilder<> before(promotion.loop.getLoopPreheader()->getTerminator());
	before.CreateStore(before.getInt64(0), local);
	promotion.locals.push_back(local);
	return local;
}

/* Before going back to the header: if (++turns == 2^16) { add everything; start from 0 }. `turns` is a count
 * that is kept anyway, or one of its own. */
static BasicBlock *makeFlush(
	Promotion &promotion, AllocaInst *turns, DominatorTree &dominators, LoopInfo &loops)
{
	BasicBlock *latch = promotion.loop.getLoopLatch();
	BasicBlock *check = SplitEdge(latch, promotion.loop.getHeader(), &dominators, &loops);
	IRBuilder<> builder(check->getTerminator());
	Value *next = builder.CreateLoad(builder.getInt64Ty(), turns);
	if (!promotion.turns) {
		next = builder.CreateAdd(next, builder.getInt64(1));
		builder.CreateStore(next, turns);
	}
	Value *due = builder.CreateICmpEQ(next, builder.getInt64(FLUSH_TURNS));
	MDNode *rarely = MDBuilder(builder.getContext()).createBranchWeights(1, FLUSH_TURNS);
	DomTreeUpdater updater(dominators, DomTreeUpdater::UpdateStrategy::Eager);
	Instruction *end = SplitBlockAndInsertIfThen(
		due, check->getTerminator(), /*Unreachable=*/false, rarely, &updater, &loops);
	builder.SetInsertPoint(end);
	if (!promotion.turns)
		builder.CreateStore(builder.getInt64(0), turns);
	return end->getParent();
}

static void rewrite(Promotion &promotion, AllocaInst *turns, BasicBlock *flush)
{
	for (auto &[counter, marks] : promotion.marks) {
		AllocaInst *local =
			counter == promotion.turns ? turns : makeLocal(promotion, "furlong.count");
		DebugLoc location = marks.front()->getDebugLoc();
		MarkKind kind = markKind(*marks.front());
		for (CallInst *mark : marks)
			countLocally(local, mark);
		for (BasicBlock *exit : promotion.exits) {
			IRBuilder<> builder(&*exit->getFirstInsertionPt());
			addToCounter(builder, kind, counter, local, location);
		}
		if (!flush)
			continue;
		IRBuilder<> builder(flush->getTerminator());
		addToCounter(builder, kind, counter, local, location)
			->setMetadata(flushMetadata, MDNode::get(builder.getContext(), {}));
		builder.CreateStore(builder.getInt64(0), local);
	}
}

static bool promote(Loop &loop, DominatorTree &dominators, LoopInfo &loops, ScalarEvolution &evolution)
{
	Promotion promotion = {loop, {}, {}, {}};
	if (!collect(promotion))
		return false;
	bool bounded = !isa<SCEVCouldNotCompute>(evolution.getBackedgeTakenCount(&loop));
	if (!isWorthIt(promotion, bounded))
		return false;
	evolution.forgetLoop(&loop);
	AllocaInst *turns = nullptr;
	BasicBlock *flush = nullptr;
	if (!bounded) {
		promotion.turns = countsTurns(promotion, dominators);
		turns = makeLocal(promotion, "furlong.turns");
		flush = makeFlush(promotion, turns, dominators, loops);
	}
	rewrite(promotion, turns, flush);
	PromoteMemToReg(promotion.locals, dominators);
	formLCSSARecursively(loop, dominators, &loops, &evolution);
	return true;
}

PreservedAnalyses CoveragePromotePass::run(Function &function, FunctionAnalysisManager &analyses)
{
	if (function.hasOptNone() || !hasMarks(*function.getParent()) ||
		!saves(function, CoverageSaving::Promotion))
		return PreservedAnalyses::all();
	LoopInfo &loops = analyses.getResult<LoopAnalysis>(function);
	DominatorTree &dominators = analyses.getResult<DominatorTreeAnalysis>(function);
	ScalarEvolution &evolution = analyses.getResult<ScalarEvolutionAnalysis>(function);
	bool changed = false;
	for (Loop *loop : loops.getLoopsInPreorder())
		if (loop->isInnermost())
			changed |= promote(*loop, dominators, loops, evolution);
	return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace furlong
