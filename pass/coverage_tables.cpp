/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage_tables.cpp: see coverage_tables.h; the layout is abi.h's.
 *
 * What only this unit defines stands in one variable per section. A function that other units may define
 * too gets its own group (COMDAT), named by a hash of its name and shape: equal bodies share counters and
 * different ones keep theirs, whichever definition the linker keeps. Everything is retained: code that
 * nothing calls is what the report is for.
 */
#include "coverage_tables.h"
#include "abi_types.h"
#include "furlong/abi.h"
#include "registration.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MD5.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <cstddef>

using namespace llvm;

namespace furlong
{

using EntryStruct = AbiStruct<int64_t, int64_t, int64_t, uint32_t, uint32_t>;
static_assert(sizeof(furlong_coverage_function) == 32 && offsetof(furlong_coverage_function, counters) == 0 &&
		      offsetof(furlong_coverage_function, shape) == 8 &&
		      offsetof(furlong_coverage_function, files) == 16 &&
		      offsetof(furlong_coverage_function, counter_count) == 24,
	"EntryStruct lists the members of struct furlong_coverage_function");
static_assert(sizeof(furlong_coverage_module) == 8 * sizeof(void *),
	"eight bounds, as emitRegistration() fills in");

/* A processor of 32 bits has no relocation of 64: the upper halves stay 0, and who reads the file extends. */
using NarrowEntryStruct = AbiStruct<int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, uint32_t, uint32_t>;

static bool isNarrow(const Module &module)
{
	return module.getDataLayout().getPointerSize() == 4;
}

static StructType *entryType(const Module &module)
{
	LLVMContext &context = module.getContext();
	return isNarrow(module) ? NarrowEntryStruct::type(context) : EntryStruct::type(context);
}

enum { ENTRY_COUNTERS, ENTRY_SHAPE, ENTRY_FILES };

bool CoverageTables::present(const Module &module)
{
	for (const GlobalVariable &global : module.globals())
		if (global.getSection() == FURLONG_SECTION_IDS)
			return true;
	return false;
}

size_t CoverageTables::add(Shape shape, Copies copies)
{
	functions.push_back({std::move(shape), copies, nullptr, 0});
	return functions.size() - 1;
}

Constant *CoverageTables::bytes(StringRef contents)
{
	return ConstantDataArray::getString(module.getContext(), contents, /*AddNull=*/false);
}

GlobalVariable *CoverageTables::define(
	Constant *value, Type *type, const Twine &name, const char *section, bool constant)
{
	auto *variable = new GlobalVariable(module, type, constant, GlobalValue::PrivateLinkage, value, name);
	variable->setSection(section);
	variable->setAlignment(Align(section == StringRef(FURLONG_SECTION_MAP) ? 1 : 8));
	retained.push_back(variable);
	return variable;
}

static Constant *element(GlobalVariable *array, uint64_t index)
{
	Type *i64 = Type::getInt64Ty(array->getContext());
	Constant *indices[] = {ConstantInt::get(i64, 0), ConstantInt::get(i64, index)};
	return ConstantExpr::getInBoundsGetElementPtr(array->getValueType(), array, indices);
}

/* target - &self->member */
static Constant *relative(const Module &module, Constant *target, Constant *self, unsigned member)
{
	LLVMContext &context = self->getContext();
	Type *i32 = Type::getInt32Ty(context);
	Type *word = isNarrow(module) ? i32 : Type::getInt64Ty(context);
	Constant *indices[] = {
		ConstantInt::get(i32, 0), ConstantInt::get(i32, isNarrow(module) ? 2 * member : member)};
	Constant *field = ConstantExpr::getInBoundsGetElementPtr(entryType(module), self, indices);
	return ConstantExpr::getSub(
		ConstantExpr::getPtrToInt(target, word), ConstantExpr::getPtrToInt(field, word));
}

Constant *CoverageTables::entry(const Function &function, Constant *self, Constant *shape)
{
	LLVMContext &context = module.getContext();
	Type *i64 = Type::getInt64Ty(context), *i32 = Type::getInt32Ty(context);
	Constant *none = ConstantInt::get(i32, 0),
		 *counters = isNarrow(module) ? none : ConstantInt::get(i64, 0);
	Constant *count = ConstantInt::get(i32, function.shape.counterCount);
	if (function.counters)
		counters = relative(
			module, element(function.counters, function.firstCounter), self, ENTRY_COUNTERS);
	Constant *regions = relative(module, shape, self, ENTRY_SHAPE);
	Constant *unit = relative(module, element(mapVariable, 0), self, ENTRY_FILES);
	if (isNarrow(module))
		return ConstantStruct::get(
			entryType(module), {counters, none, regions, none, unit, none, count, none});
	return ConstantStruct::get(entryType(module), {counters, regions, unit, count, none});
}

void CoverageTables::emitMap()
{
	map = files.encode();
	for (const Function &function : functions) {
		shapeOffsets.push_back(map.size());
		if (function.copies == Copies::One)
			map += encodeShape(function.shape);
	}
	Constant *value = bytes(map);
	mapVariable = define(value, value->getType(), "__furlong_map", FURLONG_SECTION_MAP, true);
}

/* The functions with one copy: one array of counters and one of entries for all of them. */
void CoverageTables::emitOwned()
{
	LLVMContext &context = module.getContext();
	uint64_t counterCount = 0;
	std::vector<size_t> owned;
	for (size_t i = 0; i < functions.size(); i++) {
		if (functions[i].copies == Copies::Many)
			continue;
		owned.push_back(i);
		functions[i].firstCounter = counterCount;
		counterCount += functions[i].shape.counterCount;
	}
	if (owned.empty())
		return;
	GlobalVariable *counters = nullptr;
	if (counterCount) {
		Type *type = ArrayType::get(Type::getInt64Ty(context), counterCount);
		counters = define(Constant::getNullValue(type), type, "__furlong_counters",
			FURLONG_SECTION_COUNTERS, false);
	}
	auto *type = ArrayType::get(entryType(module), owned.size());
	GlobalVariable *entries =
		define(nullptr, type, "__furlong_functions", FURLONG_SECTION_FUNCTIONS, true);
	std::vector<Constant *> values;
	for (size_t i : owned) {
		if (functions[i].shape.counterCount)
			functions[i].counters = counters;
		values.push_back(entry(functions[i], element(entries, values.size()),
			element(mapVariable, shapeOffsets[i])));
	}
	entries->setInitializer(ConstantArray::get(type, values));
}

void CoverageTables::emitShared(Function &function)
{
	LLVMContext &context = module.getContext();
	std::string key = "__furlong_coverage." + shapeKey(function.shape, files);
	Comdat *group = module.getOrInsertComdat(key);
	group->setSelectionKind(Comdat::Any);

	if (function.shape.counterCount) {
		Type *type = ArrayType::get(Type::getInt64Ty(context), function.shape.counterCount);
		function.counters = define(Constant::getNullValue(type), type, key + ".counters",
			FURLONG_SECTION_COUNTERS, false);
		/* Code in other groups refers to it, wherever the linker took the group from. */
		function.counters->setLinkage(GlobalValue::LinkOnceODRLinkage);
		function.counters->setVisibility(GlobalValue::HiddenVisibility);
		function.counters->setComdat(group);
	}
	Constant *shape = bytes(encodeShape(function.shape));
	GlobalVariable *shapeVariable =
		define(shape, shape->getType(), key + ".shape", FURLONG_SECTION_MAP, true);
	shapeVariable->setComdat(group);
	GlobalVariable *self = define(nullptr, entryType(module), key, FURLONG_SECTION_FUNCTIONS, true);
	self->setLinkage(GlobalValue::LinkOnceODRLinkage);
	self->setVisibility(GlobalValue::HiddenVisibility);
	self->setComdat(group);
	self->setInitializer(entry(function, self, element(shapeVariable, 0)));
}

void CoverageTables::emitId()
{
	MD5 md5;
	md5.update(map);
	for (const Function &function : functions)
		if (function.copies == Copies::Many)
			md5.update(shapeKey(function.shape, files));
	MD5::MD5Result digest;
	md5.final(digest);
	Type *i64 = Type::getInt64Ty(module.getContext());
	define(ConstantInt::get(i64, digest.low()), i64, "__furlong_id", FURLONG_SECTION_IDS, true);
}

void CoverageTables::emit()
{
	if (functions.empty())
		return;
	emitMap();
	emitOwned();
	for (Function &function : functions)
		if (function.copies == Copies::Many)
			emitShared(function);
	emitId();
	if (addressing != Addressing::None)
		emitRegistration(module, "coverage", ABI_FUNCTION(module, __furlong_coverage_module),
			{FURLONG_SECTION_COUNTERS, FURLONG_SECTION_FUNCTIONS, FURLONG_SECTION_MAP,
				FURLONG_SECTION_IDS});
	appendToUsed(module, retained);
}

Constant *CoverageTables::counter(size_t function, uint32_t index) const
{
	const Function &owner = functions[function];
	return element(owner.counters, owner.firstCounter + index);
}

} // namespace furlong
