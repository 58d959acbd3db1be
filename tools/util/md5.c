/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * md5.c: see md5.h. The constants are computed from their definition once: floor(2^32 * |sin(i + 1)|).
 */
#include "util/md5.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

static uint32_t sines[64];
static pthread_once_t sines_once = PTHREAD_ONCE_INIT;

static void compute_sines(void)
{
	for (int i = 0; i < 64; i++)
		sines[i] = (uint32_t)(4294967296.0 * fabs(sin(i + 1)));
}

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

/* One step; the words' roles go round, so that nothing is moved. */
#define STEP(a, b, mix, index, bits)                                                                         \
	((a) = (b) + rotate((a) + sines[step] + words[(index) % 16] + (mix), (bits)), step++)

/* Sixteen steps with the same function of three words. */
#define ROUND(MIX, INDEX, s0, s1, s2, s3)                                                                    \
	for (unsigned end = step + 16; step < end;) {                                                        \
		STEP(a, b, MIX(b, c, d), INDEX(step), s0);                                                   \
		STEP(d, a, MIX(a, b, c), INDEX(step), s1);                                                   \
		STEP(c, d, MIX(d, a, b), INDEX(step), s2);                                                   \
		STEP(b, c, MIX(c, d, a), INDEX(step), s3);                                                   \
	}

#define MIX_1(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define MIX_2(x, y, z) ((~(z) & (y)) + ((z) & (x))) /* no bit is in both */
#define MIX_3(x, y, z) ((x) ^ (y) ^ (z))
#define MIX_4(x, y, z) ((y) ^ ((x) | ~(z)))
#define INDEX_1(i)     (i)
#define INDEX_2(i)     (5 * (i) + 1)
#define INDEX_3(i)     (3 * (i) + 5)
#define INDEX_4(i)     (7 * (i))

static void digest_block(uint32_t state[4], const unsigned char *block)
{
	uint32_t words[16], a = state[0], b = state[1], c = state[2], d = state[3];
	unsigned step = 0;
	memcpy(words, block, sizeof words); /* little-endian hosts, as the data files are */
	ROUND(MIX_1, INDEX_1, 7, 12, 17, 22)
	ROUND(MIX_2, INDEX_2, 5, 9, 14, 20)
	ROUND(MIX_3, INDEX_3, 4, 11, 16, 23)
	ROUND(MIX_4, INDEX_4, 6, 10, 15, 21)
	state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

void fl_md5(const void *bytes, size_t length, unsigned char digest[static FL_MD5_BYTES])
{
	uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	const unsigned char *p = bytes;
	pthread_once(&sines_once, compute_sines);
	size_t whole = length / 64 * 64;
	for (size_t i = 0; i < whole; i += 64)
		digest_block(state, p + i);
	unsigned char tail[128] = {0};
	size_t left = length - whole, tail_length = left < 56 ? 64 : 128;
	if (left)
		memcpy(tail, p + whole, left);
	tail[left] = 0x80;
	uint64_t bits = (uint64_t)length * 8;
	memcpy(tail + tail_length - 8, &bits, 8);
	for (size_t i = 0; i < tail_length; i += 64)
		digest_block(state, tail + i);
	memcpy(digest, state, FL_MD5_BYTES);
}
