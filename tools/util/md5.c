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

static void digest_block(uint32_t state[4], const unsigned char *block)
{
	static const unsigned char shifts[4][4] = {
		{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
	uint32_t words[16], a = state[0], b = state[1], c = state[2], d = state[3];
	memcpy(words, block, sizeof words); /* little-endian hosts, as the data files are */
	for (unsigned i = 0; i < 64; i++) {
		uint32_t mix;
		unsigned index;
		switch (i / 16) {
		case 0:
			mix = (b & c) | (~b & d), index = i;
			break;
		case 1:
			mix = (d & b) | (~d & c), index = (5 * i + 1) % 16;
			break;
		case 2:
			mix = b ^ c ^ d, index = (3 * i + 5) % 16;
			break;
		default:
			mix = c ^ (b | ~d), index = 7 * i % 16;
			break;
		}
		uint32_t next = b + rotate(a + mix + sines[i] + words[index], shifts[i / 16][i % 4]);
		a = d, d = c, c = b, b = next;
	}
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
