/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_context.c: contexts, lists of locks, clocks, slots, blocks and new memory, each by itself.
 */
#include "unit.h"

#include "race_parts.h"

#include <sys/mman.h>

static struct fl_thread cores[8];
static char code[256]; /* addresses in it stand for places */
static unsigned reported;

void fl_report_race(const struct fl_race_found *found)
{
	(void)found;
	reported++;
}

static void call(const void *from)
{
	uintptr_t near = (uintptr_t)__builtin_frame_address(0) + 256;

	*__furlong_race_self.top++ =
		(struct furlong_race_frame){.return_address = from, .place = (uint32_t)near};
}

static void leave(void)
{
	__furlong_race_self.top--;
}

static void test_stack_is_that_of_the_calls(void **state)
{
	const void *stack[8];
	struct fl_race_context context;

	(void)state;
	call(code + 1);
	call(code + 2);
	context = fl_context_get(fl_context_here(code + 3, NULL, 4, FL_WHAT_VPTR), 0);
	assert_int_equal(fl_context_stack(&context, stack, 8), 3);
	assert_ptr_equal(stack[0], code + 3);
	assert_ptr_equal(stack[1], code + 2);
	assert_ptr_equal(stack[2], code + 1);
	assert_int_equal(context.size, 4);
	assert_int_equal(context.what, FL_WHAT_VPTR);
	/* A leaf without a frame, called from there. */
	context = fl_context_get(fl_context_here(code + 4, code + 5, 1, 0), 0);
	assert_int_equal(fl_context_stack(&context, stack, 8), 4);
	assert_ptr_equal(stack[1], code + 5);
	assert_ptr_equal(stack[2], code + 2);
	leave();
	call(code + 6);
	context = fl_context_get(fl_context_here(code + 3, NULL, 4, 0), 0);
	fl_context_stack(&context, stack, 8);
	assert_ptr_equal(stack[1], code + 6);
	leave();
	leave();
}

static void test_same_context_same_number(void **state)
{
	uint32_t first, second;

	(void)state;
	call(code + 1);
	first = fl_context_here(code + 3, NULL, 4, 0);
	leave();
	call(code + 1);
	for (uint32_t i = 0; i <= fl_race_self_thread->called->mask;
		i++) /* not by the thread's cache alone */
		fl_race_self_thread->called->contexts[i].what_context = 0;
	for (uint32_t i = 0; i <= fl_race_self_thread->called->mask; i++)
		fl_nodes_used(fl_race_self_thread->called)[i].node = 0;
	/* nor by the frame's node */
	__furlong_race_self.top[-1].node = 0;
	second = fl_context_here(code + 3, NULL, 4, 0);
	assert_int_equal(first, second);
	assert_int_not_equal(first, fl_context_here(code + 3, NULL, 8, 0));
	assert_int_not_equal(first, fl_context_here(code + 3, NULL, 4, FL_WHAT_FREE));
	leave();
}

static void test_recursion_of_100000_frames(void **state)
{
	static const void *stack[100010];
	struct fl_race_context context;
	uint32_t used = fl_nodes.used;

	(void)state;
	for (int i = 0; i < 100000; i++)
		call(code + i % 7);
	context = fl_context_get(fl_context_here(code + 9, NULL, 4, 0), 0);
	assert_int_equal(fl_context_stack(&context, stack, 100010), 100001);
	for (int i = 0; i < 100000; i++)
		assert_ptr_equal(stack[100000 - i], code + i % 7);
	assert_int_equal(fl_nodes.used - used, 100000);
	fl_context_here(code + 10, NULL, 4, 0);
	assert_int_equal(fl_nodes.used - used, 100000);
	__furlong_race_self.top -= 100000;
}

/* Of a stack that used little and of one that used more. */
static void test_frames_of_ended_stacks_come_back_empty(void **state)
{
	const size_t bytes = (size_t)1 << 20;

	(void)state;
	for (size_t used = 100; used < 1000; used += 400) {
		struct furlong_race_frame *frames = fl_frames_take(bytes);

		for (size_t i = 0; i < used; i++)
			frames[i] = (struct furlong_race_frame){frames, 7, (uint32_t)i};
		fl_frames_give(frames, bytes);
		assert_ptr_equal(fl_frames_take(bytes), frames);
		for (size_t i = 0; i < used; i++)
			assert_true(!frames[i].return_address && !frames[i].node && !frames[i].place);
		fl_frames_give(frames, bytes);
	}
}

static void test_full_tables_keep_the_innermost_frames(void **state)
{
	const void *stack[100];
	struct fl_race_context context;
	uint32_t used = fl_nodes.used;
	uint64_t counts[FL_COUNT_ROOM];

	(void)state;
	fl_nodes.used = NODE_LIMIT - CONTEXT_RESERVE + 1;
	for (int i = 0; i < 50; i++)
		call(code + 100 + i);
	context = fl_context_get(fl_context_here(code + 9, NULL, 4, 0), 0);
	assert_true(context.what & FL_WHAT_TRUNCATED);
	assert_int_equal(fl_context_stack(&context, stack, 100), 1 + CONTEXT_INNERMOST);
	assert_ptr_equal(stack[1], code + 149);
	fl_race_counts(counts);
	assert_true(counts[FL_COUNT_TRUNCATED] > 0);
	__furlong_race_self.top -= 50;
	fl_nodes.used = used;
}

static void test_composite_names_each_byte(void **state)
{
	uint32_t a = fl_context_here(code + 20, NULL, 1, 0), b = fl_context_here(code + 21, NULL, 2, 0);
	uint32_t c = fl_context_here(code + 22, NULL, 4, 0), ab, all;

	(void)state;
	ab = fl_context_compose(a, 0x01, b, 0x0c);
	all = fl_context_compose(c, 0xf0, ab, 0x0d);
	for (unsigned byte = 0; byte < 8; byte++) {
		if (byte == 1)
			continue;
		assert_ptr_equal(fl_context_get(all, byte).pc, byte == 0  ? code + 20
							       : byte < 4 ? code + 21
									  : code + 22);
	}
	/* The order of making does not matter. */
	assert_int_equal(all, fl_context_compose(fl_context_compose(c, 0xf0, b, 0x0c), 0xfc, a, 0x01));
	assert_int_equal(fl_context_compose(c, 0xff, all, 0xfd), c);
	assert_int_equal(fl_context_compose(a, 0x02, a, 0x01), a);
}

static void test_lists_of_locks(void **state)
{
	struct fl_held_lock locks[4];
	uint32_t one = fl_lockset_with(0, (struct fl_held_lock){7, true});
	uint32_t two = fl_lockset_with(one, (struct fl_held_lock){9, false});
	uint32_t twice = fl_lockset_with(two, (struct fl_held_lock){7, true});

	(void)state;
	assert_int_equal(fl_lockset_get(two, locks, 4), 2);
	assert_int_equal(locks[0].lock, 7);
	assert_true(locks[0].write);
	assert_int_equal(locks[1].lock, 9);
	assert_false(locks[1].write);
	assert_int_equal(fl_lockset_without(two, 9), one);
	assert_int_equal(fl_lockset_without(two, 7), fl_lockset_with(0, (struct fl_held_lock){9, false}));
	assert_int_equal(fl_lockset_without(twice, 7), two);
	assert_int_equal(fl_lockset_without(one, 7), 0);
	assert_int_equal(fl_lockset_without(one, 8), one);
}

static uint32_t with(uint32_t lockset, uint32_t lock)
{
	return fl_lockset_with(lockset, (struct fl_held_lock){lock, true});
}

/* An access says how many locks were held; its epoch says which. */
static void test_locks_of_an_epoch(void **state)
{
	struct fl_race_thread *self = fl_race_self_thread;
	uint32_t a = with(0, 7), ab = with(a, 9), b = with(0, 9), one, other;
	fl_epoch epoch = fl_epoch_make(self->slot, self->now);

	(void)state;
	fl_held_set(self, b);
	other = fl_context_here(code + 3, NULL, 4, 0);
	fl_held_set(self, a);
	one = fl_context_here(code + 3, NULL, 4, 0);
	assert_int_equal(one, other);
	assert_int_equal(fl_context_get(one, 0).locks, 1);
	self->dirty = true;
	fl_held_set(self, ab);
	assert_int_equal(fl_epoch_make(self->slot, self->now), epoch);
	assert_int_not_equal(one, fl_context_here(code + 3, NULL, 4, 0));
	fl_held_set(self, b);
	assert_int_equal(fl_epoch_make(self->slot, self->now), epoch + 1);
	assert_int_equal(fl_held_at(epoch, 1), a);
	assert_int_equal(fl_held_at(epoch, 2), ab);
	assert_int_equal(fl_held_at(epoch, 3), FL_HELD_UNKNOWN);
	assert_int_equal(fl_held_at(epoch + 1, 1), b);
	assert_int_equal(fl_held_at(epoch + 2 * FL_CLOCK_LIMIT, 0), 0);
	assert_int_equal(fl_held_at(epoch + 2 * FL_CLOCK_LIMIT, 1), FL_HELD_UNKNOWN);

	/* In another order the first one would be another. */
	fl_held_set(self, with(b, 7));
	assert_false(fl_held_goes_on(self));
	fl_held_set(self, 0);
	fl_held_set(self, a);
	assert_false(fl_held_goes_on(self));
	fl_held_set(self, ab);
	assert_true(fl_held_goes_on(self));
	fl_held_set(self, 0);
}

static void test_slots_are_taken_over_in_order_only(void **state)
{
	struct fl_race_thread *self = fl_race_self_thread, *first, *second, *third;
	uint32_t slot;
	uint64_t epoch;

	(void)state;
	cores[1].index = 1;
	cores[2].index = 2;
	cores[3].index = 3;
	first = fl_race_thread_prepare(&cores[1], 0);
	first->dirty = true;
	slot = first->slot;
	epoch = fl_epoch_make(slot, first->now);
	assert_ptr_equal(fl_race_person_at((fl_epoch)epoch), first->person);
	fl_race_thread_gone(first); /* nobody is ordered after it */
	second = fl_race_thread_prepare(&cores[2], 0);
	assert_int_not_equal(second->slot, slot);
	fl_clock_set(&self->clock, slot, fl_epoch_clock((fl_epoch)epoch));
	third = fl_race_thread_prepare(&cores[3], 0);
	assert_int_equal(third->slot, slot);
	assert_int_equal(third->now, fl_epoch_clock((fl_epoch)epoch) + 1);
	assert_int_equal(fl_race_person_at((fl_epoch)epoch)->uid, third->person->uid - 2);
	assert_ptr_equal(fl_race_person_at(fl_epoch_make(slot, third->now)), third->person);
	fl_race_thread_gone(second);
	fl_race_thread_gone(third);
}

/* 10 000 threads, each joined: one slot, and no memory but for who ran when (32 bytes each). */
static void test_many_threads_one_after_another(void **state)
{
	char *at[POOL_LARGEST_LOG2 + 1] = {0};
	uint32_t used = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct fl_race_thread *child = fl_race_thread_prepare(&cores[1], 0);
		assert_non_null(child);
		child->dirty = true;
		if (i == 100) {
			used = race_slots_used;
			for (int log2 = 0; log2 <= POOL_LARGEST_LOG2; log2++)
				at[log2] = pool_classes[log2].at;
		}
		fl_race_thread_joined(child);
		fl_race_thread_gone(child);
	}
	assert_int_equal(race_slots_used, used);
	for (int log2 = 6; log2 <= POOL_LARGEST_LOG2; log2++)
		assert_ptr_equal(pool_classes[log2].at, at[log2]);
}

static void test_2000_threads_at_once(void **state)
{
	static struct fl_thread many[2000];
	static struct fl_race_thread *threads[2000];

	(void)state;
	for (uint32_t i = 0; i < 2000; i++) {
		many[i].index = 10 + i;
		threads[i] = fl_race_thread_prepare(&many[i], 0);
		assert_non_null(threads[i]);
	}
	for (uint32_t i = 0; i < 2000; i++) {
		fl_race_thread_joined(threads[i]);
		fl_race_thread_gone(threads[i]);
	}
}

static void test_locks_alone_burn_no_clock(void **state)
{
	static uint64_t mutex, data;
	struct fl_race_thread *self = fl_race_self_thread;
	uint32_t now;

	(void)state;
	fl_race_advance(self);
	now = self->now;
	for (int i = 0; i < 1000; i++) {
		fl_sync_acquire(&mutex);
		fl_sync_release_store(&mutex);
	}
	assert_int_equal(self->now, now);
	fl_race_slow(&data, NULL, code, 8 | FL_SPEC_WRITE);
	fl_sync_release_store(&mutex);
	assert_int_equal(self->now, now + 1);
}

static void test_blocks_are_found(void **state)
{
	static char heap[1 << 20] __attribute__((aligned(16)));
	struct fl_race_block block, marks[] = {{(uintptr_t)heap + 16, 100, 5, 1, false},
					    {(uintptr_t)heap + 256, sizeof(heap) - 300, 77, 3000, true}};

	(void)state;
	fl_block_mark(&marks[0]);
	fl_block_mark(&marks[1]);
	assert_true(fl_block_find((uintptr_t)heap + 115, &block));
	assert_int_equal(block.begin, marks[0].begin);
	assert_int_equal(block.context, 5);
	assert_false(fl_block_find((uintptr_t)heap + 116, &block));
	assert_true(fl_block_find((uintptr_t)heap + 256, &block));
	assert_true(fl_block_find((uintptr_t)heap + sizeof(heap) - 100, &block));
	assert_int_equal(block.size, sizeof(heap) - 300);
	assert_int_equal(block.owner, 3000);
	assert_true(block.freed);
}

/* 32 bytes apart at least, in halves of 32 and across pieces of 64 KiB. */
static void test_blocks_from_before_threads_are_found(void **state)
{
	static char heap[4 << 16] __attribute__((aligned(1 << 16)));
	const size_t at[] = {16, 64, 112, (1 << 16) - 32, 1 << 16, 3 << 16};
	const size_t count = sizeof(at) / sizeof(at[0]);
	struct fl_race_block block = {0};

	(void)state;
	for (uint32_t i = 0; i < count; i++)
		assert_true(fl_alone_mark(
			&(struct fl_race_block){(uintptr_t)heap + at[i], 17 + i, 1 + i, 9, false}));
	for (uint32_t i = 0; i < count; i++) {
		for (size_t byte = 0; byte < 32; byte++) {
			assert_int_equal(
				fl_block_find((uintptr_t)heap + at[i] + byte, &block), byte < 17 + i);
			assert_int_equal(fl_block_at((uintptr_t)heap + at[i] + byte, &block), byte == 0);
		}
		assert_true(fl_block_find((uintptr_t)heap + at[i], &block));
		assert_int_equal(block.begin, (uintptr_t)heap + at[i]);
		assert_int_equal(block.size, 17 + i);
		assert_int_equal(block.context, 1 + i);
		assert_int_equal(block.owner, 9);
	}
	assert_false(fl_alone_unmark((uintptr_t)heap + 32));
	assert_true(fl_alone_unmark((uintptr_t)heap + 64));
	assert_false(fl_alone_unmark((uintptr_t)heap + 64));
	assert_false(fl_block_find((uintptr_t)heap + 64, &block));
	assert_true(fl_block_find((uintptr_t)heap + 112, &block));
}

static void test_new_memory_gives_pages_back(void **state)
{
	static char memory[1 << 20] __attribute__((aligned(4096)));
	unsigned char resident[sizeof(memory) * 2 / 4096];
	uint32_t context = fl_context_here(code, NULL, 1, 0);
	unsigned pages = 0;

	(void)state;
	fl_access(memory, sizeof(memory), true, 0, context);
	fl_sync_release(memory + 5000);
	fl_shadow_reset(memory + 3, sizeof(memory) - 3);
	mincore(fl_shadow_cell(memory), sizeof(memory) * 2, resident);
	for (unsigned i = 0; i < sizeof(resident); i++)
		pages += resident[i] & 1;
	assert_in_range(pages, 0, 2);
	assert_int_equal(word_bytes(fl_shadow_cell(memory)->word[0]), 7);
	for (uint32_t i = 0; i < record_count; i++)
		assert_int_not_equal(fl_record_at(i)->objects &&
					     fl_record_at(i)->objects->bytes == 1 << (5000 & 7) &&
					     (uint32_t)fl_record_at(i)->alive && i + 1 == record_count,
			1);
}

/* In all levels of buckets, of which the first is a small part. */
static void test_what_is_interned_is_found(void **state)
{
	enum { MANY = 3 << 16 };
	static struct fl_intern_entry *chunks[(MANY >> INTERN_CHUNK_LOG2) + 1];
	struct fl_intern table = {1, MANY + 1, (1u << 18) - 1, NULL, chunks, 0};

	(void)state;
	for (unsigned again = 0; again < 2; again++)
		for (uint64_t i = 0; i < MANY; i++)
			assert_int_equal(fl_intern(&table, (uint32_t)(i % 7), &i), i + 1);
	assert_int_equal(table.used, MANY);
	for (uint64_t i = MANY; i < MANY + 10; i++)
		assert_int_equal(fl_intern(&table, 0, &i), 0);
	munmap(table.buckets, intern_all_buckets(&table) * sizeof(*table.buckets));
}

/* Few entries have few pages of buckets. */
static void test_few_are_interned_in_little(void **state)
{
	static struct fl_intern_entry *chunks[1];
	struct fl_intern table = {1, 1 << INTERN_CHUNK_LOG2, (1u << 20) - 1, NULL, chunks, 0};
	static unsigned char resident[(2u << 20) * sizeof(uint32_t) / 4096];
	unsigned pages = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(fl_intern(&table, 0, &i), i + 1);
	mincore(table.buckets, intern_all_buckets(&table) * sizeof(*table.buckets), resident);
	for (unsigned i = 0; i < sizeof(resident); i++)
		pages += resident[i] & 1;
	assert_in_range(pages, 1, 64);
}

static unsigned pages_of_cells(const char *memory, size_t size)
{
	static unsigned char resident[(2 << 20) / 4096];
	unsigned pages = 0;

	mincore(fl_shadow_cell(memory), 2 * size, resident);
	for (unsigned i = 0; i < 2 * size / 4096; i++)
		pages += resident[i] & 1;
	return pages;
}

/* Memory that is only touched whole has no cells; by its first other access one chunk has. */
static void test_ranges_need_no_cells(void **state)
{
	static char memory[1 << 20] __attribute__((aligned(1 << FL_CHUNK_SHIFT)));
	const char *other = memory + 300000;
	uint32_t context = fl_context_here(code, NULL, 1, 0);

	(void)state;
	fl_access(memory, sizeof(memory), true, 0, context);
	fl_access(memory, sizeof(memory), false, 0, context);
	assert_int_equal(pages_of_cells(memory, sizeof(memory)), 0);
	fl_race_slow(other, NULL, code + 1, 1);
	assert_in_range(pages_of_cells(memory, sizeof(memory)), 1, (2 << FL_CHUNK_SHIFT) / 4096);
	assert_int_equal(word_context(fl_shadow_cell(other)->word[0]), context);
	assert_int_equal(word_context(fl_shadow_cell(other + 8)->word[0]), context);
	fl_shadow_reset(memory, sizeof(memory));
	assert_int_equal(pages_of_cells(memory, sizeof(memory)), 0);
	fl_access(memory, sizeof(memory), false, 0, context);
	assert_int_equal(pages_of_cells(memory, sizeof(memory)), 0);
}

static unsigned most_of(unsigned touched)
{
	return touched < 2 ? 1 : touched <= PAGES_OF_FULL ? 2 * (touched - 1) : (unsigned)PAGES_IN_CHUNK;
}

/* Memory that is touched in order, a little of each page: its cells' memory comes in ever larger pieces, the
 * rest of a chunk at last. */
static void test_cells_are_brought_in_ahead(void **state)
{
	static char memory[1 << FL_CHUNK_SHIFT] __attribute__((aligned(1 << FL_CHUNK_SHIFT)));
	static char other[1 << FL_CHUNK_SHIFT] __attribute__((aligned(1 << FL_CHUNK_SHIFT)));
	const size_t page = FL_PAGE_CELLS * 8;
	unsigned brought = 0, before = 0;

	(void)state;
	for (unsigned touched = 1; touched <= sizeof(memory) / page; touched++) {
		unsigned there;

		fl_cell_open(memory + (touched - 1) * page);
		there = pages_of_cells(memory, sizeof(memory));
		assert_in_range(there, touched, most_of(touched));
		brought += there != before;
		before = there;
	}
	assert_int_equal(brought, 5);
	/* Here and there: no more than that either. */
	for (unsigned touched = 1; touched <= 4; touched++) {
		fl_cell_open(other + touched * 5 * page);
		assert_in_range(pages_of_cells(other, sizeof(other)), touched, most_of(touched));
	}
	fl_shadow_reset(memory, sizeof(memory));
	fl_shadow_reset(other, sizeof(other));
}

/* A thread that the child of a fork does not have is at that page: it has the lock, has said so in the page
 * if `begun`, and has filled so many cells and word 0 of the next one. */
static void leave_at(const char *memory, bool begun, uint64_t filled)
{
	struct furlong_race_cell *first = fl_shadow_cell(memory), *page = fl_page_of(first);
	struct page_lock *lock = page_lock(first);

	fl_lock_take(&lock->lock);
	lock->filling = first;
	lock->seen = fl_sys_cell_load(page);
	if (!begun)
		return;
	assert_true(fl_cell_change(page, lock->seen, (struct furlong_race_cell){{FL_PAGE_FILLING, 0}}));
	for (uint64_t i = 0; i < filled; i++)
		page_fill_cell(&first[i], lock->seen);
	first[filled].word[0] = lock->seen.word[0];
}

static void test_fork_in_the_middle_of_a_filling(void **state)
{
	static char memory[2 << FL_CHUNK_SHIFT] __attribute__((aligned(1 << FL_CHUNK_SHIFT)));
	const char *half = memory, *before = memory + (1 << FL_CHUNK_SHIFT);
	uint32_t context = fl_context_here(code, NULL, 1, 0);
	struct furlong_race_cell seen, *cells = fl_shadow_cell(half), changed;

	(void)state;
	fl_access(memory, sizeof(memory), true, 0, context);
	seen = fl_sys_cell_load(fl_page_of(cells));
	leave_at(half, true, FL_PAGE_CELLS / 2);
	leave_at(before, false, 0);
	/* One that was filled has been another's since. */
	changed = (struct furlong_race_cell){{seen.word[0] ^ 1, seen.word[1]}};
	fl_owner_set(&cells[3], changed);
	fl_page_fork_child();
	/* Nobody is at them: who comes does not wait, and finds what the page said. */
	assert_true(fl_page_is_apart(fl_page_of(cells)));
	for (uint64_t i = 0; i < FL_PAGE_CELLS; i++)
		assert_true(fl_cell_same(cells[i], i == 3 ? changed : seen));
	assert_true(fl_cell_same(*fl_page_of(fl_shadow_cell(before)), seen));
	assert_int_equal(fl_shadow_cell(before)->word[0], 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(page_lock(fl_shadow_cell(i ? half : before))->lock.word, 0);
		assert_null(page_lock(fl_shadow_cell(i ? half : before))->filling);
	}
	assert_true(fl_cell_same(*fl_cell_open(before + 8), seen));
	fl_shadow_reset(memory, sizeof(memory));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack_is_that_of_the_calls),
		cmocka_unit_test(test_same_context_same_number),
		cmocka_unit_test(test_recursion_of_100000_frames),
		cmocka_unit_test(test_frames_of_ended_stacks_come_back_empty),
		cmocka_unit_test(test_full_tables_keep_the_innermost_frames),
		cmocka_unit_test(test_composite_names_each_byte),
		cmocka_unit_test(test_lists_of_locks),
		cmocka_unit_test(test_locks_of_an_epoch),
		cmocka_unit_test(test_slots_are_taken_over_in_order_only),
		cmocka_unit_test(test_many_threads_one_after_another),
		cmocka_unit_test(test_2000_threads_at_once),
		cmocka_unit_test(test_locks_alone_burn_no_clock),
		cmocka_unit_test(test_blocks_are_found),
		cmocka_unit_test(test_blocks_from_before_threads_are_found),
		cmocka_unit_test(test_new_memory_gives_pages_back),
		cmocka_unit_test(test_ranges_need_no_cells),
		cmocka_unit_test(test_what_is_interned_is_found),
		cmocka_unit_test(test_few_are_interned_in_little),
		cmocka_unit_test(test_cells_are_brought_in_ahead),
		cmocka_unit_test(test_fork_in_the_middle_of_a_filling),
	};

	if (!fl_shadow_init())
		return 77;
	become_main(&cores[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
