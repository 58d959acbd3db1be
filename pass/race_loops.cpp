/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_loops.cpp: checks of loops, made once before the loop.
 *
 *   for (i = 0; i < n; i++)                 elements(a, n, 4 bytes every 4)
 *           sum += a[i];             =>     for (...)
 *
 * Nothing in a quiet loop changes the thread's epoch, so that a check before it says of its accesses what
 * checks at each of them would say. That takes an access that each iteration makes, as often as the loop goes
 * round, at an address that scalar evolution knows: the same one each time, or one that moves by a constant.
 * A strip of a loop may be hoisted out of the loop around it by the same rules, and two loops that walk
 * through one array become one strip. The idea is BigFoot's (Rhodes, Flanagan and Freund, PLDI 2017).
 */
#include "race_loops.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;

namespace furlong
{

enum { LARGEST_ELEMENT = 64, MERGED_STRIPS = 128 };

namespace
{

/* `count` elements of access.size bytes, one every `step` bytes (null: one element), checked at the end of a
 * block. */
struct Strip {
	const SCEV *start, *count, *step;
	BasicBlock *place;
	size_t index; /* of the access */
};

class Hoister
{
      public:
	Hoister(Function &subject, FunctionAnalysisManager &manager)
	    : function(subject), loops(manager.getResult<LoopAnalysis>(subject)),
	      dominators(manager.getResult<DominatorTreeAnalysis>(subject)),
	      evolution(manager.getResult<ScalarEvolutionAnalysis>(subject)),
	      word(Type::getInt64Ty(subject.getContext()))
	{
	}
	void run(SmallVectorImpl<Access> &accesses);

      private:
	bool isQuiet(Loop &loop);
	const SCEV *timesIn(Loop &loop, BasicBlock &block);
	bool first(const Access &access, Strip &strip);
	bool further(Strip &strip);
	bool moveOut(Strip &strip, Loop &loop);
	SmallVector<std::pair<int64_t, size_t>, 8> partsOf(
		const Strip &first, ArrayRef<Strip> strips, ArrayRef<Access> accesses);
	void mergeSteps(SmallVectorImpl<Strip> &strips, ArrayRef<Access> accesses);
	bool dropRepeated(const Strip &strip, ArrayRef<Strip> others, ArrayRef<Access> accesses);
	void rewrite(const Strip &strip, Access &access);

	Function &function;
	LoopInfo &loops;
	DominatorTree &dominators;
	ScalarEvolution &evolution;
	Type *word;
	DenseMap<Loop *, bool> quiet;
	SmallVector<size_t, 8> dropped;
	DenseMap<BasicBlock *, unsigned> spans;
	unsigned nextSpan = 0;
};

} // namespace

bool Hoister::isQuiet(Loop &loop)
{
	auto [entry, isNew] = quiet.try_emplace(&loop, false);
	if (isNew)
		entry->second =
			loop.getLoopPreheader() && loop.getLoopLatch() &&
			llvm::none_of(loop.blocks(), [](BasicBlock *block) {
				return llvm::any_of(*block, [](Instruction &i) { return endsSpan(i); });
			});
	return quiet.lookup(&loop);
}

/* Whether the loop, once entered, comes to the block before it is left. */
static bool isAlwaysReached(Loop &loop, BasicBlock &block, DominatorTree &dominators)
{
	SmallVector<BasicBlock *, 4> exiting;
	loop.getExitingBlocks(exiting);
	return dominators.dominates(&block, loop.getLoopLatch()) &&
	       llvm::all_of(exiting, [&](BasicBlock *exit) { return dominators.dominates(&block, exit); });
}

/* How often the loop, once entered, comes to the block, when that is known before; else null. 0 is possible.
 */
const SCEV *Hoister::timesIn(Loop &loop, BasicBlock &block)
{
	BasicBlock *exit = loop.getExitingBlock();
	const SCEV *back = evolution.getBackedgeTakenCount(&loop);
	if (isa<SCEVCouldNotCompute>(back) || evolution.getTypeSizeInBits(back->getType()) > 64)
		return nullptr;
	back = evolution.getNoopOrZeroExtend(back, word);
	if (isAlwaysReached(loop, block, dominators))
		return evolution.getAddExpr(back, evolution.getOne(word));
	if (exit && dominators.dominates(exit, &block) && dominators.dominates(&block, loop.getLoopLatch()))
		return back;
	return nullptr;
}

/* Out of the loop that it is in; false: it must stay. */
bool Hoister::moveOut(Strip &strip, Loop &loop)
{
	BasicBlock &block = *strip.place;
	if (!isQuiet(loop) || !evolution.isLoopInvariant(strip.count, &loop))
		return false;
	strip.place = loop.getLoopPreheader();
	if (evolution.isLoopInvariant(strip.start, &loop))
		return isAlwaysReached(loop, block, dominators);

	auto *walk = dyn_cast<SCEVAddRecExpr>(strip.start);
	const SCEV *times =
		walk && walk->getLoop() == &loop && walk->isAffine() ? timesIn(loop, block) : nullptr;
	if (!times)
		return false;
	const SCEV *step = walk->getStepRecurrence(evolution);
	/* An array of arrays, each walked through: the next begins where this one ends. */
	if (strip.step && step != evolution.getMulExpr(strip.count, strip.step))
		return false;
	strip.start = walk->getStart();
	strip.count = evolution.getMulExpr(strip.count, times);
	if (!strip.step)
		strip.step = evolution.getNoopOrSignExtend(step, word);
	return true;
}

bool Hoister::first(const Access &access, Strip &strip)
{
	BasicBlock *block = access.instruction->getParent();
	if (!loops.getLoopFor(block) || access.kind != AccessKind::Plain || !access.size ||
		access.size > LARGEST_ELEMENT || !evolution.isSCEVable(access.address->getType()) ||
		!dominators.isReachableFromEntry(block))
		return false;
	strip.start = evolution.getSCEV(access.address);
	if (access.offset)
		strip.start = evolution.getAddExpr(strip.start, evolution.getConstant(word, access.offset));
	strip.count = evolution.getOne(word);
	strip.step = nullptr;
	strip.place = block;
	return further(strip);
}

bool Hoister::further(Strip &strip)
{
	Loop *loop = loops.getLoopFor(strip.place);
	Strip out = strip;
	if (!loop || !moveOut(out, *loop))
		return false;
	const Instruction &end = *out.place->getTerminator();
	for (const SCEV *value : {out.start, out.count, out.step})
		if (value && !compat::isSafeToExpand(evolution, value, end))
			return false;
	strip = out;
	return true;
}

bool samePlaceInSource(const Access &a, const Access &b)
{
	const DILocation *one = a.instruction->getDebugLoc(), *other = b.instruction->getDebugLoc();
	if (!one || !other)
		return one == other;
	return one->getLine() == other->getLine() && one->getColumn() == other->getColumn() &&
	       one->getInlinedAt() == other->getInlinedAt() &&
	       one->getScope()->getSubprogram() == other->getScope()->getSubprogram();
}

/* What an unrolled or vectorised loop makes of one access: strips whose elements may lie between each
 * other's. */
static bool mayJoin(const Strip &strip, const Strip &other, ArrayRef<Access> accesses)
{
	const Access &mine = accesses[strip.index], &its = accesses[other.index];
	return other.step == strip.step && other.count == strip.count && other.place == strip.place &&
	       mine.write == its.write && mine.size == its.size && samePlaceInSource(mine, its);
}

/* The strips that began as one access, with their distances from `first`, in order. */
SmallVector<std::pair<int64_t, size_t>, 8> Hoister::partsOf(
	const Strip &first, ArrayRef<Strip> strips, ArrayRef<Access> accesses)
{
	SmallVector<std::pair<int64_t, size_t>, 8> parts;
	for (size_t i = 0; i < strips.size(); i++) {
		if (!mayJoin(first, strips[i], accesses))
			continue;
		auto *distance = dyn_cast<SCEVConstant>(evolution.getMinusSCEV(strips[i].start, first.start));
		if (distance && distance->getAPInt().isSignedIntN(32))
			parts.push_back({distance->getAPInt().getSExtValue(), i});
	}
	llvm::sort(parts);
	return parts;
}

/* Strips that lie between each other at even distances become one. */
void Hoister::mergeSteps(SmallVectorImpl<Strip> &strips, ArrayRef<Access> accesses)
{
	SmallVector<bool, 32> gone(strips.size(), false);
	for (Strip &strip : strips) {
		auto *constant = dyn_cast_or_null<SCEVConstant>(strip.step);
		if (!constant || gone[&strip - strips.begin()])
			continue;
		auto parts = partsOf(strip, strips, accesses);
		int64_t count = (int64_t)parts.size(), step = constant->getAPInt().getSExtValue();
		int64_t stride = std::abs(step) / count;
		bool even = count > 1 && std::abs(step) % count == 0 &&
			    stride >= (int64_t)accesses[strip.index].size;
		for (int64_t i = 0; even && i < count; i++)
			even = parts[i].first == parts[0].first + i * stride && !gone[parts[i].second];
		if (!even)
			continue;
		/* Downwards they begin with the highest. */
		size_t first = parts[step < 0 ? count - 1 : 0].second;
		strips[first].count = evolution.getMulExpr(
			strips[first].count, evolution.getConstant(word, (uint64_t)count));
		strips[first].step = evolution.getConstant(word, (uint64_t)(step / count), true);
		for (auto [distance, part] : parts)
			if (part != first) {
				gone[part] = true;
				dropped.push_back(strips[part].index);
			}
	}
	erase_if(strips, [&](const Strip &strip) { return gone[&strip - strips.begin()]; });
}

/* Another says the same. */
bool Hoister::dropRepeated(const Strip &strip, ArrayRef<Strip> others, ArrayRef<Access> accesses)
{
	const Access &mine = accesses[strip.index];
	for (const Strip &other : others) {
		const Access &its = accesses[other.index];
		if (&other != &strip && other.start == strip.start && other.count == strip.count &&
			other.step == strip.step && other.place == strip.place && its.size >= mine.size &&
			(its.write || !mine.write) &&
			(its.write != mine.write || its.size > mine.size || other.index < strip.index))
			return true;
	}
	return false;
}

void Hoister::rewrite(const Strip &strip, Access &access)
{
	Instruction *end = strip.place->getTerminator();
	Type *bytes = compat::pointerTo(Type::getInt8Ty(function.getContext()));
	access.where = access.instruction;
	access.address = compat::expand(evolution, strip.start, bytes, *end);
	access.instruction = end;
	access.offset = 0;
	if (strip.step) {
		access.kind = AccessKind::Elements;
		access.sizeValue = compat::expand(evolution, strip.count, word, *end);
		access.stride = compat::expand(evolution, strip.step, word, *end);
		return;
	}
	auto [span, isNew] = spans.try_emplace(strip.place, nextSpan);
	nextSpan += isNew;
	access.span = span->second;
}

void Hoister::run(SmallVectorImpl<Access> &accesses)
{
	SmallVector<Strip, 16> strips, kept;
	for (size_t i = 0; i < accesses.size(); i++) {
		Strip strip;
		strip.index = i;
		nextSpan = std::max(nextSpan, accesses[i].span + 1);
		if (first(accesses[i], strip))
			strips.push_back(strip);
	}
	if (strips.size() <= MERGED_STRIPS)
		mergeSteps(strips, accesses);
	for (Strip &strip : strips)
		while (further(strip)) {
		}
	for (const Strip &strip : strips) {
		if (dropRepeated(strip, strips, accesses))
			dropped.push_back(strip.index);
		else
			kept.push_back(strip);
	}
	for (const Strip &strip : kept)
		rewrite(strip, accesses[strip.index]);
	llvm::sort(dropped);
	for (size_t index : llvm::reverse(dropped))
		accesses.erase(accesses.begin() + index);
}

/* Every loop gets a block in front of it and one at its end. */
void simplifyLoops(Function &function, FunctionAnalysisManager &manager)
{
	LoopInfo &loops = manager.getResult<LoopAnalysis>(function);
	bool changed = false;
	for (Loop *loop : SmallVector<Loop *, 8>(loops.begin(), loops.end()))
		changed |= simplifyLoop(loop, &manager.getResult<DominatorTreeAnalysis>(function), &loops,
			nullptr, &manager.getResult<AssumptionAnalysis>(function), nullptr,
			/*PreserveLCSSA=*/false);
	if (!changed)
		return;
	PreservedAnalyses kept;
	kept.preserve<LoopAnalysis>();
	kept.preserve<DominatorTreeAnalysis>();
	manager.invalidate(function, kept);
}

void hoistFromLoops(Function &function, FunctionAnalysisManager &manager, SmallVectorImpl<Access> &accesses)
{
	if (!manager.getResult<LoopAnalysis>(function).empty())
		Hoister(function, manager).run(accesses);
}

} // namespace furlong
