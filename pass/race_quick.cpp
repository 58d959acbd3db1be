/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_quick.cpp: atomic operations without calls around them, where the thread has said all about the
 * variable that there is to say (abi.h, "struct furlong_race_atomic").
 *
 *   head:  if the entry is not of this variable and epoch: slow
 *   a load            quick: operation; if the version is another: slow
 *   anything else     enter: say that we are inside; if the version is another: leave, slow
 *                     quick: operation; leave
 *   slow:  begin; operation; end
 *   rest:  the program goes on with the value of one of the two
 *
 * Operations that release are never without news, and a volatile load is not made twice.
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "mark.h"
#include "race.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/MathExtras.h"
#include <cstddef>

using namespace llvm;

namespace furlong
{

namespace
{

using EntryOfAtomic = AbiStruct<uint64_t, uint64_t, const uint64_t *, const uint64_t **, uint64_t, uint64_t,
	uint64_t, uint64_t>;
enum EntryMember { KEY, EPOCH, VERSION, INSIDE, LOAD, ACQUIRE_LOAD, STORE, UPDATE };
static_assert(
	sizeof(furlong_race_atomic) == 64 && offsetof(furlong_race_atomic, epoch) == 8 &&
		offsetof(furlong_race_atomic, version) == 16 && offsetof(furlong_race_atomic, inside) == 24 &&
		offsetof(furlong_race_atomic, load) == 32 && offsetof(furlong_race_atomic, acquire) == 40 &&
		offsetof(furlong_race_atomic, store) == 48 && offsetof(furlong_race_atomic, update) == 56,
	"EntryOfAtomic and EntryMember list the members of struct furlong_race_atomic");
enum { ENTRY_LOG2 = 6, CELL_LOG2 = 3 };

} // namespace

/* Which version the operation asks for; KEY: it always has something new to say. */
static EntryMember versionOf(const Instruction &instruction)
{
	if (auto *load = dyn_cast<LoadInst>(&instruction))
		return load->isVolatile()                         ? KEY
		       : isAcquireOrStronger(load->getOrdering()) ? ACQUIRE_LOAD
								  : LOAD;
	if (auto *store = dyn_cast<StoreInst>(&instruction))
		return isReleaseOrStronger(store->getOrdering()) ? KEY : STORE;
	if (auto *update = dyn_cast<AtomicRMWInst>(&instruction))
		return isReleaseOrStronger(update->getOrdering()) ? KEY : UPDATE;
	if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction))
		return isReleaseOrStronger(exchange->getSuccessOrdering()) ? KEY : UPDATE;
	return KEY;
}

namespace
{

class QuickWay
{
      public:
	QuickWay(Instruction &operation, EntryMember which) : instruction(operation), version(which)
	{
	}
	/* Returns the operation of the slow way, which has nothing around it yet. */
	Instruction &place(Value *address, uint64_t size);

      private:
	Value *member(IRBuilder<> &builder, EntryMember which)
	{
		return builder.CreateStructGEP(EntryOfAtomic::type(builder.getContext()), entry, which);
	}
	Value *load(IRBuilder<> &builder, EntryMember which);
	Value *isOfThis(IRBuilder<> &builder, Value *variable, uint64_t size);
	Value *isUnchanged(IRBuilder<> &builder);
	void sayInside(IRBuilder<> &builder, bool yes);
	BasicBlock *addBlock()
	{
		return BasicBlock::Create(instruction.getContext(), "", instruction.getFunction());
	}

	Instruction &instruction;
	EntryMember version;
	Value *entry = nullptr;
};

} // namespace

static Value *entriesOf(Module &module)
{
	static const char name[] = "__furlong_race_atomics";
	if (GlobalVariable *known = module.getNamedGlobal(name))
		return known;
	Type *type = ArrayType::get(EntryOfAtomic::type(module.getContext()), FURLONG_RACE_ATOMICS);
	return new GlobalVariable(module, type, false, GlobalValue::ExternalLinkage, nullptr, name, nullptr,
		GlobalValue::InitialExecTLSModel);
}

Value *QuickWay::load(IRBuilder<> &builder, EntryMember which)
{
	Type *type = EntryOfAtomic::type(builder.getContext())->getElementType(which);
	LoadInst *value = builder.CreateAlignedLoad(type, member(builder, which), Align(8));
	setNoSanitize(*value);
	return value;
}

Value *QuickWay::isOfThis(IRBuilder<> &builder, Value *variable, uint64_t size)
{
	Value *address = builder.CreatePtrToInt(variable, builder.getInt64Ty());
	Value *place = builder.CreateShl(
		builder.CreateAnd(address, builder.getInt64((FURLONG_RACE_ATOMICS - 1) << CELL_LOG2)),
		ENTRY_LOG2 - CELL_LOG2);
	Type *bytes = builder.getInt8Ty();
	Value *entries =
		builder.CreatePointerCast(entriesOf(*instruction.getModule()), compat::pointerTo(bytes));
	entry = builder.CreatePointerCast(builder.CreateGEP(bytes, entries, place),
		compat::pointerTo(EntryOfAtomic::type(builder.getContext())));
	Value *key = builder.CreateAdd(builder.CreateShl(address, 1), builder.getInt64(size));
	Value *same = builder.CreateICmpEQ(load(builder, KEY), key);
	Value *now = builder.CreateICmpEQ(load(builder, EPOCH), loadSelf(builder, SelfMember::Epoch));
	return builder.CreateAnd(same, now);
}

Value *QuickWay::isUnchanged(IRBuilder<> &builder)
{
	Type *i64 = builder.getInt64Ty();
	Value *at = builder.CreatePointerCast(load(builder, VERSION), compat::pointerTo(i64));
	LoadInst *now = builder.CreateAlignedLoad(i64, at, Align(8));
	now->setAtomic(AtomicOrdering::Acquire);
	setNoSanitize(*now);
	return builder.CreateICmpEQ(now, load(builder, version));
}

void QuickWay::sayInside(IRBuilder<> &builder, bool yes)
{
	auto *pointer = compat::pointerTo(builder.getInt8Ty());
	Value *what = yes ? load(builder, VERSION) : ConstantPointerNull::get(pointer);
	Value *at = builder.CreatePointerCast(load(builder, INSIDE), compat::pointerTo(pointer));
	StoreInst *store = builder.CreateAlignedStore(what, at, Align(8));
	store->setAtomic(yes ? AtomicOrdering::Monotonic : AtomicOrdering::Release);
	setNoSanitize(*store);
	/* The processor is the waiting one's business. */
	builder.CreateFence(AtomicOrdering::SequentiallyConsistent, SyncScope::SingleThread);
}

Instruction &QuickWay::place(Value *address, uint64_t size)
{
	IRBuilder<> builder(&instruction);
	setPlace(builder, instruction);
	DebugLoc where = builder.getCurrentDebugLocation();
	Value *ofThis = isOfThis(builder, address, size);
	BasicBlock *head = builder.GetInsertBlock(), *quick = head->splitBasicBlock(&instruction);
	BasicBlock *rest = quick->splitBasicBlock(instruction.getNextNode()), *slow = addBlock();
	MDNode *likely = MDBuilder(head->getContext()).createBranchWeights(1 << 20, 1);
	Instruction *headEnd = head->getTerminator(), *quickEnd = quick->getTerminator();
	BasicBlock *enter = quick;
	if (isa<LoadInst>(instruction)) {
		builder.SetInsertPoint(quickEnd);
		builder.SetCurrentDebugLocation(where);
		builder.CreateFence(AtomicOrdering::Acquire);
		builder.CreateCondBr(isUnchanged(builder), rest, slow, likely);
		quickEnd->eraseFromParent();
	} else {
		BasicBlock *leave = addBlock();
		enter = addBlock();
		enter->moveAfter(head);
		builder.SetInsertPoint(enter);
		sayInside(builder, true);
		builder.CreateCondBr(isUnchanged(builder), quick, leave, likely);
		builder.SetInsertPoint(leave);
		sayInside(builder, false);
		builder.CreateBr(slow);
		builder.SetInsertPoint(quickEnd);
		sayInside(builder, false);
	}
	builder.SetInsertPoint(headEnd);
	builder.CreateCondBr(ofThis, enter, slow, likely);
	headEnd->eraseFromParent();
	builder.SetInsertPoint(slow);
	builder.SetCurrentDebugLocation(where);
	Instruction *again = instruction.clone();
	builder.Insert(again);
	again->setDebugLoc(instruction.getDebugLoc());
	builder.CreateBr(rest);
	if (instruction.getType()->isVoidTy())
		return *again;
	builder.SetInsertPoint(rest, rest->begin());
	PHINode *value = builder.CreatePHI(instruction.getType(), 2);
	instruction.replaceAllUsesWith(value);
	value->addIncoming(&instruction, quick);
	value->addIncoming(again, slow);
	return *again;
}

static uint64_t alignmentOf(const Instruction &instruction)
{
	if (auto *load = dyn_cast<LoadInst>(&instruction))
		return load->getAlign().value();
	if (auto *store = dyn_cast<StoreInst>(&instruction))
		return store->getAlign().value();
	if (auto *update = dyn_cast<AtomicRMWInst>(&instruction))
		return update->getAlign().value();
	return cast<AtomicCmpXchgInst>(instruction).getAlign().value();
}

Instruction &placeQuickWay(Instruction &operation, Value *address, uint64_t size)
{
	EntryMember version = versionOf(operation);
	bool optimised = !operation.getFunction()->hasFnAttribute(Attribute::OptimizeNone);
	if (version == KEY || !optimised || !saves(*operation.getFunction(), Saving::Quick) || size > 8 ||
		!isPowerOf2_64(size) || alignmentOf(operation) < size)
		return operation;
	return QuickWay(operation, version).place(address, size);
}

} // namespace furlong
