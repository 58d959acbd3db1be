/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test.h: cmocka with what it wants included before it.
 */
#ifndef FURLONG_TEST_HTML_TEST_H
#define FURLONG_TEST_HTML_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
