/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_libatomic.cpp: atomic operations that the compiler makes calls of: of objects that are too large for
 * the processor's instructions, or not aligned.
 *
 *   __atomic_OPERATION_SIZE(object, ..., order)         a value of 1 to 16 bytes
 *   __atomic_OPERATION(size, object, ..., order)        any size; what is read and written is pointed to
 *
 * A compare_exchange has two orders at its end.
 */
#include "furlong/abi.h"
#include "race.h"

using namespace llvm;

namespace furlong
{

/* Two cells are what one operation can hold. The bytes of larger objects behind them are not looked at. */
static constexpr uint64_t LARGEST = 16;

static uint32_t operationOf(StringRef name)
{
	if (name == "load")
		return FURLONG_RACE_ATOMIC_LOAD;
	if (name == "store")
		return FURLONG_RACE_ATOMIC_STORE;
	if (name == "compare_exchange")
		return FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE;
	return name == "exchange" || compat::startsWith(name, "fetch_") ? FURLONG_RACE_ATOMIC_UPDATE : 0;
}

static Value *orderAt(IRBuilder<> &builder, CallInst &call, unsigned fromEnd, unsigned shift)
{
	Value *order = call.getArgOperand(call.arg_size() - fromEnd);
	return builder.CreateShl(
		builder.CreateAnd(builder.CreateZExtOrTrunc(order, builder.getInt32Ty()), 15), shift);
}

bool isLibraryAtomic(const Instruction &instruction)
{
	auto *call = dyn_cast<CallInst>(&instruction);
	const Function *callee = call ? call->getCalledFunction() : nullptr;
	return callee && callee->isDeclaration() && compat::startsWith(callee->getName(), "__atomic_") &&
	       call->arg_size() >= 2;
}

bool describeLibraryAtomic(CallInst &call, AtomicOperation &operation)
{
	StringRef name = call.getCalledFunction()->getName().drop_front(strlen("__atomic_"));
	uint64_t size = 0;
	StringRef digits = name.take_back(name.size() - name.find_last_not_of("0123456789") - 1);
	bool generic = digits.empty() || digits.getAsInteger(10, size);
	if (!generic)
		name = name.drop_back(digits.size() + 1);
	uint32_t kind = operationOf(name);
	if (!kind && name != "load")
		return false;
	if (generic) {
		auto *constant = dyn_cast<ConstantInt>(call.getArgOperand(0));
		size = constant ? constant->getLimitedValue(LARGEST) : 1;
	}
	operation.address = call.getArgOperand(generic);
	operation.size = std::min(size, LARGEST);
	if (!operation.size || !operation.address->getType()->isPointerTy())
		return false;
	IRBuilder<> builder(&call);
	bool two = kind == FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE;
	operation.what = builder.CreateOr(orderAt(builder, call, two ? 2 : 1, 4), kind);
	if (two)
		operation.what = builder.CreateOr(operation.what, orderAt(builder, call, 1, 8));
	operation.stored = two ? nullptr : builder.getInt32(kind != FURLONG_RACE_ATOMIC_LOAD);
	return true;
}

} // namespace furlong
