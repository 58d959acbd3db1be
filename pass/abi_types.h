/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * abi_types.h: LLVM types from the C declarations of furlong/abi.h, so that no signature or layout is
 * written a second time. Only what may cross the ABI has a translation: void, pointers and integers.
 */
#ifndef FURLONG_PASS_ABI_TYPES_H
#define FURLONG_PASS_ABI_TYPES_H

#include "llvm_compat.h"
#include <type_traits>

namespace furlong
{

template <class T> llvm::Type *irType(llvm::LLVMContext &context)
{
	static_assert(std::is_void_v<T> || std::is_pointer_v<T> || std::is_integral_v<T>,
		"only void, pointers and integers cross the ABI");
	if constexpr (std::is_void_v<T>)
		return llvm::Type::getVoidTy(context);
	else if constexpr (std::is_pointer_v<T>)
		return compat::pointerTo(llvm::Type::getInt8Ty(context));
	else
		return llvm::Type::getIntNTy(context, sizeof(T) * 8);
}

template <class Signature> struct AbiFunction;

template <class R, class... A> struct AbiFunction<R(A...)> {
	static llvm::FunctionCallee declare(llvm::Module &module, const char *name)
	{
		llvm::LLVMContext &context = module.getContext();
		llvm::FunctionCallee callee = module.getOrInsertFunction(
			name, llvm::FunctionType::get(irType<R>(context), {irType<A>(context)...}, false));
		if (auto *function = llvm::dyn_cast<llvm::Function>(callee.getCallee()))
			extendSmallIntegers(*function);
		return callee;
	}

      private:
	/* The C ABI wants integers narrower than 32 bits extended by the caller. */
	static void extendSmallIntegers(llvm::Function &function)
	{
		unsigned i = 0;
		((std::is_integral_v<A> && sizeof(A) < 4
				 ? function.addParamAttr(i++, std::is_signed_v<A> ? llvm::Attribute::SExt
										  : llvm::Attribute::ZExt)
				 : (void)i++),
			...);
	}
};

/* A struct's members, in order: AbiStruct<int64_t, uint32_t>::type(context). The caller ties the list to
 * the C struct with static_asserts on its size and offsets. */
template <class... Members> struct AbiStruct {
	static llvm::StructType *type(llvm::LLVMContext &context)
	{
		return llvm::StructType::get(context, {irType<Members>(context)...});
	}
};

/* ABI_FUNCTION(module, __furlong_coverage_module) declares it as abi.h does. */
#define ABI_FUNCTION(module, name) furlong::AbiFunction<decltype(name)>::declare(module, #name)

} // namespace furlong

#endif
