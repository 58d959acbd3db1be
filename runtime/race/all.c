/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the race instrument's sources, for the runtime's one object.
 */
#include "race/instrument.c"
