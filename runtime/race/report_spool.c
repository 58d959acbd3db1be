/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_spool.c: reports on their way to the tool, in memory that both see (format.h, furlong_spool). Each
 * tool that is started has a spool of its own, to which what nobody answered moves. The mapping is all that
 * we keep of it: the program may close descriptors that it does not know.
 *
 *   ring:   ..free..[oldest: answered][not yet][not yet][next: ..free..
 *
 * Once all are taken, the next one goes to the ring's beginning: a program with a report now and then uses
 * the same page over and over.
 */
#include "race/report.h"

#include "core/sys.h"
#include "race/cell.h"

#include <errno.h>
#include <string.h>

#define SPOOL_RING_BYTES FL_TINY((uint64_t)32 << 20, (uint64_t)32 << 10)
#define SPOOL_PLACES     FL_TINY((uint64_t)8192, (uint64_t)32)

struct spool {
	struct furlong_spool *shared; /* NULL: none */
	uint64_t bytes;               /* of the mapping */
	uint64_t next;                /* where in the ring */
	uint64_t taken;               /* how many */
};

static struct spool report_spool;

static uint64_t spool_round(uint64_t bytes, uint64_t to)
{
	return (bytes + to - 1) & ~(to - 1);
}

static uint64_t *spool_place(const struct spool *spool, uint64_t number)
{
	uint64_t *places = (uint64_t *)((char *)spool->shared + spool->shared->places_at);

	return &places[number % SPOOL_PLACES];
}

static struct furlong_spool_report *spool_at(const struct spool *spool, uint64_t number)
{
	return (struct furlong_spool_report *)((char *)spool->shared + spool->shared->ring_at +
					       *spool_place(spool, number));
}

static size_t spool_waiting(const struct spool *spool)
{
	return spool->shared ? spool->shared->asked - spool->taken : 0;
}

/* ---- in ---------------------------------------------------------------------------------------------- */

/* Makes `next` a place of so many bytes. */
static bool spool_find_room(struct spool *spool, uint64_t bytes)
{
	uint64_t end = spool->shared->ring_bytes, oldest = *spool_place(spool, spool->taken);
	size_t waiting = spool_waiting(spool);

	if (waiting == SPOOL_PLACES)
		return false;
	if (!waiting) {
		spool->next = 0;
		return bytes <= end;
	}
	if (spool->next <= oldest)
		return spool->next + bytes <= oldest;
	if (spool->next + bytes <= end)
		return true;
	if (bytes > oldest)
		return false;
	spool->next = 0;
	return true;
}

/* Where there is no memory, writing would be a SIGBUS. */
static int spool_populate(void *at, uint64_t bytes)
{
	uint64_t page = fl_sys_page_size();
	uintptr_t begin = (uintptr_t)at & ~(page - 1), end = spool_round((uintptr_t)at + bytes, page);
	int rc = fl_sys_populate((void *)begin, end - begin);

	return rc == -EINVAL ? 0 : rc; /* Linux before 5.14 */
}

static bool spool_put(struct spool *spool, const struct fl_spool_report *words)
{
	struct furlong_spool_report *report;
	uint64_t said = words->block_bytes + words->text_bytes, number;
	uint64_t bytes = spool_round(sizeof(*report) + said + words->answer_bytes, 16);

	if (!spool->shared || bytes > UINT32_MAX || !spool_find_room(spool, bytes))
		return false;
	number = spool->shared->asked;
	if (spool_populate(spool_place(spool, number), sizeof(uint64_t)))
		return false;
	*spool_place(spool, number) = spool->next;
	report = spool_at(spool, number);
	if (spool_populate(report, sizeof(*report) + said + FL_SPOOL_ANSWER))
		return false;
	*report = (struct furlong_spool_report){
		.cookie = words->cookie,
		.block_bytes = (uint32_t)words->block_bytes,
		.text_bytes = (uint32_t)words->text_bytes,
		.answer_bytes = (uint32_t)words->answer_bytes,
	};
	memcpy(report + 1, words->block, words->block_bytes);
	memcpy((char *)(report + 1) + words->block_bytes, words->text, words->text_bytes);
	spool->next += bytes;
	__atomic_store_n(&spool->shared->asked, number + 1, __ATOMIC_RELEASE);
	return true;
}

/* ---- out ---------------------------------------------------------------------------------------------- */

static bool spool_look(const struct spool *spool, struct fl_spool_report *words)
{
	const struct furlong_spool_report *report;

	if (!spool_waiting(spool))
		return false;
	report = spool_at(spool, spool->taken);
	*words = (struct fl_spool_report){
		.cookie = report->cookie,
		.block = (const char *)(report + 1),
		.block_bytes = report->block_bytes,
		.text = (const char *)(report + 1) + report->block_bytes,
		.text_bytes = report->text_bytes,
		.answer = (const char *)(report + 1) + report->block_bytes + report->text_bytes,
		.answer_bytes = report->answer_bytes,
		.is_answered = __atomic_load_n(&spool->shared->answered, __ATOMIC_ACQUIRE) > spool->taken,
		.verdict = __atomic_load_n(&report->verdict, __ATOMIC_ACQUIRE),
	};
	return true;
}

/* ---- the memory --------------------------------------------------------------------------------------- */

static void spool_drop(struct spool *spool)
{
	if (spool->shared)
		fl_sys_unmap(spool->shared, spool->bytes);
	*spool = (struct spool){0};
}

/* A descriptor of it, or -errno. */
static int spool_make(struct spool *spool, const struct fl_report_out *options, uint32_t seconds)
{
	uint64_t places_at = spool_round(sizeof(*spool->shared) + options->length, 16);
	uint64_t ring_at = places_at + SPOOL_PLACES * sizeof(uint64_t);
	void *at = NULL;
	int fd, rc;

	*spool = (struct spool){.bytes = spool_round(ring_at + SPOOL_RING_BYTES, fl_sys_page_size())};
	fd = fl_sys_memory_file(spool->bytes);
	if (fd < 0)
		return fd;
	rc = fl_sys_map(&at, spool->bytes, FL_SYS_MAP_ANYWHERE, fd, 0);
	if (!rc) {
		spool->shared = at;
		rc = spool_populate(at, places_at);
	}
	if (rc) {
		spool_drop(spool);
		fl_sys_close(fd);
		return rc;
	}
	*spool->shared = (struct furlong_spool){
		.version = FURLONG_SPOOL_VERSION,
		.seconds = seconds,
		.options_at = sizeof(*spool->shared),
		.options_bytes = options->length,
		.places_at = places_at,
		.places = SPOOL_PLACES,
		.ring_at = ring_at,
		.ring_bytes = SPOOL_RING_BYTES,
	};
	memcpy(spool->shared + 1, options->text, options->length);
	return fd;
}

int fl_spool_open(const struct fl_report_out *options, uint32_t seconds)
{
	struct spool fresh, rest = report_spool;
	struct fl_spool_report words;
	int fd = spool_make(&fresh, options, seconds);
	bool all = true;

	if (fd < 0)
		return fd;
	for (; all && spool_look(&rest, &words); rest.taken++)
		all = spool_put(&fresh, &words);
	spool_drop(all ? &report_spool : &fresh);
	if (!all) {
		fl_sys_close(fd);
		return -ENOMEM;
	}
	report_spool = fresh;
	return fd;
}

void fl_spool_drop(void)
{
	spool_drop(&report_spool);
}

size_t fl_spool_waiting(void)
{
	return spool_waiting(&report_spool);
}

bool fl_spool_put(const struct fl_spool_report *words)
{
	return spool_put(&report_spool, words);
}

bool fl_spool_look(struct fl_spool_report *words)
{
	return spool_look(&report_spool, words);
}

void fl_spool_take(void)
{
	report_spool.taken++;
}
