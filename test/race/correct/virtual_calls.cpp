// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Objects with virtual functions are made here, called there and destroyed elsewhere, through their bases.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>

#include "correct.h"

struct shape {
	virtual ~shape() = default;
	virtual long area() const = 0;
};
struct named {
	virtual ~named()
	{
		name[0] = 0;
	}
	char name[8] = "named";
};
struct square : shape, named {
	explicit square(long s) : side(s)
	{
	}
	~square() override
	{
		side = -1;
	}
	long area() const override
	{
		return side * side;
	}
	long side;
};
struct slab : virtual square {
	explicit slab(long s) : square(s), height(s)
	{
	}
	long area() const override
	{
		return square::area() * height;
	}
	long height;
};

int main()
{
	std::mutex lock;
	std::condition_variable filled;
	std::queue<std::unique_ptr<shape>> shapes;
	long sum = 0;
	in_threads(4, [&](int me) {
		for (long n = 0; n < 200; n++) {
			if (me < 2) {
				std::unique_ptr<shape> made;
				if (me)
					made = std::make_unique<square>(n);
				else
					made = std::make_unique<slab>(n);
				std::lock_guard<std::mutex> hold(lock);
				shapes.push(std::move(made));
				filled.notify_one();
				continue;
			}
			std::unique_lock<std::mutex> hold(lock);
			filled.wait(hold, [&] { return !shapes.empty(); });
			auto got = std::move(shapes.front());
			shapes.pop();
			hold.unlock();
			long area = got->area();
			REQUIRE(dynamic_cast<named *>(got.get())->name[0] == 'n');
			got.reset();
			hold.lock();
			sum += area;
		}
	});
	long expected = 0;
	for (long n = 0; n < 200; n++)
		expected += n * n + n * n * n;
	REQUIRE(sum == expected);
	return 0;
}
