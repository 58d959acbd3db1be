/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * registration.cpp: see registration.h.
 */
#include "registration.h"
#include "furlong/abi.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace furlong
{

static const char descriptorSection[] = "furlong_module"; /* a name that address sanitizers keep off */

/* A bound of a section, null should the linker have dropped all of it. */
static Constant *bound(Module &module, const Twine &prefix, const char *section)
{
	std::string name = (prefix + section).str();
	if (GlobalVariable *known = module.getNamedGlobal(name))
		return known;
	auto *symbol = new GlobalVariable(module, Type::getInt8Ty(module.getContext()), false,
		GlobalValue::ExternalWeakLinkage, nullptr, name);
	symbol->setVisibility(GlobalValue::HiddenVisibility);
	return symbol;
}

static Constant *moduleDescriptor(
	Module &module, Comdat *group, const std::string &name, ArrayRef<const char *> sections)
{
	LLVMContext &context = module.getContext();
	PointerType *pointer = compat::pointerTo(Type::getInt8Ty(context));
	std::vector<Constant *> bounds;
	for (const char *section : sections)
		for (const char *prefix : {"__start_", "__stop_"})
			bounds.push_back(bound(module, prefix, section));
	auto *type = ArrayType::get(pointer, bounds.size());
	auto *descriptor = new GlobalVariable(
		module, type, true, GlobalValue::LinkOnceODRLinkage, ConstantArray::get(type, bounds), name);
	descriptor->setVisibility(GlobalValue::HiddenVisibility);
	descriptor->setSection(descriptorSection);
	descriptor->setAlignment(Align(8));
	descriptor->setComdat(group);
	return descriptor;
}

/* The name carries the ABI version, so that objects of two versions in one module register twice and the
 * runtime can refuse one of them. */
void emitRegistration(
	Module &module, StringRef instrument, FunctionCallee target, ArrayRef<const char *> sections)
{
	LLVMContext &context = module.getContext();
	std::string name =
		("__furlong_" + instrument + "_register." + std::to_string(FURLONG_ABI_VERSION)).str();
	Comdat *group = module.getOrInsertComdat(name);
	Constant *descriptor = moduleDescriptor(module, group, name + ".module", sections);
	auto *constructor =
		llvm::Function::createWithDefaultAttr(FunctionType::get(Type::getVoidTy(context), false),
			GlobalValue::LinkOnceODRLinkage, 0, name, &module);
	constructor->setVisibility(GlobalValue::HiddenVisibility);
	constructor->setComdat(group);
	constructor->addFnAttr(Attribute::NoUnwind);
	IRBuilder<> builder(BasicBlock::Create(context, "", constructor));
	builder.CreateCall(target,
		{builder.getInt32(FURLONG_ABI_VERSION),
			ConstantExpr::getPointerCast(descriptor, compat::pointerTo(builder.getInt8Ty()))});
	builder.CreateRetVoid();
	appendToGlobalCtors(module, constructor, /*Priority=*/0, constructor);
}

} // namespace furlong
