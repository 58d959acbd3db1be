/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_counts.cpp: the counts of what has no place of its own in the code: what clang derives,
 * white space, the text of macros, outcomes of conditions (coverage_exact_regions.h).
 */
#include "coverage_exact_regions.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace furlong
{

/* Clang may have forgotten to count what it names (OpenMP's collapsed loops): then a region that it counts so
 * has another form. */
bool Exact::runsAs(int region, Count count)
{
	return begun[region] &&
	       (form[region] == believed.of(count) || shape.regions[region].count.encoded == count.encoded);
}

/* Of "around - count": whether the code around is there counted anew, by a part that begins after all of what
 * is taken away. An early `return` has left that part already, and is not to be taken away again. */
bool Exact::endsBeforePart(Count count, Count around, Position at)
{
	Position begins = {0, 0};
	int outer = -1;
	while (around.encoded && outer < 0) { /* as derived() finds it; else the left-most of "a + b" */
		outer = nest.around(at);
		while (outer >= 0 && !runsAs(outer, around))
			outer = nest.parent(outer);
		around = !around.isCounter() ? shape.expressions[around.index()].left : Count{0};
	}
	for (size_t i = 0; outer >= 0 && i < parts[outer].size(); i++)
		if (parts[outer][i].at <= at)
			begins = parts[outer][i].at;
	bool isCode = false;
	for (size_t i = 0; i < original && begins.first; i++) {
		const Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_CODE || region.file ||
			region.count.encoded != count.encoded)
			continue;
		isCode = true;
		if (endOf(region) > begins)
			return false;
	}
	return isCode;
}

/* Of what enters a loop's condition, "around + back + back", where all of the loop is over: what came back to
 * it is over, too. */
Count Exact::enteredOnce(Count count, Position at)
{
	while (count.encoded && !count.isCounter()) {
		const Expression &entered = shape.expressions[count.index()];
		if (!entered.add || !endsBeforePart(entered.right, entered.left, at))
			break;
		count = entered.left;
	}
	return count;
}

/* Clang's derivation, at a place: what counts as the code around it has the count of that code there. Clang
 * may have forgotten to count what it names (OpenMP's collapsed loops): then its form is not the wanted one.
 */
Sum Exact::derived(Count count, Position at)
{
	if (!count.encoded)
		return 0;
	for (int outer = nest.around(at); outer >= 0; outer = nest.parent(outer))
		if (runsAs(outer, count))
			return partAt(outer, at);
	uint32_t index = count.index();
	if (count.isCounter())
		return truth.of(count);
	const Expression expression = shape.expressions[index];
	if (!expression.add && endsBeforePart(expression.right, expression.left, at))
		return derived(enteredOnce(expression.left, at), at);
	Sum left = derived(expression.left, at);
	Term terms[] = {{left, false}, {derived(expression.right, at), !expression.add}};
	return truth.add(terms);
}

/* A region without an instruction of its own ("x ? 0 : 1"): it runs as often as the outcome that leads to it,
 * or as the code around it. */
Sum Exact::ofWordless(size_t index)
{
	const Region &region = shape.regions[index];
	Sum found = derived(region.count, startOf(region));
	for (int outer = nest.parent(static_cast<int>(index)); outer >= 0; outer = nest.parent(outer))
		if (begun[outer] && form[outer] == form[index])
			return partAt(outer, startOf(region));
	if (!form[index]) /* no outcome leads to it */
		return found;
	for (size_t i = 0; i < original; i++) {
		const Region &branch = shape.regions[i];
		if (branch.kind != FURLONG_REGION_BRANCH || branch.file != 0 ||
			startOf(branch) > startOf(region))
			continue;
		if (branch.count.encoded && believed.of(branch.count) == form[index])
			found = sum[i];
		else if (branch.falseCount.encoded && believed.of(branch.falseCount) == form[index])
			found = falseSum[i];
	}
	return found;
}

/* White space before a region that runs as often, in clang's eyes, else within one that does. */
Sum Exact::ofGap(const Region &gap)
{
	int next = nest.around(endOf(gap));
	Sum wanted = believed.of(gap.count);
	if (next >= 0 && startOf(shape.regions[next]) == endOf(gap) &&
		believed.of(shape.regions[next].count) == wanted)
		return sum[next];
	for (const Site &site : sites)
		if (site.at == endOf(gap) && believed.at(*site.instruction) == wanted)
			return truth.at(*site.instruction);
	for (int outer = nest.around(startOf(gap)); outer >= 0; outer = nest.parent(outer))
		if (begun[outer] && form[outer] == wanted)
			return partAt(outer, startOf(gap));
	return derived(gap.count, startOf(gap));
}

/* A region of a macro's text: the first place of the use that runs as often; or, where clang is wrong about
 * all of the code around, the first place. */
Sum Exact::ofText(size_t index)
{
	const Region &region = shape.regions[index];
	Sum wanted = believed.of(region.count);
	Position use = uses[region.file].first;
	for (const Site &site : sites) {
		if (site.at == use && believed.at(*site.instruction) == wanted)
			return truth.at(*site.instruction);
	}
	for (int outer = nest.around(use); outer >= 0; outer = nest.parent(outer))
		if (begun[outer] && form[outer] == wanted)
			return partAt(outer, use);
	int around = nest.around(use);
	for (const Site &site : sites)
		if (site.at == use && around >= 0 && believed.of(shape.regions[around].count) == wanted)
			return truth.at(*site.instruction);
	return derived(region.count, use);
}

enum { MAX_OPERANDS_DEEP = 4 };

/* What a system header's macro is made of stands where the macro is used, and has no width. */
static bool isIn(Position at, const Region &region)
{
	return at == startOf(region) || (at > startOf(region) && at < endOf(region));
}

/* Whether control goes straight on from what is computed to who uses it. */
static bool isRightBefore(const Instruction &computed, const Instruction &user)
{
	auto *call = dyn_cast<InvokeInst>(&computed);
	return computed.getParent() == user.getParent() ||
	       (call && call->getNormalDest() == user.getParent());
}

/* Whether the instruction, or what it computes from, is written within the region: a loop's branch stands at
 * its "for", the comparison that decides it in the condition. */
bool Exact::standsIn(const Instruction &instruction, const Region &region, unsigned depth) const
{
	if (const DILocation *place = instruction.getDebugLoc()) {
		Position at = {place->getLine(), place->getColumn()};
		if (region.file ? at == uses[region.file].first : isIn(at, region))
			return true;
	}
	for (const Value *operand : instruction.operands()) {
		auto *computed = dyn_cast<Instruction>(operand);
		if (computed && depth < MAX_OPERANDS_DEEP && isRightBefore(*computed, instruction) &&
			standsIn(*computed, region, depth + 1))
			return true;
	}
	return false;
}

static BranchInst *asCondition(BasicBlock &block)
{
	auto *end = dyn_cast<BranchInst>(block.getTerminator());
	return end && end->isConditional() && end->getSuccessor(0) != end->getSuccessor(1) ? end : nullptr;
}

/* The one edge in the function that runs as often as this outcome, beside one as often as the other. */
std::optional<Sum> Exact::ofEdgeAnywhere(Sum wanted, Sum unwanted)
{
	std::optional<Sum> found;
	for (BasicBlock &block : function) {
		BranchInst *end = asCondition(block);
		for (unsigned i = 0; end && i < 2; i++) {
			BasicBlock *next = end->getSuccessor(i), *other = end->getSuccessor(1 - i);
			if (believed.along(&block, next) != wanted ||
				believed.along(&block, other) != unwanted)
				continue;
			if (found)
				return std::nullopt;
			found = truth.along(&block, next);
		}
	}
	return found;
}

/* "x ? 1 : 2" has no edges: clang adds up the outcome of a counter of its own where x is known. The other
 * outcome is the rest of those, and not of what had come to x. */
std::optional<Sum> Exact::besideAdded(Count outcome)
{
	for (const Increment &increment : increments) {
		if (Count::counter(increment.index).encoded != outcome.encoded ||
			isa<ConstantInt>(increment.step))
			continue;
		Term terms[] = {{truth.at(*increment.call), false}, {truth.of(outcome), true}};
		return truth.add(terms);
	}
	return std::nullopt;
}

/* The edge that leaves the condition and runs as often as this outcome is wanted to; or the one beside that
 * of the other outcome. What a macro is given may stand anywhere behind the macro's name. */
Sum Exact::ofOutcome(const Region &branch, Count side, Count otherSide)
{
	if (!side.encoded)
		return 0;
	Sum wanted = believed.of(side), unwanted = believed.of(otherSide);
	Sum found = derived(side, branch.file ? uses[branch.file].first : startOf(branch)), beside = found;
	bool isFound = false;
	for (BasicBlock &block : function) {
		BranchInst *end = asCondition(block);
		if (!end || !standsIn(*end, branch, 0))
			continue;
		for (unsigned i = 0; i < 2; i++) { /* the last: by it the condition is left */
			BasicBlock *next = end->getSuccessor(i), *other = end->getSuccessor(1 - i);
			if (believed.along(&block, next) == wanted) {
				found = truth.along(&block, next);
				isFound = true;
			} else if (otherSide.encoded && believed.along(&block, next) == unwanted) {
				beside = truth.along(&block, other);
			}
		}
	}
	if (!isFound && beside == found && branch.file && otherSide.encoded)
		return ofEdgeAnywhere(wanted, unwanted).value_or(found);
	if (!isFound && beside == found)
		return besideAdded(otherSide).value_or(found);
	return isFound ? found : beside;
}

/* Whether what a branch is decided by stands in another condition. The branch itself says less: clang may
 * give the last operand's the place of the first. */
bool Exact::standsElsewhere(const BranchInst &end, const Region &branch) const
{
	auto *decides = dyn_cast<Instruction>(end.getCondition());
	return decides && llvm::any_of(shape.regions, [&](const Region &other) {
		return other.kind == FURLONG_REGION_BRANCH && !other.file &&
		       startOf(other) != startOf(branch) && standsIn(*decides, other, 0);
	});
}

/* The conditions that a system header's macro makes are one to clang, and have no width. Of several that
 * decide together it may be wrong about how often: then the ways out of all of them, to where the last one
 * leads. */
bool Exact::settleTogether(size_t index)
{
	const Region &branch = shape.regions[index];
	if (branch.file || startOf(branch) != endOf(branch))
		return false;
	SmallVector<BranchInst *, 4> ends;
	SmallPtrSet<const BasicBlock *, 4> blocks;
	for (BasicBlock &block : function) {
		auto *end = dyn_cast<BranchInst>(block.getTerminator());
		if (!end || !end->isConditional() || !standsIn(*end, branch, 0) ||
			standsElsewhere(*end, branch))
			continue;
		ends.push_back(end);
		blocks.insert(&block);
	}
	if (ends.size() < 2)
		return false;
	Sum found[2] = {0, 0};
	for (BranchInst *end : ends)
		for (BasicBlock *next : successors(end)) {
			unsigned side = next == ends.back()->getSuccessor(1);
			if (blocks.count(next))
				continue;
			if (next != ends.back()->getSuccessor(side))
				return false;
			Term terms[] = {{found[side], false}, {truth.along(end->getParent(), next), false}};
			found[side] = truth.add(terms);
		}
	sum[index] = found[0];
	falseSum[index] = found[1];
	return true;
}

/* A case of a switch begins a region where its branch stands; no condition does. Clang 14 takes its count
 * from that of whatever comes before it in the text, which may have been left by a return. Of a switch of a
 * constant nothing is left, and its case may run as often as the one of the switch around. */
bool Exact::settleCase(size_t index)
{
	const Region &branch = shape.regions[index];
	bool isCase = llvm::any_of(shape.regions, [&](const Region &region) {
		return region.kind == FURLONG_REGION_CODE && region.file == branch.file &&
		       startOf(region) == startOf(branch) && region.count.encoded == branch.count.encoded;
	});
	Sum wanted = believed.of(branch.count);
	for (BasicBlock &block : function) {
		if (!isCase || !wanted || !isa<SwitchInst>(block.getTerminator()))
			continue;
		for (BasicBlock *next : successors(&block)) {
			if (believed.along(&block, next) != wanted || !cases.insert({&block, next}).second)
				continue;
			sum[index] = truth.along(&block, next);
			Term others[] = {{truth.at(*block.getTerminator()), false}, {sum[index], true}};
			falseSum[index] = truth.add(others);
			return true;
		}
	}
	return false;
}

} // namespace furlong
