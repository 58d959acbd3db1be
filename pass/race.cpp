/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.cpp: the race instrument's place in the pipeline.
 */
#include "instrument.h"

using namespace llvm;

namespace furlong
{

const Instrument race = {
	"race",
	[](ModulePassManager &, Addressing, OptimizationLevel) {},
	nullptr,
	[](ModulePassManager &, Addressing, OptimizationLevel) {},
};

} // namespace furlong
