// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Readers announce the epoch that they read in; the writer frees an old version when no reader can hold it.
#include <atomic>

#include "correct.h"

enum { READERS = 3, VERSIONS = 150 };

struct version {
	int number;
	int words[8];
};

static std::atomic<version *> current;
static std::atomic<unsigned> global_epoch{2};
static std::atomic<unsigned> announced[READERS]; // 0: not reading
static std::atomic<bool> done{false};

static void read(int me)
{
	while (!done.load(std::memory_order_acquire)) {
		announced[me].store(global_epoch.load());
		version *now = current.load();
		for (int word : now->words)
			REQUIRE(word == now->number);
		announced[me].store(0, std::memory_order_release);
		std::this_thread::yield();
	}
}

static void write()
{
	for (int n = 1; n <= VERSIONS; n++) {
		version *made = new version{n, {n, n, n, n, n, n, n, n}};
		version *old = current.exchange(made);
		unsigned epoch = global_epoch.fetch_add(1) + 1;
		for (auto &reader : announced) {
			unsigned at;
			while ((at = reader.load()) != 0 && at < epoch)
				std::this_thread::yield();
		}
		old->number = -1;
		delete old;
	}
	done.store(true, std::memory_order_release);
}

int main()
{
	current = new version{0, {0, 0, 0, 0, 0, 0, 0, 0}};
	in_threads(READERS + 1, [](int me) { me == READERS ? write() : read(me); });
	REQUIRE(current.load()->number == VERSIONS);
	delete current.load();
	return 0;
}
