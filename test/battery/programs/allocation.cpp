/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * new that fails, placement, operators of a class, arrays of variable length with constructors. */
#include "log.h"
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

static int left = 3;

struct pooled {
	int n;
	explicit pooled(int number) : n(number)
	{
		T; if (C(0, n == 4)) {
			T; throw n;
		}
		T; n++;
	}
	virtual ~pooled()
	{
		T; n = 0;
	}
	static void *operator new(std::size_t size)
	{
		T; if (C(1, left-- <= 0)) {
			T; throw std::bad_alloc();
		}
		T; return std::malloc(size);
	}
	static void *operator new(std::size_t, const std::nothrow_t &) noexcept
	{
		T; return nullptr;
	}
	static void *operator new(std::size_t, void *at)
	{
		T; return at;
	}
	static void operator delete(void *at)
	{
		T; std::free(at);
	}
	static void operator delete(void *, void *)
	{
		T; left++;
	}
};

struct bigger : pooled {
	std::vector<int> all;
	explicit bigger(int number) : pooled(number), all(number)
	{
		T; all.push_back(n);
	}
	~bigger() override
	{
		T; all.clear();
	}
};

static int made(int n)
{
	try {
		T; std::unique_ptr<pooled> one(C(2, n & 1) ? new bigger(n) : new pooled(n));
		T; return one->n;
	} catch (const std::bad_alloc &) {
		T; return -1;
	} catch (int) {
		T; return -2;
	}
}

static int placed(int n)
{
	alignas(pooled) char room[sizeof(pooled)];
	try {
		T; auto *one = new (room) pooled(n);
		T; int x = one->n;
		T; one->~pooled();
		T; return x;
	} catch (int) {
		T; return -3;
	}
}

int main()
{
	T; int x = 0;
	for (int n = 0; C(3, n < 6); n++) {
		T; x += made(n);
		T; x += placed(n);
		T; x += new (std::nothrow) pooled(n) == nullptr;
	}
	T; return x == 0;
}
