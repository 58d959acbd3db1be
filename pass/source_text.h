/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source_text.h: the text of the sources, for what clang tells nobody: where the use of a macro ends.
 */
#ifndef FURLONG_PASS_SOURCE_TEXT_H
#define FURLONG_PASS_SOURCE_TEXT_H

#include "coverage_nest.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <memory>
#include <set>

namespace furlong
{

/* From one brace to the other. */
struct Block {
	Position open, close;
	bool isStatement; /* of its own; or it may be a part of one */
	bool isLabelled;  /* what stands behind a label, of a `switch` or another one */
};

/* What of the statements can be told without knowing what names mean. */
struct Outline {
	std::vector<Block> blocks;     /* those of which the closing brace begins its line */
	std::set<Position> statements; /* where one begins behind another */
};

class SourceText
{
      public:
	/* One that cannot be read is empty. */
	explicit SourceText(const std::string &path);
	/* Behind the parenthesis that closes what stands in parentheses behind a place; {0, 0} if nothing
	 * does. */
	Position closing(Position behind) const;
	/* Whether code stands there, besides comments; of what a directive took away it is not asked. */
	bool hasCode(Range range) const;
	/* Whether a closing brace stands there. */
	bool hasBrace(Position at) const;
	/* Whether a statement begins there that goes elsewhere. */
	bool hasJump(Position at) const;
	/* Whether a label stands there: control may come from anywhere, or from a `switch`. */
	bool hasLabel(Position at) const;
	/* `without`: what is passed over. */
	Outline outline(Range range, const std::vector<Range> &without) const;

      private:
	size_t offsetOf(Position at) const;
	llvm::StringRef partAt(Position at) const;
	bool beginsLine(size_t at) const;
	Position positionOf(size_t offset) const;

	std::unique_ptr<llvm::MemoryBuffer> buffer;
	llvm::StringRef text;
	std::vector<size_t> lines; /* where each begins */
};

class SourceTexts
{
      public:
	const SourceText &of(const std::string &path)
	{
		return texts.try_emplace(path, path).first->second;
	}

      private:
	std::map<std::string, SourceText> texts;
};

} // namespace furlong

#endif
