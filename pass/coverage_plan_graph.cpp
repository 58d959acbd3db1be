/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_plan_graph.cpp: the points and ways of a plan (coverage_plan.h): pieces, edges, what comes from
 * and goes to the outside, and what is dead.
 */
#include "coverage_plan.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace furlong
{

static unsigned before(unsigned piece)
{
	return 1 + 2 * piece;
}

static unsigned after(unsigned piece)
{
	return 2 + 2 * piece;
}

/* A coroutine goes on from a suspension several times, or never. */
static bool suspends(const Instruction &terminator)
{
	auto *choice = dyn_cast<SwitchInst>(&terminator);
	auto *call = choice ? dyn_cast<IntrinsicInst>(choice->getCondition()) : nullptr;
	return call && call->getIntrinsicID() == Intrinsic::coro_suspend;
}

/* Exceptions are not in clang's sums. */
static bool passesOn(const Instruction &terminator, bool believing)
{
	if (isa<InvokeInst>(terminator) || isa<IndirectBrInst>(terminator) || isa<CallBrInst>(terminator) ||
		suspends(terminator))
		return believing;
	return isa<BranchInst>(terminator) || isa<SwitchInst>(terminator);
}

/* Where clang takes all that reaches the terminator to go on, if it ignores the other ways: jumps out of
 * assembly, and a coroutine that is suspended for good. */
static const BasicBlock *believedNext(const Instruction &terminator)
{
	if (auto *assembly = dyn_cast<CallBrInst>(&terminator))
		return assembly->getDefaultDest();
	if (!suspends(terminator))
		return nullptr;
	auto &choice = cast<SwitchInst>(terminator);
	auto *resumed = ConstantInt::get(cast<IntegerType>(choice.getCondition()->getType()), 0);
	return choice.findCaseValue(resumed)->getCaseSuccessor();
}

Instruction *Plan::headOf(BasicBlock &block)
{
	auto head = block.getFirstInsertionPt();
	while (head != block.end() && (isa<AllocaInst>(*head) || isa<DbgInfoIntrinsic>(*head)))
		++head;
	return head == block.end() ? nullptr : &*head;
}

void Plan::enterOutside(const BasicBlock *block)
{
	auto found = ofBlock.find(block);
	if (found == ofBlock.end() || entered[found->second.first])
		return;
	entered[found->second.first] = true;
	ways.push_back({OUTSIDE, before(found->second.first), 0, nullptr, nullptr, nullptr, false, false, 0});
}

void Plan::leaveOutside(unsigned piece)
{
	if (left[piece])
		return;
	left[piece] = true;
	ways.push_back({after(piece), OUTSIDE, 0, nullptr, nullptr, nullptr, false, false, 0});
}

void Plan::addPieces(const LeavingFunctions *leaving)
{
	auto begin = [this](Instruction *first) {
		unsigned number = pieces.size();
		pieces.push_back({first, static_cast<unsigned>(ways.size())});
		ways.push_back({before(number), after(number), 0, first, nullptr, nullptr, false, false, 0});
		entered.push_back(false);
		left.push_back(false);
		return number;
	};
	for (BasicBlock &block : function) {
		Instruction *head = headOf(block);
		if (!head)
			continue;
		unsigned first = begin(head), last = first;
		for (Instruction &instruction : block) {
			auto *call = dyn_cast<CallInst>(&instruction);
			if (!call || call->isMustTailCall() || !leaving || !leaving->mayNotReturnOnce(*call))
				continue;
			Instruction *next = call->getNextNode();
			while (isa<DbgInfoIntrinsic>(next))
				next = next->getNextNode();
			leaveOutside(last);
			last = begin(next);
			entered[last] = true;
			ways.push_back(
				{OUTSIDE, before(last), 0, nullptr, nullptr, nullptr, false, false, 0});
		}
		ofBlock[&block] = {first, last};
	}
	enterOutside(&function.getEntryBlock());
}

/* Ways part at the end of a scope as if they had not met there. */
void Plan::addCleanups(const Cleanups &cleanups)
{
	std::map<std::pair<const BasicBlock *, Cleanups::Value>, unsigned> pointOf;
	for (const auto &[choosing, cleanup] : cleanups.all())
		for (Cleanups::Value value : cleanup.values)
			pointOf[{choosing, value}] = points++;
	auto add = [this](unsigned from, unsigned to, BasicBlock *source, BasicBlock *target) {
		ofEdge.try_emplace({source, target}, ways.size());
		ways.push_back({from, to, 0, nullptr, source, target, false, false, 0});
	};
	for (const auto &[choosing, cleanup] : cleanups.all()) {
		BasicBlock *entry = cleanup.entry;
		for (BasicBlock *from : predecessors(entry))
			if (!cleanup.blocks.count(from) && !cleanups.chooses(from) && ofBlock.count(from) &&
				!ofEdge.count({from, entry}))
				add(after(ofBlock[from].second),
					pointOf[{choosing, cleanups.arriving(from, choosing, nullptr)}], from,
					entry);
		for (Cleanups::Value value : cleanup.values) {
			BasicBlock *next = Cleanups::next(choosing, value);
			if (BasicBlock *later = cleanups.beginningAt(next))
				add(pointOf[{choosing, value}],
					pointOf[{later, cleanups.arriving(choosing, later, value)}], choosing,
					next);
			else if (ofBlock.count(next))
				add(pointOf[{choosing, value}], before(ofBlock[next].first), choosing, next);
		}
		enterOutside(entry);
		if (ofBlock.count(choosing))
			leaveOutside(ofBlock[choosing].second);
	}
}

void Plan::addEdges(bool believing)
{
	points = 1 + 2 * pieces.size();
	Cleanups cleanups(function);
	if (believing)
		addCleanups(cleanups);
	for (BasicBlock &block : function) {
		if (believing && cleanups.chooses(&block))
			continue;
		auto found = ofBlock.find(&block);
		Instruction *terminator = block.getTerminator();
		bool modelled = found != ofBlock.end() && passesOn(*terminator, believing);
		if (found != ofBlock.end() && !modelled)
			leaveOutside(found->second.second);
		if (block.isEHPad())
			enterOutside(&block);
		const BasicBlock *only = modelled ? believedNext(*terminator) : nullptr;
		for (BasicBlock *next : successors(&block)) {
			if (ofEdge.count({&block, next}))
				continue;
			if (!modelled || next->isEHPad() || (only && next != only)) {
				enterOutside(next);
				continue;
			}
			auto target = ofBlock.find(next);
			if (target == ofBlock.end() ||
				!ofEdge.try_emplace({&block, next}, ways.size()).second)
				continue;
			ways.push_back({after(found->second.second), before(target->second.first), 0, nullptr,
				&block, next, false, false, 0});
		}
	}
}

/* A loop without calls that leave is where a thread spins while the process ends. */
void Plan::leaveLoops()
{
	DominatorTree dominators(function);
	LoopInfo loops(dominators);
	for (Loop *loop : loops.getLoopsInPreorder()) {
		bool leaves = false;
		for (BasicBlock *block : loop->blocks()) {
			auto found = ofBlock.find(block);
			for (unsigned i = 0; found != ofBlock.end() && i <= found->second.second; i++)
				leaves |= i >= found->second.first && left[i];
		}
		auto header = ofBlock.find(loop->getHeader());
		if (!leaves && header != ofBlock.end())
			leaveOutside(header->second.second);
	}
}

/* Whether a piece does nothing but lead to what its program promises never to reach. Assembly may end there.
 */
static bool onlyPromises(const Instruction *first)
{
	for (const Instruction *it = first; it; it = it->getNextNode()) {
		auto *call = dyn_cast<CallBase>(it);
		if (call && (call->isInlineAsm() || call->doesNotReturn()))
			return false;
	}
	return isa<UnreachableInst>(first->getParent()->getTerminator());
}

/* The way that a branch by a constant never takes: the body of "while (0)". */
static const BasicBlock *neverTaken(const BasicBlock &block)
{
	auto *branch = dyn_cast<BranchInst>(block.getTerminator());
	auto *constant =
		branch && branch->isConditional() ? dyn_cast<ConstantInt>(branch->getCondition()) : nullptr;
	if (!constant || branch->getSuccessor(0) == branch->getSuccessor(1))
		return nullptr;
	return branch->getSuccessor(constant->isOne() ? 1 : 0);
}

static SmallPtrSet<const BasicBlock *, 32> reachable(const Function &function)
{
	SmallPtrSet<const BasicBlock *, 32> reached;
	SmallVector<const BasicBlock *, 32> open = {&function.getEntryBlock()};
	while (!open.empty()) {
		const BasicBlock *block = open.pop_back_val();
		if (!reached.insert(block).second)
			continue;
		for (const BasicBlock *next : successors(block))
			if (next != neverTaken(*block))
				open.push_back(next);
	}
	return reached;
}

/* Blocks that nothing leads to, and pieces from which every way leads to `unreachable`. */
void Plan::findDead()
{
	dead.assign(pieces.size(), false);
	auto reached = reachable(function);
	for (const auto &[block, range] : ofBlock)
		for (unsigned i = range.first; i <= range.second; i++)
			dead[i] =
				!reached.count(block) || (i == range.second && onlyPromises(pieces[i].first));
	for (bool changed = true; changed;) {
		changed = false;
		for (BasicBlock *block : post_order(&function)) {
			auto found = ofBlock.find(block);
			if (found == ofBlock.end() || dead[found->second.second] || succ_empty(block) ||
				!(isa<BranchInst>(block->getTerminator()) ||
					isa<SwitchInst>(block->getTerminator())))
				continue;
			bool all = all_of(successors(block), [this](const BasicBlock *next) {
				auto its = ofBlock.find(next);
				return its != ofBlock.end() && dead[its->second.first];
			});
			dead[found->second.second] = all;
			changed |= all;
		}
	}
	auto isDead = [this](const BasicBlock *block, bool end) {
		auto found = ofBlock.find(block);
		return found != ofBlock.end() && dead[end ? found->second.second : found->second.first];
	};
	for (Way &way : ways)
		way.known = way.source && (isDead(way.source, true) || isDead(way.target, false) ||
						  way.target == neverTaken(*way.source));
	for (unsigned i = 0; i < pieces.size(); i++)
		ways[pieces[i].way].known = dead[i];
}
} // namespace furlong
