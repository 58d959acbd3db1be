/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact.cpp: see coverage_exact.h.
 *
 * A place for a counter must satisfy two tests: the flow says that it runs as often as the region wants
 * (coverage_flow.h), and its debug location stands in the region. So a wrong guess can be wrong only where
 * clang's derivation already is. Regions that macros expand to share the counters of where they are used.
 */
#include "coverage_exact.h"
#include "coverage_flow.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

using Position = std::pair<uint32_t, uint32_t>;

enum : uint32_t { END_OF_LINE = 1 << 20 };

static Position startOf(const Region &region)
{
	return {region.startLine, region.startColumn};
}

static Position endOf(const Region &region)
{
	return {region.endLine, region.endColumn};
}

/* From here on, until the next point of the same form, counts of that form are `count`. */
struct Point {
	Position at;
	Form form;
	Count count;
	uint32_t owner; /* region it belongs to */
};

class Exact
{
      public:
	Exact(Shape &described, CountedFunction &counted, Function &owner, const LeavingFunctions &left)
	    : shape(described), function(owner), flow(owner, counted.increments),
	      increments(counted.increments), leaving(left)
	{
	}
	std::vector<Placement> run();

      private:
	struct Site {
		Instruction *instruction;
		Position at;
		int region; /* innermost code region, or -1 */
	};

	void collectSites();
	int innermost(Position at) const;
	Count newCounter(Instruction *before);
	const Site *beginOf(size_t region) const;
	void anchorRegions();
	void anchorBranches();
	bool isCounted(const BasicBlock *block, const Form &form) const;
	Count countEdge(const Region &branch, const Form &form);
	void splitAfterCalls();
	int enclosing(int inner) const;
	const Position *unsplitCall(int region, const Site &site) const;
	void tryContinue(Site site);
	void spread();
	void spreadInto(uint32_t file, const Point &point, unsigned depth);

	Shape &shape;
	Function &function;
	Flow flow;
	const std::vector<Increment> &increments;
	const LeavingFunctions &leaving;
	std::vector<Form> forms; /* of regions */
	std::vector<Site> sites; /* in reverse post-order, instructions with a place in a region */
	std::vector<Position> calls;
	std::vector<Point> points, outcomes;
	std::vector<Placement> placements;
	size_t original = 0;
};

static bool isExpression(Count count)
{
	return count.encoded && ((count.encoded - 1) & 1);
}

int Exact::innermost(Position at) const
{
	int found = -1;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_CODE || region.file != 0 || at < startOf(region) ||
			at >= endOf(region))
			continue;
		if (found < 0 || startOf(region) > startOf(shape.regions[found]) ||
			(startOf(region) == startOf(shape.regions[found]) &&
				endOf(region) < endOf(shape.regions[found])))
			found = static_cast<int>(i);
	}
	return found;
}

/* Nothing may come between a musttail call and its return. */
static bool endsTailCall(const Instruction &instruction)
{
	return instruction.getParent()->getTerminatingMustTailCall() && !isa<CallBase>(instruction) &&
	       instruction.isTerminator();
}

void Exact::collectSites()
{
	ReversePostOrderTraversal<Function *> order(&function);
	for (BasicBlock *block : order)
		for (Instruction &instruction : *block) {
			const DILocation *location = instruction.getDebugLoc();
			if (!location || !location->getLine() || location->getInlinedAt() ||
				isa<PHINode>(instruction) || isa<AllocaInst>(instruction))
				continue;
			if (location->getFile() != function.getSubprogram()->getFile())
				continue;
			if (isa<IntrinsicInst>(instruction) || instruction.isEHPad() ||
				endsTailCall(instruction))
				continue;
			Position at = {location->getLine(), location->getColumn()};
			auto *call = dyn_cast<CallBase>(&instruction);
			if (call && leaving.mayNotReturnOnce(*call))
				calls.push_back(at);
			sites.push_back({&instruction, at, innermost(at)});
		}
	std::sort(calls.begin(), calls.end());
}

Count Exact::newCounter(Instruction *before)
{
	for (const Placement &placement : placements)
		if (placement.before == before)
			return Count::counter(placement.index);
	uint32_t index = shape.counterCount++;
	placements.push_back({before, index});
	return Count::counter(index);
}

/* The first place, as control passes, that stands in the region and runs as often as it; where scopes with
 * cleanups hide from the flow how often ("return" within a loop), the first that stands in it. */
const Exact::Site *Exact::beginOf(size_t region) const
{
	const Site *unknown = nullptr;
	for (const Site &site : sites) {
		const BasicBlock *block = site.instruction->getParent();
		if (site.region != static_cast<int>(region) || block->getFirstInsertionPt() == block->end())
			continue;
		const Form *form = flow.of(block);
		if (form && *form == forms[region])
			return &site;
		if (!form && !unknown)
			unknown = &site;
	}
	return unknown;
}

/* Derived regions get a counter where they begin. */
void Exact::anchorRegions()
{
	for (size_t i = 0; i < original; i++) {
		Region &region = shape.regions[i];
		if (region.kind != FURLONG_REGION_CODE || region.file != 0 || !isExpression(region.count))
			continue;
		if (const Site *begin = beginOf(i)) {
			region.count = newCounter(&*begin->instruction->getParent()->getFirstInsertionPt());
			points.push_back({startOf(region), forms[i], region.count, static_cast<uint32_t>(i)});
			continue;
		}
		/* No instruction of its own ("x ? 0 : 1"): it runs as often as the outcome that leads to it.
		 */
		for (const Point &outcome : outcomes)
			if (outcome.form == forms[i] && outcome.at <= startOf(region))
				region.count = outcome.count;
	}
}

/* Whether clang itself counts this block, and nothing but what enters it from one place. */
bool Exact::isCounted(const BasicBlock *block, const Form &form) const
{
	if (!block->getSinglePredecessor() || form.size() != 1 || form.begin()->second != 1)
		return false;
	for (const Increment &increment : increments)
		if (increment.call->getParent() == block && increment.index == form.begin()->first)
			return true;
	return false;
}

enum { MAX_OPERANDS_DEEP = 4 };

/* Whether the instruction, or what it computes from, is written within the region: a loop's branch stands at
 * its "for", the comparison that decides it in the condition. */
static bool standsIn(const Instruction &instruction, const Region &region, unsigned depth)
{
	if (const DILocation *place = instruction.getDebugLoc()) {
		Position at = {place->getLine(), place->getColumn()};
		if (at >= startOf(region) && at < endOf(region))
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

/* The edge that leaves the condition and runs as often as this outcome is wanted to. */
Count Exact::countEdge(const Region &branch, const Form &form)
{
	const FlowEdge *found = nullptr;
	for (const FlowEdge &edge : flow.edges()) {
		auto *end = dyn_cast<BranchInst>(edge.from->getTerminator());
		if (!end || !end->isConditional() || end->getSuccessor(0) == end->getSuccessor(1) ||
			!edge.form || *edge.form != form || edge.to->isEHPad())
			continue;
		if (!standsIn(*end, branch, 0))
			continue;
		found = &edge; /* the last: a condition that branches within itself leaves by it */
	}
	if (!found || isCounted(found->to, form))
		return Count::zero();
	BasicBlock *place = found->to->getSinglePredecessor() ? found->to : SplitEdge(found->from, found->to);
	return newCounter(&*place->getFirstInsertionPt());
}

void Exact::anchorBranches()
{
	for (size_t i = 0; i < original; i++) {
		Region branch = shape.regions[i];
		if (branch.kind != FURLONG_REGION_BRANCH || branch.file != 0)
			continue;
		for (Count *side : {&branch.count, &branch.falseCount}) {
			if (!side->encoded)
				continue;
			Form form = Flow::ofCount(*side, shape.expressions);
			Count own = countEdge(branch, form);
			if (!own.encoded)
				continue;
			*side = own;
			outcomes.push_back({startOf(branch), form, own, static_cast<uint32_t>(i)});
		}
		shape.regions[i] = branch;
	}
}

/* The code region right around another one, or -1. */
int Exact::enclosing(int inner) const
{
	int found = -1;
	const Region &region = shape.regions[inner];
	for (int i = 0; i < static_cast<int>(original); i++) {
		const Region &outer = shape.regions[i];
		if (i == inner || outer.kind != FURLONG_REGION_CODE || outer.file != 0 ||
			startOf(outer) > startOf(region) || endOf(outer) < endOf(region) ||
			(startOf(outer) == startOf(region) && endOf(outer) == endOf(region)))
			continue;
		if (found < 0 || startOf(outer) > startOf(shape.regions[found]))
			found = i;
	}
	return found;
}

/* The last call that may not return once, on a line before `site`, within `region` and not yet split after.
 */
const Position *Exact::unsplitCall(int region, const Site &site) const
{
	Position from = startOf(shape.regions[region]);
	for (const Point &point : points)
		if (point.owner == static_cast<uint32_t>(region) && point.at < site.at)
			from = std::max(from, point.at);
	auto call = std::lower_bound(calls.begin(), calls.end(), from);
	if (call == calls.end() || call->first >= site.at.first ||
		call->first >= shape.regions[region].endLine)
		return nullptr;
	return &*call;
}

/* A new region from the end of the line before `site` to the end of its region, counted at `site`. A
 * condition has a region of its own, which runs as often as the one around it: then it is that one which is
 * split. */
void Exact::tryContinue(Site site)
{
	const Position *call = unsplitCall(site.region, site);
	while (!call) {
		int around = enclosing(site.region);
		if (around < 0 || forms[around] != forms[site.region])
			return;
		site.region = around;
		call = unsplitCall(around, site);
	}
	const Region outer = shape.regions[site.region];
	Position start = {site.at.first - 1, END_OF_LINE};
	for (bool moved = true; moved && start.first > call->first;) {
		moved = false;
		for (size_t i = 0; i < original; i++) {
			const Region &region = shape.regions[i];
			if (region.kind == FURLONG_REGION_SKIPPED && region.file == 0 &&
				region.startLine <= start.first && start.first <= region.endLine) {
				start.first--;
				moved = true;
				break;
			}
		}
	}
	if (start <= startOf(outer))
		return;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		bool straddles = region.file == 0 && region.kind == FURLONG_REGION_CODE &&
				 startOf(region) < start && endOf(region) > start &&
				 endOf(region) < endOf(outer);
		if (straddles)
			return;
	}
	Region rest = outer;
	rest.startLine = site.at.first;
	rest.startColumn = site.at.second;
	rest.count = newCounter(site.instruction);
	/* What leads up to it is a gap: it sets the count that the line begins with, and not that of the line
	 * on which it starts. */
	Region lead = rest;
	lead.kind = FURLONG_REGION_GAP;
	lead.startLine = start.first;
	lead.startColumn = start.second;
	lead.endLine = site.at.first;
	lead.endColumn = site.at.second;
	shape.regions.push_back(lead);
	forms.push_back(forms[site.region]);
	points.push_back({start, forms[site.region], rest.count, static_cast<uint32_t>(site.region)});
	shape.regions.push_back(rest);
	forms.push_back(forms[site.region]);
}

void Exact::splitAfterCalls()
{
	std::vector<Site> ordered;
	for (const Site &site : sites) {
		const Form *form = flow.of(site.instruction->getParent());
		if (site.region >= 0 && form && *form == forms[site.region])
			ordered.push_back(site);
	}
	std::stable_sort(ordered.begin(), ordered.end(),
		[](const Site &a, const Site &b) { return a.at.first < b.at.first; });
	for (const Site &site : ordered)
		tryContinue(site);
}

/* Regions inside a split one that counted with it count with the part they stand in. */
void Exact::spread()
{
	std::sort(points.begin(), points.end(), [](const Point &a, const Point &b) { return a.at < b.at; });
	for (size_t i = 0; i < original; i++) {
		Region &region = shape.regions[i];
		if (region.file != 0)
			continue;
		const Point *last = nullptr;
		for (const Point &point : points)
			if (point.at <= startOf(region) && point.owner != i &&
				endOf(shape.regions[point.owner]) >= endOf(region) &&
				(region.kind == FURLONG_REGION_EXPANSION || point.form == forms[i]))
				last = &point;
		if (!last)
			continue;
		if (region.kind == FURLONG_REGION_EXPANSION) {
			for (const Point &point : points)
				if (point.at <= startOf(region) &&
					endOf(shape.regions[point.owner]) >= endOf(region))
					spreadInto(region.expanded, point, 0);
		} else if (region.kind == FURLONG_REGION_CODE || region.kind == FURLONG_REGION_GAP)
			region.count = last->count;
	}
}

void Exact::spreadInto(uint32_t file, const Point &point, unsigned depth)
{
	for (size_t i = 0; i < original && depth < 64; i++) {
		Region &region = shape.regions[i];
		if (region.file != file)
			continue;
		if (region.kind == FURLONG_REGION_EXPANSION)
			spreadInto(region.expanded, point, depth + 1);
		else if (forms[i] == point.form &&
			 (region.kind == FURLONG_REGION_CODE || region.kind == FURLONG_REGION_GAP))
			region.count = point.count;
	}
}

std::vector<Placement> Exact::run()
{
	original = shape.regions.size();
	for (const Region &region : shape.regions)
		forms.push_back(Flow::ofCount(region.count, shape.expressions));
	collectSites();
	if (calls.empty())
		return {};
	anchorBranches();
	anchorRegions();
	splitAfterCalls();
	spread();
	return std::move(placements);
}

std::vector<Placement> makeExact(Shape &shape, CountedFunction &counted, const LeavingFunctions &leaving)
{
	Function &function = *counted.increments.front().call->getFunction();
	if (!function.getSubprogram())
		return {};
	for (const Increment &increment : counted.increments)
		if (increment.call->getFunction() != &function)
			return {};
	return Exact(shape, counted, function, leaving).run();
}

} // namespace furlong
