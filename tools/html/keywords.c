/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * keywords.c: see keywords.h. Most words are none, and find an empty slot.
 */
#include "keywords.h"

#include <pthread.h>
#include <string.h>

struct keyword {
	const char *word;
	bool cxx; /* only in C++ */
};

static const struct keyword keywords[] = {
	{"NULL", 0},
	{"_Alignas", 0},
	{"_Alignof", 0},
	{"_Atomic", 0},
	{"_BitInt", 0},
	{"_Bool", 0},
	{"_Complex", 0},
	{"_Decimal128", 0},
	{"_Decimal32", 0},
	{"_Decimal64", 0},
	{"_Generic", 0},
	{"_Imaginary", 0},
	{"_Noreturn", 0},
	{"_Static_assert", 0},
	{"_Thread_local", 0},
	{"__asm__", 0},
	{"__attribute__", 0},
	{"__builtin_va_list", 0},
	{"__extension__", 0},
	{"__inline", 0},
	{"__inline__", 0},
	{"__restrict", 0},
	{"__restrict__", 0},
	{"__thread", 0},
	{"__typeof__", 0},
	{"__volatile__", 0},
	{"alignas", 0},
	{"alignof", 0},
	{"and", 1},
	{"and_eq", 1},
	{"asm", 0},
	{"auto", 0},
	{"bitand", 1},
	{"bitor", 1},
	{"bool", 0},
	{"break", 0},
	{"case", 0},
	{"catch", 1},
	{"char", 0},
	{"char16_t", 1},
	{"char32_t", 1},
	{"char8_t", 1},
	{"class", 1},
	{"co_await", 1},
	{"co_return", 1},
	{"co_yield", 1},
	{"compl", 1},
	{"concept", 1},
	{"const", 0},
	{"const_cast", 1},
	{"consteval", 1},
	{"constexpr", 0},
	{"constinit", 1},
	{"continue", 0},
	{"decltype", 1},
	{"default", 0},
	{"delete", 1},
	{"do", 0},
	{"double", 0},
	{"dynamic_cast", 1},
	{"else", 0},
	{"enum", 0},
	{"explicit", 1},
	{"export", 1},
	{"extern", 0},
	{"false", 0},
	{"final", 1},
	{"float", 0},
	{"for", 0},
	{"friend", 1},
	{"goto", 0},
	{"if", 0},
	{"inline", 0},
	{"int", 0},
	{"int16_t", 0},
	{"int32_t", 0},
	{"int64_t", 0},
	{"int8_t", 0},
	{"intptr_t", 0},
	{"long", 0},
	{"mutable", 1},
	{"namespace", 1},
	{"new", 1},
	{"noexcept", 1},
	{"not", 1},
	{"not_eq", 1},
	{"nullptr", 0},
	{"operator", 1},
	{"or", 1},
	{"or_eq", 1},
	{"override", 1},
	{"private", 1},
	{"protected", 1},
	{"ptrdiff_t", 0},
	{"public", 1},
	{"register", 0},
	{"reinterpret_cast", 1},
	{"requires", 1},
	{"restrict", 0},
	{"return", 0},
	{"short", 0},
	{"signed", 0},
	{"size_t", 0},
	{"sizeof", 0},
	{"ssize_t", 0},
	{"static", 0},
	{"static_assert", 0},
	{"static_cast", 1},
	{"struct", 0},
	{"switch", 0},
	{"template", 1},
	{"this", 1},
	{"thread_local", 0},
	{"throw", 1},
	{"true", 0},
	{"try", 1},
	{"typedef", 0},
	{"typeid", 1},
	{"typename", 1},
	{"typeof", 0},
	{"typeof_unqual", 0},
	{"uint16_t", 0},
	{"uint32_t", 0},
	{"uint64_t", 0},
	{"uint8_t", 0},
	{"uintptr_t", 0},
	{"union", 0},
	{"unsigned", 0},
	{"using", 1},
	{"virtual", 1},
	{"void", 0},
	{"volatile", 0},
	{"wchar_t", 1},
	{"while", 0},
	{"xor", 1},
	{"xor_eq", 1},
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords, SLOTS = 1024 }; /* few others share a slot with one */

static unsigned char slots[SLOTS]; /* 1 and more: of the keyword before; 0: none */
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static size_t slot_of(const char *word, size_t length)
{
	size_t first = (unsigned char)word[0], second = (unsigned char)word[1];
	return (first * 37 + second * 101 + (unsigned char)word[length - 1] * 7 + length * 211) % SLOTS;
}

static void fill_slots(void)
{
	_Static_assert(KEYWORDS < 255, "a slot holds a byte");
	for (size_t i = 0; i < KEYWORDS; i++) {
		size_t slot = slot_of(keywords[i].word, strlen(keywords[i].word));
		while (slots[slot])
			slot = (slot + 1) % SLOTS;
		slots[slot] = (unsigned char)(i + 1);
	}
}

void fl_keyword_prepare(void)
{
	pthread_once(&slots_once, fill_slots);
}

bool fl_keyword_find(const char *word, size_t length, bool cxx)
{
	if (length < 2)
		return false;
	for (size_t slot = slot_of(word, length); slots[slot]; slot = (slot + 1) % SLOTS) {
		const struct keyword *keyword = &keywords[slots[slot] - 1];
		if (!strncmp(keyword->word, word, length) && !keyword->word[length])
			return cxx || !keyword->cxx;
	}
	return false;
}
