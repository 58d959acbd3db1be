/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_exact_regions.h: the regions of one function on their way to true counts; only coverage_exact*.cpp
 * are to include it.
 *
 * Where a region begins in the code must satisfy two tests: its debug location stands in the region, and if
 * all calls returned it would run as often as clang says that the region does. Then its true count is the
 * region's. What has no such place keeps clang's derivation, from the true counts of the counters it names.
 * So a wrong guess can be wrong only where clang's derivation already is.
 */
#ifndef FURLONG_PASS_COVERAGE_EXACT_REGIONS_H
#define FURLONG_PASS_COVERAGE_EXACT_REGIONS_H

#include "coverage_exact.h"
#include "coverage_given.h"
#include "coverage_labels.h"
#include "coverage_leaves.h"
#include "coverage_sites.h"
#include "coverage_told.h"
#include "llvm/IR/Dominators.h"
#include <map>
#include <optional>
#include <set>

namespace furlong
{

/* From here on the region's count is `sum`. */
struct Stretch {
	Position at;
	Sum sum;
};

/* What the first place on a line says of a region. */
struct First {
	Position at;
	int region;
	Sum sum;
};

using SeenLines = std::map<std::pair<int, uint32_t>, bool>; /* by region and line */

class Exact
{
      public:
	Exact(Shape &described, CountedFunction &counted, llvm::Function &owner,
		const LeavingFunctions &leaving, const SourceText &source, const std::vector<Range> &others)
	    : shape(described), function(owner), text(source), foreign(others),
	      increments(counted.increments), believed(owner, counted, described.expressions, nullptr),
	      truth(owner, counted, described.expressions, &leaving), given(prepare()), nest(shape),
	      uses(usesOf(described)), labels(described, uses, counted.increments),
	      original(described.regions.size()), written(outline())
	{
	}
	ExactCounts run(Counting counting);

      private:
	/* coverage_exact_parts.cpp */
	std::vector<size_t> prepare();
	void chooseCopies();
	int countedBy(Count counter) const;
	void beginWhereCounted();
	void begin();
	bool closes(const Site &site) const;
	bool isOfMacro(const Site &site) const;
	bool isOwn(const Site &site) const;
	Position macroBefore(Position at) const;
	const Site *rightBehind(Position at, int region, const std::set<Range> &constants) const;
	void splitAtConstants(std::vector<First> &firsts, const SeenLines &seen) const;
	bool isBeforeOperand(const Site &site) const;
	bool isBetweenOperands(const Site &site) const;
	void splitAtSites();
	void add(const Region &region, Sum count);
	void leadTo(Region region, Sum count);
	void split(int region, Position at, Sum sum);
	bool hasOtherArm(size_t region) const;
	bool isSpaceBefore(const Region &gap, size_t region) const;
	bool isLedUpTo(size_t region) const;
	void leadUpToRegions();
	bool straddled(const Region &outer, Position start) const;
	Sum partAt(int region, Position at) const;

	/* coverage_exact_braces.cpp */
	int leftBy(const llvm::BranchInst &jump, const std::vector<const llvm::BasicBlock *> &begins,
		const llvm::DominatorTree &dominators) const;
	bool endsWithBrace(const Region &region) const;
	std::vector<const llvm::BasicBlock *> beginnings() const;
	void splitAtBraces(std::vector<First> &firsts, SeenLines &seen) const;

	/* coverage_exact_blocks.cpp */
	Outline outline() const;
	bool isLabel(int region) const;
	bool isBehindLabel(const Block &block) const;
	bool isRestOf(int around, Position brace, int region) const;
	const llvm::Instruction *goesOnToCase(int region, Position brace) const;
	const llvm::Instruction *nextBehind(
		Position brace, int around, const std::vector<const llvm::BasicBlock *> &begins) const;
	const llvm::Instruction *firstIn(Position open, Position close) const;
	void splitAtOpening(Position open, Position close, std::vector<First> &firsts, SeenLines &seen) const;
	int leftWithin(Position open, Position close) const;
	void closeLabelled();
	void splitAtBlocks(std::vector<First> &firsts, SeenLines &seen, const llvm::DominatorTree &dominators,
		const std::vector<const llvm::BasicBlock *> &begins) const;

	/* coverage_exact_given.cpp */
	void beginGiven();
	void endGiven();
	bool isGiven(int region) const;
	bool isGiven(Position at) const;
	bool repeatsJump(const Site &site) const;
	bool isBeforeGiven(const Site &jump) const;
	Sum ofPlace(const Site &first);

	/* coverage_exact_counts.cpp */
	bool runsAs(int region, Count count);
	Count enteredOnce(Count count, Position at);
	Sum derived(Count count, Position at);
	bool endsBeforePart(Count count, Count around, Position at);
	Sum ofWordless(size_t region);
	Sum ofGap(const Region &gap);
	Sum ofText(size_t region);
	std::optional<Sum> ofEdgeAnywhere(Sum wanted, Sum unwanted);
	std::optional<Sum> besideAdded(Count outcome);
	Sum ofOutcome(const Region &branch, Count side, Count otherSide);
	bool standsIn(const llvm::Instruction &instruction, const Region &region, unsigned depth) const;
	bool standsElsewhere(const llvm::BranchInst &end, const Region &branch) const;
	bool settleTogether(size_t index);
	bool settleCase(size_t index);

	void settle();
	std::vector<Sum> wanted() const;
	Leaves leavesOf();
	void write(Counting counting);

	Shape &shape;
	llvm::Function &function;
	const SourceText &text;            /* of the file that the function is in */
	const std::vector<Range> &foreign; /* the text of other functions */
	const std::vector<Increment> &increments;
	Told believed, truth;
	std::vector<size_t> given; /* coverage_given.h; these regions are the last of clang's */
	Nest nest;
	std::vector<Range> uses; /* of the text of each file */
	Labels labels;
	size_t original;
	const Outline written;                   /* of the function */
	std::vector<Site> sites;                 /* as control comes to them */
	std::vector<Sum> form;                   /* of regions, as clang believes */
	std::vector<Sum> sum, falseSum;          /* in truth */
	std::vector<bool> begun;                 /* regions whose beginning was found */
	std::vector<std::vector<Stretch>> parts; /* of regions, by place; after the beginning */
	std::vector<Region> added;
	std::set<std::pair<const llvm::BasicBlock *, const llvm::BasicBlock *>>
		cases; /* whose branch is settled */
};

} // namespace furlong

#endif
