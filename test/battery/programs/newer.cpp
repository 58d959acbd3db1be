/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * C++20: concepts, comparisons by `<=>`, templates of lambdas, loops with an initialiser, attributes of likelihood. */
#include "log.h"
#include <array>
#include <compare>
#include <concepts>
#include <optional>
#include <utility>
#include <variant>

struct version {
	int major, minor;
	std::strong_ordering operator<=>(const version &other) const
	{
		T; if (auto order = major <=> other.major; C(0, order != 0)) {
			T; return order;
		}
		T; return minor <=> other.minor;
	}
	bool operator==(const version &) const = default;
};

static int likely(int n)
{
	T; if (C(1, n > 1)) [[unlikely]] {
		T; n++;
	} else [[likely]] {
		T; n--;
	}
	T; switch (n) {
	[[likely]] case 0:
		T; return 1;
	[[unlikely]] default:
		T; return n;
	}
}

static int counted(std::integral auto n)
{
	T; return C(2, n > 1) ? 1 : 2;
}

template <typename N> requires std::floating_point<N> static int counted(N n)
{
	T; return n > 0;
}

template <typename... F> struct overloaded : F... {
	using F::operator()...;
};
template <typename... F> overloaded(F...) -> overloaded<F...>;

static int visited(const std::variant<int, double, char> &any)
{
	T; return std::visit(overloaded{[](int n) {
		T; return n;
	}, [](double) {
		T; return 100;
	}, [](auto other) {
		T; return static_cast<int>(sizeof(other));
	}}, any);
}

static std::optional<int> maybe(int n)
{
	T; if (C(3, n < 1)) {
		T; return std::nullopt;
	}
	T; return n;
}

template <std::size_t... I> static int indexed(const std::array<int, 3> &all, std::index_sequence<I...>)
{
	T; int x = 0;
	T;
	((all[I] > 1 ? x++ : x--), ...);
	T; return x;
}

static int folded(auto... n)
{
	T;
	return (... && (n > 1));
}

int main()
{
	T; int x = 0;
	for (int turns = 3; auto n : {1, 2, 0, 3}) {
		T; x += likely(n) + counted(n) + counted(static_cast<unsigned char>(n)) + counted(1.5);
		T; if (C(4, --turns == 0)) {
			T; break;
		}
		T; x += maybe(n).value_or(7);
	}
	T; x += version{1, 2} < version{1, 3};
	T; x += version{1, 2} > version{2, 1};
	T; x += version{1, 2} == version{2, 1};
	T; x += visited(1) + visited(1.0) + visited('c') + visited(2);
	T; x += indexed({1, 2, 3}, std::make_index_sequence<3>());
	T; x += folded(2, 1, 3) + folded(2, 2) + folded();
	auto typed = []<typename A>(A a, A b) {
		T; return C(5, a < b) ? a : b;
	};
	T; x += typed(1, 2) + typed(2L, 1L);
	auto self = [](auto &me, int n) -> int {
		T; return C(6, n < 2) ? 1 : n * me(me, n - 1);
	};
	T; x += self(self, 4);
	T; return x == 0;
}
