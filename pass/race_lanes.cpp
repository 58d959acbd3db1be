/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_lanes.cpp: which elements of a vector that is loaded anybody looks at. A loop over one member of many
 * structures becomes loads of all members, and another thread may own the others.
 */
#include "race.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace llvm;

namespace furlong
{

/* False: other users than those that pick elements by constants. */
static bool markUsed(const User &user, const LoadInst &vector, SmallBitVector &used)
{
	unsigned count = used.size();
	if (auto *shuffle = dyn_cast<ShuffleVectorInst>(&user)) {
		for (int lane : shuffle->getShuffleMask())
			if (lane >= 0 && shuffle->getOperand((unsigned)lane / count) == &vector)
				used.set((unsigned)lane % count);
		return true;
	}
	auto *extract = dyn_cast<ExtractElementInst>(&user);
	auto *index = extract ? dyn_cast<ConstantInt>(extract->getIndexOperand()) : nullptr;
	if (!index || index->getValue().uge(count))
		return false;
	used.set((unsigned)index->getZExtValue());
	return true;
}

SmallVector<ByteRun, 4> bytesUsed(const LoadInst &load, const DataLayout &layout)
{
	uint64_t size = layout.getTypeStoreSize(load.getType()).getKnownMinValue();
	SmallVector<ByteRun, 4> all, runs;
	auto *type = dyn_cast<FixedVectorType>(load.getType());
	if (!type || load.isVolatile() || load.use_empty())
		return all;
	uint64_t each = size / type->getNumElements();
	if (each * type->getNumElements() != size ||
		layout.getTypeSizeInBits(type->getElementType()) != 8 * each)
		return all;
	SmallBitVector used(type->getNumElements());
	for (const User *user : load.users())
		if (!markUsed(*user, load, used))
			return all;
	for (unsigned lane : used.set_bits())
		if (!runs.empty() && runs.back().end == lane * each)
			runs.back().end += each;
		else
			runs.push_back({lane * each, (lane + 1) * each});
	return used.all() ? all : runs;
}

} // namespace furlong
