/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * format.h: every structure that goes to a file, once. Little-endian, naturally aligned, fixed width.
 *
 * Written by runtime/ (and by `furlong merge`), read by tools/read only; `furlong dump` prints any of
 * it. A change bumps FURLONG_DATA_VERSION and keeps a reader for the old one. Includes <stdint.h> only.
 */
#ifndef FURLONG_FORMAT_H
#define FURLONG_FORMAT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FURLONG_DATA_MAGIC   "FURLCOV\n"
#define FURLONG_DATA_VERSION 1
#define FURLONG_DATA_SUFFIX  ".cov"
/* Beside an ELF file: its counters alone, of a program without a runtime. */
#define FURLONG_COUNTERS_SUFFIX ".counters"

/* A coverage data file: everything there is to know about one binary under one label, complete
 * without the binary. Sparse: what was never claimed takes no disk space.
 *
 *   0                 struct furlong_data_header
 *   path_offset       path of the module (no NUL), then the label
 *   functions_offset  copy of the module's furlong_fn section
 *   map_offset        copy of the module's furlong_map section
 *   owners_offset     uint64_t owner[slot_capacity]
 *   slots_offset      slot[slot_capacity], slot_stride bytes each, page-aligned
 *
 * A slot holds one uint64_t per counter, the first at slot_head bytes into it (the counters' offset
 * in their page, so that a slot can be mapped at the section's address plus a whole number of pages).
 * The truth is, at any moment, the sum over slots [0, slots_used).
 */
struct furlong_data_header {
	char magic[8];
	uint32_t version;
	uint32_t header_bytes;
	uint64_t module_id; /* of the tables: equal ids have equal functions, map and counters */
	uint64_t counters_bytes;
	uint64_t slot_head;
	uint64_t slot_stride;
	uint64_t slots_offset;
	uint64_t owners_offset;
	uint32_t slot_capacity;
	uint32_t slots_used; /* high-water mark; grows by compare-and-swap */
	uint64_t functions_offset, functions_bytes;
	uint64_t map_offset, map_bytes;
	/* Addresses differ from process to process, distances do not: they turn the relative references
	 * of struct furlong_coverage_function into offsets. */
	int64_t functions_to_counters; /* address of furlong_cnt minus address of furlong_fn */
	int64_t functions_to_map;      /* address of furlong_map minus address of furlong_fn */
	uint64_t path_offset;
	uint32_t path_bytes;
	uint32_t label_bytes;
	/* What was not seen; each is added to atomically. */
	uint64_t unslotted_threads; /* threads that counted into shared or private memory */
	uint64_t private_processes; /* processes that counted privately and flushed at their exit */
	uint64_t reserved[8];
};

/* Slot 0 belongs to all: whatever was counted in private memory is added there, atomically, so that there is
 * room for it even on a full disk. It exists from the start and is never claimed. */
#define FURLONG_OWNER_COMMON UINT64_MAX

/* Which of a module's counts a test made: beside its data files, named like them with another suffix, and
 * appended to by one write for each test and process. The counts are not more than those of the data files,
 * they are some of them. Records of one label add up. Each begins at a multiple of 8 bytes; after a damaged
 * one readers look for the next magic.
 *
 *   struct furlong_test_record, label (no NUL), then `entries` times, ULEB128:
 *   counters since the last one that is named (0: the next), counts made
 *   and zeros up to record_bytes
 */
#define FURLONG_TEST_SUFFIX ".tests"
#define FURLONG_TEST_MAGIC  0x31747365746c7266u /* "frltest1" */

struct furlong_test_record {
	uint64_t magic;
	uint64_t module_id;
	uint32_t record_bytes;
	uint32_t label_bytes;
	uint32_t entries;
	uint32_t reserved;
};

/* An owner word: 0 free, else the process that counts into the slot. A slot whose process is dead is
 * free to claim, its counts stay and go on. The namespace half tells pids of containers apart; only
 * processes of one's own namespace can be found dead. */
#define FURLONG_OWNER(pid, pid_namespace) ((uint64_t)(uint32_t)(pid_namespace) << 32 | (uint32_t)(pid))
#define FURLONG_OWNER_PID(owner)          ((uint32_t)(owner))
#define FURLONG_OWNER_NAMESPACE(owner)    ((uint32_t)((owner) >> 32))

/* ---- shapes: what there is to cover in a function ----------------------------------------------
 *
 * Byte strings in furlong_map; every number is ULEB128 ("u") unless said.
 *
 * file table   u count, then per file: u length, path bytes (absolute, or as a prefix map left it),
 *              u digest length (0 or 16), digest (the MD5 of the contents that were compiled)
 *
 * shape        u version (FURLONG_SHAPE_VERSION)
 *              u flags (enum furlong_shape_flag)
 *              u length, linkage name bytes
 *              u nfiles, then nfiles times: u index into the file table. The position is the "file id"
 *                  that regions use; id 0 is where the function is, further ones are macro expansions
 *                  and included files, reached by an EXPANSION region
 *              u nexpressions, then: u operator (0 left - right, 1 left + right), u left, u right (counts)
 *              u nregions, then per region:
 *                  u kind, u file id,
 *                  kind's own:  CODE, GAP: u count;  EXPANSION: u file id expanded to
 *                               SKIPPED: nothing;    BRANCH: u count of true, u count of false
 *                  zig-zag start line minus the start line of the previous region (first: minus 0),
 *                  u start column, u end line minus start line, u end column
 *
 *              with FURLONG_SHAPE_DECISIONS: u ndecisions, then per decision:
 *                  u kind (enum furlong_decision_kind)
 *                  u nconditions, then: u region (a BRANCH, its position among the regions),
 *                      u next after false, u next after true: 0 the decision is false, 1 it is true,
 *                      2 + the position of a later condition of the decision
 *                  COUNTED: u npaths, then for each path: u count
 *                  SUMMED:  u the first of FURLONG_PATH_COUNTERS counters of the function
 *              Paths are numbered from 0: of two that part at a condition, that through "true" comes first.
 *
 * a count      0: always zero;  else 1 + (index << 1 | is_expression): counter of the function, or expression
 * columns      1-based bytes; the end column is exclusive. 0 as end column: to the end of the line
 */
#define FURLONG_SHAPE_VERSION 1

enum furlong_shape_flag {
	FURLONG_SHAPE_FROM_DEBUG_INFO = 1, /* no source regions: whole lines, from debug locations */
	FURLONG_SHAPE_NEVER_EMITTED = 2,   /* the compiler saw the function and made no code for it */
	FURLONG_SHAPE_HITS =
		4, /* counts say whether, not how often: all that is more than 0 means the same */
	FURLONG_SHAPE_DECISIONS = 8, /* decisions are told of; a BRANCH in none of them is one by itself */
};

enum furlong_decision_kind {
	FURLONG_DECISION_LOST = 0,    /* the pass could not follow these conditions; nothing was counted */
	FURLONG_DECISION_COUNTED = 1, /* a count for each path */
	FURLONG_DECISION_SUMMED = 2,  /* sums that the paths can be found from */
	FURLONG_DECISION_NONE = 3, /* these BRANCHes are no conditions: a switch's cases, or without code */
};

/* A decision with very many paths has sums in the place of a counter a path. The sums form cells of four
 * counters; an evaluation adds to one cell of each of the three parts, which is chosen by bits of the path's
 * hash:
 *
 *   1, the path's lower 32 bits, its upper 32 bits, its check
 *
 * Sums of sums are sums, as counters are: over threads, processes, tests. A cell that only one path has been
 * added to tells which: the sums are multiples of the first one, and the check is the path's. What it tells
 * is taken out of the other two cells, which may then tell another. All paths are found while there are at
 * most about four for each five cells. */
#define FURLONG_PATH_PARTS         3
#define FURLONG_PATH_CELLS         512 /* of a part; a power of 2 */
#define FURLONG_PATH_CELL_COUNTERS 4
#define FURLONG_PATH_COUNTERS      (FURLONG_PATH_PARTS * FURLONG_PATH_CELLS * FURLONG_PATH_CELL_COUNTERS)
/* hash: h = path * FIRST; h ^= h >> 32; h *= SECOND; h ^= h >> 29. The cell of part i is h >> (PART_BITS *
 * i), modulo the cells of a part; the check is (h * FIRST) >> 32. All modulo 2^64. */
#define FURLONG_PATH_FIRST     0x9e3779b97f4a7c15ULL
#define FURLONG_PATH_SECOND    0xbf58476d1ce4e5b9ULL
#define FURLONG_PATH_PART_BITS 20

enum furlong_region_kind {
	FURLONG_REGION_CODE = 0,
	FURLONG_REGION_EXPANSION = 1,
	FURLONG_REGION_SKIPPED = 2,
	FURLONG_REGION_GAP = 3,
	FURLONG_REGION_BRANCH = 4,
};

/* ---- race data ----------------------------------------------------------------------------------
 *
 * Text, because it is little, is read by two programs and should be legible in a core dump: one file per
 * binary and label, named like its coverage file with another suffix, opened for appending. Each block is
 * written by one write(), so that processes do not cut into each other's. A line is a word and its fields,
 * separated by one space; a field is percent-encoded where it holds space, %, a control character or is empty
 * ("%"). Numbers are decimal, addresses 0x hexadecimal. Readers skip words they do not know.
 *
 *   furlong-race 2                       first line of every block
 *   process PID START                    START: ns since 1970 at its start; both together name a process
 *   program PATH LABEL
 *   run NAME                             processes of one run of the tests; absent: not said
 *   module INDEX BUILD-ID PATH           loaded objects that frames below name; BUILD-ID hex or "%"
 *   ...then one of
 *
 *   report KIND KEY            KIND as in contract; KEY: 16 hex digits, equal for repetitions in this run
 *     access OP SIZE ADDRESS THREAD
 *                              OP write|read|atomic-write|atomic-read|free; two, the later one first
 *     order HEARD BEFORE SINCE of a race. HEARD: 1 when the later access's thread had heard of
 *                              anything that the earlier one's did, else 0. Releases of that thread,
 *                              at least: BEFORE, from what was heard, or its birth, to its access;
 *                              SINCE, after that
 *     says TEXT                of a report that is no race: what is wrong, in a sentence
 *     step THREAD TITLE        of such a report, not of accesses, any number: what stands above a stack
 *     held LOCK MODE           of the access or step above: MODE read|write; in order of locking
 *     frame MODULE OFFSET      stack of what is above, innermost first; OFFSET into the object's file
 *                              image, of the last byte of the call, not of what follows
 *     frame - ADDRESS          outside of any module
 *     frame ...                cut short
 *     location heap SIZE ADDRESS THREAD
 *                              then frames: where it was allocated
 *     location global MODULE OFFSET [ADDRESS]
 *                              which variable, symbols tell; without ADDRESS at that of the later access
 *     location stack THREAD
 *     location tls THREAD
 *     location descriptor NUMBER
 *     freed THREAD             of the heap block above; then frames: where
 *     lock LOCK ADDRESS        then frames: its creation
 *     thread THREAD TID running|finished PARENT NAME
 *                              then frames: its creation
 *   suppressed KEY SUPPRESSION that report of the process was not to be printed: "race:pattern"
 *   times KEY COUNT            how often that report's race happened in the process, so far
 *   seen CHECKED LOCAL CONSTANT REPEATED LEFT-OUT
 *                              accesses in code, at the end of a process
 *   missed WHAT COUNT          what was not seen: signal, blind, truncated, slots, frozen, reports, orders,
 *                              foreign, rested (by race_budget: milliseconds of CPU time)
 *   bare PATH                  an object with code that was loaded and not instrumented
 *   end                        last line of every block
 *
 * THREAD is a number from 0 (main); LOCK a number from 1.
 */
#define FURLONG_RACE_SUFFIX ".race"
/* 1: the same without `says` and `step`. */
#define FURLONG_RACE_VERSION        2
#define FURLONG_RACE_VERSION_OLDEST 1

/* Where processes were when they ended: a file of such blocks, in each of which the report's KIND is "signal
 * NUMBER", or "exit", "_exit" or "quick_exit" and the status, and each `step` a thread (0 main, else the
 * kernel's number; its name) with the calls that it was in. The first is the one that ended the process. A
 * file that has become this long takes no more of those that called exit. */
#define FURLONG_END_SUFFIX ".ends"
#define FURLONG_END_ENOUGH (4 << 20)

/* The runtime has reports judged and printed by `furlong symbolize`, a process beside the program that takes
 * them from shared memory, so that the program waits for nothing:
 *
 *   0           struct furlong_spool
 *   options_at  lines, "option strip-path-prefix TEXT | style furlong|tsan | directory PATH | suppressions
 * TEXT" (directory: where the program started; TEXT of suppressions: all of the file) ring_at     reports,
 * one behind the other; where `bytes` is 0 the next one is at the ring's beginning
 *
 * The tool's descriptor 0 is a socket. The runtime sends a byte at a time, with descriptors:
 * FURLONG_SPOOL_HERE with that of the memory; then FURLONG_SPOOL_GO with those that it says are there, in
 * that order. At each of these the tool takes all reports that it has not answered, prints what is new to
 * FURLONG_SPOOL_OUT, notes what is not in the race file FURLONG_SPOOL_DATA, answers, and closes both. For
 * each answer it sends FURLONG_SPOOL_ANSWER, unless nobody takes those any more. It ends when the socket
 * does, after what is left. */
#define FURLONG_SPOOL_VERSION 2

#define FURLONG_SPOOL_HERE   's'
#define FURLONG_SPOOL_GO     '@' /* and: */
#define FURLONG_SPOOL_OUT    1
#define FURLONG_SPOOL_DATA   2
#define FURLONG_SPOOL_ANSWER '.'

struct furlong_spool {
	uint32_t version;
	uint32_t seconds; /* in which a report must be judged */
	uint64_t options_at, options_bytes;
	uint64_t places_at, places;
	uint64_t ring_at, ring_bytes;
	uint64_t asked, answered; /* how many; written by the runtime, by the tool */
};

#define FURLONG_VERDICT_NEW        1
#define FURLONG_VERDICT_SUPPRESSED 2

/* Followed by block_bytes of a block as above; text_bytes to print if that cannot be read; answer_bytes for
 * the answer: what was printed, or by which suppression it was not, as far as there is room, with a NUL. */
struct furlong_spool_report {
	uint64_t cookie; /* the runtime's own */
	uint32_t block_bytes, text_bytes, answer_bytes;
	uint32_t verdict; /* there before it is printed; 0: not yet */
};

#ifdef __cplusplus
}
#endif
#endif
