// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A work-stealing deque with fences, as in Lê, Pop, Cohen and Zappa Nardelli (PPoPP 2013).
#include <atomic>

#include "correct.h"

enum { JOBS = 4000, CAPACITY = 4096 };

struct job {
	int number;
	int done_by;
};

static std::atomic<job *> ring[CAPACITY];
static std::atomic<long> top{0}, bottom{0};
static std::atomic<int> remaining{JOBS};

static void push(job *made)
{
	long at = bottom.load(std::memory_order_relaxed);
	ring[at % CAPACITY].store(made, std::memory_order_relaxed);
	std::atomic_thread_fence(std::memory_order_release);
	bottom.store(at + 1, std::memory_order_relaxed);
}

static job *take()
{
	long at = bottom.load(std::memory_order_relaxed) - 1;
	bottom.store(at, std::memory_order_relaxed);
	std::atomic_thread_fence(std::memory_order_seq_cst);
	long first = top.load(std::memory_order_relaxed);
	job *got = first <= at ? ring[at % CAPACITY].load(std::memory_order_relaxed) : nullptr;
	if (first >= at) {
		if (first == at && !top.compare_exchange_strong(first, first + 1, std::memory_order_seq_cst,
					   std::memory_order_relaxed))
			got = nullptr;
		bottom.store(at + 1, std::memory_order_relaxed);
	}
	return got;
}

static job *steal()
{
	long first = top.load(std::memory_order_acquire);
	std::atomic_thread_fence(std::memory_order_seq_cst);
	long end = bottom.load(std::memory_order_acquire);
	if (first >= end)
		return nullptr;
	job *got = ring[first % CAPACITY].load(std::memory_order_relaxed);
	return top.compare_exchange_strong(
		       first, first + 1, std::memory_order_seq_cst, std::memory_order_relaxed)
		       ? got
		       : nullptr;
}

int main()
{
	std::vector<job *> jobs(JOBS);
	in_threads(3, [&](int me) {
		if (me == 0) {
			for (int n = 0; n < JOBS; n++)
				push(jobs[n] = new job{n, -1});
		}
		while (remaining.load(std::memory_order_relaxed) > 0) {
			if (job *got = me == 0 ? take() : steal()) {
				REQUIRE(got->done_by == -1);
				got->done_by = me;
				remaining.fetch_sub(1, std::memory_order_relaxed);
			} else {
				std::this_thread::yield();
			}
		}
	});
	for (job *done : jobs) {
		REQUIRE(done->done_by >= 0);
		delete done;
	}
	return 0;
}
