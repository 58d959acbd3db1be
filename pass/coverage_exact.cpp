/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.cpp: see coverage_exact.h.
 *
 * Where a region begins in the code must satisfy two tests: its debug location stands in the region, and if
 * all calls returned it would run as often as clang says that the region does. Then its true count is the
 * region's. What has no such place keeps clang's derivation, from the true counts of the counters it names.
 * So a wrong guess can be wrong only where clang's derivation already is.
 */
#include "coverage_exact.h"
#include "coverage_leaves.h"
#include "coverage_sites.h"
#include "coverage_tell.h"
#include "coverage_told.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

/* From here on the region's count is `sum`. */
struct Stretch {
	Position at;
	Sum sum;
};

class Exact
{
      public:
	Exact(Shape &described, CountedFunction &counted, Function &owner, const LeavingFunctions &leaving)
	    : shape(described), function(owner), increments(counted.increments),
	      believed(owner, counted, described.expressions, nullptr),
	      truth(owner, counted, described.expressions, &leaving), nest(described),
	      original(described.regions.size())
	{
	}
	ExactCounts run(Counting counting);

      private:
	void begin();
	bool closes(const Site &site) const;
	bool isOwn(const Site &site) const;
	void splitAtSites();
	void split(int region, Position at, Sum sum);
	bool straddled(const Region &outer, Position start) const;
	Sum partAt(int region, Position at) const;
	Sum derived(Count count, Position at);
	bool endsBeforePart(Count count, Count around, Position at);
	Sum ofWordless(size_t region);
	Sum ofGap(const Region &gap);
	void fileUses();
	Sum ofText(size_t region);
	Sum ofOutcome(const Region &branch, Count side, Count otherSide);
	bool standsIn(const Instruction &instruction, const Region &region, unsigned depth) const;
	bool settleCase(size_t index);
	void settle();
	std::vector<Sum> wanted() const;
	Leaves leavesOf();
	void write(Counting counting);

	Shape &shape;
	Function &function;
	const std::vector<Increment> &increments;
	Told believed, truth;
	Nest nest;
	size_t original;
	std::vector<Site> sites;                         /* as control comes to them */
	std::vector<Sum> form;                           /* of regions, as clang believes */
	std::vector<Sum> sum, falseSum;                  /* in truth */
	std::vector<bool> begun;                         /* regions whose beginning was found */
	std::vector<std::vector<Stretch>> parts;         /* of regions, by place; after the beginning */
	std::vector<std::pair<Position, Position>> uses; /* by file: of its text in the function's own file */
	std::vector<Region> added;
};

/* The first place, as control passes, that stands in a region and runs as often as it. */
void Exact::begin()
{
	for (const Site &site : sites)
		for (int region = site.region; region >= 0; region = nest.parent(region)) {
			if (begun[region] || form[region] != believed.at(*site.instruction))
				continue;
			begun[region] = true;
			sum[region] = truth.at(*site.instruction);
		}
	/* What clang believes may be wrong even if all calls return (after a try that cannot throw). Then the
	 * first place that stands in the region is right. */
	for (const Site &site : sites) {
		if (site.region < 0 || begun[site.region] || !shape.regions[site.region].count.encoded ||
			closes(site))
			continue;
		begun[site.region] = true;
		form[site.region] = believed.at(*site.instruction);
		sum[site.region] = truth.at(*site.instruction);
	}
}

Sum Exact::partAt(int region, Position at) const
{
	Sum found = sum[region];
	for (const Stretch &part : parts[region])
		if (part.at <= at)
			found = part.sum;
	return found;
}

/* Whether it says where a scope's cleanup goes on. */
static bool choosesForCleanup(const Instruction &instruction)
{
	auto *store = dyn_cast<StoreInst>(&instruction);
	auto *slot = store ? dyn_cast<AllocaInst>(store->getPointerOperand()) : nullptr;
	return slot && any_of(slot->users(), [](const User *load) {
		return isa<LoadInst>(load) &&
		       any_of(load->users(), [](const User *choice) { return isa<SwitchInst>(choice); });
	});
}

/* Whether it stands at a scope's closing brace, as its destructors do and the choice where to go then.
 * However the scope is left, control comes there; also where all of what is written before the brace is dead.
 */
bool Exact::closes(const Site &site) const
{
	Position end = endOf(shape.regions[site.region]);
	bool standsIn = site.instruction->getDebugLoc()->getLine() != site.at.first; /* for a silent return */
	return standsIn || (site.at.first == end.first && site.at.second + 1 >= end.second);
}

/* Whether what an instruction says of its line holds even against clang. A jump stands at what was written
 * before it. */
bool Exact::isOwn(const Site &site) const
{
	auto *jump = dyn_cast<BranchInst>(site.instruction);
	return !closes(site) && !(jump && jump->isUnconditional()) && !choosesForCleanup(*site.instruction) &&
	       !isa<SwitchInst>(site.instruction->getParent()->getTerminator());
}

/* Where a line of a region begins with another count than what came before it, a part begins. What the first
 * place on a line says holds even if clang believes otherwise (a static that is made once, what one thread of
 * several does). */
void Exact::splitAtSites()
{
	struct First {
		Position at;
		int region;
		Sum sum;
	};
	std::vector<First> firsts;
	std::map<std::pair<int, uint32_t>, bool> seen;
	std::vector<uint32_t> last(original); /* line that control has come to, by region */
	for (const Site &site : sites) {
		Position at = site.at;
		for (int region = site.region; region >= 0; region = nest.parent(region)) {
			bool asBelieved = form[region] == believed.at(*site.instruction);
			if (!asBelieved && (region != site.region || !isOwn(site)))
				break;
			bool goesOn = site.at.first >= last[region];
			last[region] = std::max(last[region], site.at.first);
			if (goesOn && !seen[{region, site.at.first}]) {
				seen[{region, site.at.first}] = true;
				firsts.push_back({at, region, truth.at(*site.instruction)});
			}
			/* For the region around, the line begins where this region does; unless this is all
			 * that is left of it. */
			if (!asBelieved)
				break;
			int outer = nest.parent(region);
			if (shape.regions[region].startLine != site.at.first || outer < 0 ||
				endOf(shape.regions[region]) == endOf(shape.regions[outer]))
				break;
			at = startOf(shape.regions[region]);
		}
	}
	std::stable_sort(firsts.begin(), firsts.end(), [](const First &a, const First &b) {
		return a.region != b.region ? a.region < b.region : a.at.first < b.at.first;
	});
	for (const First &first : firsts)
		split(first.region, first.at, first.sum);
}

bool Exact::straddled(const Region &outer, Position start) const
{
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.file == 0 && region.kind == FURLONG_REGION_CODE && startOf(region) < start &&
			endOf(region) > start && endOf(region) < endOf(outer))
			return true;
	}
	return false;
}

/* A new region from the end of the line before `at` to the end of its region. */
void Exact::split(int region, Position at, Sum count)
{
	const Region outer = shape.regions[region];
	if (partAt(region, at) == count || at.first <= outer.startLine)
		return;
	Position start = {at.first - 1, END_OF_LINE};
	for (bool moved = true; moved;) {
		moved = false;
		for (size_t i = 0; i < original; i++) {
			const Region &skipped = shape.regions[i];
			if (skipped.kind == FURLONG_REGION_SKIPPED && skipped.file == 0 &&
				skipped.startLine <= start.first && start.first <= skipped.endLine) {
				start.first--;
				moved = true;
				break;
			}
		}
	}
	if (start <= startOf(outer) || straddled(outer, start))
		return;
	Region rest = outer;
	rest.startLine = at.first;
	rest.startColumn = at.second;
	/* What leads up to it is a gap: it sets the count that the line begins with, and not that of the line
	 * on which it starts. */
	Region lead = rest;
	lead.kind = FURLONG_REGION_GAP;
	lead.startLine = start.first;
	lead.startColumn = start.second;
	lead.endLine = at.first;
	lead.endColumn = at.second;
	for (const Region &it : {lead, rest}) {
		added.push_back(it);
		form.push_back(form[region]);
		sum.push_back(count);
		falseSum.push_back(0);
	}
	parts[region].push_back({start, count});
}

/* Of "around - count": whether the code around is there counted anew, by a part that begins after all of what
 * is taken away. An early `return` has left that part already, and is not to be taken away again. */
bool Exact::endsBeforePart(Count count, Count around, Position at)
{
	Position begins = {0, 0};
	int outer = -1;
	while (around.encoded && outer < 0) { /* as derived() finds it; else the left-most of "a + b" */
		Sum wanted = believed.of(around);
		outer = nest.around(at);
		while (outer >= 0 && (!begun[outer] || form[outer] != wanted))
			outer = nest.parent(outer);
		around = (around.encoded - 1) & 1 ? shape.expressions[(around.encoded - 1) >> 1].left
						  : Count{0};
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

/* Clang's derivation, at a place: what counts as the code around it has the count of that code there. */
Sum Exact::derived(Count count, Position at)
{
	if (!count.encoded)
		return 0;
	Sum wanted = believed.of(count);
	for (int outer = nest.around(at); outer >= 0; outer = nest.parent(outer))
		if (begun[outer] && form[outer] == wanted)
			return partAt(outer, at);
	uint32_t index = (count.encoded - 1) >> 1;
	if (!((count.encoded - 1) & 1))
		return truth.of(count);
	const Expression expression = shape.expressions[index];
	Sum left = derived(expression.left, at);
	if (!expression.add && endsBeforePart(expression.right, expression.left, at))
		return left;
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

/* White space before a region that runs as often, else within one that does. */
Sum Exact::ofGap(const Region &gap)
{
	int next = nest.around(endOf(gap));
	Sum wanted = believed.of(gap.count);
	if (next >= 0 && startOf(shape.regions[next]) == endOf(gap) && form[next] == wanted)
		return sum[next];
	for (const Site &site : sites)
		if (site.at == endOf(gap) && believed.at(*site.instruction) == wanted)
			return truth.at(*site.instruction);
	for (int outer = nest.around(startOf(gap)); outer >= 0; outer = nest.parent(outer))
		if (begun[outer] && form[outer] == wanted)
			return partAt(outer, startOf(gap));
	return derived(gap.count, startOf(gap));
}

/* Where the text of each file is used. All code of a macro has the place of its use. */
void Exact::fileUses()
{
	uses.resize(shape.files.size());
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < original; i++) {
			const Region &region = shape.regions[i];
			if (region.kind != FURLONG_REGION_EXPANSION || !region.expanded ||
				uses[region.expanded].first.first)
				continue;
			std::pair<Position, Position> use = {startOf(region), endOf(region)};
			if (region.file)
				use = uses[region.file];
			uses[region.expanded] = use;
			changed |= use.first.first != 0;
		}
	}
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
		if (computed && depth < MAX_OPERANDS_DEEP &&
			computed->getParent() == instruction.getParent() &&
			standsIn(*computed, region, depth + 1))
			return true;
	}
	return false;
}

/* The edge that leaves the condition and runs as often as this outcome is wanted to; or the one beside that
 * of the other outcome. */
Sum Exact::ofOutcome(const Region &branch, Count side, Count otherSide)
{
	if (!side.encoded)
		return 0;
	Sum wanted = believed.of(side), unwanted = believed.of(otherSide);
	Sum found = derived(side, branch.file ? uses[branch.file].first : startOf(branch)), beside = found;
	bool isFound = false;
	for (BasicBlock &block : function) {
		auto *end = dyn_cast<BranchInst>(block.getTerminator());
		if (!end || !end->isConditional() || end->getSuccessor(0) == end->getSuccessor(1) ||
			!standsIn(*end, branch, 0))
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
	return isFound ? found : beside;
}

/* A case of a switch begins a region where its branch stands; no condition does. Clang 14 takes its count
 * from that of whatever comes before it in the text, which may have been left by a return. */
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
			if (believed.along(&block, next) != wanted)
				continue;
			sum[index] = truth.along(&block, next);
			Term others[] = {{truth.at(*block.getTerminator()), false}, {sum[index], true}};
			falseSum[index] = truth.add(others);
			return true;
		}
	}
	return false;
}

/* Every region of clang has its sum. */
void Exact::settle()
{
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		form.push_back(region.kind == FURLONG_REGION_BRANCH ? 0 : believed.of(region.count));
	}
	sum.resize(original);
	falseSum.resize(original);
	begun.resize(original);
	parts.resize(original);
	fileUses();
	begin();
	splitAtSites();
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_BRANCH || settleCase(i))
			continue;
		sum[i] = ofOutcome(region, region.count, region.falseCount);
		falseSum[i] = ofOutcome(region, region.falseCount, region.count);
	}
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (!region.count.encoded)
			sum[i] = 0;
		else if (region.file &&
			 (region.kind == FURLONG_REGION_CODE || region.kind == FURLONG_REGION_GAP))
			sum[i] = ofText(i);
		else if (region.kind == FURLONG_REGION_GAP)
			sum[i] = ofGap(region);
		else if (region.kind == FURLONG_REGION_CODE && !begun[i])
			sum[i] = ofWordless(i);
	}
}

/* All sums that are told. */
std::vector<Sum> Exact::wanted() const
{
	std::vector<Sum> all;
	for (size_t i = 0; i < shape.regions.size(); i++)
		switch (shape.regions[i].kind) {
		case FURLONG_REGION_BRANCH:
			all.push_back(falseSum[i]);
			[[fallthrough]];
		case FURLONG_REGION_CODE:
		case FURLONG_REGION_GAP:
			all.push_back(sum[i]);
			break;
		case FURLONG_REGION_EXPANSION:
		case FURLONG_REGION_SKIPPED:
			break;
		}
	return all;
}

void Exact::write(Counting counting)
{
	shape.regions.insert(shape.regions.end(), added.begin(), added.end());
	shape.expressions.clear();
	shape.counterCount = 0;
	if (counting == Counting::Hits && truth.onlyHits(wanted(), shape))
		shape.flags |= FURLONG_SHAPE_HITS;
	for (size_t i = 0; i < shape.regions.size(); i++) {
		Region &region = shape.regions[i];
		if (region.kind == FURLONG_REGION_SKIPPED || region.kind == FURLONG_REGION_EXPANSION)
			continue;
		bool isBranch = region.kind == FURLONG_REGION_BRANCH;
		/* A constant outcome stays one: it is told by its count. */
		if (!isBranch || region.count.encoded)
			region.count = truth.write(sum[i], shape);
		if (isBranch && region.falseCount.encoded)
			region.falseCount = truth.write(falseSum[i], shape);
	}
}

Leaves Exact::leavesOf()
{
	return findLeaves(function, shape, believed, [this](const Instruction &instruction, uint32_t branch) {
		return standsIn(instruction, shape.regions[branch], 0);
	});
}

ExactCounts Exact::run(Counting counting)
{
	ExactCounts counts;
	sites = findSites(function, shape, nest);
	settle();
	Leaves leaves;
	std::vector<DecisionGraph> decisions;
	if (counting == Counting::Decisions) {
		leaves = leavesOf();
		decisions = findDecisions(function, shape, increments, leaves);
		for (const Leaf &leaf : leaves.found) {
			sum[leaf.region] = truth.of(leaf, true);
			falseSum[leaf.region] = truth.of(leaf, false);
		}
	}
	write(counting);
	counts.paths = tellDecisions(shape, decisions, leaves, truth);
	counts.placements = truth.place();
	return counts;
}

std::optional<ExactCounts> makeExact(
	Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving, Counting counting)
{
	Function &function = *counted.increments.front().call->getFunction();
	if (!function.getSubprogram())
		return std::nullopt;
	for (const Increment &increment : counted.increments)
		if (increment.call->getFunction() != &function)
			return std::nullopt;
	dropDoubles(shape, function);
	spanOutlined(shape, function);
	return Exact(shape, counted, function, leaving).run(counting);
}

} // namespace furlong
