// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A sequence lock whose data are atomics: readers try again when a writer was there (Boehm, MSPC 2012).
#include <atomic>

#include "correct.h"

static std::atomic<unsigned> sequence{0};
static std::atomic<long> data[4];

static void write(long value)
{
	unsigned old = sequence.load(std::memory_order_relaxed);
	do {
		while (old & 1)
			old = sequence.load(std::memory_order_relaxed);
	} while (!sequence.compare_exchange_weak(
		old, old + 1, std::memory_order_acquire, std::memory_order_relaxed));
	std::atomic_thread_fence(std::memory_order_release);
	for (int n = 0; n < 4; n++)
		data[n].store(value * (n + 1), std::memory_order_relaxed);
	sequence.store(old + 2, std::memory_order_release);
}

static void read(long (&copy)[4])
{
	for (;;) {
		unsigned before = sequence.load(std::memory_order_acquire);
		for (int n = 0; n < 4; n++)
			copy[n] = data[n].load(std::memory_order_relaxed);
		std::atomic_thread_fence(std::memory_order_acquire);
		if (!(before & 1) && sequence.load(std::memory_order_relaxed) == before)
			return;
		std::this_thread::yield();
	}
}

int main()
{
	long written[2] = {0, 0}; // plain: published by the sequence number alone
	in_threads(4, [&](int me) {
		for (long n = 1; n <= 1000; n++) {
			if (me < 2) {
				written[me] = n;
				write(n);
			} else {
				long copy[4];
				read(copy);
				REQUIRE(copy[1] == 2 * copy[0] && copy[2] == 3 * copy[0] &&
					copy[3] == 4 * copy[0]);
			}
		}
	});
	REQUIRE(written[0] == 1000 && written[1] == 1000);
	return 0;
}
