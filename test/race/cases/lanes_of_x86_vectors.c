/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lanes_of_x86_vectors.c: AVX2's instructions touch the elements that their mask selects, and no others. The
 * masks are not known to the compiler.
 *
 * Of eight lanes 1 and 6 are selected, by the highest bit of each, and by the instruction for bytes those
 * whose own is set: 2 + 2 + 2 + 13.
 *
 * addresses: 19
 */
#include "case.h"

enum { STORED, LOADED, GATHERED, BYTES, KINDS, LANES = 8 };
SHARED int shared[KINDS][4 * LANES];

NOINLINE static void set(int *at)
{
	*at = 1;
	STAY();
}

NOINLINE static void set_byte(char *at)
{
	*at = 1;
	STAY();
}

#ifdef __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"), noinline, used)) static

static volatile int selected = 1 << 1 | 1 << 6; /* of eight lanes */

/* A lane's highest bit says whether it is. */
AVX2 __m256i mask_now(void)
{
	int all[LANES], bits = selected;

	for (int i = 0; i < LANES; i++)
		all[i] = bits >> i & 1 ? -1 : 0x7fffffff;
	return _mm256_loadu_si256((const __m256i *)all);
}

AVX2 void store(void)
{
	_mm256_maskstore_epi32(shared[STORED], mask_now(), _mm256_set1_epi32(3));
	STAY();
}

AVX2 void load(__m256i *to)
{
	*to = _mm256_maskload_epi32(shared[LOADED], mask_now());
	STAY();
}

AVX2 void gather(__m256i *to)
{
	__m256i index = _mm256_set_epi32(28, 24, 20, 16, 12, 8, 4, 0);

	*to = _mm256_mask_i32gather_epi32(*to, shared[GATHERED], index, mask_now(), 4);
	STAY();
}

AVX2 void bytes(void)
{
	char *at = (char *)shared[BYTES];

	_mm_maskmoveu_si128(_mm_set1_epi8(3), _mm256_castsi256_si128(mask_now()), at);
	STAY();
}

static void *run(void *argument)
{
	__m256i to = {0};

	store();
	load(&to);
	gather(&to);
	bytes();
	make_step();
	return argument;
}
#endif

int main(void)
{
	pthread_t other = start(run, NULL);

	await_step(1);
	if (RIGHT)
		finish(other);
	for (int i = 0; i < LANES; i++) {
		set(&shared[STORED][i]);
		set(&shared[LOADED][i]);
		set(&shared[GATHERED][4 * i]);
		set(&shared[GATHERED][4 * i + 1]);
	}
	for (int i = 0; i < 16; i++)
		set_byte((char *)shared[BYTES] + i);
	if (!RIGHT)
		finish(other);
	return 0;
}
