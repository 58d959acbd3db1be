/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * version.c: see version.h.
 */
#include "read/version.h"

#include <furlong/abi.h>
#include <furlong/format.h>

unsigned fl_version_abi(void)
{
	return FURLONG_ABI_VERSION;
}

unsigned fl_version_data(void)
{
	return FURLONG_DATA_VERSION;
}

unsigned fl_version_shape(void)
{
	return FURLONG_SHAPE_VERSION;
}
