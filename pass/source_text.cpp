/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source_text.cpp: see source_text.h.
 */
#include "source_text.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace llvm;

namespace furlong
{

SourceText::SourceText(const std::string &path)
{
	auto read = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
	if (!read)
		return;
	buffer = std::move(*read);
	text = buffer->getBuffer();
	lines.push_back(0);
	for (size_t i = 0; i < text.size(); i++)
		if (text[i] == '\n')
			lines.push_back(i + 1);
}

size_t SourceText::offsetOf(Position at) const
{
	if (!at.first || at.first > lines.size())
		return StringRef::npos;
	return lines[at.first - 1] + at.second - 1;
}

Position SourceText::positionOf(size_t offset) const
{
	auto line = std::upper_bound(lines.begin(), lines.end(), offset) - 1;
	return {line - lines.begin() + 1, offset - *line + 1};
}

static bool isWord(char c)
{
	return isAlnum(c) || c == '_' || c == '$';
}

static size_t behind(StringRef text, StringRef what, size_t from)
{
	size_t found = text.find(what, from);
	return found == StringRef::npos ? text.size() : found + what.size();
}

static size_t behindQuoted(StringRef text, size_t at)
{
	char quote = text[at++];
	while (at < text.size() && text[at] != quote && text[at] != '\n')
		at += text[at] == '\\' ? 2 : 1;
	return at + 1;
}

/* Behind a word, with what belongs to it: a digit's separators, a raw string behind its R. */
static size_t behindWord(StringRef text, size_t at)
{
	bool isNumber = isDigit(text[at]);
	while (at < text.size() && (isWord(text[at]) || (isNumber && (text[at] == '\'' || text[at] == '.'))))
		at++;
	if (isNumber || text[at - 1] != 'R' || at == text.size() || text[at] != '"')
		return at;
	size_t open = text.find('(', at);
	if (open == StringRef::npos)
		return text.size();
	return behind(text, (")" + text.slice(at + 1, open) + "\"").str(), open);
}

/* Behind a character, or what is no code, or says nothing of what it is made of. */
static size_t behindPart(StringRef text, size_t at)
{
	StringRef rest = text.substr(at, 2);
	if (rest == "//")
		return behind(text, "\n", at);
	if (rest == "/*")
		return behind(text, "*/", at + 2);
	if (text[at] == '"' || text[at] == '\'')
		return behindQuoted(text, at);
	return isWord(text[at]) ? behindWord(text, at) : at + 1;
}

/* Behind the lines of a directive. */
static size_t behindDirective(StringRef text, size_t at)
{
	size_t next = behind(text, "\n", at);
	while (next < text.size() && text.slice(at, next).rtrim().back() == '\\')
		next = behind(text, "\n", next);
	return next;
}

static bool isComment(StringRef text, size_t at, size_t next)
{
	return text[at] == '/' && next > at + 1;
}

bool SourceText::hasCode(Range range) const
{
	size_t end = std::min(offsetOf(range.second), text.size());
	for (size_t at = offsetOf(range.first), next; at < end; at = next) {
		next = behindPart(text, at);
		if (!isComment(text, at, next) && !isSpace(text[at]))
			return text[at] != '#';
	}
	return false;
}

bool SourceText::hasBrace(Position at) const
{
	return text.substr(offsetOf(at), 1) == "}";
}

StringRef SourceText::partAt(Position place) const
{
	size_t at = offsetOf(place);
	return at < text.size() ? text.slice(at, behindPart(text, at)) : StringRef();
}

bool SourceText::hasJump(Position at) const
{
	StringRef part = partAt(at);
	return part == "return" || part == "break" || part == "continue" || part == "goto" ||
	       part == "co_return";
}

bool SourceText::hasLabel(Position at) const
{
	StringRef part = partAt(at),
		  rest = text.substr(part.empty() ? text.size() : part.end() - text.begin()).ltrim();
	return part == "case" || part == "default" ||
	       (!part.empty() && rest.take_front(1) == ":" && rest.take_front(2) != "::");
}

bool SourceText::beginsLine(size_t at) const
{
	size_t line = text.find_last_of('\n', at);
	return text.slice(line + 1, at).trim().empty();
}

static bool isPassedOver(Position at, const std::vector<Range> &ranges)
{
	return any_of(ranges, [at](const Range &range) { return range.first <= at && at < range.second; });
}

Outline SourceText::outline(Range range, const std::vector<Range> &without) const
{
	Outline found;
	std::vector<Block> open;
	std::vector<unsigned> parentheses = {0}; /* open ones, of each open block */
	StringRef before;
	size_t end = std::min(offsetOf(range.second), text.size());
	for (size_t at = offsetOf(range.first), next; at < end; at = next) {
		next = behindPart(text, at);
		if (isSpace(text[at]) || isComment(text, at, next) || isPassedOver(positionOf(at), without))
			continue;
		StringRef part = text.slice(at, next);
		if (part == "#" && beginsLine(at)) {
			next = behindDirective(text, at);
			continue;
		}
		bool isBehind = before == ";" || before == "}";
		if (isBehind && !parentheses.back())
			found.statements.insert(positionOf(at));
		if (part == "(")
			parentheses.back()++;
		if (part == ")" && parentheses.back())
			parentheses.back()--;
		if (part == "{") {
			bool isLabelled = before == ":" && !parentheses.back();
			bool isStatement = isBehind || isLabelled || before == "{";
			open.push_back({positionOf(at), {0, 0}, isStatement, isLabelled});
			parentheses.push_back(0);
		}
		if (part == "}" && !open.empty()) {
			open.back().close = positionOf(at);
			if (beginsLine(at))
				found.blocks.push_back(open.back());
			open.pop_back();
			parentheses.pop_back();
		}
		before = part;
	}
	return found;
}

Position SourceText::closing(Position place) const
{
	unsigned depth = 0;
	for (size_t at = offsetOf(place), next; at < text.size(); at = next) {
		next = behindPart(text, at);
		if (text[at] == '(')
			depth++;
		else if (text[at] == ')' && depth-- <= 1)
			return depth ? Position(0, 0) : positionOf(next);
		else if (!depth && !isComment(text, at, next) && !isSpace(text[at]) && text[at] != '\\')
			return {0, 0};
	}
	return {0, 0};
}

} // namespace furlong
