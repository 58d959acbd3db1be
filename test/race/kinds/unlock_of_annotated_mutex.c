/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unlock_of_annotated_mutex.c: a mutex of the program's own, which says what it does by the functions of
 * <sanitizer/tsan_interface.h>, is given back twice.
 *
 * finds: mutex-bad-unlock main@again
 */
#include "case.h"

#include <sanitizer/tsan_interface.h>

static char lock;

int main(void)
{
	__tsan_mutex_create(&lock, 0);
	__tsan_mutex_pre_lock(&lock, 0);
	__tsan_mutex_post_lock(&lock, 0, 0);
	__tsan_mutex_pre_unlock(&lock, 0);
	__tsan_mutex_post_unlock(&lock, 0);
	if (!RIGHT) {
		__tsan_mutex_pre_unlock(&lock, 0); /* @again */
		__tsan_mutex_post_unlock(&lock, 0);
	}
	__tsan_mutex_destroy(&lock, 0);
}
