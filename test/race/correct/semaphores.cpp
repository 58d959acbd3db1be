// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++20 semaphores: a counting one guards a set of plain tables, a binary one hands a value to and fro.
#include <chrono>
#include <mutex>
#include <semaphore>

#include "correct.h"

int main()
{
	std::counting_semaphore<3> free_tables(3);
	std::mutex lock;
	std::vector<int *> stack;
	int tables[3][16] = {};
	for (auto &table : tables)
		stack.push_back(table);
	in_threads(6, [&](int) {
		for (int n = 0; n < 100; n++) {
			free_tables.acquire();
			int *mine;
			{
				std::lock_guard<std::mutex> hold(lock);
				mine = stack.back();
				stack.pop_back();
			}
			for (int k = 0; k < 16; k++)
				mine[k]++;
			{
				std::lock_guard<std::mutex> hold(lock);
				stack.push_back(mine);
			}
			free_tables.release();
		}
	});
	REQUIRE(tables[0][0] + tables[1][5] + tables[2][15] == 600);

	std::binary_semaphore ping(1), pong(0);
	long ball = 0;
	in_threads(2, [&](int me) {
		for (int n = 0; n < 500; n++) {
			auto &mine = me ? pong : ping;
			while (!mine.try_acquire_for(std::chrono::seconds(1))) {
			}
			ball++;
			(me ? ping : pong).release();
		}
	});
	REQUIRE(ball == 1000);
	return 0;
}
