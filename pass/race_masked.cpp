/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_masked.cpp: accesses to the elements that a mask selects: by LLVM's intrinsics, and by those of x86,
 * which stay what they are when nothing is known of the mask.
 */
#include "llvm_compat.h"
#include "race.h"

using namespace llvm;

namespace furlong
{

/* Which argument is what; a name that ends in a dot or a letter goes on with sizes and types. */
struct X86Form {
	const char *name;
	int address, mask;
	int index, scale; /* NONE: the elements lie side by side */
	int stored;       /* NONE: it reads what it gives back */
};
static constexpr int NONE = -1;
static const X86Form x86Forms[] = {
	{"llvm.x86.avx.maskload.", 0, 1, NONE, NONE, NONE},
	{"llvm.x86.avx2.maskload.", 0, 1, NONE, NONE, NONE},
	{"llvm.x86.avx.maskstore.", 0, 1, NONE, NONE, 2},
	{"llvm.x86.avx2.maskstore.", 0, 1, NONE, NONE, 2},
	{"llvm.x86.sse2.maskmov.dqu", 2, 1, NONE, NONE, 0},
	{"llvm.x86.avx2.gather.", 1, 3, 2, 4, NONE},
	{"llvm.x86.avx512.mask.gather", 1, 3, 2, 4, NONE},
	{"llvm.x86.avx512.mask.scatter", 0, 1, 2, 4, 3},
};

static const X86Form *formOf(const IntrinsicInst &call)
{
	StringRef name = call.getCalledFunction()->getName();
	for (const X86Form &form : x86Forms)
		if (name.take_front(StringRef(form.name).size()) == form.name)
			return &form;
	return nullptr;
}

static unsigned lanesOf(const Value *vector)
{
	return cast<FixedVectorType>(vector->getType())->getNumElements();
}

static Value *firstLanes(IRBuilder<> &builder, Value *vector, unsigned count)
{
	SmallVector<int, 16> lanes;
	for (unsigned i = 0; i < count; i++)
		lanes.push_back((int)i);
	return lanesOf(vector) == count ? vector : builder.CreateShuffleVector(vector, lanes);
}

/* The highest bit of an element counts. */
static Value *bitsOf(IRBuilder<> &builder, Value *mask)
{
	auto *type = cast<VectorType>(mask->getType());
	if (type->getElementType()->isIntegerTy(1))
		return mask;
	auto *numbers = VectorType::getInteger(type);
	return builder.CreateICmpSLT(builder.CreateBitCast(mask, numbers), Constant::getNullValue(numbers));
}

static bool asX86Operation(IntrinsicInst &call, compat::MaskedOperation &operation)
{
	const X86Form *form = formOf(call);
	if (!form)
		return false;
	auto argument = [&](int which) { return call.getArgOperand((unsigned)which); };
	IRBuilder<> builder(&call);
	operation.write = form->stored != NONE;
	operation.packed = false;
	operation.vectorType = operation.write ? argument(form->stored)->getType() : call.getType();
	operation.address = argument(form->address);
	operation.mask = bitsOf(builder, argument(form->mask));
	if (form->index == NONE)
		return true;
	Value *index = argument(form->index);
	unsigned lanes = std::min({lanesOf(index), lanesOf(operation.mask),
		cast<FixedVectorType>(operation.vectorType)->getNumElements()});
	index = firstLanes(builder, index, lanes);
	operation.mask = firstLanes(builder, operation.mask, lanes);
	index = builder.CreateSExt(index, FixedVectorType::get(builder.getInt64Ty(), lanes));
	Value *scale = builder.CreateZExt(argument(form->scale), builder.getInt64Ty());
	operation.address = builder.CreateGEP(builder.getInt8Ty(), operation.address,
		builder.CreateMul(index, builder.CreateVectorSplat(lanes, scale)));
	return true;
}

bool describeMasked(IntrinsicInst &call, compat::MaskedOperation &operation)
{
	return compat::asMaskedOperation(call, operation) || asX86Operation(call, operation);
}

} // namespace furlong
