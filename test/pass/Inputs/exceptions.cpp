// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two units with shared inline functions and templates, exceptions and a constructor.
// check() runs for 4 (second) and 2, 3, 4 (main) and throws for 4, twice; nothing runs on after
// second()'s try; main()'s loop turns three times, asks four times, ends its
// try twice, catches once.
// COUNTS: _Z5checki 0 2 4;_Z5twiceIiET_S0_ 0 3;_Z6secondv 0 1;_ZN5ThingC2Ei 0 2;main 0 1 2 3 4;
struct Thing {
	int x;
	explicit Thing(int v) : x(v)
	{
	}
};
template <class T> T twice(T v)
{
	return v + v;
}
inline int check(int v)
{
	if (v > 3)
		throw v;
	return v;
}
int second();
#ifdef SECOND
int second()
{
	Thing t(twice(2));
	try {
		return check(t.x);
	} catch (int) {
		return 0;
	}
}
#else
int main()
{
	Thing t(twice(1));
	int caught = second() + t.x - 2;
	for (int i = 2; i < 5; i++) {
		try {
			caught += check(i) - i;
		} catch (int v) {
			caught += twice(v) - 8;
		}
	}
	return caught;
}
#endif
