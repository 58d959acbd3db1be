/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * load.c: starts a server of memcached's protocol on a socket in the working directory, gives it work over a
 * few connections, ends it and waits, so that its CPU time is this program's:  load REQUESTS SERVER
 * ARGUMENTS...
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 4, AT_ONCE = 50, KEYS = 2000 };

static const char *const path = "load.socket";

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* The server may not listen yet. */
static int connect_to_it(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	for (int tries = 0; tries < 3000; tries++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (fd < 0)
			fail("load: socket");
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		close(fd);
		usleep(10000);
	}
	fail("load: connect");
	return -1;
}

/* Sends a batch and reads until as many answers came: each ends with a line that begins with S or E. */
static long ask(int fd, const char *batch, size_t length, int answers)
{
	char buffer[65536];
	int done = 0, at_start = 1;
	long bytes = 0;
	for (size_t sent = 0; sent < length;) {
		ssize_t n = write(fd, batch + sent, length - sent);
		if (n <= 0)
			fail("load: write");
		sent += (size_t)n;
	}
	while (done < answers || !at_start) {
		ssize_t n = read(fd, buffer, sizeof(buffer));
		if (n <= 0)
			fail("load: read");
		bytes += n;
		for (ssize_t k = 0; k < n; k++) {
			done += at_start && (buffer[k] == 'S' || buffer[k] == 'E');
			at_start = buffer[k] == '\n';
		}
	}
	return bytes;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	long requests = atol(argv[1]), bytes = 0;
	unlink(path);
	pid_t pid = fork();
	if (pid == 0) {
		execv(argv[2], argv + 2);
		fail("load: exec");
	}
	int fds[CONNECTIONS];
	for (int n = 0; n < CONNECTIONS; n++)
		fds[n] = connect_to_it();
	static char batch[AT_ONCE * 200];
	for (long request = 0; request < requests; request += AT_ONCE) {
		size_t length = 0;
		for (int n = 0; n < AT_ONCE; n++) {
			long key = (request + n) * 7919 % KEYS;
			if (request < KEYS || n % 4 == 0)
				length += (size_t)sprintf(
					batch + length, "set key%ld 0 0 20\r\nvalue%015ld\r\n", key, key);
			else
				length += (size_t)sprintf(batch + length, "get key%ld\r\n", key);
		}
		bytes += ask(fds[request / AT_ONCE % CONNECTIONS], batch, length, AT_ONCE);
	}
	int status;
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid)
		fail("load: wait");
	printf("%ld bytes of answers\n", bytes);
	return WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM;
}
