// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tasks of several kinds go through a queue to workers; the results and the exception come back by futures.
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>

#include "correct.h"

static std::mutex lock;
static std::condition_variable filled;
static std::deque<std::packaged_task<std::string(int)>> tasks;
static bool closed;

static void work(int me)
{
	for (;;) {
		std::unique_lock<std::mutex> hold(lock);
		filled.wait(hold, [] { return closed || !tasks.empty(); });
		if (tasks.empty())
			return;
		auto task = std::move(tasks.front());
		tasks.pop_front();
		hold.unlock();
		task(me);
	}
}

int main()
{
	std::vector<std::future<std::string>> results;
	std::thread workers[3];
	for (int n = 0; n < 3; n++)
		workers[n] = std::thread(work, n);
	for (int n = 0; n < 100; n++) {
		std::packaged_task<std::string(int)> task([n](int) {
			if (n == 50)
				throw std::runtime_error("fifty");
			return std::string(30, static_cast<char>('a' + n % 26));
		});
		results.push_back(task.get_future());
		std::lock_guard<std::mutex> hold(lock);
		tasks.push_back(std::move(task));
		filled.notify_one();
	}
	int thrown = 0;
	for (int n = 0; n < 100; n++) {
		try {
			REQUIRE(results[n].get()[29] == 'a' + n % 26);
		} catch (const std::runtime_error &error) {
			thrown += error.what() == std::string("fifty");
		}
	}
	{
		std::lock_guard<std::mutex> hold(lock);
		closed = true;
	}
	filled.notify_all();
	for (auto &worker : workers)
		worker.join();
	REQUIRE(thrown == 1);
	return 0;
}
