/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * uring.c: io_uring by a binary liburing: who takes a completion comes after who submitted the entry.
 */
#include "pairs.h"

#include <liburing.h>
#include <stdlib.h>

static struct io_uring ring[2];

static void prepare(int o)
{
	struct io_uring_sqe *entry = io_uring_get_sqe(&ring[o]);

	if (!entry)
		abort();
	io_uring_prep_nop(entry);
}

static void submit(int o)
{
	shared++;
	prepare(o);
	if (io_uring_submit(&ring[o]) != 1)
		abort();
}

static void submit_and_wait(int o)
{
	shared++;
	prepare(o);
	if (io_uring_submit_and_wait(&ring[o], 1) != 1)
		abort();
}

static void take(int o)
{
	struct io_uring_cqe *done;

	if (io_uring_wait_cqe(&ring[o], &done))
		abort();
	io_uring_cqe_seen(&ring[o], done);
	shared++;
}

static void take_in_time(int o)
{
	struct __kernel_timespec until = {100, 0};
	struct io_uring_cqe *done;

	if (io_uring_wait_cqe_timeout(&ring[o], &done, &until))
		abort();
	io_uring_cqe_seen(&ring[o], done);
	shared++;
}

static void take_some(int o)
{
	struct io_uring_cqe *done[4];

	while (io_uring_peek_batch_cqe(&ring[o], done, 4) == 0)
		;
	io_uring_cq_advance(&ring[o], 1);
	shared++;
}

static const struct pair uring_pairs[] = {
	{"uring", submit, take, 0},
	{"uring_in_time", submit, take_in_time, 0},
	{"uring_some", submit_and_wait, take_some, 0},
	{0},
};

/* Some containers have no io_uring. */
#define NOT_HERE 77

int main(int argc, char **argv)
{
	for (int o = 0; o < 2; o++)
		if (io_uring_queue_init(8, &ring[o], 0))
			return NOT_HERE;
	prepare(1); /* what the racy twin takes is from before */
	io_uring_submit(&ring[1]);
	return pair_run(uring_pairs, argc, argv);
}
