/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cond_used_after_destroy.c: a condition is signalled after it was destroyed.
 *
 * finds: cond-invalid-access main@used
 */
#include "case.h"

SHARED pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

int main(void)
{
	pthread_cond_destroy(&cond);
	if (RIGHT)
		pthread_cond_init(&cond, NULL);
	pthread_cond_signal(&cond); /* @used */
}
