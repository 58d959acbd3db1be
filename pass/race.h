/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.h: what the parts of the race instrument share (docs/design/race-pass.md).
 *
 * race.cpp drives them over a module, function by function:
 *   race_bodies   a second body for when nothing is recorded
 *   race_labels   computed gotos of such functions
 *   race_access   which accesses a function makes, and which of them need a check
 *   race_loops    checks of loops, made once before the loop
 *   race_behind   checks of loops, made behind the loop
 *   race_lanes    which bytes of a vector a load is for
 *   race_masked   accesses to the elements that a mask selects
 *   race_check    the check of one access, in line and out of line
 *   race_atomic   what stands around atomic operations and fences
 *   race_quick    atomic operations that need no calls around them
 *   race_libatomic  atomic operations that are calls
 *   race_frame    the calls in progress
 *   race_ignore   what the author or an ignore list leaves out
 *   race_library  calls of the C library
 *   race_runtime  how code reaches the thread's words and calls the runtime
 *   race_tables   what a unit tells the runtime
 */
#ifndef FURLONG_PASS_RACE_H
#define FURLONG_PASS_RACE_H

#include "instrument.h"
#include "llvm_compat.h"
#include "savings.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace furlong
{

/* What makes checks cheaper (savings.h). */
enum class Saving {
#define SAVING(name, constant) constant,
#include "race_savings.def"
#undef SAVING
};
bool saves(const llvm::Function &function, Saving saving);

struct RaceCounts {
	uint32_t checked = 0, local = 0, constant = 0, repeated = 0, leftOut = 0;
};

enum class AccessKind {
	Plain,
	Volatile,
	Vptr,     /* an object's pointer to its virtual functions */
	Lanes,    /* those elements of a vector that a mask selects */
	Packed,   /* as many elements as a mask has bits, side by side */
	Elements, /* of a loop: sizeValue of them, one every stride */
};

struct Access {
	llvm::Instruction *instruction; /* the check stands before it */
	llvm::Value *address;           /* a vector of them: each lane has its own */
	bool write;
	AccessKind kind;
	uint64_t size;       /* bytes; of an element where there is a mask; 0: sizeValue says */
	uint64_t alignment;  /* what the address is known to be a multiple of */
	uint64_t offset = 0; /* from the address to the first byte */
	llvm::Value *sizeValue = nullptr;
	llvm::Value *mask = nullptr;
	llvm::Value *stored = nullptr; /* by a write to a vptr */
	llvm::Value *stride = nullptr;
	llvm::Instruction *where = nullptr; /* the access, when the check stands elsewhere */
	bool mayBeNone = false;             /* elements: often there are none */
	unsigned span = 0; /* accesses of one span have no call or synchronisation between them */
};

/* Puts the accesses that need a check, in program order, and counts the others. */
void findAccesses(llvm::Function &function, llvm::SmallVectorImpl<Access> &accesses, RaceCounts &counts);

/* Whether the thread's epoch may be another behind the instruction. */
bool endsSpan(const llvm::Instruction &instruction);

/* The bytes of a vector that is loaded that anybody looks at, in order; none: all of them (race_lanes.cpp).
 */
struct ByteRun {
	uint64_t begin, end;
};
llvm::SmallVector<ByteRun, 4> bytesUsed(const llvm::LoadInst &load, const llvm::DataLayout &layout);

/* A load or store of the elements that a mask selects, with code in front that says where they are. False: it
 * is none (race_masked.cpp). */
bool describeMasked(llvm::IntrinsicInst &call, compat::MaskedOperation &operation);

/* A body without checks beside the one that will get some, where that pays. Changes the function's blocks; to
 * be called first (race_bodies.cpp). */
void placeBodies(llvm::Function &function, llvm::FunctionAnalysisManager &manager);

/* The first instruction behind the allocas at the front of the entry block. */
llvm::Instruction &behindAllocas(llvm::Function &function);
/* Allocas of a fixed size come to that front. */
void gatherAllocas(llvm::Function &function);

/* Whether the operation is other threads' business: checked or not, it is not a plain access. */
bool isAtomicOperation(const llvm::Instruction &instruction);

/* How slow paths learn the calling context: a function with a frame passes NULL, one without its own return
 * address, read where it is needed. */
enum class Caller { HasFrame, ReturnAddress };
llvm::Value *returnAddressOf(llvm::IRBuilder<> &builder);
llvm::Value *callerOf(llvm::IRBuilder<> &builder, Caller caller);

/* The check of each access. The instructions stay where they are. */
void placeChecks(llvm::Function &function, llvm::ArrayRef<Access> accesses, Caller caller);

struct AtomicOperation {
	llvm::Value *address;
	uint64_t size;
	llvm::Value *what;   /* operation and orders (abi.h) */
	llvm::Value *stored; /* nullptr: known after the operation */
};

/* Whether the call may be of libatomic; and what it does, with code for it in front of the call. False: it is
 * none. */
bool isLibraryAtomic(const llvm::Instruction &instruction);
bool describeLibraryAtomic(llvm::CallInst &call, AtomicOperation &operation);

/* Calls around each atomic operation and at each fence; how many. */
uint32_t placeAtomics(llvm::Function &function, Caller caller);

/* Calls of C library functions that touch memory go by the runtime's, where they do not anyway. */
void redirectLibraryCalls(llvm::Function &function, Caller caller);

/* The operation that calls must stand around: a copy where the thread may have nothing new to say, else
 * itself.
 */
llvm::Instruction &placeQuickWay(llvm::Instruction &operation, llvm::Value *address, uint64_t size);

/* Whether the function must push a frame, for the sake of what it calls; and the code for it. */
bool needsFrame(const llvm::Function &function);
void placeFrame(llvm::Function &function);

/* A builder before the instruction, with a place in the source even if the instruction has none: calls in a
 * function with debug information must have one. */
void setPlace(llvm::IRBuilder<> &builder, llvm::Instruction &instruction);

/* A call that leaves every register as it was but r11 (x86-64), that does not throw, and stays by itself. */
llvm::CallInst *callRuntime(
	llvm::IRBuilder<> &builder, llvm::FunctionCallee callee, llvm::ArrayRef<llvm::Value *> arguments);

/* A member of __furlong_race_self. */
enum class SelfMember { Mask, Cells, Epoch, Shared, Top };
llvm::Value *loadSelf(llvm::IRBuilder<> &builder, SelfMember member);
void storeTop(llvm::IRBuilder<> &builder, llvm::Value *top);

/* The unit's record and, once per linked module, its registration. */
bool hasRaceUnit(const llvm::Module &module);
void emitRaceUnit(llvm::Module &module, const RaceCounts &counts);

/* Before the pipeline runs (race_early.cpp): so that nothing is read that the source does not read. */
void watchEarlyReads(llvm::PassBuilder &builder);

struct RacePass : llvm::PassInfoMixin<RacePass> {
	llvm::PreservedAnalyses run(llvm::Module &module, llvm::ModuleAnalysisManager &);
	static bool isRequired()
	{
		return true;
	}
};

} // namespace furlong

#endif
