// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cxx.cpp: what the C++ standard library orders by, libstdc++'s and libc++'s.
#include "pairs.h"

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <new>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

// A lock that the one has after the other.
template <class Mutex> static Mutex mutexes[2];
template <class Mutex> static void critical(int o)
{
	std::lock_guard<Mutex> guard(mutexes<Mutex>[o]);
	shared++;
}
template <class Mutex> static void attempt(int o)
{
	std::unique_lock<Mutex> guard(mutexes<Mutex>[o], std::try_to_lock);
	must(guard.owns_lock());
	shared++;
}
template <class Mutex> static void attempt_for(int o)
{
	std::unique_lock<Mutex> guard(mutexes<Mutex>[o], 1h);
	must(guard.owns_lock());
	shared++;
}
template <class Mutex> static void attempt_until(int o)
{
	std::unique_lock<Mutex> guard(mutexes<Mutex>[o], std::chrono::system_clock::now() + 1h);
	must(guard.owns_lock());
	shared++;
}
static thread_local volatile long seen;
template <class Mutex> static void reading(int o)
{
	std::shared_lock<Mutex> guard(mutexes<Mutex>[o]);
	seen = shared;
}
template <class Mutex> static void reading_for(int o)
{
	std::shared_lock<Mutex> guard(mutexes<Mutex>[o], 1h);
	must(guard.owns_lock());
	seen = shared;
}

// The first waits, the second tells; in the racy twin the second also writes without the lock.
template <class Condition, class Wait> static void wait_told(Condition &, Wait wait)
{
	std::unique_lock<std::mutex> lock(mutexes<std::mutex>[0]);
	shared++;
	hidden_give(2);
	wait(lock);
	shared++;
}
static bool told;
static std::condition_variable condition;
static std::condition_variable_any condition_any;
static void condition_wait(int)
{
	wait_told(condition, [](auto &lock) { condition.wait(lock, [] { return told; }); });
}
static void condition_wait_for(int)
{
	wait_told(condition, [](auto &lock) { condition.wait_for(lock, 1h, [] { return told; }); });
}
static void condition_time_out(int)
{
	wait_told(condition, [](auto &lock) {
		while (!told)
			condition.wait_until(lock, std::chrono::system_clock::now() + 1ms);
	});
}
static void condition_any_wait(int)
{
	wait_told(condition_any, [](auto &lock) { condition_any.wait(lock, [] { return told; }); });
}
static void tell(int o)
{
	hidden_wait(2);
	if (o)
		shared++;
	std::lock_guard<std::mutex> guard(mutexes<std::mutex>[0]);
	shared++;
	told = true;
	condition.notify_all();
	condition_any.notify_all();
}

static std::promise<void> promises[2];
static std::future<void> futures[2] = {promises[0].get_future(), promises[1].get_future()};
static void promise_set(int o)
{
	shared++;
	promises[o].set_value();
}
static void promise_fail(int o)
{
	shared++;
	promises[o].set_exception(std::make_exception_ptr(std::runtime_error("no")));
}
static void future_get(int o)
{
	futures[o].get();
	shared++;
}
static void future_fail(int o)
{
	try {
		futures[o].get();
	} catch (const std::runtime_error &) {
	}
	shared++;
}
static void future_wait_for(int o)
{
	must(futures[o].wait_for(1h) == std::future_status::ready);
	shared++;
}

static std::packaged_task<int()> tasks[2] = {
	std::packaged_task<int()>([] { return int(++shared); }), std::packaged_task<int()>([] { return 0; })};
static std::future<int> results[2] = {tasks[0].get_future(), tasks[1].get_future()};
static void task_run(int o)
{
	tasks[o]();
}
static void task_result(int o)
{
	(void)results[o].get();
	shared++;
}

// In the racy twin the creator writes before it waits.
static void async_run(int)
{
	auto result = std::async(std::launch::async, [] {
		shared++;
		hidden_give(2);
		hidden_wait(3); // its end may be before the creator has its future
	});
	hidden_wait(2);
	if (pair_racy)
		shared++;
	hidden_give(3);
	result.get();
	shared++;
}
static void thread_join(int)
{
	shared++;
	std::thread thread([] {
		shared++;
		hidden_give(2);
	});
	hidden_wait(2);
	if (pair_racy)
		shared++;
	thread.join();
	shared++;
}
#ifdef __cpp_lib_jthread
static void jthread_stop(int)
{
	std::jthread thread([](std::stop_token stop) {
		while (!stop.stop_requested())
			std::this_thread::yield();
		shared++;
		hidden_give(2);
	});
	shared++;
	thread.request_stop();
	hidden_wait(2);
	if (pair_racy)
		shared++;
	thread.join();
	shared++;
}
#endif

static std::latch latches[2] = {std::latch(1), std::latch(0)};
static void latch_down(int o)
{
	shared++;
	latches[o].count_down();
}
static void latch_wait(int o)
{
	latches[o].wait();
	shared++;
}
static std::counting_semaphore<4> semaphores[2] = {
	std::counting_semaphore<4>(0), std::counting_semaphore<4>(1)};
static void semaphore_release(int o)
{
	shared++;
	semaphores[o].release();
}
static void semaphore_acquire(int o)
{
	semaphores[o].acquire();
	shared++;
}
static void semaphore_attempt(int o)
{
	must(semaphores[o].try_acquire_for(1h));
	shared++;
}
// In the racy twin the first goes on to write after the round in which the second reads. Neither comes to the
// next round before the other has done so: libstdc++'s counter of waiters would order who falls asleep there
// before who wakes up here.
static std::barrier<> barrier(2);
static void barrier_meet(int mine, int others)
{
	hidden_give(mine);
	hidden_wait(others);
	barrier.arrive_and_wait();
}
static void barrier_first(int)
{
	shared++;
	barrier.arrive_and_wait();
	if (pair_racy)
		shared++;
	barrier_meet(2, 3);
}
static void barrier_second(int)
{
	barrier.arrive_and_wait();
	seen = shared;
	barrier_meet(3, 2);
}

static std::atomic<int> atoms[2] = {0, 1};
static void atomic_notify(int o)
{
	hidden_give(2);
	shared++;
	atoms[o].store(1, std::memory_order_release);
	atoms[o].notify_all();
}
static void atomic_wait(int o)
{
	hidden_wait(2);
	atoms[o].wait(0, std::memory_order_acquire);
	if (o)
		hidden_wait(1);
	shared++;
}
// Apart, or libstdc++ has them share a counter of waiters, which orders them.
struct alignas(16) lone_flag : std::atomic_flag {
};
static lone_flag flags[2];
static void flag_notify(int o)
{
	shared++;
	flags[o].test_and_set();
	flags[o].notify_one();
}
static void flag_wait(int o)
{
	flags[o].wait(false);
	shared++;
}

static std::once_flag onces[2];
static void once_first(int o)
{
	std::call_once(onces[o], [] { shared++; });
}
static void once_again(int o)
{
	std::call_once(onces[o], [] { abort(); });
	shared++;
}
static void once_fail(int o)
{
	try {
		std::call_once(onces[o], [] {
			shared++;
			throw std::runtime_error("no");
		});
	} catch (const std::runtime_error &) {
	}
	once_first(o);
}

struct made {
	long value;
	explicit made(long v) : value(v)
	{
		shared++;
	}
};
template <int which> static const made &guarded()
{
	static made one(which);
	return one;
}
static void guard_first(int o)
{
	seen = o ? guarded<1>().value : guarded<0>().value;
}
static void guard_again(int o)
{
	guard_first(o);
	shared++;
}

// The last owner destroys what the others wrote.
struct owned {
	~owned()
	{
		shared++;
	}
};
static std::shared_ptr<owned> owners[2];
static void owner_leave(int)
{
	shared++;
	owners[0].reset();
	if (pair_racy)
		shared++;
}
static void owner_last(int)
{
	owners[1].reset();
}

// What was set for a failing operator new, and for std::terminate, runs in whatever thread needs it.
static void make_no_room()
{
	shared++;
	std::set_new_handler(nullptr);
}
static void end_well()
{
	shared++;
	exit(0);
}
static void set_new_handler(int)
{
	shared++;
	std::set_new_handler(make_no_room);
	if (pair_racy)
		shared++;
}
static void new_fails(int)
{
	volatile size_t much = SIZE_MAX / 4;
	try {
		::operator delete(::operator new(much));
		abort();
	} catch (const std::bad_alloc &) {
	}
}
static void set_terminate(int)
{
	shared++;
	std::set_terminate(end_well);
	if (pair_racy)
		shared++;
}
static void terminates(int)
{
	std::terminate();
}
static void throws_to_nobody(int)
{
	throw std::runtime_error("nobody");
}

static void idle(int)
{
}

#define SELF(name, function)                                                                                 \
	{                                                                                                    \
		name, function, function, 0                                                                  \
	}
static const struct pair pairs[] = {
	SELF("mutex", critical<std::mutex>),
	SELF("mutex_try", attempt<std::mutex>),
	SELF("timed_mutex", critical<std::timed_mutex>),
	SELF("timed_mutex_for", attempt_for<std::timed_mutex>),
	SELF("timed_mutex_until", attempt_until<std::timed_mutex>),
	SELF("recursive_mutex", critical<std::recursive_mutex>),
	SELF("recursive_timed_mutex", attempt_for<std::recursive_timed_mutex>),
	SELF("shared_mutex", critical<std::shared_mutex>),
	{"shared_mutex_read", critical<std::shared_mutex>, reading<std::shared_mutex>, 0},
	{"shared_mutex_write", reading<std::shared_mutex>, critical<std::shared_mutex>, 0},
	SELF("shared_timed_mutex", attempt_for<std::shared_timed_mutex>),
	SELF("shared_timed_mutex_until", attempt_until<std::shared_timed_mutex>),
	{"shared_timed_mutex_read", attempt_for<std::shared_timed_mutex>,
		reading_for<std::shared_timed_mutex>, 0},
	{"condition", condition_wait, tell, 1},
	{"condition_for", condition_wait_for, tell, 1},
	{"condition_time_out", condition_time_out, tell, 1},
	{"condition_any", condition_any_wait, tell, 1},
	{"future", promise_set, future_get, 0},
	{"future_waiting", promise_set, future_wait_for, 0},
	{"future_exception", promise_fail, future_fail, 0},
	{"packaged_task", task_run, task_result, 0},
	{"async", async_run, idle, 0},
	{"thread", thread_join, idle, 0},
#ifdef __cpp_lib_jthread
	{"jthread", jthread_stop, idle, 0},
#endif
	{"latch", latch_down, latch_wait, 0},
	{"semaphore", semaphore_release, semaphore_acquire, 0},
	{"semaphore_for", semaphore_release, semaphore_attempt, 0},
	{"barrier", barrier_first, barrier_second, 1},
	{"atomic_wait", atomic_notify, atomic_wait, 1},
	{"flag_wait", flag_notify, flag_wait, 0},
	{"call_once", once_first, once_again, 0},
	{"call_once_throwing", once_fail, once_again, 0},
	{"static_guard", guard_first, guard_again, 0},
	{"shared_ptr", owner_leave, owner_last, 0},
#ifdef LIBRARY_THAT_IS_LOADED
	{"new_handler", set_new_handler, new_fails, 0},
	{"terminate", set_terminate, terminates, 0},
	{"uncaught", set_terminate, throws_to_nobody, 0},
#endif
	{},
};

// A case that ends the process leaves the threads as they are.
extern "C" const char *__tsan_default_options()
{
	return "report_thread_leaks=0";
}

int main(int argc, char **argv)
{
	promises[1].set_value();
	tasks[1]();
	flags[1].test_and_set();
	std::call_once(onces[1], [] {});
	guard_first(1);
	owners[0] = owners[1] = std::make_shared<owned>();
	return pair_run(pairs, argc, argv);
}
