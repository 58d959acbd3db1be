/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_tables.cpp: what a unit tells the runtime: how much of it is checked.
 */
#include "abi_types.h"
#include "furlong/abi.h"
#include "race.h"
#include "registration.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <cstddef>

using namespace llvm;

namespace furlong
{

using UnitStruct = AbiStruct<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>;
static_assert(sizeof(furlong_race_unit) == 24 && offsetof(furlong_race_unit, checked) == 0 &&
		      offsetof(furlong_race_unit, local) == 4 && offsetof(furlong_race_unit, constant) == 8 &&
		      offsetof(furlong_race_unit, repeated) == 12 &&
		      offsetof(furlong_race_unit, left_out) == 16,
	"UnitStruct lists the members of struct furlong_race_unit");
static_assert(
	sizeof(furlong_race_module) == 2 * sizeof(void *), "two bounds, as emitRegistration() fills in");

bool hasRaceUnit(const Module &module)
{
	for (const GlobalVariable &global : module.globals())
		if (global.getSection() == FURLONG_SECTION_RACE)
			return true;
	return false;
}

void emitRaceUnit(Module &module, const RaceCounts &counts)
{
	LLVMContext &context = module.getContext();
	Type *i32 = Type::getInt32Ty(context);
	SmallVector<Constant *, 6> values;
	for (uint32_t count :
		{counts.checked, counts.local, counts.constant, counts.repeated, counts.leftOut, 0U})
		values.push_back(ConstantInt::get(i32, count));
	StructType *type = UnitStruct::type(context);
	auto *unit = new GlobalVariable(module, type, true, GlobalValue::PrivateLinkage,
		ConstantStruct::get(type, values), "__furlong_race_unit");
	unit->setSection(FURLONG_SECTION_RACE);
	unit->setAlignment(Align(4));
	appendToUsed(module, {unit});
	emitRegistration(module, "race", ABI_FUNCTION(module, __furlong_race_module), {FURLONG_SECTION_RACE});
}

} // namespace furlong
