/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_decisions.cpp: see coverage_decisions.h.
 *
 * Two conditions belong to one decision if control can come to the same block straight from both: each
 * statement makes blocks of its own to go on with, and only operands of one "&&" or "||" share theirs. Two
 * kinds of block stand between: one that the front end makes to count in, and the ends of a "&&" or "||"
 * whose value somebody wants, which are passed as long as the value is known.
 */
#include "coverage_decisions.h"
#include "coverage_nest.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

using namespace llvm;

namespace furlong
{

enum { MAX_CONDITIONS = 64, MAX_BLOCKS_AHEAD = 128 };

namespace
{

/* Where an outcome leads. */
struct Landing {
	/* The end of an operator, and the value that it has then. */
	struct End {
		BasicBlock *block;
		PHINode *phi;
		bool value;
	};
	BasicBlock *block; /* what comes after the condition */
	std::vector<End> ends;

	const BasicBlock *last() const
	{
		return ends.empty() ? block : ends.back().block;
	}
	const End *at(const BasicBlock *wanted) const
	{
		auto found = llvm::find_if(ends, [&](const End &end) { return end.block == wanted; });
		return found == ends.end() ? nullptr : &*found;
	}
};

class DecisionFinder
{
      public:
	DecisionFinder(
		Function &owner, const Shape &described, ArrayRef<Increment> increments, const Leaves &all)
	    : shape(described), leaves(all.found), lost(all.lost), dominators(owner)
	{
		uint32_t number = 0;
		ReversePostOrderTraversal<Function *> order(&owner);
		for (BasicBlock *block : order)
			turn[block] = number++;
		number = 0;
		for (BasicBlock &block : owner)
			place[&block] = number++;
		findCounting(increments);
	}
	std::vector<DecisionGraph> run();

      private:
	Region within(uint32_t file, const Region &region) const;
	uint32_t enclosing(const Region &inner, uint32_t self) const;
	bool encloses(const Region &outer, const Region &inner) const;
	std::pair<uint32_t, uint32_t> extent(const Leaf &leaf) const;
	uint32_t choiceAround(const Leaf &leaf) const;
	void findCounting(ArrayRef<Increment> increments);
	Landing landingOf(const Leaf &leaf, const Outcome &outcome) const;
	void land();
	std::vector<std::vector<unsigned>> group() const;
	const BasicBlock *beginOf(const Leaf &leaf) const;
	std::optional<unsigned> laterLeaf(
		const std::vector<unsigned> &group, unsigned from, const BasicBlock *block) const;
	std::vector<unsigned> reached(const std::vector<unsigned> &group) const;
	DecisionGraph connect(const std::vector<unsigned> &members) const;
	bool nameEnds(DecisionGraph &graph, const std::vector<unsigned> &members) const;
	std::optional<bool> valueAround(unsigned member, const Outcome &outcome) const;
	bool isTorn(const std::vector<unsigned> &members) const;
	uint32_t turnOf(unsigned leaf) const
	{
		return turn.lookup(leaves[leaf].outcomes.front().end->getParent());
	}

	const Shape &shape;
	const std::vector<Leaf> &leaves;
	const std::vector<uint32_t> &lost;
	DominatorTree dominators;
	DenseMap<const BasicBlock *, uint32_t> turn, place; /* as control passes; as written */
	std::vector<std::vector<Landing>> landings;         /* by leaf and outcome */
	std::vector<uint32_t> parents;                      /* the condition around a leaf's, or NONE */
	DenseSet<const BasicBlock *> counting;              /* made to count how a condition came out */
	enum : uint32_t { NONE = ~0u };
};

} // namespace

/* The region, or the use of the macro in whose text it is, as far as a file: an expansion leads from where a
 * macro is used to its text. */
Region DecisionFinder::within(uint32_t file, const Region &region) const
{
	Region at = region;
	for (size_t depth = 0; at.file != file && depth < shape.files.size(); depth++) {
		auto use = llvm::find_if(shape.regions, [&](const Region &other) {
			return other.kind == FURLONG_REGION_EXPANSION && other.expanded == at.file;
		});
		if (use == shape.regions.end())
			break;
		at = *use;
	}
	return at;
}

bool DecisionFinder::encloses(const Region &outer, const Region &inner) const
{
	Region at = within(outer.file, inner);
	if (at.file != outer.file || startOf(at) < startOf(outer) || endOf(at) > endOf(outer))
		return false;
	return inner.file != outer.file || startOf(at) != startOf(outer) || endOf(at) != endOf(outer);
}

/* The smallest condition that another one is a part of. */
uint32_t DecisionFinder::enclosing(const Region &inner, uint32_t self) const
{
	uint32_t found = NONE;
	for (uint32_t i = 0; i < shape.regions.size(); i++) {
		const Region &outer = shape.regions[i];
		if (i == self || outer.kind != FURLONG_REGION_BRANCH || !encloses(outer, inner))
			continue;
		if (found == NONE || encloses(shape.regions[found], outer))
			found = i;
	}
	return found;
}

bool isCountingBlock(const BasicBlock &block, unsigned places)
{
	if (block.hasNPredecessorsOrMore(places + 1))
		return false;
	for (const Instruction &instruction : block) {
		if (instruction.isTerminator())
			return isa<BranchInst>(instruction) &&
			       cast<BranchInst>(instruction).isUnconditional();
		auto *call = dyn_cast<IntrinsicInst>(&instruction);
		if (!call ||
			(!isa<DbgInfoIntrinsic>(call) &&
				!compat::startsWith(call->getCalledFunction()->getName(), "llvm.instrprof.")))
			return false;
	}
	return false;
}

/* The value of a truth that is computed from another. */
static std::optional<bool> evaluate(const Value *value, const Value *known, bool truth)
{
	if (value == known)
		return truth;
	auto *instruction = dyn_cast<Instruction>(value);
	if (!instruction)
		return std::nullopt;
	if (isa<ZExtInst>(instruction) || isa<SExtInst>(instruction) || isa<FreezeInst>(instruction) ||
		(isa<TruncInst>(instruction) && isa<ZExtInst>(instruction->getOperand(0))))
		return evaluate(instruction->getOperand(0), known, truth);
	auto *second = instruction->getNumOperands() == 2 ? dyn_cast<ConstantInt>(instruction->getOperand(1))
							  : nullptr;
	if (!second)
		return std::nullopt;
	std::optional<bool> first = evaluate(instruction->getOperand(0), known, truth);
	if (!first)
		return std::nullopt;
	auto *compare = dyn_cast<ICmpInst>(instruction);
	if (compare && compare->isEquality() && second->isZero())
		return compare->getPredicate() == ICmpInst::ICMP_NE ? *first : !*first;
	if (instruction->getOpcode() == Instruction::Xor && second->isOne())
		return !*first;
	return std::nullopt;
}

/* What a block takes over from the one before, if that is a truth and known. The first block may say at once
 * what comes of it: "false && ..." is false. */
static PHINode *takesOver(BasicBlock &block, const BasicBlock *from, const Value *known, bool truth,
	std::optional<bool> &value, bool isFirst)
{
	for (PHINode &phi : block.phis()) {
		int index = phi.getBasicBlockIndex(from);
		if (!phi.getType()->isIntegerTy() || index < 0)
			continue;
		auto *constant = dyn_cast<ConstantInt>(phi.getIncomingValue(index));
		if (constant && isFirst && phi.getType()->isIntegerTy(1))
			value = constant->isOne();
		else
			value = evaluate(phi.getIncomingValue(index), known, truth);
		if (value)
			return &phi;
	}
	return nullptr;
}

/* "!" around all of a decision whose value somebody wants. */
static bool isTurned(const Value *value)
{
	bool turned = false;
	for (; value->hasOneUse(); turned = !turned) {
		const auto *user = dyn_cast<Instruction>(*value->user_begin());
		const auto *second = user && user->getOpcode() == Instruction::Xor
					     ? dyn_cast<ConstantInt>(user->getOperand(1))
					     : nullptr;
		if (!second || !second->isOne() || !user->getType()->isIntegerTy(1))
			break;
		value = user;
	}
	return turned;
}

/* A block that does nothing but count a statement and leave ("if (a) return; if (b) return;") looks like one,
 * but there is a region for the statement. */
void DecisionFinder::findCounting(ArrayRef<Increment> increments)
{
	DenseSet<uint32_t> statements;
	for (const Region &region : shape.regions)
		if (region.kind == FURLONG_REGION_CODE)
			statements.insert(region.count.encoded);
	for (const Increment &increment : increments)
		counting.insert(increment.call->getParent());
	for (const Increment &increment : increments)
		if (statements.count(Count::counter(increment.index).encoded))
			counting.erase(increment.call->getParent());
}

Landing DecisionFinder::landingOf(const Leaf &leaf, const Outcome &outcome) const
{
	BasicBlock *from = outcome.end->getParent(), *block = outcome.end->getSuccessor(outcome.successor);
	auto pass = [&] {
		from = block;
		block = block->getUniqueSuccessor();
	};
	while (outcome.meets && block != outcome.meets)
		pass();
	auto isSame = [&](const Outcome &other) { return other.value == outcome.value; };
	if (counting.count(block) && isCountingBlock(*block, llvm::count_if(leaf.outcomes, isSame)))
		pass();
	Landing landing = {block, {}};
	const Value *known = outcome.end->getCondition();
	bool truth = outcome.successor == 0;
	for (int i = 0; i < MAX_BLOCKS_AHEAD; i++) {
		std::optional<bool> value;
		PHINode *phi = takesOver(*block, from, known, truth, value, /*isFirst=*/i == 0);
		if (!phi)
			break;
		landing.ends.push_back({block, phi, *value});
		known = phi;
		truth = *value;
		from = block;
		block = block->getUniqueSuccessor();
		if (!block)
			break;
	}
	return landing;
}

/* The blocks of a condition, by their places: the front end writes them in a row. */
std::pair<uint32_t, uint32_t> DecisionFinder::extent(const Leaf &leaf) const
{
	uint32_t first = place.lookup(beginOf(leaf)), last = first;
	for (const Outcome &outcome : leaf.outcomes)
		last = std::max(last, place.lookup(outcome.end->getParent()));
	return {first, last};
}

/* The smallest "x ? y : z" that a condition is a part of, of those that stand at the same place: all that a
 * macro is given does. */
uint32_t DecisionFinder::choiceAround(const Leaf &leaf) const
{
	const Region &its = shape.regions[leaf.region];
	auto [first, last] = extent(leaf);
	uint32_t found = NONE, smallest = ~0U;
	for (const Leaf &other : leaves) {
		const Region &around = shape.regions[other.region];
		auto [begin, end] = extent(other);
		if (other.outcomes.size() <= 2 || around.file != its.file ||
			startOf(around) != startOf(its) || begin > first || end < last ||
			end - begin == last - first || end - begin >= smallest)
			continue;
		found = other.region;
		smallest = end - begin;
	}
	return found;
}

void DecisionFinder::land()
{
	for (const Leaf &leaf : leaves) {
		std::vector<Landing> its;
		for (const Outcome &outcome : leaf.outcomes)
			its.push_back(landingOf(leaf, outcome));
		landings.push_back(std::move(its));
		uint32_t choice = choiceAround(leaf);
		parents.push_back(
			choice != NONE ? choice : enclosing(shape.regions[leaf.region], leaf.region));
	}
}

/* Conditions, by the order in which control comes to them, that share a block to go on with. */
std::vector<std::vector<unsigned>> DecisionFinder::group() const
{
	std::vector<unsigned> root(leaves.size());
	std::iota(root.begin(), root.end(), 0);
	auto find = [&root](unsigned leaf) {
		while (root[leaf] != leaf)
			leaf = root[leaf] = root[root[leaf]];
		return leaf;
	};
	/* What a loop begins with is come to from before the loop, and back from its end. */
	auto isBack = [this](unsigned leaf, const BasicBlock *block) {
		return dominators.dominates(block, leaves[leaf].outcomes.front().end->getParent());
	};
	std::map<std::tuple<uint32_t, const BasicBlock *, bool>, unsigned> firstAt;
	for (unsigned i = 0; i < leaves.size(); i++)
		for (const Landing &landing : landings[i]) {
			const BasicBlock *last = landing.last();
			auto [known, isNew] = firstAt.try_emplace({parents[i], last, isBack(i, last)}, i);
			root[find(i)] = find(known->second);
		}
	std::map<unsigned, std::vector<unsigned>> groups;
	for (unsigned i = 0; i < leaves.size(); i++)
		groups[find(i)].push_back(i);
	std::vector<std::vector<unsigned>> found;
	for (auto &[first, members] : groups) {
		std::stable_sort(members.begin(), members.end(),
			[this](unsigned a, unsigned b) { return turnOf(a) < turnOf(b); });
		found.push_back(std::move(members));
	}
	return found;
}

/* Control passes it to any outcome of the condition. */
const BasicBlock *DecisionFinder::beginOf(const Leaf &leaf) const
{
	BasicBlock *common = leaf.outcomes.front().end->getParent();
	for (const Outcome &outcome : leaf.outcomes)
		common = dominators.findNearestCommonDominator(common, outcome.end->getParent());
	return common;
}

/* The first condition that is evaluated after `from` only if control passes the block. */
std::optional<unsigned> DecisionFinder::laterLeaf(
	const std::vector<unsigned> &group, unsigned from, const BasicBlock *block) const
{
	if (!dominators.dominates(beginOf(leaves[group.front()]), block))
		return std::nullopt;
	for (unsigned i = from + 1; i < group.size(); i++) {
		auto inside = [&](const Outcome &outcome) {
			return dominators.dominates(block, outcome.end->getParent());
		};
		if (llvm::all_of(leaves[group[i]].outcomes, inside))
			return i;
	}
	return std::nullopt;
}

/* Those of a group that its first one leads to. */
std::vector<unsigned> DecisionFinder::reached(const std::vector<unsigned> &group) const
{
	std::vector<bool> is(group.size());
	std::vector<unsigned> members;
	is[0] = true;
	for (unsigned i = 0; i < group.size(); i++) {
		if (!is[i])
			continue;
		members.push_back(group[i]);
		for (const Landing &landing : landings[group[i]])
			if (std::optional<unsigned> next = laterLeaf(group, i, landing.block))
				is[*next] = true;
	}
	return members;
}

/* Whether a condition that was not found stands on the lines of these, and may be one of them. */
bool DecisionFinder::isTorn(const std::vector<unsigned> &members) const
{
	uint32_t first = ~0U, last = 0;
	for (unsigned member : members) {
		Region its = within(0, shape.regions[leaves[member].region]);
		first = std::min(first, its.startLine);
		last = std::max(last, its.endLine);
	}
	/* What a macro is given stands at one place, whatever is around it. */
	auto isAtOnePlace = [&](uint32_t missing) {
		const Region &one = shape.regions[missing],
			     &its = shape.regions[leaves[members.front()].region];
		return one.file && one.file == its.file && startOf(one) == startOf(its);
	};
	return members.size() > 1 && llvm::any_of(lost, [&](uint32_t missing) {
		Region its = within(0, shape.regions[missing]);
		return its.startLine <= last && its.endLine >= first &&
		       (enclosing(shape.regions[missing], missing) == parents[members.front()] ||
			       isAtOnePlace(missing));
	});
}

/* What the condition around is when this one is left: "y && z" may be an arm of "x ? y && z : w". */
std::optional<bool> DecisionFinder::valueAround(unsigned member, const Outcome &outcome) const
{
	for (const Leaf &leaf : leaves)
		for (const Outcome &other : leaf.outcomes)
			if (leaf.region == parents[member] && other.end == outcome.end &&
				other.successor == outcome.successor)
				return other.value;
	return std::nullopt;
}

/* Where a decision's value is taken over, whatever it is: the first such block after all of its ends. */
static const BasicBlock *meeting(ArrayRef<const Landing *> landings)
{
	for (const Landing::End &end : landings.front()->ends)
		if (llvm::all_of(landings, [&](const Landing *other) { return other->at(end.block); }))
			return end.block;
	return nullptr;
}

/* What the ends mean. Either they are ends of a condition around; or the value is taken over somewhere; or,
 * where nobody wants a value, there are two, of which the front end writes the one for "true" first. */
bool DecisionFinder::nameEnds(DecisionGraph &graph, const std::vector<unsigned> &members) const
{
	std::vector<uint32_t *> nexts;
	std::vector<const Landing *> ends;
	std::vector<std::optional<bool>> around;
	std::map<uint32_t, const BasicBlock *> blocks; /* by place */
	for (unsigned i = 0; i < members.size(); i++)
		for (unsigned j = 0; j < landings[members[i]].size(); j++) {
			const Outcome &outcome = leaves[members[i]].outcomes[j];
			uint32_t *next = &graph.nodes[i].next[outcome.value];
			if (*next >= DecisionGraph::FIRST_CONDITION)
				continue;
			nexts.push_back(next);
			ends.push_back(&landings[members[i]][j]);
			around.push_back(valueAround(members[i], outcome));
			blocks[place.lookup(ends.back()->block)] = ends.back()->block;
		}
	bool areAround =
		llvm::all_of(around, [](const std::optional<bool> &value) { return value.has_value(); });
	const BasicBlock *met = meeting(ends);
	if (!areAround && !met && (blocks.size() != 2 || llvm::is_contained(lost, parents[members.front()])))
		return false;
	for (size_t i = 0; i < ends.size(); i++) {
		bool value = ends[i]->block == blocks.begin()->second;
		if (areAround)
			value = *around[i];
		else if (met)
			value = ends[i]->at(met)->value != isTurned(ends[i]->at(met)->phi);
		*nexts[i] = value ? DecisionGraph::ENDS_TRUE : DecisionGraph::ENDS_FALSE;
	}
	return true;
}

DecisionGraph DecisionFinder::connect(const std::vector<unsigned> &members) const
{
	DecisionGraph graph = {{}, members.size() <= MAX_CONDITIONS && !isTorn(members)};
	for (unsigned i = 0; i < members.size(); i++) {
		std::optional<uint32_t> next[2];
		const Leaf &leaf = leaves[members[i]];
		for (unsigned j = 0; j < leaf.outcomes.size(); j++) {
			std::optional<unsigned> later = laterLeaf(members, i, landings[members[i]][j].block);
			uint32_t to =
				later ? DecisionGraph::FIRST_CONDITION + *later : DecisionGraph::ENDS_FALSE;
			std::optional<uint32_t> &known = next[leaf.outcomes[j].value];
			graph.followed &= !known || *known == to;
			known = to;
		}
		graph.followed &= next[false] && next[true];
		graph.nodes.push_back({&leaf, {next[false].value_or(0), next[true].value_or(0)}});
		/* The operand after an operator is come to by one of the ways out of the one before. */
		uint32_t following = DecisionGraph::FIRST_CONDITION + i + 1;
		if (i + 1 < members.size())
			graph.followed &=
				graph.nodes[i].next[0] == following || graph.nodes[i].next[1] == following;
	}
	if (graph.followed)
		graph.followed = nameEnds(graph, members);
	return graph;
}

std::vector<DecisionGraph> DecisionFinder::run()
{
	std::vector<DecisionGraph> decisions;
	land();
	for (std::vector<unsigned> rest : group())
		while (!rest.empty()) {
			std::vector<unsigned> members = reached(rest);
			llvm::erase_if(
				rest, [&](unsigned leaf) { return llvm::is_contained(members, leaf); });
			DecisionGraph graph = connect(members);
			if (graph.nodes.size() > 1 || !graph.followed)
				decisions.push_back(std::move(graph));
		}
	return decisions;
}

std::vector<DecisionGraph> findDecisions(
	Function &function, const Shape &shape, ArrayRef<Increment> increments, const Leaves &leaves)
{
	return DecisionFinder(function, shape, increments, leaves).run();
}

Paths::Paths(const DecisionGraph &graph) : onwards(graph.nodes.size()), ways(graph.nodes.size())
{
	for (size_t i = graph.nodes.size(); i-- > 0;)
		onwards[i] = after(graph.nodes[i], false) + after(graph.nodes[i], true);
	ways[0] = 1;
	for (size_t i = 0; i < graph.nodes.size(); i++)
		for (uint32_t next : graph.nodes[i].next)
			if (next >= DecisionGraph::FIRST_CONDITION)
				ways[next - DecisionGraph::FIRST_CONDITION] += ways[i];
}

uint64_t Paths::after(const DecisionGraph::Node &node, bool value) const
{
	uint32_t next = node.next[value];
	return next < DecisionGraph::FIRST_CONDITION ? 1 : onwards[next - DecisionGraph::FIRST_CONDITION];
}

} // namespace furlong
