// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coroutines suspend on one thread and are resumed by another, again and again; the frame goes with them.
#include <condition_variable>
#include <coroutine>
#include <deque>
#include <mutex>

#include "correct.h"

static std::mutex lock;
static std::condition_variable changed;
static std::deque<std::coroutine_handle<>> ready;
static int unfinished;

struct reschedule {
	bool await_ready() const noexcept
	{
		return false;
	}
	void await_suspend(std::coroutine_handle<> handle) const
	{
		std::lock_guard<std::mutex> hold(lock);
		ready.push_back(handle);
		changed.notify_one();
	}
	void await_resume() const noexcept
	{
	}
};

struct task {
	struct promise_type {
		task get_return_object()
		{
			return {};
		}
		std::suspend_never initial_suspend() noexcept
		{
			return {};
		}
		std::suspend_never final_suspend() noexcept
		{
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
			std::abort();
		}
	};
};

static task compute(int start, long *result)
{
	std::vector<long> steps;
	for (long n = start; steps.size() < 20; n = n * 3 + 1) {
		steps.push_back(n % 1000);
		co_await reschedule{};
	}
	for (long step : steps)
		*result += step;
	std::lock_guard<std::mutex> hold(lock);
	if (--unfinished == 0)
		changed.notify_all();
}

static void work()
{
	std::unique_lock<std::mutex> hold(lock);
	while (unfinished > 0) {
		if (ready.empty()) {
			changed.wait(hold);
			continue;
		}
		auto next = ready.front();
		ready.pop_front();
		hold.unlock();
		next.resume();
		hold.lock();
	}
}

int main()
{
	long results[30] = {};
	unfinished = 30;
	for (int n = 0; n < 30; n++)
		compute(n, &results[n]);
	in_threads(3, [](int) { work(); });
	for (int start = 0; start < 30; start++) {
		long expected = 0;
		for (long n = start, step = 0; step < 20; step++, n = n * 3 + 1)
			expected += n % 1000;
		REQUIRE(results[start] == expected);
	}
	return 0;
}
