// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pool that runs std::function; the caller waits until all that it gave is done, many times over.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>

#include "correct.h"

class pool
{
      public:
	explicit pool(int count)
	{
		for (int n = 0; n < count; n++)
			threads.emplace_back([this] { work(); });
	}
	~pool()
	{
		{
			std::lock_guard<std::mutex> hold(lock);
			stopping = true;
		}
		given.notify_all();
		for (auto &thread : threads)
			thread.join();
	}
	void give(std::function<void()> job)
	{
		std::lock_guard<std::mutex> hold(lock);
		jobs.push(std::move(job));
		unfinished++;
		given.notify_one();
	}
	void wait()
	{
		std::unique_lock<std::mutex> hold(lock);
		finished.wait(hold, [this] { return unfinished == 0; });
	}

      private:
	void work()
	{
		std::unique_lock<std::mutex> hold(lock);
		for (;;) {
			given.wait(hold, [this] { return stopping || !jobs.empty(); });
			if (jobs.empty())
				return;
			auto job = std::move(jobs.front());
			jobs.pop();
			hold.unlock();
			job();
			hold.lock();
			if (--unfinished == 0)
				finished.notify_all();
		}
	}

	std::mutex lock;
	std::condition_variable given, finished;
	std::queue<std::function<void()>> jobs;
	int unfinished = 0;
	bool stopping = false;
	std::vector<std::thread> threads;
};

int main()
{
	pool workers(3);
	std::vector<int> cells(300, 1);
	for (int round = 0; round < 10; round++) {
		for (size_t n = 0; n < cells.size(); n++)
			workers.give([&cells, n] { cells[n] *= 2; });
		workers.wait();
		for (int cell : cells)
			REQUIRE(cell == 2 << round);
	}
	return 0;
}
