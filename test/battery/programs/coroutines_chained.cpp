/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * Coroutines that wait for others, in conditions and in try blocks, that another thread goes on with. */
// clang: 19 22
#include "log.h"
#include <coroutine>
#include <exception>
#include <thread>
#include <utility>

struct task {
	struct promise_type {
		std::coroutine_handle<> next;
		int value = 0;
		std::exception_ptr thrown;
		task get_return_object()
		{
			T; return task{std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend()
		{
			T; return {};
		}
		struct last {
			bool await_ready() noexcept
			{
				T; return false;
			}
			std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> me) noexcept
			{
				T; return me.promise().next ? me.promise().next : std::noop_coroutine();
			}
			void await_resume() noexcept
			{
				T; return;
			}
		};
		last final_suspend() noexcept
		{
			T; return {};
		}
		void return_value(int n)
		{
			T; value = n;
		}
		void unhandled_exception()
		{
			T; thrown = std::current_exception();
		}
	};
	std::coroutine_handle<promise_type> handle;
	explicit task(std::coroutine_handle<promise_type> h) : handle(h)
	{
		T; return;
	}
	task(task &&other) : handle(std::exchange(other.handle, nullptr))
	{
		T; return;
	}
	~task()
	{
		T; if (handle) {
			T; handle.destroy();
		}
	}
	bool await_ready()
	{
		T; return false;
	}
	std::coroutine_handle<> await_suspend(std::coroutine_handle<> waits)
	{
		T; handle.promise().next = waits;
		T; return handle;
	}
	int await_resume()
	{
		T; if (C(0, handle.promise().thrown != nullptr)) {
			T; std::rethrow_exception(handle.promise().thrown);
		}
		T; return handle.promise().value;
	}
};

static std::coroutine_handle<> parked;

struct park {
	bool await_ready()
	{
		T; return false;
	}
	void await_suspend(std::coroutine_handle<> me)
	{
		T; parked = me;
	}
	int await_resume()
	{
		T; return 1;
	}
};

static task leaf(int n)
{
	T; if (C(1, n == 2)) {
		T; throw n;
	}
	T; int x = co_await park();
	T; if (C(2, n > 2 && co_await park() == 1)) {
		T; x += n;
	}
	T; co_return x;
}

static task middle(int n)
{
	T; int x = 0;
	try {
		T; x = co_await leaf(n);
		T; x++;
	} catch (int thrown) {
		T; x = -thrown;
	}
	for (int i = 0; i < n; i++) {
		T; x += co_await leaf(0);
		T; if (C(3, x > 3)) {
			T; co_return x;
		}
	}
	T; auto lambda = [](int m) -> task {
		T; co_return C(4, m) ? m : co_await leaf(m);
	};
	T; co_return x + co_await lambda(n);
}

static int driven(int n, int times, bool elsewhere)
{
	T; task all = middle(n);
	T; parked = all.handle;
	for (int i = 0; C(5, i < times) && C(6, !all.handle.done()); i++) { T;
		T; auto next = parked;
		if (elsewhere) {
			T; std::thread([&] {
				T; next.resume();
				T; return;
			}).join();
		} else {
			T; next.resume();
		}
	}
	T; return all.handle.done() ? all.handle.promise().value : 0;
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(7, n < 5); n++) {
		T; x += driven(n, 100, false);
		T; x += driven(n, n, true);
	}
	T; return x == 0;
}
