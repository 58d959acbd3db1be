/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * correct.h: what the correct programs share: say what went wrong and end with 1, start threads and join
 * them. It synchronises nothing by itself beyond what starting and joining a thread does.
 */
#ifndef CORRECT_H
#define CORRECT_H

#ifdef __cplusplus
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>
#else
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#endif

#define REQUIRE(what)                                                                                        \
	((what) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what), exit(1)))

#ifdef __cplusplus
/* Calls body(0) to body(count - 1), each on a thread of its own. */
template <typename Body> void in_threads(int count, Body body)
{
	std::vector<std::thread> threads;
	for (int n = 0; n < count; n++)
		threads.emplace_back([&body, n] { body(n); });
	for (auto &thread : threads)
		thread.join();
}
#else
enum { MAX_THREADS = 64 };

/* Calls body(0) to body(count - 1), each on a thread of its own. */
static inline void in_threads(int count, void *(*body)(void *))
{
	pthread_t threads[MAX_THREADS];
	REQUIRE(count <= MAX_THREADS);
	for (int n = 0; n < count; n++)
		REQUIRE(pthread_create(&threads[n], NULL, body, (void *)(intptr_t)n) == 0);
	for (int n = 0; n < count; n++)
		REQUIRE(pthread_join(threads[n], NULL) == 0);
}
#endif

#endif
