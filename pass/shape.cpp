/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shape.cpp: see shape.h. The byte format is described in format.h and nowhere else.
 */
#include "shape.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace furlong
{

static std::string normalise(StringRef path)
{
	SmallString<256> normal(path);
	sys::path::remove_dots(normal, /*remove_dot_dot=*/true);
	return normal.str().str();
}

uint32_t FileTable::indexOf(StringRef path)
{
	std::string normal = normalise(path);
	auto [entry, isNew] = indices.try_emplace(normal, paths.size());
	if (isNew)
		paths.push_back(normal);
	return entry->second;
}

void FileTable::setDigest(StringRef path, StringRef digest)
{
	digests[normalise(path)] = digest.str();
}

static std::string digestOfFile(const std::string &path)
{
	auto contents = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
	if (!contents)
		return "";
	MD5 md5;
	md5.update((*contents)->getBuffer());
	MD5::MD5Result digest;
	md5.final(digest);
	return std::string(reinterpret_cast<const char *>(&digest[0]), 16);
}

static void putString(raw_ostream &out, StringRef text)
{
	encodeULEB128(text.size(), out);
	out << text;
}

std::string FileTable::encode() const
{
	std::string bytes;
	raw_string_ostream out(bytes);
	encodeULEB128(paths.size(), out);
	for (const std::string &path : paths) {
		auto known = digests.find(path);
		putString(out, path);
		putString(out, known != digests.end() ? known->second : digestOfFile(path));
	}
	return out.str();
}

static void putZigZag(raw_ostream &out, int64_t value)
{
	encodeULEB128(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63), out);
}

static void putRegion(raw_ostream &out, const Region &region, uint32_t previousLine)
{
	encodeULEB128(region.kind, out);
	encodeULEB128(region.file, out);
	switch (region.kind) {
	case FURLONG_REGION_CODE:
	case FURLONG_REGION_GAP:
		encodeULEB128(region.count.encoded, out);
		break;
	case FURLONG_REGION_EXPANSION:
		encodeULEB128(region.expanded, out);
		break;
	case FURLONG_REGION_SKIPPED:
		break;
	case FURLONG_REGION_BRANCH:
		encodeULEB128(region.count.encoded, out);
		encodeULEB128(region.falseCount.encoded, out);
		break;
	}
	putZigZag(out, static_cast<int64_t>(region.startLine) - previousLine);
	encodeULEB128(region.startColumn, out);
	encodeULEB128(region.endLine - region.startLine, out);
	encodeULEB128(region.endColumn, out);
}

static void putDecision(raw_ostream &out, const Decision &decision)
{
	encodeULEB128(decision.kind, out);
	encodeULEB128(decision.conditions.size(), out);
	for (const Decision::Condition &condition : decision.conditions)
		for (uint32_t number : {condition.region, condition.next[0], condition.next[1]})
			encodeULEB128(number, out);
	switch (decision.kind) {
	case FURLONG_DECISION_LOST:
	case FURLONG_DECISION_NONE:
		break;
	case FURLONG_DECISION_COUNTED:
		encodeULEB128(decision.paths.size(), out);
		for (Count count : decision.paths)
			encodeULEB128(count.encoded, out);
		break;
	case FURLONG_DECISION_SUMMED:
		encodeULEB128(decision.counter, out);
		break;
	}
}

/* Everything but the file references. */
static void putBody(raw_ostream &out, const Shape &shape)
{
	encodeULEB128(shape.expressions.size(), out);
	for (const Expression &expression : shape.expressions) {
		encodeULEB128(expression.add, out);
		encodeULEB128(expression.left.encoded, out);
		encodeULEB128(expression.right.encoded, out);
	}
	encodeULEB128(shape.regions.size(), out);
	uint32_t previousLine = 0;
	for (const Region &region : shape.regions) {
		putRegion(out, region, previousLine);
		previousLine = region.startLine;
	}
	if (!(shape.flags & FURLONG_SHAPE_DECISIONS))
		return;
	encodeULEB128(shape.decisions.size(), out);
	for (const Decision &decision : shape.decisions)
		putDecision(out, decision);
}

std::string encodeShape(const Shape &shape)
{
	std::string bytes;
	raw_string_ostream out(bytes);
	encodeULEB128(FURLONG_SHAPE_VERSION, out);
	encodeULEB128(shape.flags, out);
	putString(out, shape.name);
	encodeULEB128(shape.files.size(), out);
	for (uint32_t file : shape.files)
		encodeULEB128(file, out);
	putBody(out, shape);
	return out.str();
}

std::string shapeKey(const Shape &shape, const FileTable &files)
{
	std::string bytes;
	raw_string_ostream out(bytes);
	encodeULEB128(shape.flags, out);
	encodeULEB128(shape.counterCount, out);
	putString(out, shape.name);
	for (uint32_t file : shape.files)
		putString(out, files.path(file));
	putBody(out, shape);
	MD5 md5;
	md5.update(out.str());
	MD5::MD5Result digest;
	md5.final(digest);
	return digest.digest().str().str();
}

} // namespace furlong
