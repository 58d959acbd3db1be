// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Closures, variants, optionals and any values are moved from thread to thread, with what they hold.
#include <any>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "correct.h"

using payload = std::variant<int, std::string, std::vector<int>, std::function<int()>>;

static int weigh(payload &what)
{
	switch (what.index()) {
	case 0:
		return std::get<int>(what);
	case 1:
		return static_cast<int>(std::get<std::string>(what).size());
	case 2:
		return static_cast<int>(std::get<std::vector<int>>(what).size());
	default:
		return std::get<std::function<int()>>(what)();
	}
}

int main()
{
	for (int round = 0; round < 30; round++) {
		std::vector<std::future<std::any>> answers;
		for (int n = 0; n < 4; n++) {
			auto big = std::make_shared<std::vector<int>>(40, 1);
			payload given;
			if (n == 0)
				given = 40;
			else if (n == 1)
				given = std::string(40, 'x');
			else if (n == 2)
				given = *big;
			else
				given = std::function<int()>([big] { return static_cast<int>(big->size()); });
			std::promise<std::any> promise;
			answers.push_back(promise.get_future());
			std::thread([promise = std::move(promise), given = std::move(given)]() mutable {
				std::optional<payload> held = std::move(given);
				int weight = weigh(*held);
				held.reset();
				promise.set_value_at_thread_exit(
					std::any(std::string(static_cast<size_t>(weight), 'y')));
			}).detach();
		}
		for (auto &answer : answers)
			REQUIRE(std::any_cast<std::string>(answer.get()).size() == 40);
	}
	return 0;
}
