// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pool hands the same memory from thread to thread, as objects of different types.
#include <mutex>
#include <new>
#include <string>

#include "correct.h"

class pool
{
      public:
	pool() : chunk(8 * 64)
	{
		for (int n = 0; n < 8; n++)
			put(chunk.data() + n * 64);
	}
	void *get()
	{
		std::lock_guard<std::mutex> hold(lock);
		free_block *got = first;
		if (got)
			first = got->next;
		return got;
	}
	void put(void *block)
	{
		std::lock_guard<std::mutex> hold(lock);
		first = new (block) free_block{first};
	}

      private:
	struct free_block {
		free_block *next;
	};
	std::mutex lock;
	free_block *first = nullptr;
	std::vector<unsigned char> chunk;
};

struct numbers {
	long value[8];
};

int main()
{
	pool blocks;
	in_threads(4, [&](int me) {
		for (int n = 0; n < 500; n++) {
			void *block = blocks.get();
			if (!block) {
				std::this_thread::yield();
				continue;
			}
			if ((n + me) % 2) {
				auto *made =
					new (block) std::string("the text of thread " + std::to_string(me));
				REQUIRE(made->back() == '0' + me);
				made->~basic_string();
			} else {
				auto *made = new (block) numbers{{me, me, me, me, me, me, me, me}};
				for (long value : made->value)
					REQUIRE(value == me);
			}
			blocks.put(block);
		}
	});
	return 0;
}
