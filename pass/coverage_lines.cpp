/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_lines.cpp: see coverage_lines.h.
 */
#include "coverage_lines.h"
#include "filter.h"
#include "mark.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"
#include <map>

using namespace llvm;

namespace furlong
{

struct CountedBlock {
	BasicBlock *block;
	uint32_t index;
};

struct CountedByLines {
	std::vector<CountedBlock> blocks;
	size_t number;
};

/* The position of a file in the shape's list, made on first use. */
static uint32_t shapeFile(Shape &shape, uint32_t unitFile)
{
	for (uint32_t i = 0; i < shape.files.size(); i++)
		if (shape.files[i] == unitFile)
			return i;
	shape.files.push_back(unitFile);
	return shape.files.size() - 1;
}

static void addLine(Shape &shape, uint32_t file, uint32_t line, uint32_t column, uint32_t counter)
{
	shape.regions.push_back({FURLONG_REGION_CODE, file, 0, Count::counter(counter), Count::zero(), line,
		std::max(column, 1U), line, 0});
}

/* The lines a block stands for, each with its leftmost column. Code that was inlined before we saw it
 * counts for the place it came from. */
static std::map<std::pair<uint32_t, uint32_t>, uint32_t> linesOf(BasicBlock &block, FileTable &files)
{
	std::map<std::pair<uint32_t, uint32_t>, uint32_t> lines;
	for (Instruction &instruction : block) {
		const DILocation *location = instruction.getDebugLoc();
		if (!location || location->getLine() == 0 || isa<PHINode>(instruction))
			continue;
		uint32_t file = files.indexOf(pathOf(*location->getFile()));
		auto [entry, isNew] = lines.try_emplace({file, location->getLine()}, location->getColumn());
		if (!isNew)
			entry->second = std::min(entry->second, location->getColumn());
	}
	return lines;
}

static CountedByLines describe(Function &function, Shape &shape, FileTable &files)
{
	CountedByLines counted;
	const DISubprogram &subprogram = *function.getSubprogram();
	shape.name = function.getName().str();
	shape.flags = FURLONG_SHAPE_FROM_DEBUG_INFO;
	uint32_t home = shapeFile(shape, files.indexOf(pathOf(*subprogram.getFile())));
	for (BasicBlock &block : function) {
		auto lines = linesOf(block, files);
		bool isEntry = &block == &function.getEntryBlock();
		if ((lines.empty() && !isEntry) || block.getFirstInsertionPt() == block.end())
			continue;
		uint32_t index = shape.counterCount++;
		counted.blocks.push_back({&block, index});
		if (isEntry)
			addLine(shape, home, subprogram.getLine(), 1, index);
		for (auto &[place, column] : lines)
			addLine(shape, shapeFile(shape, place.first), place.second, column, index);
	}
	return counted;
}

static bool mayStandTwice(const Function &function)
{
	return !function.hasLocalLinkage() && (function.isWeakForLinker() || function.hasComdat() ||
						      function.hasAvailableExternallyLinkage());
}

void countByLines(Module &module, CoverageTables &tables, FileTable &files)
{
	std::vector<CountedByLines> functions;
	for (Function &function : module) {
		if (!isInstrumentable(function) || !function.getSubprogram() ||
			!function.getSubprogram()->getFile())
			continue;
		Shape shape;
		CountedByLines counted = describe(function, shape, files);
		counted.number =
			tables.add(std::move(shape), mayStandTwice(function) ? Copies::Many : Copies::One);
		functions.push_back(std::move(counted));
	}
	tables.emit();
	Value *one = ConstantInt::get(Type::getInt64Ty(module.getContext()), 1);
	for (const CountedByLines &function : functions)
		for (const CountedBlock &counted : function.blocks) {
			IRBuilder<> builder(&*counted.block->getFirstInsertionPt());
			createMark(builder, MarkKind::Count, tables.counter(function.number, counted.index),
				one);
		}
}

} // namespace furlong
