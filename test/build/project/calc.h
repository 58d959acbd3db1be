/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CALC_H
#define CALC_H
int calc_power(int base, int exponent);
int calc_unused(int x);
#endif
