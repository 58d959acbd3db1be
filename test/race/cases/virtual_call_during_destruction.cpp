/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * virtual_call_during_destruction.cpp: a destructor sets the pointer to the virtual functions back while
 * another thread calls one.
 *
 * race: read @call call worker / write Base::~Base main
 */
#include "case.h"

#include <new>

struct Base {
	virtual ~Base();
	virtual int f() const
	{
		return 1;
	}
};

struct Derived : Base {
	~Derived() override;
	int f() const override
	{
		return 2;
	}
};

NOINLINE Base::~Base()
{
	STAY();
}

NOINLINE Derived::~Derived()
{
	STAY();
}

NOINLINE static int call(const Base *object)
{
	return object->f(); /* @call */
}

static void *worker(void *object)
{
	int value = call(static_cast<const Base *>(object));
	make_step();
	return value == 2 ? object : nullptr;
}

int main()
{
	alignas(16) char memory[sizeof(Derived)];
	Base *object = new (static_cast<void *>(memory)) Derived;
	pthread_t thread = start(worker, object);
	await_step(1);
	if (RIGHT)
		finish(thread);
	object->~Base();
	if (!RIGHT)
		finish(thread);
}
