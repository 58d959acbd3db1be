/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Coroutines that end, that are destroyed early, that throw, and that nobody ever resumed. */
// clang: 19 22
#include "log.h"
#include <coroutine>

struct task {
	struct promise_type {
		int value = 0;
		task get_return_object()
		{
			T; return {std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend()
		{
			T; return {};
		}
		std::suspend_always final_suspend() noexcept
		{
			T; return {};
		}
		std::suspend_always yield_value(int n)
		{
			T; value = n;
			T; return {};
		}
		void return_void()
		{
			T; value = -1;
		}
		void unhandled_exception()
		{
			T; value = -2;
		}
	};
	std::coroutine_handle<promise_type> handle;
};

struct guard {
	~guard()
	{
		T; return;
	}
};

static task counts(int n)
{
	T; guard g;
	for (int i = 0; C(0, i < n); i++) {
		T; co_yield i;
		T; n += 0;
	}
	T; n = 0;
	T; co_return;
}

static task throws(int n)
{
	T; co_yield n;
	T; if (C(1, n)) {
		T; throw n;
	}
	T; n++;
}

static int resumed(task t, int times)
{
	T; int x = 0;
	for (int i = 0; C(2, i < times); i++) {
		T; t.handle.resume();
		T; x += t.handle.promise().value;
	}
	T; t.handle.destroy();
	T; return x;
}

int main()
{
	T; int x = resumed(counts(3), 2);
	T; x += resumed(counts(3), 4);
	T; x += resumed(counts(3), 0);
	T; x += resumed(throws(0), 2);
	T; x += resumed(throws(1), 2);
	T; return x == 0;
}
