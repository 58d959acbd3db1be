// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A map under std::shared_mutex: many look, some insert and erase.
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "correct.h"

class phone_book
{
      public:
	bool look_up(const std::string &name, int &number) const
	{
		std::shared_lock<std::shared_mutex> hold(lock);
		auto found = entries.find(name);
		if (found != entries.end())
			number = found->second;
		return found != entries.end();
	}
	void enter(const std::string &name, int number)
	{
		std::unique_lock<std::shared_mutex> hold(lock);
		entries[name] = number;
	}
	bool try_erase(const std::string &name)
	{
		std::unique_lock<std::shared_mutex> hold(lock, std::try_to_lock);
		return hold && entries.erase(name) > 0;
	}

      private:
	mutable std::shared_mutex lock;
	std::map<std::string, int> entries;
};

int main()
{
	phone_book book;
	in_threads(5, [&](int me) {
		for (int n = 0; n < 400; n++) {
			std::string name = "subscriber with a long name, number " + std::to_string(n % 20);
			int number = n % 20;
			if (me == 0)
				book.enter(name, n % 20);
			else if (me == 1)
				book.try_erase(name);
			else
				REQUIRE(!book.look_up(name, number) || number == n % 20);
		}
	});
	return 0;
}
