/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_nest.h: how the code regions of a function's own file stand in each other.
 */
#ifndef FURLONG_PASS_COVERAGE_NEST_H
#define FURLONG_PASS_COVERAGE_NEST_H

#include "shape.h"
#include "llvm/IR/Function.h"

namespace furlong
{

using Position = std::pair<uint32_t, uint32_t>;

enum : uint32_t { END_OF_LINE = 1 << 20 };

inline Position startOf(const Region &region)
{
	return {region.startLine, region.startColumn};
}

inline Position endOf(const Region &region)
{
	return {region.endLine, region.endColumn};
}

using Range = std::pair<Position, Position>;

inline Range rangeOf(const Region &region)
{
	return {startOf(region), endOf(region)};
}

/* Whether code of the function has a place strictly within the region. */
bool isWithin(const Region &region, const llvm::Function &function);

/* A block that one macro opens and another closes ("TRY { ... } END_TRY"), and a statement that begins with
 * what a macro ends with ("CHECK(x) << y"), have several regions of one range, each in the next; llvm-cov
 * adds them up. Only the innermost is kept. What an argument is expanded to several times has equal ranges
 * too, and adds up: no instruction has a place within it. So does what a pack is expanded to. */
void dropDoubles(Shape &shape, const llvm::Function &function);

/* Clang begins the region of a statement or an operand that begins with a macro behind the macro's name; what
 * the macro is made of stands at the name. It begins there. */
void beginAtNames(Shape &shape);

/* By file: where in the function's own text it is used. All code of a macro has the place of its use. */
std::vector<Range> usesOf(const Shape &shape);

class Nest
{
      public:
	explicit Nest(const Shape &shape);
	/* The innermost code region around a place, or -1. */
	int around(Position at) const;
	/* The one right around a code region, or -1. Regions of one range stand side by side. */
	int parent(int region) const
	{
		return parents[region];
	}

      private:
	const std::vector<Region> &regions;
	std::vector<int> ordered; /* code regions by start, outer before inner */
	std::vector<int> parents;
};

} // namespace furlong

#endif
