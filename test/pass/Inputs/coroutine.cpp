// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A generator of two numbers that is resumed three times: its loop asks three times. Each function of its
// promise runs once per use.
// COUNTS: _ZL7numbersi 0 1 2 3;_ZN7Numbers12promise_type11return_voidEv 0 1;_ZN7Numbers12promise_type11yield_valueEi 0 2;_ZN7Numbers12promise_type13final_suspendEv 0 1;_ZN7Numbers12promise_type15initial_suspendEv 0 1;_ZN7Numbers12promise_type17get_return_objectEv 0 1;_ZN7Numbers12promise_type19unhandled_exceptionEv 0 0;main 0 1 3 4;
#include <coroutine>
struct Numbers {
	struct promise_type {
		int value = 0;
		Numbers get_return_object()
		{
			return {std::coroutine_handle<promise_type>::from_promise(*this)};
		}
		std::suspend_always initial_suspend() noexcept
		{
			return {};
		}
		std::suspend_always final_suspend() noexcept
		{
			return {};
		}
		std::suspend_always yield_value(int v)
		{
			value = v;
			return {};
		}
		void return_void()
		{
		}
		void unhandled_exception()
		{
		}
	};
	std::coroutine_handle<promise_type> handle;
};
static Numbers numbers(int n)
{
	for (int i = 0; i < n; i++)
		co_yield i;
}
int main()
{
	Numbers g = numbers(2);
	int turns = 0;
	while (!g.handle.done()) {
		g.handle.resume();
		turns++;
	}
	g.handle.destroy();
	return turns - 3;
}
