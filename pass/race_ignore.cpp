/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_ignore.cpp: see race_ignore.h.
 */
#include "race_ignore.h"
#include "filter.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <set>

using namespace llvm;

namespace furlong
{

static const char listAttribute[] = "furlong-ignorelist";

/* The attribute has served when it was read: nothing of it goes on to an object or a later link. */
static std::set<std::string> takeListNames(Module &module)
{
	std::set<std::string> names;
	for (Function &function : module) {
		StringRef name = function.getFnAttribute(listAttribute).getValueAsString();
		if (name.empty())
			continue;
		names.insert(name.str());
		function.removeFnAttr(listAttribute);
	}
	return names;
}

RaceIgnoreList::RaceIgnoreList(Module &module)
{
	std::set<std::string> names = takeListNames(module);
	if (names.empty())
		return;
	std::string error;
	list = SpecialCaseList::create(
		std::vector<std::string>(names.begin(), names.end()), *vfs::getRealFileSystem(), error);
	if (!list)
		module.getContext().emitError("furlong: ignore list: " + error +
					      "; name one by -Xclang -default-function-attr "
					      "-Xclang furlong-ignorelist=FILE");
}

bool RaceIgnoreList::lists(StringRef prefix, StringRef name) const
{
	return list->inSection("thread", prefix, name) || list->inSection("race", prefix, name);
}

bool RaceIgnoreList::contains(const Function &function) const
{
	if (function.hasFnAttribute(Attribute::DisableSanitizerInstrumentation))
		return true;
	if (!list)
		return false;
	if (lists("fun", function.getName()) || lists("src", function.getParent()->getSourceFileName()) ||
		lists("mainfile", function.getParent()->getSourceFileName()))
		return true;
	const DISubprogram *subprogram = function.getSubprogram();
	return subprogram && subprogram->getFile() &&
	       (lists("src", pathOf(*subprogram->getFile())) ||
		       lists("src", subprogram->getFile()->getFilename()));
}

/* The struct that the access goes through, as the source calls it. Known where the optimiser wants to know
 * it: not at -O0. */
static std::string structName(const Instruction &instruction)
{
	const MDNode *tag = instruction.getMetadata(LLVMContext::MD_tbaa);
	if (!tag || tag->getNumOperands() < 3)
		return "";
	auto *base = dyn_cast_or_null<MDNode>(tag->getOperand(0));
	auto *name =
		base && base->getNumOperands() ? dyn_cast_or_null<MDString>(base->getOperand(0)) : nullptr;
	if (!name)
		return "";
	StringRef text = name->getString();
	static const char intro[] = "typeinfo name for ";
	std::string readable = compat::startsWith(text, "_ZTS") ? demangle(text.str()) : text.str();
	return compat::startsWith(readable, intro) ? readable.substr(sizeof intro - 1) : readable;
}

bool RaceIgnoreList::contains(const Access &access) const
{
	if (access.address->getType()->isPointerTy())
		if (auto *global = dyn_cast<GlobalVariable>(getUnderlyingObject(access.address)))
			if (lists("global", global->getName()))
				return true;
	std::string type = structName(*access.instruction);
	return !type.empty() && lists("type", type);
}

void RaceIgnoreList::removeIgnored(SmallVectorImpl<Access> &accesses, RaceCounts &counts) const
{
	if (!list)
		return;
	size_t before = accesses.size();
	erase_if(accesses, [this](const Access &access) { return contains(access); });
	counts.leftOut += before - accesses.size();
}

} // namespace furlong
