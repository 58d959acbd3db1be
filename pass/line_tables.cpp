/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * line_tables.cpp: see line_tables.h.
 *
 * The flags files cannot say -gline-tables-only: it would take away from a user's -g that stands before
 * it. They ask for optimisation remarks that match nothing instead, which makes clang track locations
 * when there is no -g and leaves it alone when there is. Such a unit says "NoDebug" and would be dropped;
 * the emission kind of a unit cannot be changed, so the unit is copied with another one.
 */
#include "line_tables.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace furlong
{

static DICompileUnit *withLineTables(DICompileUnit &unit)
{
	return DICompileUnit::getDistinct(unit.getContext(), unit.getSourceLanguage(), unit.getFile(),
		unit.getProducer(), unit.isOptimized(), unit.getFlags(), unit.getRuntimeVersion(),
		unit.getSplitDebugFilename(), DICompileUnit::LineTablesOnly, unit.getEnumTypes(),
		unit.getRetainedTypes(), unit.getGlobalVariables(), unit.getImportedEntities(),
		unit.getMacros(), unit.getDWOId(), unit.getSplitDebugInlining(),
		unit.getDebugInfoForProfiling(), unit.getNameTableKind(), unit.getRangesBaseAddress(),
		unit.getSysRoot(), unit.getSDK());
}

/* Clang names the DWARF version only when it means to emit any. */
static void nameDwarfVersion(Module &module)
{
	if (!module.getModuleFlag("Dwarf Version"))
		module.addModuleFlag(Module::Max, "Dwarf Version", 5);
}

PreservedAnalyses LineTablesPass::run(Module &module, ModuleAnalysisManager &)
{
	NamedMDNode *units = module.getNamedMetadata("llvm.dbg.cu");
	if (!units)
		return PreservedAnalyses::all();
	DebugInfoFinder finder;
	finder.processModule(module);
	bool changed = false;
	for (unsigned i = 0; i < units->getNumOperands(); i++) {
		auto *unit = dyn_cast<DICompileUnit>(units->getOperand(i));
		if (!unit || unit->getEmissionKind() != DICompileUnit::NoDebug)
			continue;
		DICompileUnit *upgraded = withLineTables(*unit);
		units->setOperand(i, upgraded);
		for (DISubprogram *subprogram : finder.subprograms())
			if (subprogram->getUnit() == unit)
				subprogram->replaceUnit(upgraded);
		changed = true;
	}
	if (changed)
		nameDwarfVersion(module);
	return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace furlong
