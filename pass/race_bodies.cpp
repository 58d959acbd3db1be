/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_bodies.cpp: a second body for a function, without checks, for threads of which nothing is recorded:
 * before the first one is made, and while a budget rests.
 *
 *   entry:  if nothing is recorded: quiet, else checked
 *
 *   quiet:  call f                               checked:  call f
 *           if anything is recorded now  ----->  next:     v = that of either body
 *           the rest, without checks                       the rest, with checks
 *
 * What is recorded changes in calls only. So a thread in the quiet body goes over to the checked one behind a
 * call, and never comes back before it returns. Who is in a loop without calls need not ask.
 */
#include "mark.h"
#include "race.h"
#include "race_labels.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/SSAUpdaterBulk.h"

using namespace llvm;

namespace furlong
{

/* A loop is taken to go round so often, up to that depth. */
enum { ROUNDS_LOG2 = 3, DEEPEST_LOOP = 5, FEWEST_CHECKS = 4 };

static bool isLetter(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* A label that is more than a number may be there only once in an object file. */
static bool hasLabel(StringRef assembly)
{
	for (size_t colon = assembly.find(':'); colon != StringRef::npos;
		colon = assembly.find(':', colon + 1)) {
		size_t begin = colon;
		while (begin && isLetter(assembly[begin - 1]))
			begin--;
		if (assembly.substr(begin, colon - begin).find_if_not(isDigit) != StringRef::npos)
			return true;
	}
	return false;
}

static bool mayBeTwice(const Instruction &instruction)
{
	if (isa<CallBrInst>(instruction) || instruction.getType()->isTokenTy())
		return false;
	auto *call = dyn_cast<CallBase>(&instruction);
	if (!call)
		return true;
	auto *assembly = dyn_cast<InlineAsm>(call->getCalledOperand());
	return !call->cannotDuplicate() && !call->isConvergent() &&
	       !(assembly && hasLabel(assembly->getAsmString()));
}

/* Roughly: race_access.cpp has the rules, and leaves more out. */
static bool isChecked(const Instruction &instruction)
{
	if (isa<AnyMemIntrinsic>(instruction))
		return true;
	const Value *address = getLoadStorePointerOperand(&instruction);
	return address && !isAtomicOperation(instruction) && !isa<AllocaInst>(getUnderlyingObject(address));
}

namespace
{

class Bodies
{
      public:
	Bodies(Function &subject, FunctionAnalysisManager &analyses)
	    : function(subject), manager(analyses), library(manager.getResult<TargetLibraryAnalysis>(subject))
	{
	}
	void place();

      private:
	enum class Event { None, Check, Begin };

	bool mayBegin(const Instruction &instruction);
	Event firstEvent(BasicBlock::iterator from, BasicBlock::iterator end);
	bool leadsToCheck(const BasicBlock &block);
	void findWhatFollows();
	bool isWorthAsking(const CallBase &call);
	bool pays();
	void splitBehind(CallInst &call);
	void splitBehind(InvokeInst &invoke);
	void splitAll();
	void copyBlocks();
	void goOver();
	void repairValues();

	Function &function;
	FunctionAnalysisManager &manager;
	const TargetLibraryInfo &library;
	DenseMap<const BasicBlock *, bool> followed; /* a check comes before anything else may begin */
	SmallVector<CallBase *, 16> begins;
	SmallPtrSet<BasicBlock *, 8> pads;
	SmallVector<BasicBlock *, 16> turns; /* end with a jump, in front of which something may begin */
	SmallVector<BasicBlock *, 32> checked, quiet;
	ValueToValueMapTy copies;
};

} // namespace

/* Whether the thread may be recorded behind it that was not in front. Assembly may switch stacks. That a
 * function does not call back (`leaf`, in the C library's headers) is not enough: clone() makes threads. */
bool Bodies::mayBegin(const Instruction &instruction)
{
	auto *call = dyn_cast<CallBase>(&instruction);
	LibFunc known;
	if (!call || isa<IntrinsicInst>(instruction) ||
		(call->hasFnAttr(Attribute::NoCallback) && library.getLibFunc(*call, known)))
		return false;
	if (auto *assembly = dyn_cast<InlineAsm>(call->getCalledOperand()))
		return assembly->hasSideEffects() && !assembly->getAsmString().empty();
	return !(call->onlyReadsMemory() && call->doesNotThrow());
}

Bodies::Event Bodies::firstEvent(BasicBlock::iterator from, BasicBlock::iterator end)
{
	for (; from != end; ++from) {
		if (isChecked(*from))
			return Event::Check;
		if (mayBegin(*from))
			return Event::Begin;
	}
	return Event::None;
}

bool Bodies::leadsToCheck(const BasicBlock &block)
{
	return llvm::any_of(
		successors(&block), [&](const BasicBlock *next) { return followed.lookup(next); });
}

void Bodies::findWhatFollows()
{
	SmallVector<BasicBlock *, 32> open;
	for (BasicBlock &block : function) {
		Event event = firstEvent(block.begin(), block.end());
		followed[&block] = event == Event::Check;
		if (event == Event::None)
			open.push_back(&block);
	}
	for (bool changed = true; changed;) {
		changed = false;
		for (BasicBlock *block : llvm::reverse(open))
			if (!followed[block] && leadsToCheck(*block))
				changed = followed[block] = true;
	}
}

bool Bodies::isWorthAsking(const CallBase &call)
{
	if (!mayBegin(call))
		return false;
	if (call.isTerminator())
		return leadsToCheck(*call.getParent());
	auto *block = const_cast<BasicBlock *>(call.getParent());
	Event next = firstEvent(std::next(const_cast<CallBase &>(call).getIterator()), block->end());
	return next == Event::Check || (next == Event::None && leadsToCheck(*block));
}

/* What checks cost against what asking costs, by how often blocks run. */
bool Bodies::pays()
{
	LoopInfo &loops = manager.getResult<LoopAnalysis>(function);
	uint64_t checks = 0, asks = 1;
	findWhatFollows();
	for (Instruction &instruction : instructions(function)) {
		unsigned depth =
			std::min<unsigned>(loops.getLoopDepth(instruction.getParent()), DEEPEST_LOOP);
		auto *call = dyn_cast<CallBase>(&instruction);
		if (isChecked(instruction))
			checks += 1ULL << ROUNDS_LOG2 * depth;
		if (!call || !isWorthAsking(*call))
			continue;
		asks += 1ULL << ROUNDS_LOG2 * depth;
		begins.push_back(call);
	}
	return checks >= FEWEST_CHECKS && checks > asks;
}

void Bodies::splitBehind(CallInst &call)
{
	BasicBlock *block = call.getParent();
	block->splitBasicBlock(call.getNextNode());
	turns.push_back(block);
}

void Bodies::splitBehind(InvokeInst &invoke)
{
	BasicBlock *next = invoke.getNormalDest();
	LLVMContext &context = function.getContext();
	auto *turn = BasicBlock::Create(context, "", &function, next);
	auto *behind = BasicBlock::Create(context, "", &function, next);
	BranchInst::Create(behind, turn)->setDebugLoc(invoke.getDebugLoc());
	BranchInst::Create(next, behind)->setDebugLoc(invoke.getDebugLoc());
	next->replacePhiUsesWith(invoke.getParent(), behind);
	invoke.setNormalDest(turn);
	turns.push_back(turn);
	BasicBlock *pad = invoke.getUnwindDest();
	if (!pads.insert(pad).second)
		return;
	pad->splitBasicBlock(pad->getLandingPadInst()->getNextNode());
	turns.push_back(pad);
}

/* Allocas stay in the entry, for both bodies. */
void Bodies::splitAll()
{
	gatherAllocas(function);
	function.getEntryBlock().splitBasicBlock(&behindAllocas(function));
	for (CallBase *call : begins) {
		if (auto *invoke = dyn_cast<InvokeInst>(call))
			splitBehind(*invoke);
		else
			splitBehind(*cast<CallInst>(call));
	}
	for (BasicBlock &block : function)
		if (!block.isEntryBlock())
			checked.push_back(&block);
}

/* Atomic operations synchronise while nothing is recorded, too. */
void Bodies::copyBlocks()
{
	for (BasicBlock *block : checked) {
		BasicBlock *copy = CloneBasicBlock(block, copies, "", &function);
		copies[block] = copy;
		quiet.push_back(copy);
	}
	copyLabels(function, copies);
	remapInstructionsInBlocks(quiet, copies);
	for (BasicBlock *block : quiet)
		for (Instruction &instruction : *block)
			if (!isAtomicOperation(instruction) && instruction.mayReadOrWriteMemory())
				setNoSanitize(instruction);
}

/* From the end of a block to `recorded` if anything is, else to where it goes now. */
static void goOverTo(BasicBlock &recorded, BasicBlock &from, bool likely)
{
	Instruction *end = from.getTerminator();
	IRBuilder<> builder(end);
	setPlace(builder, *end);
	MDNode *weights = MDBuilder(from.getContext()).createBranchWeights(1, likely ? 1 : 1 << 20);
	Value *any = builder.CreateICmpNE(loadSelf(builder, SelfMember::Mask), builder.getInt64(0));
	builder.CreateCondBr(any, &recorded, end->getSuccessor(0), weights);
	end->eraseFromParent();
}

void Bodies::goOver()
{
	BasicBlock &entry = function.getEntryBlock();
	BasicBlock *first = entry.getSingleSuccessor();
	entry.getTerminator()->setSuccessor(0, cast<BasicBlock>(copies[first]));
	goOverTo(*first, entry, /*likely=*/true);
	for (BasicBlock *turn : turns)
		goOverTo(*turn->getSingleSuccessor(), *cast<BasicBlock>(copies[turn]), /*likely=*/false);
}

/* An address a constant distance from another is cheaper made again than kept. */
static bool isCheap(const Instruction &value)
{
	auto *address = dyn_cast<GetElementPtrInst>(&value);
	return address ? address->hasAllConstantIndices() : isa<BitCastInst>(value);
}

static Instruction &placeOfUse(Use &use)
{
	auto *user = cast<Instruction>(use.getUser());
	auto *phi = dyn_cast<PHINode>(user);
	return phi ? *phi->getIncomingBlock(use)->getTerminator() : *user;
}

/* What a block of the checked body took from one in front of it may come from the quiet body now. */
void Bodies::repairValues()
{
	DominatorTree dominators(function);
	SSAUpdaterBulk updater;
	DenseMap<Instruction *, unsigned> variables;
	SmallVector<Use *, 64> uses;
	for (BasicBlock *block : checked)
		for (Instruction &value : *block)
			for (Use &use : value.uses())
				if (!dominators.dominates(&value, use))
					uses.push_back(&use);
	while (!uses.empty()) {
		Use &use = *uses.pop_back_val();
		auto *value = dyn_cast<Instruction>(use.get());
		if (!value || dominators.dominates(value, use))
			continue;
		if (isCheap(*value)) {
			Instruction *again = value->clone();
			again->insertBefore(compat::placeOf(placeOfUse(use)));
			use.set(again);
			uses.push_back(&again->getOperandUse(0));
			continue;
		}
		auto [variable, isNew] = variables.try_emplace(value, 0);
		if (isNew) {
			Value *copy = copies[value];
			variable->second = updater.AddVariable(value->getName(), value->getType());
			updater.AddAvailableValue(variable->second, value->getParent(), value);
			updater.AddAvailableValue(
				variable->second, cast<Instruction>(copy)->getParent(), copy);
		}
		updater.AddUse(variable->second, &use);
	}
	updater.RewriteAllUses(&dominators);
}

void Bodies::place()
{
	if (!pays())
		return;
	splitAll();
	if (labelsStayInBlocks(function)) {
		copyBlocks();
		goOver();
		repairValues();
	}
	manager.invalidate(function, PreservedAnalyses::none());
}

void placeBodies(Function &function, FunctionAnalysisManager &manager)
{
	if (function.hasOptSize() || function.callsFunctionThatReturnsTwice() ||
		!llvm::all_of(instructions(function), mayBeTwice))
		return;
	Bodies(function, manager).place();
}

} // namespace furlong
