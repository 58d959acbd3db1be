// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A class whose methods lock recursively and call each other, and whose listeners call back in.
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "correct.h"

class account
{
      public:
	void deposit(long amount)
	{
		std::lock_guard<std::recursive_mutex> hold(lock);
		balance += amount;
		for (auto &listener : listeners)
			listener(*this);
	}
	bool withdraw(long amount)
	{
		std::unique_lock<std::recursive_mutex> hold(lock, std::try_to_lock);
		if (!hold || get() < amount)
			return false;
		deposit(-amount);
		return true;
	}
	long get()
	{
		std::lock_guard<std::recursive_mutex> hold(lock);
		return balance;
	}
	void listen(std::function<void(account &)> listener)
	{
		std::lock_guard<std::recursive_mutex> hold(lock);
		listeners.push_back(std::move(listener));
	}

      private:
	std::recursive_mutex lock;
	long balance = 0;
	std::vector<std::function<void(account &)>> listeners;
};

int main()
{
	account shared;
	std::multiset<long> seen; // guarded by the account's lock, which is held when a listener is called
	long taken[4] = {};
	in_threads(4, [&](int me) {
		if (me == 0)
			shared.listen([&seen](account &where) { seen.insert(where.get()); });
		for (int n = 0; n < 200; n++) {
			shared.deposit(2);
			if (shared.withdraw(1))
				taken[me]++;
		}
	});
	REQUIRE(shared.get() == 4 * 400 - taken[0] - taken[1] - taken[2] - taken[3]);
	REQUIRE(!seen.empty());
	return 0;
}
