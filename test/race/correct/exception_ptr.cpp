// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An exception thrown in one thread is stored, rethrown and read in others; the last to let go destroys it.
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>

#include "correct.h"

struct failure : std::runtime_error {
	failure(int by, const std::string &what) : std::runtime_error(what), thrown_by(by)
	{
	}
	int thrown_by;
};

int main()
{
	for (int round = 0; round < 30; round++) {
		std::mutex lock;
		std::exception_ptr stored;
		std::atomic<int> seen{0};
		in_threads(4, [&](int me) {
			if (me == 0) {
				try {
					throw failure(round, "failed in round " + std::to_string(round));
				} catch (...) {
					std::lock_guard<std::mutex> hold(lock);
					stored = std::current_exception();
				}
			}
			for (bool caught = false; !caught; std::this_thread::yield()) {
				std::exception_ptr mine;
				{
					std::lock_guard<std::mutex> hold(lock);
					mine = stored;
				}
				if (!mine)
					continue;
				try {
					std::rethrow_exception(mine);
				} catch (const failure &error) {
					REQUIRE(error.thrown_by == round && error.what()[0] == 'f');
					caught = true;
					seen++;
				}
			}
			std::lock_guard<std::mutex> hold(lock);
			stored = nullptr;
			// Who is late finds it again.
			if (seen < 4)
				stored = std::make_exception_ptr(failure(round, "for the late"));
		});
		REQUIRE(seen == 4);
	}
	return 0;
}
