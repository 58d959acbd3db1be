/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_leaves.cpp: see coverage_leaves.h. An outcome is a way out of a block that stands in the condition
 * and is taken as often as clang says that the condition has this value.
 */
#include "coverage_leaves.h"
#include "coverage_nest.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace furlong
{

namespace
{

/* Ways out, by the blocks that they come to, past those that count for them. */
using Meetings = MapVector<BasicBlock *, std::vector<Outcome>>;

class LeafFinder
{
      public:
	const uint32_t region;
	LeafFinder(const Shape &described, Told &believed, uint32_t branch)
	    : region(branch), inMacro(described.regions[branch].file),
	      told(believed), wanted{believed.of(described.regions[branch].falseCount),
				      believed.of(described.regions[branch].count)}
	{
	}
	void consider(BranchInst &end)
	{
		ends.push_back(&end);
	}
	void exclude(const BranchInst &end)
	{
		llvm::erase_if(ends, [&](const BranchInst *other) { return other == &end; });
	}
	bool find(Leaf &leaf) const;
	bool findChoice(Leaf &leaf) const;
	/* The same in a macro's text, of branches that stand behind its use, too: what a macro is given does.
	 */
	bool findChoice(Function &function, const Shape &shape, Leaf &leaf);
	bool isCase(const Function &function) const;
	/* The one way out, wherever it stands. */
	bool findAnywhere(Function &function, Leaf &leaf) const;
	/* The compiler made nothing of a condition behind "false &&". */
	bool hasCode() const
	{
		return wanted[false] || wanted[true];
	}
	/* It decides alone, and which of two values is taken. */
	bool isSelects() const
	{
		return told.isSelects(wanted[true]);
	}

      private:
	bool isLeftBy(const BranchInst &end, unsigned whenTrue) const;
	Sum sumOf(ArrayRef<Outcome> ways) const;
	std::vector<Outcome> among(std::vector<Outcome> ways, bool value) const;
	void meetAt(unsigned far, Meetings &into) const;
	Sum along(const BranchInst &end, unsigned successor) const
	{
		return told.along(end.getParent(), end.getSuccessor(successor));
	}

	const bool inMacro;
	Told &told;
	Sum wanted[2]; /* by value */
	std::vector<BranchInst *> ends;
};

} // namespace

static BranchInst *asChoice(BasicBlock &block)
{
	auto *end = dyn_cast<BranchInst>(block.getTerminator());
	return end && end->isConditional() && end->getSuccessor(0) != end->getSuccessor(1) ? end : nullptr;
}

static Leaf leafOf(uint32_t region, BranchInst *end, unsigned whenTrue)
{
	return {region, {{end, whenTrue, true, nullptr}, {end, 1 - whenTrue, false, nullptr}}};
}

bool LeafFinder::isLeftBy(const BranchInst &end, unsigned whenTrue) const
{
	return along(end, whenTrue) == wanted[true] && along(end, 1 - whenTrue) == wanted[false];
}

/* The last: by it the condition is left. */
bool LeafFinder::find(Leaf &leaf) const
{
	bool found = false;
	for (BranchInst *end : ends)
		for (unsigned whenTrue : {0U, 1U})
			if (isLeftBy(*end, whenTrue)) {
				leaf = leafOf(region, end, whenTrue);
				found = true;
			}
	return found;
}

enum { MAX_COUNTING_BLOCKS = 6 };

/* A block after this way out, past so many that only count. */
static BasicBlock *ahead(const BranchInst &end, unsigned successor, unsigned far)
{
	BasicBlock *block = end.getSuccessor(successor);
	for (; far && block; far--)
		block = isCountingBlock(*block, ~0U - 1) ? block->getUniqueSuccessor() : nullptr;
	return block;
}

/* The other ways out of the same branches, if they meet; those of other conditions may come there too. */
static std::vector<Outcome> waysBeside(const Meetings &into, const std::vector<Outcome> &ways)
{
	for (const auto &[block, all] : into) {
		std::vector<Outcome> beside;
		for (const Outcome &way : all)
			if (llvm::any_of(ways, [&way = way](const Outcome &other) {
				    return other.end == way.end && other.successor != way.successor;
			    }))
				beside.push_back(way);
		if (beside.size() == ways.size())
			return beside;
	}
	return {};
}

Sum LeafFinder::sumOf(ArrayRef<Outcome> ways) const
{
	std::vector<Term> terms;
	for (const Outcome &way : ways)
		terms.push_back({along(*way.end, way.successor), false});
	return told.add(terms);
}

/* No condition has one value whichever way one of its branches goes. */
static bool areOneOfEach(ArrayRef<Outcome> ways)
{
	for (size_t i = 0; i < ways.size(); i++)
		for (size_t j = 0; j < i; j++)
			if (ways[i].end == ways[j].end)
				return false;
	return true;
}

/* Those of the ways to one block that are the condition's. All that a macro is given stands at one place,
 * other conditions that lead to the block too; but the front end writes an operand's blocks in a row. */
std::vector<Outcome> LeafFinder::among(std::vector<Outcome> ways, bool value) const
{
	auto is = [&](ArrayRef<Outcome> some) { return sumOf(some) == wanted[value] && areOneOfEach(some); };
	if (is(ways))
		return ways;
	llvm::stable_sort(ways, [this](const Outcome &a, const Outcome &b) {
		return llvm::find(ends, a.end) < llvm::find(ends, b.end);
	});
	for (size_t first = 0; inMacro && first < ways.size(); first++)
		for (size_t count = 1; count <= ways.size() - first; count++)
			if (ArrayRef<Outcome> some = ArrayRef<Outcome>(ways).slice(first, count); is(some))
				return some.vec();
	return {};
}

/* Adds the ways out to the blocks that they come to past so many that only count. */
void LeafFinder::meetAt(unsigned far, Meetings &into) const
{
	for (BranchInst *end : ends)
		for (unsigned i : {0U, 1U})
			if (BasicBlock *block = ahead(*end, i, far))
				into[block].push_back({end, i, false, block});
}

/* "x ? y : z" is left by y and by z. Where they meet nearest is where it is left: behind it they meet those
 * of other conditions, and others lead there too. */
bool LeafFinder::findChoice(Leaf &leaf) const
{
	Meetings into;
	std::vector<Outcome> found[2];
	for (unsigned far = 0; far < MAX_COUNTING_BLOCKS; far++) {
		meetAt(far, into);
		for (bool value : {false, true})
			for (auto &[block, ways] : into)
				if (found[value].empty())
					found[value] = among(ways, value);
	}
	for (bool value : {false, true})
		if (found[value].empty() && !found[!value].empty())
			if (auto ways = waysBeside(into, found[!value]); sumOf(ways) == wanted[value])
				found[value] = std::move(ways);
	leaf = {region, {}};
	for (bool value : {false, true})
		for (Outcome &way : found[value]) {
			way.value = value;
			leaf.outcomes.push_back(way);
		}
	return !found[false].empty() && !found[true].empty();
}

/* Where the text of a file is used, in the function's own. */
static Position useOf(uint32_t file, const Shape &shape)
{
	for (size_t depth = 0; file && depth < shape.files.size(); depth++) {
		auto use = llvm::find_if(shape.regions, [&](const Region &other) {
			return other.kind == FURLONG_REGION_EXPANSION && other.expanded == file;
		});
		if (use == shape.regions.end())
			break;
		file = use->file;
		if (!file)
			return startOf(*use);
	}
	return {0, 0};
}

bool LeafFinder::findChoice(Function &function, const Shape &shape, Leaf &leaf)
{
	Position use = useOf(shape.regions[region].file, shape);
	if (!use.first)
		return false;
	ends.clear();
	for (BasicBlock &block : function)
		if (BranchInst *end = asChoice(block))
			if (const DILocation *at = end->getDebugLoc();
				at && Position(at->getLine(), at->getColumn()) >= use)
				ends.push_back(end);
	return findChoice(leaf);
}

/* A case of a switch has a branch in clang's mapping too, and that none fits is the other outcome of what is
 * switched by. */
bool LeafFinder::isCase(const Function &function) const
{
	for (const BasicBlock &block : function) {
		if (!isa<SwitchInst>(block.getTerminator()))
			continue;
		for (const BasicBlock *next : successors(&block))
			if (Sum along = told.along(&block, next);
				along == wanted[true] || along == wanted[false])
				return true;
	}
	return false;
}

bool LeafFinder::findAnywhere(Function &function, Leaf &leaf) const
{
	unsigned found = 0;
	for (BasicBlock &block : function) {
		BranchInst *end = asChoice(block);
		for (unsigned whenTrue : {0U, 1U})
			if (end && isLeftBy(*end, whenTrue)) {
				leaf = leafOf(region, end, whenTrue);
				found++;
			}
	}
	return found == 1;
}

/* Whether a condition stands beside another one in the same text, and not in it. */
static bool isBeside(const Region &other, const Region &region)
{
	return other.file == region.file &&
	       (startOf(other) < startOf(region) || endOf(other) > endOf(region));
}

Leaves findLeaves(Function &function, const Shape &shape, Told &believed,
	function_ref<bool(const Instruction &, uint32_t)> standsIn)
{
	Leaves leaves;
	std::vector<LeafFinder> open;
	for (uint32_t i = 0; i < shape.regions.size(); i++) {
		const Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_BRANCH || !region.count.encoded ||
			!region.falseCount.encoded)
			continue;
		LeafFinder finder(shape, believed, i);
		for (BasicBlock &block : function) {
			BranchInst *end = asChoice(block);
			if (end && standsIn(*end, i))
				finder.consider(*end);
		}
		Leaf leaf;
		/* What a macro is given may stand anywhere after the macro's name. */
		if (!finder.hasCode())
			leaves.none.push_back(i);
		else if (finder.isSelects())
			continue;
		else if (finder.find(leaf) || (region.file && finder.findAnywhere(function, leaf)))
			leaves.found.push_back(std::move(leaf));
		else
			open.push_back(std::move(finder));
	}
	size_t simple = leaves.found.size();
	for (LeafFinder &finder : open) {
		const Region &region = shape.regions[finder.region];
		Leaf leaf;
		/* Clang 14 gives the last operand's branch the place of the first. */
		for (size_t i = 0; i < simple; i++)
			if (isBeside(shape.regions[leaves.found[i].region], region))
				finder.exclude(*leaves.found[i].outcomes.front().end);
		/* The branch of "(p(), true)" stands at the operator behind it. */
		if (finder.findChoice(leaf) || finder.findAnywhere(function, leaf) ||
			finder.findChoice(function, shape, leaf))
			leaves.found.push_back(std::move(leaf));
		else
			(finder.isCase(function) ? leaves.none : leaves.lost).push_back(finder.region);
	}
	return leaves;
}

} // namespace furlong
