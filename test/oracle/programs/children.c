/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Children that end by exit, _exit and a signal, and one that executes another program. */
#include "log.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int how)
{
	T; if (C(0, how == 0)) {
		T; exit(0);
	}
	T; if (C(1, how == 1)) {
		T; _exit(0);
	}
	T; if (C(2, how == 2)) {
		T; kill(getpid(), SIGKILL);
	}
	T; execl("/bin/true", "true", (char *)0);
	T; _exit(1);
}

int main(void)
{
	T; signal(SIGPIPE, SIG_DFL);
	for (int n = 0; C(3, n < 8); n++) {
		T; pid_t child = fork();
		T; if (C(4, child == 0)) {
			T; end(n % 4);
			T; return 1;
		}
		T; waitpid(child, 0, 0);
	}
	T; return 0;
}
