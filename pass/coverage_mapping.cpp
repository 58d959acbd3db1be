/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_mapping.cpp: see coverage_mapping.h.
 */
#include "coverage_mapping.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ProfileData/Coverage/CoverageMapping.h"
#include "llvm/ProfileData/Coverage/CoverageMappingReader.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MD5.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;
using namespace llvm::coverage;

namespace furlong
{

static const char mappingSection[] = "__llvm_covmap";
static const char recordSection[] = "__llvm_covfun";
static const char unusedNamesVariable[] = "__llvm_coverage_names";
static const char namePrefix[] = "__profn_";

using UnitFiles = DenseMap<uint64_t, std::vector<std::string>>; /* by the hash of their encoding */

static void complain(Module &module, const Twine &what, Error error)
{
	module.getContext().emitError("furlong: clang's coverage mapping cannot be read (" + what +
				      "): " + toString(std::move(error)));
}

static StringRef bytesOf(const Constant *constant)
{
	auto *data = dyn_cast_or_null<ConstantDataSequential>(constant);
	return data ? data->getRawDataValues() : StringRef();
}

static uint64_t integerOf(const Constant *constant)
{
	auto *integer = dyn_cast_or_null<ConstantInt>(constant);
	return integer ? integer->getZExtValue() : 0;
}

bool hasMapping(const Module &module)
{
	for (const GlobalVariable &global : module.globals())
		if (global.hasInitializer() && global.getSection() == mappingSection)
			return true;
	return false;
}

/* { { i32 0, i32 length of the names, i32 0, i32 version }, [n x i8] names } */
static void readUnitFiles(Module &module, UnitFiles &units)
{
	for (GlobalVariable &global : module.globals()) {
		if (!global.hasInitializer() || global.getSection() != mappingSection)
			continue;
		Constant *header = global.getInitializer()->getAggregateElement(0U);
		StringRef encoded = bytesOf(global.getInitializer()->getAggregateElement(1U));
		encoded = encoded.take_front(integerOf(header->getAggregateElement(1U)));
		std::vector<std::string> names;
		RawCoverageFilenamesReader reader(encoded, names);
		auto version = static_cast<CovMapVersion>(integerOf(header->getAggregateElement(3U)));
		if (Error error = reader.read(version))
			complain(module, "its file names", std::move(error));
		else
			units[MD5Hash(encoded)] = std::move(names);
	}
}

static Count translateCount(const Counter &counter)
{
	switch (counter.getKind()) {
	case Counter::Zero:
		return Count::zero();
	case Counter::CounterValueReference:
		return Count::counter(counter.getCounterID());
	case Counter::Expression:
		return Count::expression(counter.getExpressionID());
	}
	return Count::zero();
}

/* Kinds that say something about decisions only (MC/DC) have no place in our table: false. */
static bool translateKind(CounterMappingRegion::RegionKind kind, furlong_region_kind &translated)
{
	switch (static_cast<int>(kind)) {
	case CounterMappingRegion::CodeRegion:
		translated = FURLONG_REGION_CODE;
		return true;
	case CounterMappingRegion::ExpansionRegion:
		translated = FURLONG_REGION_EXPANSION;
		return true;
	case CounterMappingRegion::SkippedRegion:
		translated = FURLONG_REGION_SKIPPED;
		return true;
	case CounterMappingRegion::GapRegion:
		translated = FURLONG_REGION_GAP;
		return true;
	case CounterMappingRegion::BranchRegion:
		translated = FURLONG_REGION_BRANCH;
		return true;
	default:
		/* A branch that also names its place in a decision is still a branch. */
		translated = FURLONG_REGION_BRANCH;
		return static_cast<int>(kind) != compat::decisionRegionKind;
	}
}

/* What ends with a macro tells of the macro's text as its own last part, behind those that are within it.
 * Their counts would be added: one use, twice. */
static bool isToldAgain(const CounterMappingRegion &region, const CounterMappingRegion &before)
{
	return region.FileID && region.Kind == CounterMappingRegion::CodeRegion &&
	       before.Kind == region.Kind && before.FileID == region.FileID &&
	       before.startLoc() == region.startLoc() && before.endLoc() == region.endLoc();
}

static void translateRegions(const std::vector<CounterMappingRegion> &regions, Shape &shape)
{
	const CounterMappingRegion *before = nullptr;
	for (const CounterMappingRegion &region : regions) {
		furlong_region_kind kind;
		if (!translateKind(region.Kind, kind) || (before && isToldAgain(region, *before)))
			continue;
		before = &region;
		shape.regions.push_back({kind, region.FileID, region.ExpandedFileID,
			translateCount(region.Count), translateCount(region.FalseCount), region.LineStart,
			region.ColumnStart, region.LineEnd, region.ColumnEnd});
	}
}

/* <{ i64 hash of the name, i32 length, i64 structural hash, i64 hash of the unit's names, [n x i8] data }> */
static bool readRecord(Module &module, const Constant &record, const UnitFiles &units, FileTable &files,
	MappedFunction &function)
{
	auto unit = units.find(integerOf(record.getAggregateElement(3U)));
	if (unit == units.end())
		return false;
	StringRef data = bytesOf(record.getAggregateElement(4U));
	data = data.take_front(integerOf(record.getAggregateElement(1U)));

	ArrayRef<std::string> unitNames = unit->second;
	std::vector<StringRef> names;
	std::vector<CounterExpression> expressions;
	std::vector<CounterMappingRegion> regions;
	RawCoverageMappingReader reader(data, unitNames, names, expressions, regions);
	if (Error error = reader.read()) {
		complain(module, "a function's regions", std::move(error));
		return false;
	}
	function.nameHash = integerOf(record.getAggregateElement(0U));
	for (StringRef name : names)
		function.shape.files.push_back(files.indexOf(name));
	for (const CounterExpression &expression : expressions)
		function.shape.expressions.push_back({expression.Kind == CounterExpression::Add,
			translateCount(expression.LHS), translateCount(expression.RHS)});
	translateRegions(regions, function.shape);
	return true;
}

std::vector<MappedFunction> readMapping(Module &module, FileTable &files)
{
	UnitFiles units;
	std::vector<MappedFunction> functions;
	readUnitFiles(module, units);
	for (GlobalVariable &global : module.globals()) {
		if (!global.hasInitializer() || global.getSection() != recordSection)
			continue;
		MappedFunction function;
		if (readRecord(module, *global.getInitializer(), units, files, function))
			functions.push_back(std::move(function));
	}
	return functions;
}

std::vector<std::string> unusedNames(const Module &module)
{
	std::vector<std::string> names;
	const GlobalVariable *list = module.getGlobalVariable(unusedNamesVariable, /*AllowInternal=*/true);
	if (!list || !list->hasInitializer())
		return names;
	for (const Use &use : list->getInitializer()->operands())
		if (auto *name = dyn_cast<GlobalVariable>(use->stripPointerCasts()))
			names.push_back(bytesOf(name->getInitializer()).str());
	return names;
}

static void removeFromList(Module &module, bool compilerUsed, const SmallPtrSetImpl<GlobalValue *> &gone)
{
	SmallVector<GlobalValue *, 16> values, kept;
	GlobalVariable *list = collectUsedGlobalVariables(module, values, compilerUsed);
	if (!list)
		return;
	list->eraseFromParent();
	for (GlobalValue *value : values)
		if (!gone.count(value))
			kept.push_back(value);
	if (kept.empty())
		return;
	if (compilerUsed)
		appendToCompilerUsed(module, kept);
	else
		appendToUsed(module, kept);
}

void eraseMapping(Module &module)
{
	SmallPtrSet<GlobalValue *, 32> gone;
	if (GlobalVariable *list = module.getGlobalVariable(unusedNamesVariable, /*AllowInternal=*/true))
		list->eraseFromParent();
	for (GlobalVariable &global : module.globals()) {
		StringRef section = global.getSection();
		if (section == mappingSection || section == recordSection ||
			compat::startsWith(global.getName(), namePrefix))
			gone.insert(&global);
	}
	removeFromList(module, false, gone);
	removeFromList(module, true, gone);
	for (GlobalValue *value : gone) {
		value->removeDeadConstantUsers();
		if (value->use_empty())
			value->eraseFromParent();
	}
}

} // namespace furlong
