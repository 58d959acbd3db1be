/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_cleanups.cpp: see coverage_cleanups.h.
 */
#include "coverage_cleanups.h"
#include "llvm/IR/CFG.h"

using namespace llvm;

namespace furlong
{

/* Whether only these stores can change it. */
static bool isPrivate(const AllocaInst &slot)
{
	return all_of(slot.users(), [&slot](const User *user) {
		if (auto *store = dyn_cast<StoreInst>(user))
			return store->getPointerOperand() == &slot && store->getValueOperand() != &slot &&
			       !store->isVolatile();
		auto *load = dyn_cast<LoadInst>(user);
		auto *call = dyn_cast<IntrinsicInst>(user);
		return load ? !load->isVolatile() : call && call->isLifetimeStartOrEnd();
	});
}

/* The slot that a block chooses by, if it does. */
static const AllocaInst *chosenBy(const BasicBlock *block)
{
	auto *choice = dyn_cast<SwitchInst>(block->getTerminator());
	auto *load = choice ? dyn_cast<LoadInst>(choice->getCondition()) : nullptr;
	auto *slot = load ? dyn_cast<AllocaInst>(load->getPointerOperand()) : nullptr;
	return slot && isPrivate(*slot) ? slot : nullptr;
}

/* The same where a block chooses by what is merged in it. */
static const PHINode *mergedIn(const BasicBlock *block)
{
	auto *choice = dyn_cast<SwitchInst>(block->getTerminator());
	auto *merged = choice ? dyn_cast<PHINode>(choice->getCondition()) : nullptr;
	return merged && merged->getParent() == block ? merged : nullptr;
}

/* What a block leaves in the slot, if anything. */
static const StoreInst *storeIn(const BasicBlock *block, const Value *slot)
{
	for (const Instruction &instruction : llvm::reverse(*block)) {
		auto *store = dyn_cast<StoreInst>(&instruction);
		if (store && store->getPointerOperand() == slot)
			return store;
	}
	return nullptr;
}

/* What the slot holds at the end of a block, if that is the same on all ways to it. */
static const ConstantInt *slotAfter(const BasicBlock *block, const Value *slot)
{
	enum { MAX_BLOCKS = 32 };
	SmallSetVector<const BasicBlock *, 8> open;
	open.insert(block);
	const ConstantInt *value = nullptr;
	for (size_t i = 0; i < open.size(); i++) {
		const StoreInst *store = storeIn(open[i], slot);
		if (store) {
			auto *stored = dyn_cast<ConstantInt>(store->getValueOperand());
			if (!stored || (value && value != stored))
				return nullptr;
			value = stored;
			continue;
		}
		if (pred_empty(open[i]) || open.size() > MAX_BLOCKS)
			return nullptr;
		for (const BasicBlock *from : predecessors(open[i]))
			open.insert(from);
	}
	return value;
}

/* The slot that tells ways apart behind this block: it chooses by it, or it ends a scope that is left by
 * several ways which all go on to the end of the scope around. */
static const AllocaInst *slotOf(const BasicBlock *block)
{
	enum { MAX_SCOPES = 16 };
	const BasicBlock *chooses = block;
	for (int i = 0; i < MAX_SCOPES && chooses && isa<BranchInst>(chooses->getTerminator()); i++)
		chooses = chooses->getUniqueSuccessor();
	const AllocaInst *slot = chooses ? chosenBy(chooses) : nullptr;
	for (const BasicBlock *passed = block; slot && passed != chooses;
		passed = passed->getUniqueSuccessor())
		if (storeIn(passed, slot))
			return nullptr;
	return slot && (chooses == block || !slotAfter(block, slot)) ? slot : nullptr;
}

BasicBlock *Cleanups::next(const BasicBlock *choosing, Value value)
{
	auto *choice = dyn_cast<SwitchInst>(choosing->getTerminator());
	return choice ? const_cast<SwitchInst *>(choice)->findCaseValue(value)->getCaseSuccessor()
		      : const_cast<BasicBlock *>(choosing->getUniqueSuccessor());
}

Cleanups::Value Cleanups::arriving(BasicBlock *from, const BasicBlock *choosing, Value had) const
{
	if (const PHINode *merged = mergedIn(choosing))
		return dyn_cast<ConstantInt>(merged->getIncomingValueForBlock(from));
	const AllocaInst *slot = slotOf(choosing);
	if (slotOf(from) == slot)
		return had;
	return isa<BranchInst>(from->getTerminator()) || isa<InvokeInst>(from->getTerminator())
		       ? slotAfter(from, slot)
		       : nullptr;
}

/* Adds what leads to `from` within what `entry` dominates; false if it is left there, or the slot changes. */
static bool addBefore(const BasicBlock *from, const BasicBlock *entry, const Value *slot,
	SmallPtrSetImpl<const BasicBlock *> &blocks)
{
	SmallVector<const BasicBlock *, 8> open = {from};
	blocks.clear();
	while (!open.empty()) {
		const BasicBlock *block = open.pop_back_val();
		if (!blocks.insert(block).second)
			continue;
		if (storeIn(block, slot) || (block != from && slotOf(block)))
			return false;
		if (block != entry)
			open.append(pred_begin(block), pred_end(block));
	}
	for (const BasicBlock *block : blocks)
		for (const BasicBlock *next : successors(block))
			if (block != from && !blocks.count(next) && !next->isEHPad())
				return false;
	return true;
}

/* Where the cleanup begins: where it is known from each block outside with what it comes. */
bool Cleanups::findEntry(BasicBlock *choosing, Cleanup &cleanup, const DominatorTree &dominators) const
{
	enum { MAX_STEPS = 8 };
	cleanup.entry = choosing;
	cleanup.blocks.insert(choosing);
	if (mergedIn(choosing))
		return true;
	const AllocaInst *slot = slotOf(choosing);
	for (int i = 0; i < MAX_STEPS; i++) {
		if (pred_empty(cleanup.entry)) /* it is an argument that is chosen by */
			return false;
		bool known = all_of(predecessors(cleanup.entry), [&](BasicBlock *from) {
			return cleanup.blocks.count(from) || slotOf(from) == slot ||
			       arriving(from, choosing, nullptr);
		});
		if (known)
			return true;
		auto *above = dominators.getNode(cleanup.entry)->getIDom();
		if (!above || !addBefore(choosing, above->getBlock(), slot, cleanup.blocks))
			return false;
		cleanup.entry = above->getBlock();
	}
	return false;
}

/* All that a cleanup is entered with, as far as is known of those before it; false if something cannot be. */
bool Cleanups::collect(BasicBlock *choosing, Cleanup &cleanup) const
{
	for (BasicBlock *from : predecessors(cleanup.entry)) {
		if (cleanup.blocks.count(from))
			continue;
		auto before = found.find(from);
		if (before == found.end()) {
			if (slotOf(from) && slotOf(from) == slotOf(choosing))
				return false;
			Value value = arriving(from, choosing, nullptr);
			if (!value)
				return false;
			cleanup.values.insert(value);
			continue;
		}
		for (Value had : before->second.values) {
			if (next(from, had) != cleanup.entry)
				continue;
			Value value = arriving(from, choosing, had);
			if (!value)
				return false;
			cleanup.values.insert(value);
		}
	}
	return true;
}

/* Until all that is left is known; each that is not makes others unknown. */
void Cleanups::forgetUnknown()
{
	for (bool changed = true; changed;) {
		changed = false;
		SmallVector<BasicBlock *, 4> unknown;
		for (auto &[block, cleanup] : found) {
			size_t before = cleanup.values.size();
			if (!collect(block, cleanup))
				unknown.push_back(block);
			changed |= cleanup.values.size() != before;
		}
		if (unknown.empty())
			continue;
		changed = true;
		for (BasicBlock *block : unknown)
			found.erase(block);
		for (auto &[block, cleanup] : found)
			cleanup.values.clear();
	}
}

Cleanups::Cleanups(Function &function)
{
	DominatorTree dominators(function);
	for (BasicBlock &block : function) {
		Cleanup cleanup;
		if ((slotOf(&block) || mergedIn(&block)) && dominators.isReachableFromEntry(&block) &&
			findEntry(&block, cleanup, dominators))
			found[&block] = cleanup;
	}
	forgetUnknown();
	for (const auto &[block, cleanup] : found)
		chooser[cleanup.entry] = block;
}

} // namespace furlong
