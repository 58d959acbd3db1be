/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * check.h: each test of Check counts under its name, in the process that Check forks for it as without.
 * Include it after <check.h>, before the tests.
 */
#ifndef FURLONG_CHECK_H
#define FURLONG_CHECK_H

#include <check.h>
#include <furlong/furlong.h>

/* Check's own, with a function between that says the name. */
#undef START_TEST
#define START_TEST(name)                                                                                     \
	static void name##_furlong(int _i);                                                                  \
	static void name##_fn(int _i)                                                                        \
	{                                                                                                    \
		furlong_coverage_label("" #name);                                                            \
		name##_furlong(_i);                                                                          \
		furlong_coverage_label("");                                                                  \
	}                                                                                                    \
	static const TTest name##_ttest = {"" #name, name##_fn, __FILE__, __LINE__};                         \
	static const TTest *name = &name##_ttest;                                                            \
	static void name##_furlong(int _i CK_ATTRIBUTE_UNUSED)

#endif
