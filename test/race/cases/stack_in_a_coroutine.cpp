/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_in_a_coroutine.cpp: a coroutine that begins in one function and goes on in another has the stack of
 * the one that resumed it; and what comes after it has its own.
 *
 * clang: 16
 * options: -std=c++20
 * race: write @first touch_first begin worker / write @main main
 * race: write @second touch_second go_on worker / write @main2 main
 * race: write @after after worker / write @main3 main
 */
#include "case.h"

#include <coroutine>
#include <exception>

SHARED int shared, other, third;

struct Task {
	struct promise_type {
		Task get_return_object()
		{
			return {std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_never initial_suspend()
		{
			return {};
		}
		std::suspend_always final_suspend() noexcept
		{
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
			std::terminate();
		}
	};
	std::coroutine_handle<promise_type> handle;
};

NOINLINE static void touch_first()
{
	shared = 1; /* @first */
	STAY();
}

NOINLINE static void touch_second()
{
	other = 1; /* @second */
	STAY();
}

static Task coroutine()
{
	touch_first();
	co_await std::suspend_always{};
	touch_second();
}

NOINLINE static Task begin()
{
	Task task = coroutine();
	STAY();
	return task;
}

NOINLINE static void go_on(Task task)
{
	task.handle.resume();
	STAY();
}

NOINLINE static void after()
{
	third = 1; /* @after */
	STAY();
}

static void *worker(void *argument)
{
	Task task = begin();
	go_on(task);
	task.handle.destroy();
	after();
	make_step();
	return argument;
}

int main()
{
	pthread_t thread = start(worker, nullptr);
	await_step(1);
	if (RIGHT)
		finish(thread);
	shared = 2; /* @main */
	STAY();
	other = 2; /* @main2 */
	STAY();
	third = 2; /* @main3 */
	if (!RIGHT)
		finish(thread);
}
