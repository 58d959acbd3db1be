/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_labels.cpp: race_labels.h.
 */
#include "race_labels.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace furlong
{

static bool isTable(const User &user)
{
	auto *table = dyn_cast<GlobalVariable>(&user);
	return table && table->hasLocalLinkage() && table->isConstant() && table->hasInitializer();
}

/* As an operand of what is in the block, or on an edge that leaves it. */
static bool isUsedIn(const BasicBlock &block, const Use &use)
{
	auto *user = cast<Instruction>(use.getUser());
	if (auto *phi = dyn_cast<PHINode>(user))
		return phi->getIncomingBlock(use) == &block;
	return user->getParent() == &block;
}

/* What becomes of a label's address, of the instruction that has it. */
static bool isGoneTo(const Instruction &label, SmallPtrSetImpl<const Instruction *> &seen)
{
	if (!seen.insert(&label).second || isa<IndirectBrInst>(label))
		return true;
	return (isa<PHINode>(label) || isa<LoadInst>(label) || isa<SelectInst>(label) ||
		       isa<BitCastInst>(label)) &&
	       llvm::all_of(label.uses(), [&](const Use &use) {
		       return isUsedIn(*label.getParent(), use) &&
			      isGoneTo(*cast<Instruction>(use.getUser()), seen);
	       });
}

/* What becomes of an address in a table. */
static bool isOnlyRead(
	const Value &place, const Function &function, SmallPtrSetImpl<const Instruction *> &seen)
{
	return llvm::all_of(place.users(), [&](const User *user) {
		if (isa<ConstantExpr>(user) || isa<GetElementPtrInst>(user) || isa<BitCastInst>(user))
			return isOnlyRead(*user, function, seen);
		auto *load = dyn_cast<LoadInst>(user);
		return load && load->getFunction() == &function && isGoneTo(*load, seen);
	});
}

static bool staysInBlock(
	const BlockAddress &label, const Function &function, SmallPtrSetImpl<const Instruction *> &seen)
{
	return llvm::all_of(label.users(), [&](const User *user) {
		if (auto *instruction = dyn_cast<Instruction>(user))
			return instruction->getFunction() == &function && isGoneTo(*instruction, seen);
		return isa<ConstantAggregate>(user) && llvm::all_of(user->users(), [&](const User *table) {
			return isTable(*table) && isOnlyRead(*table, function, seen);
		});
	});
}

static SmallVector<BlockAddress *, 16> labelsOf(Function &function)
{
	SmallVector<BlockAddress *, 16> labels;
	for (BasicBlock &block : function)
		if (block.hasAddressTaken())
			if (auto *label = BlockAddress::lookup(&block))
				labels.push_back(label);
	return labels;
}

bool labelsStayInBlocks(Function &function)
{
	SmallPtrSet<const Instruction *, 16> seen;
	return llvm::all_of(labelsOf(function),
		[&](BlockAddress *label) { return staysInBlock(*label, function, seen); });
}

static void copyTable(GlobalVariable &table, ValueToValueMapTy &copies)
{
	if (copies.count(&table))
		return;
	auto *copy = new GlobalVariable(*table.getParent(), table.getValueType(), true, table.getLinkage(),
		MapValue(table.getInitializer(), copies), table.getName());
	copy->copyAttributesFrom(&table);
	copies[&table] = copy;
}

void copyLabels(Function &function, ValueToValueMapTy &copies)
{
	SmallVector<BlockAddress *, 16> labels = labelsOf(function);
	for (BlockAddress *label : labels)
		if (Value *block = copies.lookup(label->getBasicBlock()))
			copies[label] = BlockAddress::get(&function, cast<BasicBlock>(block));
	for (BlockAddress *label : labels)
		for (User *list : SmallVector<User *, 4>(label->users()))
			if (isa<ConstantAggregate>(list))
				for (User *table : SmallVector<User *, 4>(list->users()))
					if (auto *global = dyn_cast<GlobalVariable>(table))
						copyTable(*global, copies);
}

} // namespace furlong
