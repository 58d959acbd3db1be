/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.c: cases about memory: memory CASE. A case has a first and a second thread; the first acts at turn 0
 * and gives turn 1, when the second acts. In a case's twin (CASE.ok) the two are ordered by a mutex, which
 * nothing else uses.
 */
#include "turn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wchar.h>

static char *block, *other;
static int ordered, pair[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[64] = "some text", target[64] __attribute__((aligned(8)));
static wchar_t wide[64] = L"12345 wide";
/* What the compiler must not see through. */
static volatile size_t eight = 8, hundred = 100;

static void nothing(void)
{
}

static void make_block(void)
{
	block = malloc(hundred);
	memset(block, 1, hundred);
	other = malloc(hundred);
}

static void write_block(void)
{
	block[40] = 2;
}

static void read_block(void)
{
	target[0] = block[40];
}

static void free_block(void)
{
	free(block);
}

static void realloc_block(void)
{
	turn_lend(realloc(block, 5000));
}

static void clear_block(void)
{
	turn_lend(calloc(hundred, 1));
}

static void read_lent_block(void)
{
	target[0] = ((char *)turn_lent())[40];
}

/* The same memory again, by the allocator's own order: free in one thread, malloc in the other. */
static void free_many(void)
{
	for (int i = 0; i < 1000; i++) {
		char *p = malloc(3000);
		p[2000] = 1;
		free(p);
	}
	free(block);
	free(other);
}

static void malloc_many(void)
{
	char *all[200];

	for (int i = 0; i < 200; i++) {
		all[i] = malloc(hundred + (size_t)i * 20);
		all[i][50] = 1;
		all[i][99] = 1;
	}
	for (int i = 0; i < 200; i++)
		free(all[i]);
}

static void make_mapping(void)
{
	block = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	block[40] = 1;
}

/* At the very same place, which only the kernel orders. */
static void map_again(void)
{
	munmap(block, 1 << 16);
	turn_lend(
		mmap(block, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	((char *)turn_lent())[40] = 2;
}

static void discard_mapping(void)
{
	madvise(block, 1 << 16, MADV_DONTNEED);
	block[40] = 2;
}

static void move_mapping(void)
{
	turn_lend(mremap(block, 1 << 16, 1 << 18, MREMAP_MAYMOVE));
	((char *)turn_lent())[40] = 2;
}

static void write_text(void)
{
	text[2] = 'M';
}

static void write_wide(void)
{
	wide[2] = 'M';
}

static void make_number(void)
{
	make_block();
	strcpy(text, "12345 text");
}

static void read_target(void)
{
	block[0] = target[2];
}

/* clang-format off */
static void call_memcpy(void) { memcpy(target, text, eight); }
static void call_memmove(void) { memmove(target, text, eight); }
static void call_memset(void) { memset(text, 'x', eight); }
static void call_memcmp(void) { block[0] = (char)memcmp(text, target, eight); }
static void call_memchr(void) { block[0] = memchr(text, 't', eight) != NULL; }
static void call_bzero(void) { bzero(text, eight); }
static void call_mempcpy(void) { mempcpy(target, text, eight); }
static void call_strlen(void) { block[0] = (char)strlen(text); }
static void call_strcpy(void) { strcpy(target, text); }
static void call_strncpy(void) { strncpy(target, text, eight); }
static void call_strcat(void) { strcat(target, text); }
static void call_strcmp(void) { block[0] = (char)strcmp(text, "so"); }
static void call_strncmp(void) { block[0] = (char)strncmp(text, "something", eight); }
static void call_strchr(void) { block[0] = strchr(text, 'x') != NULL; }
static void call_strrchr(void) { block[0] = strrchr(text, 's') != NULL; }
static void call_strstr(void) { block[0] = strstr(text, "tex") != NULL; }
static void call_strdup(void) { turn_lend(strdup(text)); }
static void call_snprintf(void) { snprintf(text, eight, "%zu", hundred * 1000000); }
static void call_strtol(void) { block[0] = (char)strtol(text, NULL, 10); }
static void call_strtod(void) { block[0] = (char)strtod(text, NULL); }
static void call_strtold(void) { char *end; block[0] = (char)strtold(text, &end) + *end; }
static void call_strtof_to(void) { block[1] = (char)strtof("1", (char **)(void *)target); }
static void call_atof(void) { block[0] = (char)atof(text); }
static void call_wcstod(void) { block[0] = (char)wcstod(wide, NULL); }
static void call_write(void) { block[0] = (char)write(pair[0], text, eight); }
static void call_read(void) { block[0] = (char)read(pair[1], text, eight); }
static void call_send(void) { block[0] = (char)send(pair[0], text, eight, 0); }
static void call_writev(void)
{
	struct iovec parts[2] = {{target, 1}, {text, eight}};

	block[0] = (char)writev(pair[0], parts, 2);
}
/* clang-format on */

static void make_pair(void)
{
	make_block();
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || write(pair[0], "abcdefgh", 8) != 8)
		abort();
}

static int lends;

/* What was lent stays while the other one writes to it. */
static void wait_for_other(void)
{
	if (ordered)
		pthread_mutex_unlock(&mutex);
	turn_give(1);
	turn_wait(2);
	if (ordered)
		pthread_mutex_lock(&mutex);
}

static void lend_stack(void)
{
	int local = 1;

	turn_lend(&local);
	local = 2;
	wait_for_other();
}

static void lend_tls(void)
{
	static __thread int stored;

	turn_lend(&stored);
	stored = 2;
	wait_for_other();
}

static void write_lent(void)
{
	*(int *)turn_lent() = 3;
}

static const struct {
	const char *name;
	void (*prepare)(void), (*first)(void), (*second)(void);
} cases[] = {
	{"heap", make_block, write_block, read_block},
	{"free_then_use", make_block, free_block, write_block},
	{"use_then_free", make_block, write_block, free_block},
	{"realloc_then_use", make_block, realloc_block, read_block},
	{"use_then_realloc", make_block, write_block, realloc_block},
	{"calloc", make_block, clear_block, read_lent_block},
	{"reuse", make_block, free_many, malloc_many},
	{"map", make_mapping, write_block, read_block},
	{"map_again", make_mapping, write_block, map_again},
	{"discard", make_mapping, write_block, discard_mapping},
	{"remap", make_mapping, write_block, move_mapping},
	{"memcpy", make_block, write_text, call_memcpy},
	{"memcpy_to", make_block, call_memcpy, read_target},
	{"memmove", make_block, write_text, call_memmove},
	{"memset", make_block, write_text, call_memset},
	{"memcmp", make_block, write_text, call_memcmp},
	{"memchr", make_block, write_text, call_memchr},
	{"bzero", make_block, write_text, call_bzero},
	{"mempcpy", make_block, write_text, call_mempcpy},
	{"strlen", make_block, write_text, call_strlen},
	{"strcpy", make_block, write_text, call_strcpy},
	{"strcpy_to", make_block, call_strcpy, read_target},
	{"strncpy", make_block, write_text, call_strncpy},
	{"strcat", make_block, write_text, call_strcat},
	{"strcmp", make_block, write_text, call_strcmp},
	{"strncmp", make_block, write_text, call_strncmp},
	{"strchr", make_block, write_text, call_strchr},
	{"strrchr", make_block, write_text, call_strrchr},
	{"strstr", make_block, write_text, call_strstr},
	{"strdup", make_block, write_text, call_strdup},
	{"snprintf", make_block, write_text, call_snprintf},
	{"strtol", make_number, write_text, call_strtol},
	{"strtod", make_number, write_text, call_strtod},
	{"strtold", make_number, write_text, call_strtold},
	{"strtof_to", make_number, call_strtof_to, read_target},
	{"atof", make_number, write_text, call_atof},
	{"wcstod", make_number, write_wide, call_wcstod},
	{"write", make_pair, write_text, call_write},
	{"read", make_pair, write_text, call_read},
	{"send", make_pair, write_text, call_send},
	{"writev", make_pair, write_text, call_writev},
	{"stack", nothing, lend_stack, write_lent},
	{"tls", nothing, lend_tls, write_lent},
};

static void (*first)(void), (*second)(void);

static void act(void (*action)(void))
{
	if (ordered)
		pthread_mutex_lock(&mutex);
	action();
	if (ordered)
		pthread_mutex_unlock(&mutex);
}

static void *run_first(void *unused)
{
	act(first);
	if (!lends)
		turn_give(1);
	return unused;
}

static void *run_second(void *unused)
{
	turn_wait(1);
	act(second);
	turn_give(2);
	return unused;
}

static int run(size_t i)
{
	pthread_t threads[2];

	first = cases[i].first;
	lends = first == lend_stack || first == lend_tls;
	second = cases[i].second;
	cases[i].prepare();
	turn_begin();
	if (pthread_create(&threads[0], NULL, run_first, NULL) ||
		pthread_create(&threads[1], NULL, run_second, NULL))
		return 2;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}

int main(int argc, char **argv)
{
	size_t length = argc > 1 ? strlen(argv[1]) : 0;

	if (length > 3 && !strcmp(argv[1] + length - 3, ".ok")) {
		ordered = 1;
		length -= 3;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (length && !strncmp(cases[i].name, argv[1], length) && !cases[i].name[length])
			return run(i);
	return 2;
}
