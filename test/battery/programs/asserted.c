/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * assert() after a way out, as the last statement, within conditions, and one that fails. */
#include "log.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int after_return(const int *p, int n)
{
	T; if (C(0, p != NULL)) {
		T; return 1;
	}

	assert(n != 0); //= 4
	T; if (C(1, n > 1)) {
		T; n--;
	}
	T; return n;
}

static int among(int n)
{
	for (int i = 0; C(2, i < 3); i++) {
		if (C(3, i == 1))
			continue; //= 3
		assert(n > -5); //= 6
		T; n++;
		assert(n < 100 && n > -5); //= 6
	}
	assert(n); //= 3
	return n; //= 3
}

static void last(int n)
{
	T; if (C(4, n == 2))
		return; //= 3
	assert(n != 3); //= 3
}

int main(void)
{
	struct rlimit none = {0, 0};
	int x = 0;
	T; setrlimit(RLIMIT_CORE, &none);
	T; fclose(stderr);
	for (int n = 1; C(5, n < 4); n++) {
		T; x += after_return(&x, n);
		T; x += after_return(NULL, n);
		T; x += among(n);
		T; pid_t child = fork();
		T; if (C(6, child == 0)) {
			T; last(n);
			T; _exit(0);
		}
		T; waitpid(child, NULL, 0);
		T; last(n & 2);
	}
	T; return x + after_return(NULL, 7) == 0;
}
