/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * filter.cpp: see filter.h.
 */
#include "filter.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/GlobalIFunc.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace furlong
{

bool isInstrumentable(const Function &function)
{
	if (function.isDeclaration() || function.hasFnAttribute(Attribute::Naked))
		return false;
	if (compat::startsWith(function.getName(), "__furlong_"))
		return false;
	return !compat::skipsProfiling(function);
}

SmallPtrSet<const Function *, 4> resolvers(const Module &module)
{
	SmallPtrSet<const Function *, 4> functions;
	for (const GlobalIFunc &ifunc : module.ifuncs())
		if (const Function *resolver = ifunc.getResolverFunction())
			functions.insert(resolver);
	return functions;
}

SmallPtrSet<const Function *, 4> resolverFunctions(const Module &module)
{
	SmallPtrSet<const Function *, 4> functions = resolvers(module);
	SmallVector<const Function *, 8> waiting(functions.begin(), functions.end());
	while (!waiting.empty())
		for (const Instruction &instruction : instructions(*waiting.pop_back_val())) {
			auto *call = dyn_cast<CallBase>(&instruction);
			const Function *callee = call ? call->getCalledFunction() : nullptr;
			if (callee && !callee->isDeclaration() && functions.insert(callee).second)
				waiting.push_back(callee);
		}
	return functions;
}

std::string pathOf(const DIFile &file)
{
	SmallString<256> path(file.getFilename());
	if (!sys::path::is_absolute(path)) {
		path = file.getDirectory();
		sys::path::append(path, file.getFilename());
	}
	return path.str().str();
}

} // namespace furlong
