/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * fork in the middle of a function, vfork, an exec that fails and one that does not. */
#include "log.h"
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int forked(int n)
{
	T; int x = n;
	T; pid_t child = fork();
	T; x++;
	T; if (C(0, child == 0)) {
		T; _exit(x);
	}
	T; waitpid(child, NULL, 0);
	T; return x;
}

static int replaced(const char *path)
{
	T; pid_t child = fork();
	T; if (C(1, child == 0)) {
		T; execl(path, path, (char *)NULL);
		T; _exit(1);
	}
	T; waitpid(child, NULL, 0);
	T; return 0;
}

int main(void)
{
	T; int x = forked(1);
	T; x += forked(2);
	T; x += replaced("/nowhere");
	T; x += replaced("/bin/true");
	T; pid_t child = vfork();
	T; if (C(2, child == 0)) {
		T; _exit(0);
	}
	T; waitpid(child, NULL, 0);
	T; abort();
}
