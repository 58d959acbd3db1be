/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Macros of a header that the compiler takes for the system's. */
// part
#pragma GCC system_header
#define ADDS(x) x++
#define FIRST_TWO(x) (((int *)x)[0] && ((int *)x)[1])
#define DEFINES(name)                     \
	static inline int name(int n)     \
	{                                 \
		return n > 1 ? n + 1 : n; \
	}
#define ALIKE(x, y)         \
	switch (0)          \
	case 0:             \
	default:            \
		if ((x) != (y)) \
		x
