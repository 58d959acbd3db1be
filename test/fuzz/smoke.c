/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * smoke.c: a fuzzer's stand-in without a fuzzer: smoke FILE ROUNDS changes bytes of FILE, the same way every
 * time, and feeds what comes out to LLVMFuzzerTestOneInput.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t draw(uint64_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

/* Most of a data file is padding: change what is not zero, or the header. */
static void mutate(uint8_t *bytes, size_t size)
{
	static const uint8_t favourites[] = {0, 1, 0x7f, 0x80, 0xff, 0x40};
	for (uint64_t changes = 1 + draw(4); changes--;) {
		size_t at = draw(2) ? draw(size < 216 ? size : 216) : draw(size < 2048 ? size : 2048);
		switch (draw(4)) {
		case 0:
			bytes[at] ^= (uint8_t)(1u << draw(8));
			break;
		case 1:
			bytes[at] = favourites[draw(sizeof favourites)];
			break;
		case 2:
			bytes[at] = (uint8_t)draw(256);
			break;
		default:
			for (size_t i = at; i < at + 8 && i < size; i++)
				bytes[i] = 0xff;
			break;
		}
	}
}

int main(int argc, char **argv)
{
	FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
	static uint8_t seed[1 << 20], copy[1 << 20];
	if (!file)
		return 2;
	size_t size = fread(seed, 1, sizeof seed, file);
	fclose(file);
	LLVMFuzzerTestOneInput(seed, size);
	for (long round = atol(argv[2]); round--;) {
		size_t length = draw(4) ? size : draw(size + 1);
		memcpy(copy, seed, size);
		if (length)
			mutate(copy, length);
		LLVMFuzzerTestOneInput(copy, length);
	}
	printf("%s rounds: still standing\n", argv[2]);
	return 0;
}
