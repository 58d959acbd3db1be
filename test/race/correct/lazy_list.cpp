// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A sorted list with a lock per node and hand-over-hand locking; removed nodes are freed at once.
#include <memory>
#include <mutex>

#include "correct.h"

struct node {
	int value;
	std::unique_ptr<node> next;
	std::mutex lock;
};

static node head{-1, nullptr, {}};

// Returns the last node below value, locked.
static node *find(int value)
{
	node *at = &head;
	at->lock.lock();
	while (at->next && at->next->value < value) {
		node *next = at->next.get();
		next->lock.lock();
		at->lock.unlock();
		at = next;
	}
	return at;
}

static bool insert(int value)
{
	node *before = find(value);
	std::lock_guard<std::mutex> hold(before->lock, std::adopt_lock);
	if (before->next && before->next->value == value)
		return false;
	before->next.reset(new node{value, std::move(before->next), {}});
	return true;
}

static bool remove(int value)
{
	node *before = find(value);
	std::unique_lock<std::mutex> hold(before->lock, std::adopt_lock);
	if (!before->next || before->next->value != value)
		return false;
	std::unique_ptr<node> gone = std::move(before->next);
	gone->lock.lock();
	before->next = std::move(gone->next);
	gone->lock.unlock();
	return true;
}

int main()
{
	int balance[3] = {};
	in_threads(3, [&](int me) {
		for (int n = 0; n < 400; n++) {
			int value = (n * 13 + me * 7) % 40;
			if (n % 2)
				balance[me] += insert(value);
			else
				balance[me] -= remove(value);
		}
	});
	int length = 0;
	for (node *at = head.next.get(); at; at = at->next.get(), length++)
		REQUIRE(!at->next || at->value < at->next->value);
	REQUIRE(length == balance[0] + balance[1] + balance[2]);
	return 0;
}
