/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text_arms.h: where the arms of each `if constexpr` stand in a text, for compilers that do not say which of
 * them an instance is without.
 */
#ifndef FURLONG_READ_TEXT_ARMS_H
#define FURLONG_READ_TEXT_ARMS_H

#include "model/build.h"

/* Adds to facts->arms. */
void fl_text_arms_scan(struct fl_text_facts *facts, const char *text, size_t length);

#endif
