/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_parts.cpp: where regions begin in the code, and where a line goes on with another count than
 * what came before it (coverage_exact_regions.h).
 */
#include "coverage_exact_regions.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

/* What a pack is expanded to has a region of the same range for each of its elements, and `a && b && ...`
 * ones for its beginnings, too. They add up, but what control comes to together counts once. */
std::vector<size_t> Exact::prepare()
{
	std::map<Range, std::set<Sum>> seen;
	llvm::erase_if(shape.regions, [&](const Region &region) {
		if (region.kind != FURLONG_REGION_CODE || region.file)
			return false;
		return !seen[rangeOf(region)].insert(believed.of(region.count)).second &&
		       isWithin(region, function);
	});
	return addGiven(shape, text);
}

/* Of several regions of one range, a place belongs to the one that clang believes to run as often. */
void Exact::chooseCopies()
{
	std::map<Range, std::vector<int>> copies;
	for (size_t i = 0; i < original; i++)
		if (shape.regions[i].kind == FURLONG_REGION_CODE && !shape.regions[i].file)
			copies[rangeOf(shape.regions[i])].push_back(static_cast<int>(i));
	for (Site &site : sites) {
		if (site.region < 0)
			continue;
		for (int copy : copies[rangeOf(shape.regions[site.region])])
			if (form[copy] == believed.at(*site.instruction))
				site.region = copy;
	}
}

/* The code region that a counter is made for: the first one of its count. */
int Exact::countedBy(Count counter) const
{
	int first = -1;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind == FURLONG_REGION_CODE && !region.file &&
			region.count.encoded == counter.encoded &&
			(first < 0 || startOf(region) < startOf(shape.regions[first])))
			first = static_cast<int>(i);
	}
	return first;
}

/* Whether nothing stands between here and what its block leads to. */
static bool leadsOn(const Instruction &instruction)
{
	auto *jump = dyn_cast<BranchInst>(instruction.getParent()->getTerminator());
	if (!jump || jump->isConditional())
		return false;
	for (const Instruction *next = instruction.getNextNode(); next != jump; next = next->getNextNode())
		if (next->getDebugLoc() && !isa<IntrinsicInst>(next))
			return false;
	return true;
}

/* Clang counts a region where it begins. That is asked where nothing of the region stands there: a label
 * follows, or a table from another file and then a label. */
void Exact::beginWhereCounted()
{
	for (const Increment &increment : increments) {
		if (!leadsOn(*increment.call))
			continue;
		int region = countedBy(Count::counter(increment.index)),
		    label = labels.regionOf(increment.index);
		if (region >= 0 && form[region] == believed.at(*increment.call)) {
			begun[region] = true;
			sum[region] = truth.at(*increment.call);
		}
		if (label >= 0 && labels.onlyCounts(*increment.call->getParent())) {
			begun[label] = true;
			sum[label] = truth.at(labels.meeting(label).front());
		}
	}
}

/* The first place, as control passes, that stands in a region and runs as often as it. */
void Exact::begin()
{
	beginWhereCounted();
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

/* What a macro is made of stands at its name, and what it is given behind that, where a region that ends with
 * the macro has ended; one that is a macro alone is no region of this file. Clang gives the use of a macro
 * that is made of another one the count of what is around, and the other one's use in the text the right one.
 */
bool Exact::isOfMacro(const Site &site) const
{
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		bool isUse = region.kind == FURLONG_REGION_EXPANSION;
		if ((!isUse && (region.kind != FURLONG_REGION_CODE || !region.file)) ||
			form[i] != believed.at(*site.instruction))
			continue;
		Position use = region.file ? uses[region.file].first : startOf(region);
		if (use.first == site.at.first && use <= site.at)
			return true;
	}
	return false;
}

/* Whether what an instruction says of its line holds even against clang. A jump stands at what was written
 * before it, but for a statement that is one, and for a brace; of those, what a macro is given has no
 * regions. */
bool Exact::isOwn(const Site &site) const
{
	auto *jump = dyn_cast<BranchInst>(site.instruction);
	bool looksBack = jump && jump->isUnconditional() &&
			 !(isGiven(site.region) && (text.hasJump(site.at) || text.hasBrace(site.at)));
	return !closes(site) && !isOfMacro(site) && !looksBack && !choosesForCleanup(*site.instruction) &&
	       !isa<SwitchInst>(site.instruction->getParent()->getTerminator());
}

/* Where a macro of a system header is used on the line before this place, or 0: its code has no width. Clang
 * begins a region at what `assert` was given that goes on behind it. */
Position Exact::macroBefore(Position at) const
{
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		if (region.kind == FURLONG_REGION_CODE && region.file == 0 &&
			startOf(region) == endOf(region) && region.startLine == at.first &&
			startOf(region) < at)
			return startOf(region);
	}
	return {0, 0};
}

/* Up to clang 19 no white space leads from an operand to the next. Whether this is a jump on a line before an
 * operand, other than the one to a loop. */
bool Exact::isBeforeOperand(const Site &site) const
{
	auto *jump = dyn_cast<BranchInst>(site.instruction);
	Sum runs = believed.at(*site.instruction);
	if (!jump || (jump->isUnconditional() && form[site.region] == runs))
		return false;
	for (size_t i = 0; i < original; i++) {
		const Region &branch = shape.regions[i];
		if (branch.kind != FURLONG_REGION_BRANCH || branch.file ||
			branch.startLine != site.at.first || startOf(branch) <= site.at)
			continue;
		int operand = nest.around(startOf(branch));
		if (operand >= 0 && startOf(shape.regions[operand]) == startOf(branch) &&
			(jump->isUnconditional() || form[operand] != runs))
			return true;
	}
	return false;
}

/* An operator between operands of which one decides whether the other is evaluated: its instructions come
 * before that one, or behind both. */
bool Exact::isBetweenOperands(const Site &site) const
{
	auto isAround = [&](const Region &gap) {
		return gap.kind == FURLONG_REGION_GAP && !gap.file && startOf(gap) <= site.at &&
		       site.at < endOf(gap) && startOf(gap) > startOf(shape.regions[site.region]);
	};
	return site.region >= 0 &&
	       (llvm::any_of(shape.regions, isAround) || isBeforeOperand(site) || isBeforeGiven(site));
}

/* Conditions that the compiler knows the value of. */
static std::set<Range> constantsOf(const Shape &shape)
{
	std::set<Range> found;
	for (const Region &branch : shape.regions)
		if (branch.kind == FURLONG_REGION_BRANCH && !branch.file &&
			(!branch.count.encoded || !branch.falseCount.encoded))
			found.insert(rangeOf(branch));
	return found;
}

/* What runs right behind a place without code, or null: the first site that stands behind it in the region
 * and that clang believes to run as often. Not where what runs as often begins before it and holds no code
 * ("x ? 1 : 2"): that may be part of what is written before the place and runs behind it. A constant is no
 * such part: it has arms of its own. */
const Site *Exact::rightBehind(Position at, int region, const std::set<Range> &constants) const
{
	auto next = llvm::find_if(sites, [&](const Site &site) {
		return site.at >= at && site.at < endOf(shape.regions[region]) &&
		       believed.at(*site.instruction) == form[region];
	});
	if (next == sites.end())
		return nullptr;
	for (size_t i = 0; i < original; i++) {
		const Region &between = shape.regions[i];
		if (between.kind == FURLONG_REGION_CODE && between.file == 0 && startOf(between) > at &&
			endOf(between) <= next->at && form[i] == form[region] &&
			!constants.count(rangeOf(between)))
			return nullptr;
	}
	return &*next;
}

/* A constant condition is no code. Where it is all that a line is about, the line runs as often as what
 * follows, and not as what came before it, which may have left. */
void Exact::splitAtConstants(std::vector<First> &firsts, const SeenLines &seen) const
{
	std::set<Range> constants = constantsOf(shape);
	for (auto [start, end] : constants) {
		int region = nest.around(start);
		while (region >= 0 && !begun[region] && nest.parent(region) >= 0 &&
			form[nest.parent(region)] == form[region])
			region = nest.parent(region);
		if (region < 0 || !begun[region] || seen.count({region, start.first}))
			continue;
		if (const Site *next = rightBehind(end, region, constants))
			firsts.push_back({start, region, truth.at(*next->instruction)});
	}
}

/* Where a line of a region begins with another count than what came before it, a part begins. What the first
 * place on a line says holds even if clang believes otherwise (a static that is made once, what one thread of
 * several does). */
void Exact::splitAtSites()
{
	std::vector<First> firsts;
	SeenLines seen;
	std::vector<uint32_t> last(original); /* line that control has come to, by region */
	splitAtBraces(firsts, seen);
	for (const Site &site : sites) {
		Position at = site.at;
		if (isBetweenOperands(site))
			continue;
		for (int region = site.region; region >= 0; region = nest.parent(region)) {
			bool asBelieved = form[region] == believed.at(*site.instruction);
			if (!asBelieved && (region != site.region || !isOwn(site)))
				break;
			bool goesOn = site.at.first >= last[region] || isGiven(region);
			last[region] = std::max(last[region], site.at.first);
			if (goesOn && !seen[{region, site.at.first}]) {
				seen[{region, site.at.first}] = true;
				firsts.push_back({at, region, ofPlace(site)});
			}
			/* For the region around, the line begins where this region does; or, if this is all
			 * that is left of it, where the macro is that was given what begins it. */
			if (!asBelieved)
				break;
			int outer = nest.parent(region);
			if (shape.regions[region].startLine != site.at.first || outer < 0)
				break;
			at = startOf(shape.regions[region]);
			Position macro = macroBefore(at);
			if (!macro.first || endOf(shape.regions[region]) != endOf(shape.regions[outer]))
				continue;
			if (!seen[{outer, macro.first}]) {
				seen[{outer, macro.first}] = true;
				firsts.push_back({macro, outer, truth.at(*site.instruction)});
			}
			break;
		}
	}
	splitAtConstants(firsts, seen);
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

void Exact::add(const Region &region, Sum count)
{
	added.push_back(region);
	sum.push_back(count);
}

/* The line that a region begins on begins with that count. */
void Exact::leadTo(Region region, Sum count)
{
	region.kind = FURLONG_REGION_GAP;
	region.endLine = region.startLine--;
	region.endColumn = region.startColumn;
	region.startColumn = END_OF_LINE;
	add(region, count);
}

/* Whether a region is an arm of "x ? y : z" and another one follows: no code nor white space is between. */
bool Exact::hasOtherArm(size_t index) const
{
	Position end = endOf(shape.regions[index]), other = {0, 0};
	for (size_t i = 0; i < original; i++)
		if (nest.parent(static_cast<int>(i)) == nest.parent(static_cast<int>(index)) &&
			startOf(shape.regions[i]) > end &&
			(!other.first || startOf(shape.regions[i]) < other))
			other = startOf(shape.regions[i]);
	auto isBetween = [&](Position at) { return at >= end && at < other; };
	return other.first && llvm::none_of(sites, [&](const Site &site) { return isBetween(site.at); }) &&
	       llvm::none_of(shape.regions, [&](const Region &gap) {
		       return gap.kind == FURLONG_REGION_GAP && !gap.file && isBetween(startOf(gap));
	       });
}

/* Whether the white space before a region is all that the region's line begins with: "? x". What a macro is
 * given may begin it, too, of which clang says nothing: "|| y) {". */
bool Exact::isSpaceBefore(const Region &gap, size_t region) const
{
	return gap.kind == FURLONG_REGION_GAP && endOf(gap) == startOf(shape.regions[region]) &&
	       (gap.startLine < gap.endLine || !isGiven(startOf(gap)) || hasOtherArm(region));
}

/* Whether code runs, or clang begins or ends something, on the line of a region, before it. */
bool Exact::isLedUpTo(size_t index) const
{
	Position at = startOf(shape.regions[index]);
	auto stands = [&](const Site &site) {
		return site.at.first == at.first && site.at < at && !isBetweenOperands(site);
	};
	if (llvm::any_of(sites, stands))
		return true;
	for (size_t i = 0; i < original; i++) {
		const Region &region = shape.regions[i];
		bool ends = region.endLine == at.first && endOf(region) <= at;
		bool starts = region.startLine == at.first && startOf(region) < at;
		if (region.file == 0 && region.kind != FURLONG_REGION_BRANCH && (ends || starts) &&
			!isSpaceBefore(region, index))
			return true;
	}
	return false;
}

/* A line that begins with a region (behind a `try`) has its count, and not that of the region around. */
void Exact::leadUpToRegions()
{
	for (size_t i = 0; i < original; i++) {
		const Region inner = shape.regions[i];
		Position at = startOf(inner);
		int outer = nest.parent(static_cast<int>(i));
		bool isNeverCounted = inner.count.encoded && !sum[i]; /* "if consteval {" */
		if (inner.kind != FURLONG_REGION_CODE || inner.file || outer < 0 || isNeverCounted ||
			shape.regions[outer].startLine == at.first || partAt(outer, at) == sum[i] ||
			isLedUpTo(i))
			continue;
		leadTo(inner, sum[i]);
	}
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
				skipped.startLine <= start.first && start.first <= skipped.endLine &&
				!(start.first == skipped.startLine &&
					text.hasCode({{start.first, 1}, startOf(skipped)}))) {
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
	add(lead, count);
	auto isAll = [&](const Region &other) {
		return other.kind == FURLONG_REGION_CODE && other.file == 0 && startOf(other) == at &&
		       endOf(other) == endOf(outer);
	};
	if (llvm::none_of(shape.regions, isAll)) /* regions of one range add up */
		add(rest, count);
	parts[region].push_back({start, count});
}

} // namespace furlong
