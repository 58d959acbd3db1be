/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_access.cpp: which accesses a function makes, and which of them need a check.
 *
 * Nothing here changes the function. "Local" and "constant" are said of an access only when they hold for
 * every object that its address may belong to.
 */
#include "race.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace furlong
{

enum { MAX_REMEMBERED = 32 }; /* accesses per base and span that are compared with the next */

bool isAtomicOperation(const Instruction &instruction)
{
	if (auto *load = dyn_cast<LoadInst>(&instruction))
		return load->isAtomic() && load->getPointerAddressSpace() == 0;
	if (auto *store = dyn_cast<StoreInst>(&instruction))
		return store->isAtomic() && store->getPointerAddressSpace() == 0;
	if (auto *update = dyn_cast<AtomicRMWInst>(&instruction))
		return update->getPointerAddressSpace() == 0;
	if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction))
		return exchange->getPointerAddressSpace() == 0;
	return false;
}

bool endsSpan(const Instruction &instruction)
{
	if (isAtomicOperation(instruction) || isa<FenceInst>(instruction))
		return true;
	auto *call = dyn_cast<CallBase>(&instruction);
	auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
	compat::MaskedOperation masked;
	if (!intrinsic)
		return call && !(call->doesNotAccessMemory() && call->doesNotThrow());
	return !isa<AnyMemIntrinsic>(intrinsic) && !intrinsic->doesNotAccessMemory() &&
	       !isa<DbgInfoIntrinsic>(intrinsic) && !intrinsic->isLifetimeStartOrEnd() &&
	       !isa<AssumeInst>(intrinsic) && !compat::asMaskedOperation(*intrinsic, masked);
}

static bool isVptr(const Instruction &instruction)
{
	const MDNode *tag = instruction.getMetadata(LLVMContext::MD_tbaa);
	return tag && tag->isTBAAVtableAccess();
}

/* At -O0 nothing is said of types, but what is stored is a table of virtual functions by its name. */
static bool isVptrStore(const StoreInst &store)
{
	const Value *value = store.getValueOperand();
	if (!value->getType()->isPointerTy())
		return false;
	auto *table = dyn_cast<GlobalVariable>(value->stripInBoundsOffsets());
	return isVptr(store) || (table && (compat::startsWith(table->getName(), "_ZTV") ||
						  compat::startsWith(table->getName(), "_ZTC")));
}

/* Variables that are no business of the program's author: ours, and those of clang's profiling. */
static bool isInstrumentation(const GlobalVariable &global)
{
	StringRef name = global.getName(), section = global.getSection();
	for (const char *prefix : {"__furlong_", "__prof", "__llvm_", "__covrec_"})
		if (compat::startsWith(name, prefix))
			return true;
	return compat::startsWith(section, "furlong_") || compat::startsWith(section, "__llvm_");
}

namespace
{

class Finder
{
      public:
	Finder(Function &subject, SmallVectorImpl<Access> &found, RaceCounts &sums)
	    : function(subject), layout(subject.getParent()->getDataLayout()), accesses(found), counts(sums)
	{
	}
	void run();

      private:
	enum class Verdict { Check, Local, Constant, NotTheProgram };
	struct Remembered {
		int64_t begin, end;
		size_t index;
	};

	void visit(Instruction &instruction);
	void visitCall(CallBase &call);
	void addLoad(LoadInst &load, AccessKind kind);
	void visitMemory(AnyMemIntrinsic &call);
	void addRange(Instruction &call, Value *address, Value *length, Align alignment, bool write);
	void visitNamed(CallBase &call);
	void visitMasked(IntrinsicInst &call);
	void visitByValue(CallBase &call);
	void endSpan();

	Verdict judge(const Value *address, bool write);
	bool isLocal(const Value *object);
	void add(Access access);
	void addTyped(Instruction &instruction, Value *address, Type *type, Align alignment, bool write,
		AccessKind kind, Value *stored = nullptr);
	bool isRepeated(const Access &access);

	Function &function;
	const DataLayout &layout;
	SmallVectorImpl<Access> &accesses;
	RaceCounts &counts;
	DenseMap<const Value *, bool> captured;
	DenseMap<const Value *, SmallVector<Remembered, 4>> remembered;
	SmallVector<size_t, 8> superseded; /* reads whose bytes the same span goes on to write */
	unsigned span = 0;
};

} // namespace

bool Finder::isLocal(const Value *object)
{
	auto *alloca = dyn_cast<AllocaInst>(object);
	if (!alloca || !saves(function, Saving::Local))
		return false;
	auto [entry, isNew] = captured.try_emplace(alloca, false);
	if (isNew)
		entry->second = compat::mayBeCaptured(*alloca);
	return !entry->second;
}

/* What a virtual call reads to find its target, whatever the distance into the table. */
static bool isVtableContents(const Value *address)
{
	auto *table = dyn_cast<LoadInst>(address->stripInBoundsOffsets());
	return table && isVptr(*table);
}

Finder::Verdict Finder::judge(const Value *address, bool write)
{
	if (address->getType()->getPointerAddressSpace() != 0 || address->isSwiftError())
		return Verdict::NotTheProgram;
	if (!write && isVtableContents(address))
		return Verdict::Constant;
	SmallVector<const Value *, 4> objects;
	getUnderlyingObjects(address, objects);
	bool local = false;
	for (const Value *object : objects) {
		auto *global = dyn_cast<GlobalVariable>(object);
		if (global && isInstrumentation(*global))
			return Verdict::NotTheProgram;
		if (!write && global && global->isConstant())
			continue;
		if (!isLocal(object))
			return Verdict::Check;
		local = true;
	}
	return local ? Verdict::Local : Verdict::Constant;
}

void Finder::endSpan()
{
	span++;
	remembered.clear();
}

/* Whether a check since the last call covers the access. The other way round, a read whose bytes are now
 * written loses its own: a write's check stands for both. */
bool Finder::isRepeated(const Access &access)
{
	if (access.kind != AccessKind::Plain || !access.size || !saves(function, Saving::Repeated))
		return false;
	APInt offset(layout.getIndexTypeSizeInBits(access.address->getType()), 0);
	const Value *base =
		access.address->stripAndAccumulateConstantOffsets(layout, offset, /*AllowNonInbounds=*/true);
	int64_t begin = offset.getSExtValue() + (int64_t)access.offset, end = begin + (int64_t)access.size;
	auto &others = remembered[base];
	for (Remembered &other : others) {
		bool wrote = accesses[other.index].write;
		if (other.begin <= begin && end <= other.end && (wrote || !access.write))
			return true;
	}
	if (access.write)
		erase_if(others, [&](const Remembered &other) {
			if (other.begin < begin || end < other.end)
				return false;
			superseded.push_back(other.index);
			return true;
		});
	if (others.size() < MAX_REMEMBERED)
		others.push_back({begin, end, accesses.size()});
	return false;
}

void Finder::add(Access access)
{
	access.span = span;
	if (access.address->getType()->isPointerTy())
		switch (judge(access.address, access.write)) {
		case Verdict::Check:
			break;
		case Verdict::Local:
			counts.local++;
			return;
		case Verdict::Constant:
			counts.constant++;
			return;
		case Verdict::NotTheProgram:
			return;
		}
	if (isRepeated(access))
		counts.repeated++;
	else
		accesses.push_back(access);
}

void Finder::addTyped(Instruction &instruction, Value *address, Type *type, Align alignment, bool write,
	AccessKind kind, Value *stored)
{
	TypeSize size = layout.getTypeStoreSize(type);
	if (size.isScalable()) {
		counts.leftOut++;
		return;
	}
	if (size.getKnownMinValue() == 0)
		return;
	Access access = {&instruction, address, write, kind, size.getKnownMinValue(), alignment.value()};
	access.stored = stored;
	add(access);
}

void Finder::addLoad(LoadInst &load, AccessKind kind)
{
	auto runs = bytesUsed(load, layout);
	if (runs.empty()) {
		addTyped(load, load.getPointerOperand(), load.getType(), load.getAlign(), false, kind);
		return;
	}
	for (const ByteRun &run : runs) {
		Access access = {&load, load.getPointerOperand(), false, kind, run.end - run.begin,
			commonAlignment(load.getAlign(), run.begin).value()};
		access.offset = run.begin;
		add(access);
	}
}

void Finder::addRange(Instruction &call, Value *address, Value *length, Align alignment, bool write)
{
	auto *constant = dyn_cast<ConstantInt>(length);
	if (constant && constant->isZero())
		return;
	Access access = {&call, address, write, AccessKind::Plain, constant ? constant->getZExtValue() : 0,
		alignment.value()};
	access.sizeValue = length;
	add(access);
}

void Finder::visitMemory(AnyMemIntrinsic &call)
{
	if (auto *transfer = dyn_cast<AnyMemTransferInst>(&call))
		addRange(call, transfer->getRawSource(), call.getLength(),
			transfer->getSourceAlign().valueOrOne(), false);
	addRange(call, call.getRawDest(), call.getLength(), call.getDestAlign().valueOrOne(), true);
}

/* Copying and setting as calls of the library (-fno-builtin): its functions leave our code's own calls to us,
 * because they cannot tell these from what a checked intrinsic became. */
void Finder::visitNamed(CallBase &call)
{
	const Function *callee = call.getCalledFunction();
	if (!callee || !callee->isDeclaration() || call.arg_size() != 3 ||
		!call.getArgOperand(0)->getType()->isPointerTy() ||
		!call.getArgOperand(2)->getType()->isIntegerTy(64))
		return;
	StringRef name = callee->getName();
	bool copies = name == "memcpy" || name == "memmove";
	if (!copies && name != "memset")
		return;
	if (copies && call.getArgOperand(1)->getType()->isPointerTy())
		addRange(call, call.getArgOperand(1), call.getArgOperand(2), Align(1), false);
	addRange(call, call.getArgOperand(0), call.getArgOperand(2), Align(1), true);
}

void Finder::visitMasked(IntrinsicInst &call)
{
	compat::MaskedOperation operation;
	if (!describeMasked(call, operation))
		return;
	auto *type = dyn_cast<FixedVectorType>(operation.vectorType);
	if (!type) {
		counts.leftOut++;
		return;
	}
	Access access = {&call, operation.address, operation.write,
		operation.packed ? AccessKind::Packed : AccessKind::Lanes,
		layout.getTypeStoreSize(type->getElementType()).getKnownMinValue(), 1};
	access.mask = operation.mask;
	add(access);
}

/* The caller makes the copy. */
void Finder::visitByValue(CallBase &call)
{
	for (unsigned i = 0; i < call.arg_size(); i++)
		if (call.isByValArgument(i))
			addTyped(call, call.getArgOperand(i), call.getParamByValType(i),
				call.getParamAlign(i).valueOrOne(), false, AccessKind::Plain);
}

void Finder::visitCall(CallBase &call)
{
	visitByValue(call);
	if (auto *memory = dyn_cast<AnyMemIntrinsic>(&call)) {
		visitMemory(*memory);
		return;
	}
	if (auto *intrinsic = dyn_cast<IntrinsicInst>(&call))
		visitMasked(*intrinsic);
	else
		visitNamed(call);
	if (endsSpan(call))
		endSpan();
}

void Finder::visit(Instruction &instruction)
{
	if (isAtomicOperation(instruction) || isa<FenceInst>(instruction)) {
		endSpan();
		return;
	}
	if (instruction.getMetadata("nosanitize"))
		return;
	if (auto *load = dyn_cast<LoadInst>(&instruction)) {
		if (load->getMetadata(LLVMContext::MD_invariant_load) && !load->isVolatile()) {
			counts.constant++;
			return;
		}
		AccessKind kind = load->isVolatile() ? AccessKind::Volatile
				  : isVptr(*load)    ? AccessKind::Vptr
						     : AccessKind::Plain;
		addLoad(*load, kind);
	} else if (auto *store = dyn_cast<StoreInst>(&instruction)) {
		Value *value = store->getValueOperand();
		AccessKind kind = store->isVolatile()   ? AccessKind::Volatile
				  : isVptrStore(*store) ? AccessKind::Vptr
							: AccessKind::Plain;
		addTyped(*store, store->getPointerOperand(), value->getType(), store->getAlign(), true, kind,
			value);
	} else if (auto *call = dyn_cast<CallBase>(&instruction)) {
		visitCall(*call);
	}
}

void Finder::run()
{
	for (BasicBlock &block : function) {
		for (Instruction &instruction : block)
			visit(instruction);
		endSpan();
	}
	counts.repeated += superseded.size();
	llvm::sort(superseded);
	for (size_t index : llvm::reverse(superseded))
		accesses.erase(accesses.begin() + index);
}

void findAccesses(Function &function, SmallVectorImpl<Access> &accesses, RaceCounts &counts)
{
	Finder(function, accesses, counts).run();
}

} // namespace furlong
