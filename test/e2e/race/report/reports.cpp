/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * reports.cpp: reports CASE: a race, or none, whose report reports.py knows beforehand. A line that races
 * carries a marker; the column is that of the marked line's first variable named `racy`.
 */
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HOOKED
#include <furlong/furlong.h>
#endif

extern "C" void turn_is(int number);
extern "C" void turn_next(void);
extern "C" void use(long value);
extern "C" void leave(void *place);
extern "C" void *left(void);

typedef void *body(void *);

int racy_int;
long racy_words[512];
int racy_eight[8];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
thread_local int racy_tls;

/* One body after the other, each in its thread, in an order that nobody sees. */
static void run_two(body *first, body *second, void *arg)
{
	pthread_t one, two;
	pthread_create(&one, nullptr, first, arg);
	pthread_create(&two, nullptr, second, arg);
	pthread_join(one, nullptr);
	pthread_join(two, nullptr);
}

namespace shop
{
template <typename T> struct Counter {
	T racy_value;
	__attribute__((always_inline)) void bump(T by)
	{
		racy_value = by; /* MARK inlined */
	}
};
} // namespace shop

static __attribute__((noinline)) void write_int(int *racy)
{
	*racy = 1; /* MARK write */
}

static __attribute__((noinline)) int read_int(const int *racy)
{
	return *racy; /* MARK read */
}

static void *early_writer(void *racy)
{
	turn_is(0);
	write_int(static_cast<int *>(racy)); /* MARK write-call */
	turn_next();
	return nullptr;
}

static bool went_on;

static void *late_reader(void *racy)
{
	turn_is(1);
	use(read_int(static_cast<int *>(racy))); /* MARK read-call */
	went_on = true;
	return nullptr;
}

#ifdef HOOKED
extern "C" void furlong_on_report(const struct furlong_report *report)
{
	printf("told of a %s %s\n%s", report->kind, went_on ? "too late" : "in time", report->text);
}
#endif

static void one_race()
{
	run_two(early_writer, late_reader, &racy_int);
}

static void no_race()
{
	pthread_t thread;
	pthread_create(&thread, nullptr, early_writer, &racy_int);
	pthread_join(thread, nullptr);
	pthread_create(&thread, nullptr, late_reader, &racy_int);
	pthread_join(thread, nullptr);
}

static int rounds;

static void *pong(void *)
{
	for (int i = 0; i < rounds; i++) {
		turn_is(2 * i);
		racy_int = i; /* MARK pong */
		turn_next();
	}
	return nullptr;
}

static void *ping(void *)
{
	for (int i = 0; i < rounds; i++) {
		turn_is(2 * i + 1);
		racy_int = -i; /* MARK ping */
		turn_next();
	}
	return nullptr;
}

static int first_turn;

static void *fill_words(void *)
{
	turn_is(first_turn);
#pragma clang loop vectorize(disable) unroll(disable)
	for (volatile int i = 0; i < 512; i++)
		racy_words[i] = i; /* MARK fill */
	turn_next();
	return nullptr;
}

static void *sum_words(void *)
{
	long sum = 0;
	turn_is(first_turn + 1);
#pragma clang loop vectorize(disable) unroll(disable)
	for (volatile int i = 0; i < 512; i++)
		sum += racy_words[i]; /* MARK sum */
	use(sum);
	return nullptr;
}

#define SET(n)                                                                                               \
	static __attribute__((noinline)) void set##n(int value)                                              \
	{                                                                                                    \
		racy_eight[n] = value;                                                                       \
	}
SET(0)
SET(1)
SET(2)
SET(3)
SET(4)
SET(5) SET(6) SET(7)

	static void set_eight(int value)
{
	set0(value), set1(value), set2(value), set3(value), set4(value), set5(value), set6(value),
		set7(value);
}

static void *early_eight(void *)
{
	turn_is(0);
	set_eight(1);
	turn_next();
	return nullptr;
}

static void *late_eight(void *)
{
	turn_is(1);
	set_eight(2);
	return nullptr;
}

static void *early_bump(void *counter)
{
	turn_is(0);
	static_cast<shop::Counter<long> *>(counter)->bump(1); /* MARK inlined-call */
	turn_next();
	return nullptr;
}

static void *late_bump(void *counter)
{
	turn_is(1);
	static_cast<shop::Counter<long> *>(counter)->bump(2);
	return nullptr;
}

static void *early_locked(void *racy)
{
	pthread_setname_np(pthread_self(), "lock er");
	pthread_mutex_lock(&mutex); /* MARK lock */
	turn_is(0);
	write_int(static_cast<int *>(racy));
	turn_next();
	turn_is(2);
	pthread_mutex_unlock(&mutex);
	return nullptr;
}

static void *late_unlocked(void *racy)
{
	late_reader(racy);
	turn_next();
	return nullptr;
}

static pthread_mutex_t told = PTHREAD_MUTEX_INITIALIZER, untold = PTHREAD_MUTEX_INITIALIZER;

/* The epoch of the write must not go on once its lock stands behind another one. */
static void *early_relocked(void *racy)
{
	pthread_mutex_lock(&mutex);
	turn_is(0);
	write_int(static_cast<int *>(racy));
	pthread_mutex_lock(&told);
	pthread_mutex_unlock(&mutex);
	pthread_mutex_lock(&mutex);
	racy_words[1] = 1;
	turn_next();
	turn_is(2);
	pthread_mutex_unlock(&mutex);
	pthread_mutex_unlock(&told);
	return nullptr;
}

static void release(pthread_mutex_t *lock, long value)
{
	racy_words[0] = value; /* a release after nothing is none */
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
}

/* One release that the other hears of, two that it does not, the access, and one more. */
static void *early_releaser(void *racy)
{
	turn_is(0);
	release(&told, 1);
	turn_next();
	turn_is(2);
	release(&untold, 2);
	release(&untold, 3);
	write_int(static_cast<int *>(racy));
	release(&untold, 4);
	turn_next();
	turn_is(4);
	return nullptr;
}

static void *late_listener(void *racy)
{
	turn_is(1);
	pthread_mutex_lock(&told);
	pthread_mutex_unlock(&told);
	turn_next();
	turn_is(3);
	use(read_int(static_cast<int *>(racy)));
	turn_next();
	return nullptr;
}

static void handle(int)
{
	use(read_int(&racy_int));
}

static void *late_handler(void *)
{
	turn_is(1);
	signal(SIGUSR1, handle);
	raise(SIGUSR1);
	return nullptr;
}

static void *tls_owner(void *)
{
	leave(&racy_tls);
	turn_is(0);
	racy_tls = 5;
	turn_next();
	turn_is(2);
	return nullptr;
}

static void *tls_guest(void *)
{
	turn_is(1);
	use(read_int(static_cast<int *>(left())));
	turn_next();
	return nullptr;
}

static int children;

static void note_child(int)
{
	children++;
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	printf("wrong: %s\n", what);
	fflush(stdout);
	_exit(9);
}

static void close_from(int first)
{
	for (int fd = first; fd < 1024; fd++)
		close(fd);
}

static void *early_word(void *)
{
	turn_is(1);
	racy_words[0] = 1; /* MARK early-word */
	turn_next();
	return nullptr;
}

static void *late_word(void *)
{
	turn_is(2);
	racy_words[0] = 2; /* MARK late-word */
	return nullptr;
}

/* The symbolizer's socket is closed behind the runtime's back, and a file takes over its number. */
static void reuse_descriptors(const char *path)
{
	struct stat st;
	one_race();
	close_from(3);
	for (int fd = -1; fd < 1000;)
		fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
	run_two(early_word, late_word, nullptr);
	must(!stat(path, &st) && st.st_size == 0, "the runtime wrote to a file of the program's");
}

/* Only now the tool may go on: it waits for a line in that pipe. */
static void let_go(const char *pipe)
{
	int fd = open(pipe, O_WRONLY);
	must(write(fd, "go\n", 3) == 3 && !close(fd), "nobody is there to let go");
}

static void close_a_library()
{
#ifndef STATIC
	void *library = dlopen("libm.so.6", RTLD_NOW);
	must(library && !dlclose(library), "libm");
#endif
}

static void fork_meanwhile()
{
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		exit(0);
	must(waitpid(pid, &status, 0) == pid && status == 0, "a child without races");
}

static void end_by(const char *how)
{
	if (!strcmp(how, "exit"))
		exit(0);
	if (!strcmp(how, "exit3"))
		exit(3);
	if (!strcmp(how, "_exit"))
		_exit(0);
	if (!strcmp(how, "_exit3"))
		_exit(3);
	if (!strcmp(how, "quick"))
		quick_exit(0);
	if (!strcmp(how, "quick3"))
		quick_exit(3);
	if (!strcmp(how, "thread"))
		pthread_exit(nullptr);
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "kill"))
		raise(SIGKILL);
	if (!strcmp(how, "segv"))
		raise(SIGSEGV);
	if (!strcmp(how, "exec"))
		execl("/bin/true", "true", nullptr);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "one", *arg = argc > 2 ? argv[2] : "";
	printf("begin\n"); /* must come out whatever becomes of the status */
	if (!strcmp(what, "one")) {
		one_race();
	} else if (!strcmp(what, "none")) {
		no_race();
	} else if (!strcmp(what, "repeat")) {
		rounds = 5000;
		run_two(pong, ping, nullptr);
	} else if (!strcmp(what, "words")) {
		run_two(fill_words, sum_words, nullptr);
	} else if (!strcmp(what, "eight")) {
		run_two(early_eight, late_eight, nullptr);
	} else if (!strcmp(what, "inlined")) {
		shop::Counter<long> *counter = new shop::Counter<long>(); /* MARK new */
		run_two(early_bump, late_bump, counter);
		delete counter;
	} else if (!strcmp(what, "stack")) {
		int local = 0;
		run_two(early_writer, late_reader, &local);
	} else if (!strcmp(what, "tls")) {
		run_two(tls_owner, tls_guest, nullptr);
	} else if (!strcmp(what, "locked")) {
		run_two(early_locked, late_unlocked, &racy_int);
	} else if (!strcmp(what, "relocked")) {
		run_two(early_relocked, late_unlocked, &racy_int);
	} else if (!strcmp(what, "heard")) {
		run_two(early_releaser, late_listener, &racy_int);
	} else if (!strcmp(what, "handler")) {
		run_two(early_writer, late_handler, &racy_int);
	} else if (!strcmp(what, "wait")) {
		signal(SIGCHLD, note_child);
		one_race();
		must(wait(nullptr) == -1 && errno == ECHILD, "there is a child");
		must(children == 0, "SIGCHLD came");
		int fd = open("/dev/null", O_RDONLY);
		must(fd == 3, "the lowest descriptor is taken");
	} else if (!strcmp(what, "reuse")) {
		reuse_descriptors(arg);
	} else if (!strcmp(what, "closed")) {
		fflush(stdout);
		close_from(0);
		one_race();
	} else if (!strcmp(what, "nofile")) {
		struct rlimit limit = {3, 3};
		setrlimit(RLIMIT_NOFILE, &limit);
		one_race();
	} else if (!strcmp(what, "chroot")) { /* not by the function, before which the runtime would start its
						 tool */
		must(!syscall(SYS_chroot, arg) && !chdir("/"), "chroot");
		one_race();
	} else if (!strcmp(what, "fork")) {
		fflush(stdout);
		pid_t pid = fork();
		one_race();
		if (!pid)
			exit(0);
		int status;
		must(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 66, "the child's status");
	} else if (!strcmp(what, "fork-after")) {
		one_race();
		fflush(stdout);
		pid_t pid = fork();
		if (!pid) {
			must(wait(nullptr) == -1 && errno == ECHILD, "the child has a child");
			exit(0);
		}
		int status;
		must(waitpid(pid, &status, 0) == pid && status == 0,
			"a child without races has a status of its own");
	} else if (!strcmp(what, "vfork")) {
		one_race();
		int status;
		pid_t pid = vfork();
		if (!pid)
			_exit(0);
		must(waitpid(pid, &status, 0) == pid && status == 0, "the status of vfork's child");
		pid = vfork();
		if (!pid) {
			execl("/bin/true", "true", nullptr);
			_exit(1);
		}
		must(waitpid(pid, &status, 0) == pid && status == 0,
			"the status of what vfork's child execs");
	} else if (!strcmp(what, "exec")) {
		rounds = 10;
		run_two(pong, ping, nullptr);
		fflush(stdout);
		execl("/bin/true", "true", nullptr);
	} else if (!strcmp(what, "let-go")) {
		one_race();
		first_turn = 1;
		run_two(fill_words, sum_words, nullptr);
		close_a_library();
		fork_meanwhile();
		printf("went on\n");
		fflush(stdout);
		let_go(arg);
	} else if (!strcmp(what, "end")) {
		one_race();
		end_by(arg);
	} else {
		return 2;
	}
	return 0;
}
