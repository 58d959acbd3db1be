/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the coverage instrument's sources, for the runtime's one object.
 */
#include "coverage/delta.c"
#include "coverage/file.c"
#include "coverage/fold.c"
#include "coverage/instrument.c"
#include "coverage/label.c"
#include "coverage/lane.c"
#include "coverage/layout.c"
#include "coverage/module.c"
#include "coverage/slot.c"
#include "coverage/window.c"
