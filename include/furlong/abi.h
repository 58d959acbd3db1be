/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * abi.h: the whole contract between compiled code and the runtime.
 *
 * Plain C: the pass derives LLVM types from these very declarations, so there is no second list of
 * signatures or layouts. Included by pass/, runtime/ and test/ only; includes <stdint.h> only.
 *
 * Rules. Only void, pointers and integers cross. Every name starts with __furlong_ or furlong_.
 * Adding is allowed; changing anything bumps FURLONG_ABI_VERSION, and the runtime then refuses the
 * module in one line and leaves the program alone: coverage does without that module, race without the whole
 * process (what one module does not say of orders would make races of the others). test/lint has what the
 * present version declares.
 */
#ifndef FURLONG_ABI_H
#define FURLONG_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FURLONG_ABI_VERSION 2

/* ---- coverage ---------------------------------------------------------------------------------
 *
 * An instrumented object contributes to four sections. The linker concatenates them; the hidden
 * __start_NAME/__stop_NAME symbols bound them in each module (executable or shared object).
 *
 *   furlong_cnt   uint64_t counters, zero at start. Code adds to *(counter + delta), where delta is
 *                 the running thread's: its GS base on x86-64, __furlong_coverage_delta elsewhere.
 *                 With delta 0 that is the section itself, which is what code that runs before the
 *                 runtime knows the thread writes to.
 *   furlong_fn    one struct furlong_coverage_function per function, in the function's COMDAT twin
 *   furlong_map   byte strings that those point to: shapes and file tables (format.h, "shape")
 *   furlong_id    one uint64_t per translation unit: a hash of everything it put into furlong_map
 */
#define FURLONG_SECTION_COUNTERS  "furlong_cnt"
#define FURLONG_SECTION_FUNCTIONS "furlong_fn"
#define FURLONG_SECTION_MAP       "furlong_map"
#define FURLONG_SECTION_IDS       "furlong_id"

/* A function's entry. The three references are relative: target address minus the address of the
 * field itself, so that the section needs no dynamic relocation and reads the same from a file. */
struct furlong_coverage_function {
	int64_t counters; /* -> its first counter in furlong_cnt; 0 when counter_count is 0 */
	int64_t shape;    /* -> its shape in furlong_map */
	int64_t files;    /* -> its translation unit's file table in furlong_map */
	uint32_t counter_count;
	uint32_t reserved; /* 0 */
};

/* What a module hands over, once, from a constructor that runs before the module's others. */
struct furlong_coverage_module {
	uint64_t *counters_begin, *counters_end;
	const struct furlong_coverage_function *functions_begin, *functions_end;
	const uint8_t *map_begin, *map_end;
	const uint64_t *ids_begin, *ids_end;
};

/* Registers a module; `module` must live as long as the module is loaded. */
void __furlong_coverage_module(uint32_t abi_version, const struct furlong_coverage_module *module);

/* The TLS form of the thread's delta, for code built where GS is not ours to use. Bytes. */
extern __thread intptr_t __furlong_coverage_delta;

/* ---- race -------------------------------------------------------------------------------------
 *
 * Every 8 bytes of the program's memory have a cell of two words in shadow memory. A word that holds an
 * access:
 *
 *   63..52  slot     whose clock it is; the top three values mean other things than an access
 *   51..32  clock    slot and clock together are the access's epoch
 *   31..24  missing  a bit for each of the 8 bytes that the access did not touch (bit 24: lowest address)
 *   23      read     it was a read; clear: a write, which stands for a read by the same thread too
 *   22..0   context  who did it: stack, instruction, locks
 *
 * A word of zeros is no access at all. Inline code asks one question only: is this access already recorded
 * in my present epoch? A write looks at word 0, a read at word 1. With y = word ^ self.epoch it is when
 *
 *   8 bytes, read   y >> 24 == 0                           fewer bytes: (y >> 24 & (need | ~0xff)) == 0
 *   8 bytes, write  y >> 23 == 0                           fewer bytes: (y >> 23 & (need << 1 | ~0x1fe)) == 0
 *
 * where need has a bit for each byte accessed. A read is also recorded when word 1 == self.shared. Anything
 * else is the slow path's, which preserves every register but the flags and (x86-64) r11.
 */
struct furlong_race_cell {
	uint64_t word[2];
};

#define FURLONG_RACE_SLOT_BITS     12
#define FURLONG_RACE_CLOCK_BITS    20
#define FURLONG_RACE_EPOCH_SHIFT   32
#define FURLONG_RACE_MISSING_SHIFT 24
#define FURLONG_RACE_READ_SHIFT    23
#define FURLONG_RACE_CONTEXT_BITS  23

/* One call in progress. A function that calls others pushes one at its entry, and sets `top` back to what it
 * was at each exit, and to its own entry + 1 where control comes back otherwise (landing pad, a second return
 * of setjmp). Leaf functions push nothing: they pass their return address to the slow path. `node` is 0 until
 * somebody needs the calling context. `place` is the lower half of the address where the return address lies:
 * when that of the frame below `top` is not above the new one, or not by less than FURLONG_RACE_NEAR bytes,
 * the thread may be on another stack, and the function calls __furlong_race_stack before it looks at `top`.
 */
#define FURLONG_RACE_NEAR 2048
struct furlong_race_frame {
	const void *return_address;
	uint32_t node;
	uint32_t place;
};

/* What inline code needs of its thread. The address of the cell of `p` is cells + 2 * (p & mask). With mask 0
 * everything is in the first 128 bytes (a vector has several cells) of a place that is always zero: then
 * epoch is 0 too and every access looks recorded. That is so before the runtime knows the thread, while no
 * second thread has ever lived, and where the race instrument cannot work. Any call may change all of it, but
 * that the slow paths of accesses (not those of atomic operations and fences) leave mask, cells and epoch
 * alone. */
struct furlong_race_thread {
	uint64_t mask;
	char *cells;
	uint64_t epoch;  /* slot and clock, in their places; all other bits 0 */
	uint64_t shared; /* word 1 of a cell known to hold reads of all its bytes in this epoch; all ones:
			  * none; 0 with epoch 0 alone: inline code takes a cell whose word it is */
	struct furlong_race_frame *top; /* the first free one */
};
extern __thread struct furlong_race_thread __furlong_race_self;

/* `place`: where the return address of the calling function lies. */
void __furlong_race_stack(const volatile void *place);

/* The slow paths. `caller` is the return address of the accessing function when that function pushed no
 * frame, else NULL. The access's own place is the return address of the call: it carries the access's debug
 * location, and two of them must not be merged. The first ten: addresses are aligned to the size, or to 8. */
void __furlong_race_read1(const volatile void *address, const void *caller);
void __furlong_race_read2(const volatile void *address, const void *caller);
void __furlong_race_read4(const volatile void *address, const void *caller);
void __furlong_race_read8(const volatile void *address, const void *caller);
void __furlong_race_read16(const volatile void *address, const void *caller);
void __furlong_race_write1(const volatile void *address, const void *caller);
void __furlong_race_write2(const volatile void *address, const void *caller);
void __furlong_race_write4(const volatile void *address, const void *caller);
void __furlong_race_write8(const volatile void *address, const void *caller);
void __furlong_race_write16(const volatile void *address, const void *caller);
/* Any size (0 too) and alignment, with the checks inside. */
void __furlong_race_read_range(const volatile void *address, uint64_t size, const void *caller);
void __furlong_race_write_range(const volatile void *address, uint64_t size, const void *caller);
/* What a loop accesses: `count` (0 too) elements of shape & 0xff bytes, one every shape >> 8 bytes from the
 * address on. That is a signed number: elements may go down, overlap, or be the same. */
#define FURLONG_RACE_STRIDE_SHIFT 8
void __furlong_race_read_elements(
	const volatile void *address, uint64_t count, uint64_t shape, const void *caller);
void __furlong_race_write_elements(
	const volatile void *address, uint64_t count, uint64_t shape, const void *caller);
/* Volatile accesses: an option says whether they count as plain, as relaxed atomics, or not at all. */
void __furlong_race_read_volatile(const volatile void *address, uint64_t size, const void *caller);
void __furlong_race_write_volatile(const volatile void *address, uint64_t size, const void *caller);
/* Of an object's pointer to its virtual functions; a store of the value that is there already is no access.
 */
void __furlong_race_read_vptr(const volatile void *address, const void *caller);
void __furlong_race_write_vptr(const volatile void *address, const void *value, const void *caller);

/* Around an atomic operation, which stays the program's own instruction: between the two calls no other
 * operation on these bytes takes place, so that clocks change hands in the order in which values do. `what`
 * is one of the operations | order << 4 | order on failure << 8, with C's memory orders (0 relaxed, 1
 * consume, 2 acquire, 3 release, 4 acquire and release, 5 sequentially consistent). `stored` is 0 for a load
 * and for a compare-and-exchange that failed. */
enum {
	FURLONG_RACE_ATOMIC_LOAD = 0,
	FURLONG_RACE_ATOMIC_STORE = 1,
	FURLONG_RACE_ATOMIC_UPDATE = 2, /* exchange, add and so on */
	FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE = 3,
};
void __furlong_race_atomic_begin(
	const volatile void *address, uint32_t size, uint32_t what, const void *caller);
void __furlong_race_atomic_end(const volatile void *address, uint32_t size, uint32_t what, uint32_t stored);
void __furlong_race_fence(uint32_t order);

/* What a thread knows of an atomic variable that it used lately, at place address >> 3 % FURLONG_RACE_ATOMICS
 * of a table. An operation on it says nothing new, and compiled code leaves out the calls above, when the
 * entry is of this variable and of the thread's epoch, and *version is what the entry has for the operation:
 * `load` (relaxed), `acquire` (a load that acquires), `store` (relaxed), `update` (a read-modify-write or
 * compare-and-exchange that does not release). No version is odd while nobody changes it, and none comes
 * back. A load looks after it loaded, and loads again when it was too late. The others say before they look
 * where they are (*inside = version), and after the operation that they left (*inside = NULL): who changes
 * the version waits for them. Variables of 16 bytes, and ones that are not aligned to their size, have no
 * entry. */
struct furlong_race_atomic {
	uint64_t key; /* 2 * address + size; 0: none */
	uint64_t epoch;
	const uint64_t *version;
	const uint64_t **inside;
	uint64_t load, acquire, store, update;
};
#define FURLONG_RACE_ATOMICS 8
extern __thread struct furlong_race_atomic __furlong_race_atomics[FURLONG_RACE_ATOMICS];

/* One per translation unit, in the section furlong_race: how many accesses the pass saw. */
#define FURLONG_SECTION_RACE "furlong_race"
struct furlong_race_unit {
	uint32_t checked;  /* have a check */
	uint32_t local;    /* none: the object never leaves its function */
	uint32_t constant; /* none: nobody can write it */
	uint32_t repeated; /* none: another check covers it */
	uint32_t left_out; /* none: the author or an ignore list said so */
	uint32_t reserved;
};
struct furlong_race_module {
	const struct furlong_race_unit *units_begin, *units_end;
};
/* Registers a module, once, from a constructor that runs before the module's others; must live as long as it.
 * Of another version: from then on nothing is recorded or reported in this process. */
void __furlong_race_module(uint32_t abi_version, const struct furlong_race_module *module);

#ifdef __cplusplus
}
#endif
#endif
