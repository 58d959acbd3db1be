/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_paths.cpp: see coverage_paths.h. The number is no variable in memory, which a setjmp that returns
 * again would find changed, but a value that each block hands to the next.
 */
#include "coverage_paths.h"
#include "mark.h"
#include "llvm/IR/CFG.h"
#include "llvm/Transforms/Utils/SSAUpdater.h"

using namespace llvm;

namespace furlong
{

/* A block between, whatever else leads to the next one. */
static BasicBlock *splitEdge(const Outcome &outcome)
{
	BasicBlock *from = outcome.end->getParent(), *to = outcome.end->getSuccessor(outcome.successor);
	BasicBlock *between = BasicBlock::Create(from->getContext(), "", from->getParent(), to);
	BranchInst::Create(to, between)->setDebugLoc(outcome.end->getDebugLoc());
	outcome.end->setSuccessor(outcome.successor, between);
	for (PHINode &phi : to->phis())
		phi.replaceIncomingBlockWith(from, between);
	return between;
}

static void addToSums(IRBuilder<> &builder, Value *path, Constant *counters)
{
	auto number = [&](uint64_t value) { return builder.getInt64(value); };
	Value *hash = builder.CreateMul(path, number(FURLONG_PATH_FIRST));
	hash = builder.CreateXor(hash, builder.CreateLShr(hash, number(32)));
	hash = builder.CreateMul(hash, number(FURLONG_PATH_SECOND));
	hash = builder.CreateXor(hash, builder.CreateLShr(hash, number(29)));
	Value *sums[FURLONG_PATH_CELL_COUNTERS] = {number(1), builder.CreateAnd(path, number(UINT32_MAX)),
		builder.CreateLShr(path, number(32)),
		builder.CreateLShr(builder.CreateMul(hash, number(FURLONG_PATH_FIRST)), number(32))};
	for (unsigned part = 0; part < FURLONG_PATH_PARTS; part++) {
		Value *cell = builder.CreateLShr(hash, number(FURLONG_PATH_PART_BITS * part));
		cell = builder.CreateAnd(cell, number(FURLONG_PATH_CELLS - 1));
		cell = builder.CreateAdd(cell, number(FURLONG_PATH_CELLS * part));
		cell = builder.CreateMul(cell, number(FURLONG_PATH_CELL_COUNTERS));
		for (unsigned i = 0; i < FURLONG_PATH_CELL_COUNTERS; i++)
			createMark(builder, MarkKind::Count,
				builder.CreateInBoundsGEP(
					builder.getInt64Ty(), counters, builder.CreateAdd(cell, number(i))),
				sums[i]);
	}
}

static void count(Instruction *before, Value *path, Constant *counters, bool summed)
{
	IRBuilder<> builder(before);
	builder.SetCurrentDebugLocation(before->getDebugLoc());
	if (summed)
		return addToSums(builder, path, counters);
	Value *its = builder.CreateInBoundsGEP(builder.getInt64Ty(), counters, path);
	createMark(builder, MarkKind::Count, its, builder.getInt64(1));
}

static void placeDecision(const CountedPaths &decision, Constant *counter)
{
	struct Addition {
		BinaryOperator *add;
		BasicBlock *from; /* null: from 0 */
		bool ends;
	};
	std::vector<Addition> sums;
	Type *i64 = Type::getInt64Ty(counter->getContext());
	Constant *zero = ConstantInt::get(i64, 0);
	SSAUpdater number;
	number.Initialize(i64, "furlong.path");
	BasicBlock &entry = decision.steps.front().outcome.end->getFunction()->getEntryBlock();
	number.AddAvailableValue(&entry, zero);
	for (const PathStep &step : decision.steps)
		if (step.first)
			number.AddAvailableValue(step.outcome.end->getParent(), zero);
	for (const PathStep &step : decision.steps) {
		if (!step.add && !step.ends)
			continue;
		BasicBlock *from = step.outcome.end->getParent(), *between = splitEdge(step.outcome);
		BinaryOperator *add = BinaryOperator::CreateAdd(zero, ConstantInt::get(i64, step.add));
		add->insertBefore(compat::placeOf(*between->getTerminator()));
		sums.push_back({add, step.first ? nullptr : from, step.ends});
		number.AddAvailableValue(between, add);
	}
	for (const Addition &sum : sums) {
		if (sum.from)
			sum.add->setOperand(0, number.GetValueAtEndOfBlock(sum.from));
		if (sum.ends)
			count(sum.add->getParent()->getTerminator(), sum.add, counter, decision.summed);
	}
}

void placePaths(ArrayRef<CountedPaths> decisions, const CoverageTables &tables, size_t function)
{
	for (const CountedPaths &decision : decisions)
		placeDecision(decision, tables.counter(function, decision.counter));
}

} // namespace furlong
