/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_check.cpp: the check of one access (abi.h, "race").
 *
 *   head:  y = cell word ^ epoch; if it is recorded already: rest        in line
 *   cold:  if the cell is the thread's shared one: rest                  reads only, at the function's end
 *   exact: if the bytes accessed are recorded: rest                      fewer than 8 bytes at an unknown
 * place slow:  call the runtime rest:  the access
 *
 * In line the question is whether all of the cell is recorded, wherever the bytes cannot be known: a small
 * answer to the usual case. It is never "yes" where the exact one would be "no".
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "mark.h"
#include "race.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/KnownBits.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace furlong
{

static constexpr uint64_t CELL_BYTES = 8;
enum { INLINE_LIMIT = 64, COLD_WEIGHT = 1, HOT_WEIGHT = 1 << 20 };

static const uint64_t epochBits = ~0ULL << FURLONG_RACE_EPOCH_SHIFT;

namespace
{

/* What the runtime may change at calls only. */
struct Self {
	Value *mask, *cells, *epoch;
};

/* The part of an access that lies in one cell. */
struct Part {
	Value *cell;     /* address of word 0, as i8* */
	unsigned offset; /* to be added to it */
	uint8_t need;    /* bytes accessed */
	Value *word = nullptr, *difference = nullptr;
};

/* How an access lies in cells. */
struct Layout {
	SmallVector<Part, 9> parts;
	bool unknown = false; /* one part; which bytes is known at run time only, need says how many */
	bool aligned = false; /* to its size or a cell, and there is a slow path for just this size */
};

class Checker
{
      public:
	Checker(Function &subject, Caller how)
	    : function(subject), module(*subject.getParent()), caller(how),
	      outOfLine(subject.hasFnAttribute(Attribute::OptimizeNone))
	{
	}
	void placeAll(ArrayRef<Access> accesses);

      private:
	void place(const Access &access, const Self &self);
	Layout cellsOf(IRBuilder<> &builder, const Access &access, const Self &self);
	Value *cellOf(IRBuilder<> &builder, Value *address, const Self &self);
	Value *isRecorded(IRBuilder<> &builder, const Access &access, Layout &layout, const Self &self);
	Value *isShared(IRBuilder<> &builder, const Layout &layout);
	Value *isRecordedExactly(IRBuilder<> &builder, const Access &access, const Part &part);
	void callSlow(IRBuilder<> &builder, const Access &access, bool aligned);
	void placeLanes(const Access &access);
	void placePacked(const Access &access);
	void placeElements(const Access &access);
	BasicBlock *addBlock();

	Function &function;
	Module &module;
	Caller caller;
	/* Without an optimiser every value that goes from block to block has a place of its own on the stack,
	 * and a frame grew tenfold: there is one test then, and the runtime makes the others. */
	bool outOfLine;
};

} // namespace

static bool isInline(const Access &access)
{
	return (access.kind == AccessKind::Plain || access.kind == AccessKind::Vptr) && access.size &&
	       access.size <= INLINE_LIMIT;
}

static Value *asBytes(IRBuilder<> &builder, Value *pointer)
{
	return builder.CreatePointerCast(pointer, compat::pointerTo(builder.getInt8Ty()));
}

static Value *asInteger(IRBuilder<> &builder, Value *pointer)
{
	return builder.CreatePtrToInt(pointer, builder.getInt64Ty());
}

BasicBlock *Checker::addBlock()
{
	return BasicBlock::Create(function.getContext(), "", &function);
}

Value *Checker::cellOf(IRBuilder<> &builder, Value *address, const Self &self)
{
	Value *index = builder.CreateShl(builder.CreateAnd(address, self.mask), 1);
	return builder.CreateGEP(builder.getInt8Ty(), self.cells, index);
}

static uint8_t bytes(unsigned from, unsigned to)
{
	return (uint8_t)((1U << to) - (1U << from));
}

Layout Checker::cellsOf(IRBuilder<> &builder, const Access &access, const Self &self)
{
	Layout layout;
	Value *address = asInteger(builder, access.address);
	Value *first = cellOf(builder, address, self);
	uint64_t size = access.size;
	layout.aligned =
		size <= 16 && isPowerOf2_64(size) && access.alignment >= std::min<uint64_t>(size, CELL_BYTES);

	KnownBits known = computeKnownBits(access.address, module.getDataLayout());
	bool offsetKnown =
		access.alignment >= CELL_BYTES || (known.Zero | known.One).countTrailingOnes() >= 3;
	if (offsetKnown) {
		uint64_t begin = access.alignment >= CELL_BYTES ? 0 : known.One.getLoBits(3).getZExtValue();
		for (uint64_t at = begin; at < begin + size; at = alignDown(at, CELL_BYTES) + CELL_BYTES) {
			uint64_t cell = alignDown(at, CELL_BYTES);
			uint64_t end = std::min(begin + size - cell, CELL_BYTES);
			layout.parts.push_back({first, (unsigned)(2 * cell), bytes(at - cell, end)});
		}
	} else if (layout.aligned && size < CELL_BYTES) {
		layout.parts.push_back({first, 0, bytes(0, size)});
		layout.unknown = true;
	} else {
		for (uint64_t at = 0; at < size; at += CELL_BYTES)
			layout.parts.push_back({first, (unsigned)(2 * at), 0xff});
		if (size > 1) {
			Value *last = builder.CreateAdd(address, builder.getInt64(size - 1));
			layout.parts.push_back({cellOf(builder, last, self), 0, 0xff});
		}
	}
	return layout;
}

static Value *loadWord(IRBuilder<> &builder, const Part &part, unsigned which)
{
	Type *i64 = builder.getInt64Ty();
	Value *at = builder.CreateConstGEP1_64(builder.getInt8Ty(), part.cell, part.offset + 8 * which);
	LoadInst *word = builder.CreateAlignedLoad(
		i64, builder.CreatePointerCast(at, compat::pointerTo(i64)), Align(8));
	setNoSanitize(*word);
	return word;
}

/* Zero when the bytes are recorded. */
static Value *remains(IRBuilder<> &builder, const Access &access, const Part &part)
{
	unsigned shift = access.write ? FURLONG_RACE_READ_SHIFT : FURLONG_RACE_MISSING_SHIFT;
	Value *rest = builder.CreateLShr(part.difference, shift);
	if (part.need == 0xff)
		return rest;
	uint64_t relevant = epochBits | (uint64_t)part.need << FURLONG_RACE_MISSING_SHIFT |
			    (access.write ? 1ULL << FURLONG_RACE_READ_SHIFT : 0);
	/* As a signed 32-bit number, which fits an instruction. */
	return builder.CreateAnd(rest, builder.getInt64((uint64_t)((int64_t)relevant >> shift)));
}

Value *Checker::isRecorded(IRBuilder<> &builder, const Access &access, Layout &layout, const Self &self)
{
	Value *all = nullptr;
	for (Part &part : layout.parts) {
		part.word = loadWord(builder, part, access.write ? 0 : 1);
		part.difference = builder.CreateXor(part.word, self.epoch);
		Part whole = part;
		if (layout.unknown)
			whole.need = 0xff;
		Value *rest = remains(builder, access, whole);
		all = all ? builder.CreateOr(all, rest) : rest;
	}
	return builder.CreateICmpEQ(all, builder.getInt64(0));
}

/* Each of them recorded, or a cell that holds reads of all its bytes in this epoch. A thread with an epoch
 * has no 0 for it, so that an untouched cell is none. */
Value *Checker::isShared(IRBuilder<> &builder, const Layout &layout)
{
	Value *shared = loadSelf(builder, SelfMember::Shared);
	Value *all = nullptr;
	Access read = {};
	for (const Part &part : layout.parts) {
		Value *one = builder.CreateICmpEQ(part.word, shared);
		if (layout.parts.size() > 1)
			one = builder.CreateOr(
				one, builder.CreateICmpEQ(remains(builder, read, part), builder.getInt64(0)));
		all = all ? builder.CreateAnd(all, one) : one;
	}
	return all;
}

Value *Checker::isRecordedExactly(IRBuilder<> &builder, const Access &access, const Part &part)
{
	Value *place =
		builder.CreateAnd(asInteger(builder, access.address), builder.getInt64(CELL_BYTES - 1));
	Value *need =
		builder.CreateShl(builder.getInt64((uint64_t)part.need << FURLONG_RACE_MISSING_SHIFT), place);
	uint64_t always = epochBits | (access.write ? 1ULL << FURLONG_RACE_READ_SHIFT : 0);
	Value *relevant = builder.CreateOr(need, builder.getInt64(always));
	return builder.CreateICmpEQ(builder.CreateAnd(part.difference, relevant), builder.getInt64(0));
}

void Checker::place(const Access &found, const Self &self)
{
	Access access = found;
	IRBuilder<> builder(access.instruction);
	setPlace(builder, access.where ? *access.where : *access.instruction);
	if (access.kind == AccessKind::Elements) {
		placeElements(access);
		return;
	}
	if (access.offset)
		access.address = builder.CreateConstGEP1_64(
			builder.getInt8Ty(), asBytes(builder, access.address), access.offset);
	if (access.kind == AccessKind::Lanes) {
		placeLanes(access);
		return;
	}
	if (access.kind == AccessKind::Packed) {
		placePacked(access);
		return;
	}
	if (!isInline(access)) {
		callSlow(builder, access, false);
		return;
	}
	Layout layout = cellsOf(builder, access, self);
	Value *recorded = isRecorded(builder, access, layout, self);
	DebugLoc where = builder.getCurrentDebugLocation();
	BasicBlock *head = builder.GetInsertBlock(), *rest = head->splitBasicBlock(access.instruction);
	BasicBlock *cold = addBlock();
	head->getTerminator()->eraseFromParent();
	builder.SetInsertPoint(head);
	builder.SetCurrentDebugLocation(where);
	MDNode *weights = MDBuilder(function.getContext()).createBranchWeights(HOT_WEIGHT, COLD_WEIGHT);
	builder.CreateCondBr(recorded, rest, cold, weights);

	builder.SetInsertPoint(cold);
	if (!access.write && !outOfLine && saves(function, Saving::Shared)) {
		BasicBlock *next = addBlock();
		builder.CreateCondBr(isShared(builder, layout), rest, next);
		builder.SetInsertPoint(next);
	}
	if (layout.unknown && !outOfLine) {
		BasicBlock *next = addBlock();
		builder.CreateCondBr(isRecordedExactly(builder, access, layout.parts[0]), rest, next);
		builder.SetInsertPoint(next);
	}
	callSlow(builder, access, layout.aligned);
	builder.CreateBr(rest);
}

static FunctionCallee aligned(Module &module, uint64_t size, bool write)
{
	switch (size) {
	case 1:
		return write ? ABI_FUNCTION(module, __furlong_race_write1)
			     : ABI_FUNCTION(module, __furlong_race_read1);
	case 2:
		return write ? ABI_FUNCTION(module, __furlong_race_write2)
			     : ABI_FUNCTION(module, __furlong_race_read2);
	case 4:
		return write ? ABI_FUNCTION(module, __furlong_race_write4)
			     : ABI_FUNCTION(module, __furlong_race_read4);
	case 8:
		return write ? ABI_FUNCTION(module, __furlong_race_write8)
			     : ABI_FUNCTION(module, __furlong_race_read8);
	default:
		return write ? ABI_FUNCTION(module, __furlong_race_write16)
			     : ABI_FUNCTION(module, __furlong_race_read16);
	}
}

void Checker::callSlow(IRBuilder<> &builder, const Access &access, bool isAligned)
{
	SmallVector<Value *, 4> arguments = {asBytes(builder, access.address)};
	FunctionCallee callee;
	if (access.kind == AccessKind::Vptr) {
		callee = access.write ? ABI_FUNCTION(module, __furlong_race_write_vptr)
				      : ABI_FUNCTION(module, __furlong_race_read_vptr);
		if (access.write)
			arguments.push_back(asBytes(builder, access.stored));
	} else if (isAligned) {
		callee = aligned(module, access.size, access.write);
	} else {
		Value *size = access.sizeValue ? access.sizeValue : builder.getInt64(access.size);
		arguments.push_back(builder.CreateZExtOrTrunc(size, builder.getInt64Ty()));
		if (access.kind == AccessKind::Volatile)
			callee = access.write ? ABI_FUNCTION(module, __furlong_race_write_volatile)
					      : ABI_FUNCTION(module, __furlong_race_read_volatile);
		else
			callee = access.write ? ABI_FUNCTION(module, __furlong_race_write_range)
					      : ABI_FUNCTION(module, __furlong_race_read_range);
	}
	arguments.push_back(callerOf(builder, caller));
	callRuntime(builder, callee, arguments)->addFnAttr(Attribute::Cold);
}

/* One test and one call for each lane that may be active. Vector code of that kind is rare, and a lane that
 * is not active may have any address. */
void Checker::placeLanes(const Access &access)
{
	auto *lanes = cast<FixedVectorType>(access.mask->getType());
	Instruction *before = access.instruction;
	for (unsigned i = 0; i < lanes->getNumElements(); i++) {
		IRBuilder<> builder(before);
		setPlace(builder, *access.instruction);
		Value *active = builder.CreateExtractElement(access.mask, i);
		if (auto *constant = dyn_cast<ConstantInt>(active))
			if (constant->isZero())
				continue;
		Access lane = access;
		lane.kind = AccessKind::Plain;
		lane.mask = nullptr;
		if (!isa<ConstantInt>(active))
			builder.SetInsertPoint(SplitBlockAndInsertIfThen(active, before, false));
		setPlace(builder, *access.instruction);
		if (access.address->getType()->isVectorTy())
			lane.address = builder.CreateExtractElement(access.address, i);
		else
			lane.address = builder.CreateConstGEP1_64(
				builder.getInt8Ty(), asBytes(builder, access.address), i * access.size);
		callSlow(builder, lane, false);
	}
}

void Checker::placePacked(const Access &access)
{
	IRBuilder<> builder(access.instruction);
	setPlace(builder, *access.instruction);
	auto *lanes = cast<FixedVectorType>(access.mask->getType());
	auto *wide = FixedVectorType::get(builder.getInt64Ty(), lanes->getNumElements());
	Value *count = builder.CreateAddReduce(builder.CreateZExt(access.mask, wide));
	Access packed = access;
	packed.kind = AccessKind::Plain;
	packed.sizeValue = builder.CreateMul(count, builder.getInt64(access.size));
	callSlow(builder, packed, false);
}

/* Only for threads with an epoch: for others there is nothing to record. */
void Checker::placeElements(const Access &access)
{
	IRBuilder<> builder(access.instruction);
	setPlace(builder, *access.where);
	DebugLoc where = builder.getCurrentDebugLocation();
	Value *known = builder.CreateICmpNE(loadSelf(builder, SelfMember::Epoch), builder.getInt64(0));
	if (access.mayBeNone)
		known = builder.CreateAnd(builder.CreateICmpNE(access.sizeValue, builder.getInt64(0)), known);
	builder.SetInsertPoint(SplitBlockAndInsertIfThen(known, access.instruction, false));
	builder.SetCurrentDebugLocation(where);
	FunctionCallee callee = access.write ? ABI_FUNCTION(module, __furlong_race_write_elements)
					     : ABI_FUNCTION(module, __furlong_race_read_elements);
	callRuntime(builder, callee,
		{asBytes(builder, access.address), access.sizeValue,
			builder.CreateOr(
				builder.CreateShl(access.stride, FURLONG_RACE_STRIDE_SHIFT), access.size),
			callerOf(builder, caller)});
}

/* Blocks are split, and an alloca must stay in the entry block. */
Instruction &behindAllocas(Function &function)
{
	BasicBlock::iterator first = function.getEntryBlock().getFirstInsertionPt();
	while (isa<AllocaInst>(*first))
		++first;
	return *first;
}

void gatherAllocas(Function &function)
{
	Instruction &front = behindAllocas(function);
	SmallVector<AllocaInst *, 8> late;
	for (Instruction &instruction : make_range(front.getIterator(), function.getEntryBlock().end()))
		if (auto *alloca = dyn_cast<AllocaInst>(&instruction))
			if (alloca->isStaticAlloca())
				late.push_back(alloca);
	for (AllocaInst *alloca : late)
		compat::moveBefore(*alloca, front);
}

static Self loadAll(const Access &access)
{
	IRBuilder<> builder(access.instruction);
	setPlace(builder, access.where ? *access.where : *access.instruction);
	Self self;
	self.mask = loadSelf(builder, SelfMember::Mask);
	self.cells = loadSelf(builder, SelfMember::Cells);
	self.epoch = loadSelf(builder, SelfMember::Epoch);
	return self;
}

void Checker::placeAll(ArrayRef<Access> accesses)
{
	DenseMap<unsigned, Self> spans;
	if (!outOfLine)
		for (const Access &access : accesses)
			if (isInline(access) && !spans.count(access.span))
				spans[access.span] = loadAll(access);
	/* From the end, so that an instruction moves to another block once. */
	for (const Access &access : llvm::reverse(accesses))
		place(access, outOfLine && isInline(access) ? loadAll(access) : spans[access.span]);
}

void placeChecks(Function &function, ArrayRef<Access> accesses, Caller caller)
{
	gatherAllocas(function);
	Checker(function, caller).placeAll(accesses);
}

} // namespace furlong
