/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage.cpp: the coverage instrument's places in the pipeline, and its first step.
 */
#include "coverage.h"
#include "coverage_count.h"
#include "coverage_exact.h"
#include "coverage_lines.h"
#include "coverage_mapping.h"
#include "coverage_tell.h"
#include "filter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LoopDeletion.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LowerExpectIntrinsic.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;

namespace furlong
{

static const char coverageWithoutAttribute[] = "furlong-coverage-without";

bool saves(const Function &function, CoverageSaving saving)
{
	static const char *const names[] = {
#define SAVING(name, constant) #name,
#include "coverage_savings.def"
#undef SAVING
	};
	return !isLeftOut(function, coverageWithoutAttribute, names[(size_t)saving]);
}

/* "file.c:name" or "file.c;name" is how clang calls a function that only its file sees; the file with or
 * without its directory. No C or C++ name has either character, but an Objective-C method's may. */
static std::string linkageName(StringRef profileName, const Module &module)
{
	for (StringRef file :
		{StringRef(module.getSourceFileName()), sys::path::filename(module.getSourceFileName())}) {
		StringRef name = profileName;
		if (name.consume_front(file) && !name.empty() && (name[0] == ':' || name[0] == ';'))
			return name.drop_front().str();
	}
	return profileName.str();
}

/* Where debug information carries the digest of a source, it is of what was compiled, whatever the disk
 * says now. */
static void takeDigests(const Module &module, FileTable &files)
{
	DebugInfoFinder finder;
	finder.processModule(module);
	for (const DISubprogram *subprogram : finder.subprograms()) {
		const DIFile *file = subprogram->getFile();
		if (!file || !file->getChecksum() || file->getChecksum()->Kind != DIFile::CSK_MD5)
			continue;
		files.setDigest(pathOf(*file), fromHex(file->getChecksum()->Value));
	}
}

static void countByMapping(Module &module, CoverageTables &tables, FileTable &files, Counting counting)
{
	CountedFunctions counted = findIncrements(module);
	std::map<uint64_t, std::string> unused;
	for (const std::string &name : unusedNames(module))
		unused[MD5Hash(name)] = linkageName(name, module);

	struct Placed {
		CountedFunction *function;
		std::optional<ExactCounts> own; /* instead of clang's counters */
		size_t number;
	};
	std::vector<Placed> placed;
	LeavingFunctions leaving(module);
	std::vector<MappedFunction> all = readMapping(module, files);
	Outlined outlined;
	SourceTexts texts;
	for (MappedFunction &mapped : all) {
		auto found = counted.find(mapped.nameHash);
		if (found != counted.end())
			outlined.add(mapped.shape, *found->second.increments.front().call->getFunction());
	}
	for (MappedFunction &mapped : all) {
		auto found = counted.find(mapped.nameHash);
		if (found != counted.end()) {
			CountedFunction &function = found->second;
			mapped.shape.name = function.linkageName;
			mapped.shape.counterCount = function.counterCount;
			mapped.shape.flags |= counting == Counting::Decisions ? FURLONG_SHAPE_DECISIONS : 0;
			auto own = makeExact(mapped.shape, function, leaving, outlined,
				texts.of(files.path(mapped.shape.files.front())), counting);
			if (counting == Counting::Decisions && !own)
				loseDecisions(mapped.shape);
			placed.push_back({&function, std::move(own),
				tables.add(std::move(mapped.shape), function.copies)});
		} else if (unused.count(mapped.nameHash)) {
			mapped.shape.name = unused[mapped.nameHash];
			mapped.shape.flags |= FURLONG_SHAPE_NEVER_EMITTED;
			/* Headers repeat these in every unit that includes them. */
			tables.add(std::move(mapped.shape), Copies::Many);
		}
	}
	takeDigests(module, files);
	tables.emit();
	for (const Placed &it : placed) {
		if (!it.own) {
			placeMarks(*it.function, tables, it.number);
			continue;
		}
		placeMarks(it.own->placements, tables, it.number);
		placePaths(it.own->paths, tables, it.number);
	}
}

/* What __builtin_expect says becomes weights, as it would a moment later: who chooses where to count asks
 * them. */
static void weighExpected(Module &module, ModuleAnalysisManager &analyses)
{
	auto &functions = analyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
	for (Function &function : module)
		if (!function.isDeclaration())
			LowerExpectIntrinsicPass().run(function, functions);
}

PreservedAnalyses CoverageStartPass::run(Module &module, ModuleAnalysisManager &analyses)
{
	if (CoverageTables::present(module))
		return PreservedAnalyses::all();
	weighExpected(module, analyses);
	FileTable files;
	CoverageTables tables(module, files, form.addressing);
	bool fromFrontEnd = hasMapping(module) || !findIncrements(module).empty();
	if (fromFrontEnd)
		countByMapping(module, tables, files, form.counting);
	else
		countByLines(module, tables, files);
	eraseIntrinsics(module);
	eraseMapping(module);
	stripPromises(module);
	return PreservedAnalyses::none();
}

static void addPipelineStart(ModulePassManager &manager, Form form, OptimizationLevel)
{
	manager.addPass(CoverageStartPass(form));
}

/* What promotion leaves behind, "n times plus one", becomes "plus n", and a loop that did nothing else goes.
 */
static void addPromotion(FunctionPassManager &manager)
{
	LoopPassManager loops;
	loops.addPass(IndVarSimplifyPass());
	loops.addPass(LoopDeletionPass());
	manager.addPass(LoopSimplifyPass());
	manager.addPass(LCSSAPass());
	manager.addPass(CoveragePromotePass());
	manager.addPass(createFunctionToLoopPassAdaptor(std::move(loops)));
}

static void addBeforeVectorizer(FunctionPassManager &manager, OptimizationLevel level)
{
	if (level != OptimizationLevel::O0)
		addPromotion(manager);
}

static void addLast(ModulePassManager &manager, Form form, OptimizationLevel level)
{
	/* Before the thin link there is no vectoriser, hence no turn before it. */
	if (level != OptimizationLevel::O0) {
		FunctionPassManager functions;
		addPromotion(functions);
		manager.addPass(createModuleToFunctionPassAdaptor(std::move(functions)));
	}
	manager.addPass(CoverageLowerPass(form.addressing));
	if (level != OptimizationLevel::O0 && form.addressing == Addressing::ThreadLocal)
		manager.addPass(createModuleToFunctionPassAdaptor(EarlyCSEPass(/*UseMemorySSA=*/true)));
}

const Instrument coverage = {"coverage", addPipelineStart, addBeforeVectorizer, addLast, nullptr};

} // namespace furlong
