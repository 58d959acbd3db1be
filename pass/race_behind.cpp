/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_behind.cpp: checks of loops that nobody knows the rounds of before, made behind them.
 *
 *   for (p = a; *p != end; p++)     =>     for (p = from = a; ; p++) {
 *           ...                                    if (&*p is in another page) {
 *                                                          elements(from, p);
 *                                                          from = p;
 *                                                  }
 *                                                  if (*p == end) break;
 *                                          }
 *                                          elements(from, p + 1)
 *
 * What a thread did since it synchronised may be said at any time before it does so again. But what was not
 * said is lost when the loop does not come to its end: so it is said before the access comes to another page,
 * where it may trap, and before the blocks that do something else that may trap, synchronise, or never end.
 * Loops in which each round does such a thing are left alone; those that walk through two arrays are, too.
 */
#include "race_loops.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/SSAUpdater.h"

using namespace llvm;

namespace furlong
{

enum {
	MOST_STEPS = 4,
	MOST_PLACES = 3,
	LARGEST_ELEMENT_BEHIND = 16,
	LONGEST_STEP = 512,
	FEWEST_ROUNDS = 8,
	PAGE = 4096
};

namespace
{

/* One access of the walk. */
struct Step {
	size_t index;
	Access access; /* as it was found */
	const SCEV *address;
	Value *here = nullptr, *behind = nullptr; /* its address, and the next one's */
	BasicBlock *crossing = nullptr;           /* where it comes to another page */
};

/* Where what was done is said. Of an exit, by how many steps had been made at the end of each block that
 * leads there. */
struct Place {
	Instruction *before;
	SmallVector<Instruction *, 4> ends;
	SmallVector<unsigned, 4> made;
};

/* What each round accesses, element by element: one, or as many as it was unrolled to. */
struct Walk {
	SmallVector<Step, MOST_STEPS> steps;
	int64_t stride = 0, round = 0; /* bytes that a step and a round move on */
	SmallVector<Place, 4> places;
	BasicBlock *header = nullptr;
	Instruction *entry = nullptr,
		    *latch = nullptr; /* ends of what is in front of the loop, and of a round */
	Value *start = nullptr,
	      *next = nullptr; /* the first step's address in the first round, and in each */
};

class LoopPlanner
{
      public:
	LoopPlanner(Function &subject, FunctionAnalysisManager &manager, ArrayRef<Access> all)
	    : loops(manager.getResult<LoopAnalysis>(subject)),
	      dominators(manager.getResult<DominatorTreeAnalysis>(subject)),
	      evolution(manager.getResult<ScalarEvolutionAnalysis>(subject)), accesses(all)
	{
	}
	SmallVector<Walk, 4> run();

      private:
	bool planFor(Loop &loop, ArrayRef<size_t> inside, Walk &walk);
	bool isStep(Loop &loop, size_t index, Step &step);
	bool joinSteps(Walk &walk);
	bool isHarmless(Loop &loop, const Instruction &instruction, const Walk &walk);
	bool isHarmless(Loop &loop, BasicBlock &block, const Walk &walk);
	bool findPlaces(Loop &loop, Walk &walk);
	void findExits(Loop &loop, Walk &walk);
	unsigned madeAt(const Walk &walk, const Instruction &there);

	LoopInfo &loops;
	DominatorTree &dominators;
	ScalarEvolution &evolution;
	ArrayRef<Access> accesses;
};

class LoopPlacer
{
      public:
	LoopPlacer(LLVMContext &context, Walk &what, SmallVectorImpl<Access> &all)
	    : walk(what), accesses(all), pointer(compat::pointerTo(Type::getInt8Ty(context))),
	      builder(context)
	{
	}
	void run();

      private:
	void walkAlong();
	void split(Step &step);
	void begin();
	void cross(const Step &step);
	void sayAt(const Place &place);
	void say(Instruction &before, Value *end);
	Value *lastByte(Value *address);
	Value *pageEnd(Value *last);
	Value *at(unsigned made);
	Value *further(Value *address, int64_t distance);

	Walk &walk;
	SmallVectorImpl<Access> &accesses;
	Type *pointer;
	IRBuilder<> builder;
	SSAUpdater from, limit; /* not yet said; the end of the page */
};

} // namespace

bool LoopPlanner::isStep(Loop &loop, size_t index, Step &step)
{
	const Access &access = accesses[index];
	if (access.kind != AccessKind::Plain || access.where || !access.size ||
		access.size > LARGEST_ELEMENT_BEHIND ||
		!dominators.dominates(access.instruction->getParent(), loop.getLoopLatch()) ||
		!evolution.isSCEVable(access.address->getType()))
		return false;
	step = {index, access, evolution.getSCEV(access.address)};
	auto *moves = dyn_cast<SCEVAddRecExpr>(step.address);
	if (!moves || moves->getLoop() != &loop || !moves->isAffine())
		return false;
	auto *distance = dyn_cast<SCEVConstant>(moves->getStepRecurrence(evolution));
	const Instruction &entry = *loop.getLoopPreheader()->getTerminator();
	return distance && !distance->isZero() && distance->getAPInt().abs().ule(LONGEST_STEP) &&
	       compat::isSafeToExpand(evolution, moves->getStart(), entry);
}

/* One access, or what unrolling made of one: evenly spaced, one behind the other. */
bool LoopPlanner::joinSteps(Walk &walk)
{
	const Step first = walk.steps[0];
	auto *moves = cast<SCEVAddRecExpr>(first.address);
	walk.round = cast<SCEVConstant>(moves->getStepRecurrence(evolution))->getAPInt().getSExtValue();
	int64_t count = (int64_t)walk.steps.size();
	walk.stride = walk.round / count;
	if (walk.round % count || (count > 1 && std::abs(walk.stride) < (int64_t)first.access.size))
		return false;
	llvm::sort(walk.steps, [&](const Step &a, const Step &b) {
		return a.index != b.index && dominators.dominates(a.access.instruction, b.access.instruction);
	});
	for (int64_t i = 1; i < count; i++) {
		const Step &last = walk.steps[i - 1], &step = walk.steps[i];
		auto *distance = dyn_cast<SCEVConstant>(evolution.getMinusSCEV(step.address, last.address));
		if (!distance || distance->getAPInt() != (uint64_t)walk.stride ||
			step.access.write != first.access.write || step.access.size != first.access.size ||
			step.access.offset != first.access.offset ||
			!samePlaceInSource(step.access, first.access))
			return false;
	}
	return true;
}

/* Whether it neither traps nor synchronises nor lasts. */
bool LoopPlanner::isHarmless(Loop &loop, const Instruction &instruction, const Walk &walk)
{
	auto *call = dyn_cast<CallBase>(&instruction);
	if (endsSpan(instruction) ||
		(call && !isa<IntrinsicInst>(call) && !call->hasFnAttr(Attribute::WillReturn)))
		return false;
	if (auto *operation = dyn_cast<BinaryOperator>(&instruction))
		return !operation->isIntDivRem() || isa<Constant>(operation->getOperand(1));
	const Value *address = getLoadStorePointerOperand(&instruction);
	if (!address)
		return !instruction.mayReadOrWriteMemory() || isa<DbgInfoIntrinsic>(instruction) ||
		       isa<AssumeInst>(instruction) || instruction.isLifetimeStartOrEnd();
	const Value *object = getUnderlyingObject(address);
	if (isa<AllocaInst>(object) || isa<GlobalVariable>(object))
		return true;
	/* Where the walk has just been. */
	const SCEV *where = evolution.getSCEV(const_cast<Value *>(address));
	return llvm::any_of(walk.steps, [&](const Step &step) {
		const Instruction *its = step.access.instruction;
		return step.address == where &&
		       (its == &instruction || dominators.dominates(its, &instruction));
	});
}

/* A loop inside that may go round for ever is no better than a call. */
bool LoopPlanner::isHarmless(Loop &loop, BasicBlock &block, const Walk &walk)
{
	Loop *inner = loops.getLoopFor(&block);
	if (inner != &loop && inner->getHeader() == &block &&
		isa<SCEVCouldNotCompute>(evolution.getBackedgeTakenCount(inner)))
		return false;
	return llvm::all_of(block, [&](Instruction &i) { return isHarmless(loop, i, walk); });
}

/* How many steps a round has made when it comes there. */
unsigned LoopPlanner::madeAt(const Walk &walk, const Instruction &there)
{
	return (unsigned)llvm::count_if(walk.steps,
		[&](const Step &step) { return dominators.dominates(step.access.instruction, &there); });
}

bool LoopPlanner::findPlaces(Loop &loop, Walk &walk)
{
	for (BasicBlock *block : loop.blocks()) {
		if (isHarmless(loop, *block, walk))
			continue;
		if (dominators.dominates(block, loop.getLoopLatch()) || block->isEHPad() ||
			walk.places.size() == MOST_PLACES)
			return false;
		Instruction *before = &*block->getFirstInsertionPt();
		walk.places.push_back({before, {}, {madeAt(walk, *before)}});
	}
	return true;
}

/* Where an exception ends the loop, the place in front of the call has said all. */
void LoopPlanner::findExits(Loop &loop, Walk &walk)
{
	SmallVector<BasicBlock *, 4> exits;
	loop.getUniqueExitBlocks(exits);
	for (BasicBlock *exit : exits) {
		if (exit->isEHPad())
			continue;
		Place place = {&*exit->getFirstInsertionPt(), {}, {}};
		for (BasicBlock *block : predecessors(exit)) {
			place.ends.push_back(block->getTerminator());
			place.made.push_back(madeAt(walk, *block->getTerminator()));
		}
		walk.places.push_back(place);
	}
}

bool LoopPlanner::planFor(Loop &loop, ArrayRef<size_t> inside, Walk &walk)
{
	unsigned most = evolution.getSmallConstantMaxTripCount(&loop);
	if (!loop.isLoopSimplifyForm() || (most && most < FEWEST_ROUNDS))
		return false;
	for (size_t index : inside) {
		Step step;
		if (isStep(loop, index, step))
			walk.steps.push_back(step);
	}
	if (walk.steps.empty() || walk.steps.size() > MOST_STEPS || !joinSteps(walk) ||
		!findPlaces(loop, walk))
		return false;
	findExits(loop, walk);
	walk.header = loop.getHeader();
	walk.entry = loop.getLoopPreheader()->getTerminator();
	walk.latch = loop.getLoopLatch()->getTerminator();
	walk.start = compat::expand(evolution, cast<SCEVAddRecExpr>(walk.steps[0].address)->getStart(),
		compat::pointerTo(Type::getInt8Ty(walk.header->getContext())), *walk.entry);
	return true;
}

SmallVector<Walk, 4> LoopPlanner::run()
{
	SmallVector<Walk, 4> walks;
	MapVector<Loop *, SmallVector<size_t, 4>> inside;
	for (size_t i = 0; i < accesses.size(); i++)
		if (Loop *loop = loops.getLoopFor(accesses[i].instruction->getParent()))
			inside[loop].push_back(i);
	for (auto &[loop, indices] : inside) {
		Walk walk;
		if (planFor(*loop, indices, walk))
			walks.push_back(std::move(walk));
	}
	return walks;
}

Value *LoopPlacer::further(Value *address, int64_t distance)
{
	return distance ? builder.CreateConstGEP1_64(builder.getInt8Ty(), address, (uint64_t)distance)
			: address;
}

void LoopPlacer::walkAlong()
{
	builder.SetInsertPoint(walk.header, walk.header->begin());
	PHINode *next = builder.CreatePHI(pointer, 2);
	builder.SetInsertPoint(walk.latch);
	next->addIncoming(walk.start, walk.entry->getParent());
	next->addIncoming(further(next, walk.round), walk.latch->getParent());
	walk.next = next;
	for (Step &step : walk.steps) {
		builder.SetInsertPoint(step.access.instruction);
		step.here = builder.CreatePointerCast(step.access.address, pointer);
		step.behind = further(step.here, walk.stride);
	}
}

/* The condition follows: it takes the values of all of the steps. */
void LoopPlacer::split(Step &step)
{
	MDNode *weights = MDBuilder(builder.getContext()).createBranchWeights(1, 1 << 20);
	Instruction *end = SplitBlockAndInsertIfThen(
		builder.getFalse(), step.access.instruction, /*Unreachable=*/false, weights);
	step.crossing = end->getParent();
}

/* Up to where the walk has come in this round. */
Value *LoopPlacer::at(unsigned made)
{
	return made ? walk.steps[made - 1].behind : walk.next;
}

Value *LoopPlacer::lastByte(Value *address)
{
	const Access &access = walk.steps[0].access;
	return further(address, (int64_t)access.offset + (walk.round > 0 ? (int64_t)access.size - 1 : 0));
}

/* Upwards the first address behind it, downwards its own first. */
Value *LoopPlacer::pageEnd(Value *last)
{
	Value *number = builder.CreatePtrToInt(last, builder.getInt64Ty());
	Value *end = walk.round > 0
			     ? builder.CreateAdd(builder.CreateOr(number, PAGE - 1), builder.getInt64(1))
			     : builder.CreateAnd(number, ~(uint64_t)(PAGE - 1));
	return builder.CreateIntToPtr(end, pointer);
}

/* All is said at each crossing and place. */
void LoopPlacer::begin()
{
	BasicBlock *entry = walk.entry->getParent();
	from.Initialize(pointer, "");
	limit.Initialize(pointer, "");
	builder.SetInsertPoint(walk.entry);
	from.AddAvailableValue(entry, walk.start);
	limit.AddAvailableValue(entry, pageEnd(lastByte(walk.start)));
	for (const Step &step : walk.steps) {
		builder.SetInsertPoint(step.crossing->getTerminator());
		from.AddAvailableValue(step.crossing, step.here);
		limit.AddAvailableValue(step.crossing, pageEnd(lastByte(step.here)));
	}
	for (const Place &place : walk.places)
		if (place.ends.empty())
			from.AddAvailableValue(place.before->getParent(), at(place.made[0]));
}

/* The elements up to there are one check. */
void LoopPlacer::say(Instruction &before, Value *end)
{
	Value *begin = from.GetValueInMiddleOfBlock(before.getParent());
	if (begin == end) /* another place has just said it: that in front of a loop inside */
		return;
	builder.SetInsertPoint(&before);
	Access said = walk.steps[0].access;
	said.where = said.instruction;
	said.instruction = &before;
	said.kind = AccessKind::Elements;
	said.address = further(begin, (int64_t)said.offset);
	said.offset = 0;
	said.stride = builder.getInt64((uint64_t)walk.stride);
	said.sizeValue =
		builder.CreateExactSDiv(builder.CreateSub(builder.CreatePtrToInt(end, builder.getInt64Ty()),
						builder.CreatePtrToInt(begin, builder.getInt64Ty())),
			said.stride);
	said.mayBeNone = true;
	accesses.push_back(said);
}

void LoopPlacer::cross(const Step &step)
{
	BasicBlock *head = step.crossing->getSinglePredecessor();
	Value *page = limit.GetValueInMiddleOfBlock(head);
	builder.SetInsertPoint(head->getTerminator());
	cast<BranchInst>(head->getTerminator())
		->setCondition(builder.CreateICmp(
			walk.round > 0 ? CmpInst::ICMP_UGE : CmpInst::ICMP_ULT, lastByte(step.here), page));
	say(*step.crossing->getTerminator(), step.here);
}

void LoopPlacer::sayAt(const Place &place)
{
	if (llvm::all_of(place.made, [&](unsigned made) { return made == place.made[0]; })) {
		say(*place.before, at(place.made[0]));
		return;
	}
	BasicBlock *exit = place.before->getParent();
	builder.SetInsertPoint(exit, exit->begin());
	PHINode *end = builder.CreatePHI(pointer, (unsigned)place.ends.size());
	for (size_t i = 0; i < place.ends.size(); i++)
		end->addIncoming(at(place.made[i]), place.ends[i]->getParent());
	say(*place.before, end);
}

void LoopPlacer::run()
{
	walkAlong();
	for (Step &step : walk.steps)
		split(step);
	begin();
	for (const Step &step : walk.steps)
		cross(step);
	for (const Place &place : walk.places)
		sayAt(place);
}

void checkBehindLoops(Function &function, FunctionAnalysisManager &manager, SmallVectorImpl<Access> &accesses)
{
	if (manager.getResult<LoopAnalysis>(function).empty())
		return;
	SmallVector<size_t, 8> needless;
	for (Walk &walk : LoopPlanner(function, manager, accesses).run()) {
		LoopPlacer(function.getContext(), walk, accesses).run();
		for (const Step &step : walk.steps)
			needless.push_back(step.index);
	}
	llvm::sort(needless);
	for (size_t index : llvm::reverse(needless))
		accesses.erase(accesses.begin() + index);
}

} // namespace furlong
