/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_sums.h: counts as sums and differences of what could be counted, each kept once.
 *
 * A sum has a print: every symbol has a number of its own, and a sum's print is the sum of theirs. Equal
 * sums have equal prints, however they came about, and are one. Only what is written gets counters.
 */
#ifndef FURLONG_PASS_COVERAGE_SUMS_H
#define FURLONG_PASS_COVERAGE_SUMS_H

#include "shape.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace furlong
{

using Sum = uint32_t; /* a number in Sums; 0 is always zero */

struct Term {
	Sum sum;
	bool minus;
};

/* Numbers that are as good as random, and the same in every run. */
inline uint64_t printOf(uint64_t index)
{
	uint64_t x = (index + 1) * 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

class Sums
{
      public:
	Sums();
	/* Something that can be counted and is, once it is part of a sum that is written. */
	Sum symbol();
	Sum add(llvm::ArrayRef<Term> terms);
	/* The sum as a count of `shape`, whose counters and expressions grow by what is missing. */
	Count write(Sum sum, Shape &shape);
	/* What a sum is made of; nothing of a symbol. */
	llvm::ArrayRef<Term> terms(Sum sum) const
	{
		return nodes[sum].terms;
	}
	bool isSymbol(Sum sum) const
	{
		return nodes[sum].isSymbol;
	}
	/* From now on that is how the sum is written. */
	void setWritten(Sum sum, Count count)
	{
		nodes[sum].written = count;
	}
	std::optional<Count> written(Sum sum) const
	{
		return nodes[sum].written;
	}
	/* The counter that a symbol got, or none. */
	std::optional<uint32_t> counterOf(Sum symbol) const;

      private:
	struct Node {
		uint64_t print;
		bool isSymbol;
		std::vector<Term> terms;
		std::optional<Count> written;
	};

	std::vector<Node> nodes;
	llvm::DenseMap<uint64_t, Sum> known; /* by print */
};

} // namespace furlong

#endif
