// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A lock-free stack; nodes are freed when no thread's hazard pointer names them.
#include <algorithm>
#include <atomic>

#include "correct.h"

enum { THREADS = 3, ROUNDS = 800 };

struct node {
	int value;
	node *next;
};

static std::atomic<node *> top{nullptr};
static std::atomic<node *> hazards[THREADS];

static void push(node *made)
{
	made->next = top.load(std::memory_order_relaxed);
	while (!top.compare_exchange_weak(
		made->next, made, std::memory_order_release, std::memory_order_relaxed)) {
	}
}

static node *pop(int me)
{
	node *seen = top.load(std::memory_order_acquire);
	while (seen) {
		hazards[me].store(seen);
		node *again = top.load();
		if (again == seen &&
			top.compare_exchange_strong(again, seen->next, std::memory_order_acq_rel))
			break;
		seen = again;
	}
	hazards[me].store(nullptr, std::memory_order_release);
	return seen;
}

static void sweep(std::vector<node *> &retired)
{
	auto in_use = [](node *old) {
		return std::any_of(
			hazards, hazards + THREADS, [old](auto &hazard) { return hazard.load() == old; });
	};
	auto dead = std::partition(retired.begin(), retired.end(), in_use);
	std::for_each(dead, retired.end(), [](node *old) { delete old; });
	retired.erase(dead, retired.end());
}

int main()
{
	std::vector<node *> left[THREADS];
	std::atomic<long> sum{0};
	in_threads(THREADS, [&](int me) {
		for (int n = 0; n < ROUNDS; n++) {
			push(new node{n, nullptr});
			if (node *got = pop(me)) {
				sum += got->value;
				left[me].push_back(got);
			}
			if (left[me].size() > 20)
				sweep(left[me]);
		}
	});
	for (auto &retired : left)
		sweep(retired);
	while (node *got = pop(0)) {
		sum += got->value;
		delete got;
	}
	REQUIRE(sum == THREADS * ROUNDS * (ROUNDS - 1L) / 2);
	return 0;
}
