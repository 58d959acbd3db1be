/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shape.h: what there is to cover in a function, in memory and as the bytes of format.h.
 *
 * Shapes come from clang's mapping (coverage_mapping.h) or from debug locations (coverage_lines.h); who
 * made one does not matter from here on.
 */
#ifndef FURLONG_PASS_SHAPE_H
#define FURLONG_PASS_SHAPE_H

#include "furlong/format.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace furlong
{

/* A count as a region refers to it; the encoding is the file's. */
struct Count {
	uint32_t encoded = 0;

	static Count zero()
	{
		return {0};
	}
	static Count counter(uint32_t index)
	{
		return {1 + (index << 1)};
	}
	static Count expression(uint32_t index)
	{
		return {1 + (index << 1 | 1)};
	}
	bool isCounter() const /* it is one, or an expression, but for zero */
	{
		return encoded & 1;
	}
	uint32_t index() const
	{
		return (encoded - 1) >> 1;
	}
};

struct Expression {
	bool add; /* else left - right */
	Count left, right;
};

struct Region {
	furlong_region_kind kind;
	uint32_t file;     /* position in Shape::files */
	uint32_t expanded; /* EXPANSION: the file it expands to */
	Count count;       /* CODE, GAP; BRANCH: of true */
	Count falseCount;  /* BRANCH */
	uint32_t startLine, startColumn, endLine, endColumn;
};

/* Several conditions that decide something together. */
struct Decision {
	struct Condition {
		uint32_t region;  /* a BRANCH, by its number */
		uint32_t next[2]; /* after false and after true: 0 the decision is false, 1 true, 2 + a later
				     one */
	};
	std::vector<Condition> conditions;
	furlong_decision_kind kind;
	std::vector<Count> paths; /* COUNTED */
	uint32_t counter = 0;     /* SUMMED: the first */
};

struct Shape {
	std::string name; /* linkage name */
	uint32_t flags = 0;
	std::vector<uint32_t> files; /* indices into the unit's FileTable */
	std::vector<Expression> expressions;
	std::vector<Region> regions;
	std::vector<Decision> decisions; /* with FURLONG_SHAPE_DECISIONS */
	uint32_t counterCount = 0;
};

/* The files of a translation unit, each once. */
class FileTable
{
      public:
	uint32_t indexOf(llvm::StringRef path);
	const std::string &path(uint32_t index) const
	{
		return paths[index];
	}
	void setDigest(llvm::StringRef path, llvm::StringRef digest);
	/* The table's bytes. Files without a digest are read for one. */
	std::string encode() const;

      private:
	std::vector<std::string> paths;
	llvm::StringMap<uint32_t> indices;
	llvm::StringMap<std::string> digests;
};

std::string encodeShape(const Shape &shape);

/* 32 hex digits that are equal for equal shapes, whichever translation unit they come from: unlike the
 * bytes, they depend on the files' paths and not on their places in the unit's table. */
std::string shapeKey(const Shape &shape, const FileTable &files);

} // namespace furlong

#endif
