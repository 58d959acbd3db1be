/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * libc.h: the words of libc.def, and how a function of the table stands before the one behind it.
 *
 * In the shared runtime whoever calls the function's own name comes here (race/intercept.h). In a static
 * program it is __furlong_libc_NAME, which instrumented code calls (pass/race_library.cpp); the function
 * behind is the program's or the C library's, which whoever calls us has brought in: a weakref does not.
 */
#ifndef FL_RACE_INTERCEPT_LIBC_H
#define FL_RACE_INTERCEPT_LIBC_H

#include "core/fatal.h"
#include "race/channel.h"
#include "race/descriptor.h"
#include "race/handler.h"
#include "race/intercept.h"
#include "race/intercept/libc_types.h"
#include "race/lock.h"
#include "race/touch.h"

/* What the C library is to call when it is done, with our function before the program's; or as it is. */
struct sigevent *fl_notify_once(struct sigevent *event, struct sigevent *instead, const void *caller);
/* The same for one that it looks at where it is, and that this did not come about. */
void fl_notify_in_place(struct sigevent *event, const void *caller);
void fl_notify_never(const struct sigevent *event);

#ifdef FL_STATIC
#define FL_LIBC_NAME(name) __furlong_libc_##name
#define FL_LIBC(result, name, parameters)                                                                    \
	static result real_##name parameters __attribute__((weakref(#name)));                                \
	FL_PUBLIC result __furlong_libc_##name parameters;                                                   \
	FL_PUBLIC result __furlong_libc_##name parameters
#define FL_LIBC_ALWAYS FL_LIBC
#else
#define FL_LIBC_ALWAYS(result, name, parameters) FL_INTERCEPT_ALWAYS(result, name, name, parameters)
#define FL_LIBC_NAME(name)                       __furlong_checked_##name
#define FL_LIBC(result, name, parameters)        FL_INTERCEPT(result, name, name, parameters)
#endif
/* The function behind one of several; it need not be what the caller brought in. And those that it is behind.
 */
#ifdef FL_STATIC
#define FL_LIBC_BEHIND(result, name, parameters)                                                             \
	result name parameters;                                                                              \
	static result(*const real_##name) parameters = name;                                                 \
	FL_LIBC_BESIDE(result, name, parameters)
#define FL_LIBC_BESIDE(result, name, parameters) FL_PUBLIC result __furlong_libc_##name parameters;
#else
#define FL_LIBC_BEHIND(result, name, parameters)                                                             \
	static result(*real_##name) parameters;                                                              \
	FL_INTERCEPT_JUMP(result, name, parameters)
#define FL_LIBC_BESIDE FL_LIBC_BEHIND
#endif

#define LIBC(result, name, parameters, arguments, before, after)                                             \
	FL_LIBC(result, name, parameters)                                                                    \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
		result got;                                                                                  \
                                                                                                             \
		before frame = fl_touch_push(__builtin_return_address(0));                                   \
		got = FL_REAL(name) arguments;                                                               \
		fl_touch_pop(frame);                                                                         \
		after return got;                                                                            \
	}
#define LIBC_VOID(name, parameters, arguments, before, after)                                                \
	FL_LIBC(void, name, parameters)                                                                      \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
                                                                                                             \
		before frame = fl_touch_push(__builtin_return_address(0));                                   \
		FL_REAL(name) arguments;                                                                     \
		fl_touch_pop(frame);                                                                         \
		after                                                                                        \
	}
#define LEAF(result, name, parameters, arguments, before, after)                                             \
	FL_LIBC(result, name, parameters)                                                                    \
	{                                                                                                    \
		result got;                                                                                  \
                                                                                                             \
		before got = FL_REAL(name) arguments;                                                        \
		after return got;                                                                            \
	}
#define LEAF_VOID(name, parameters, arguments, before, after)                                                \
	FL_LIBC(void, name, parameters)                                                                      \
	{                                                                                                    \
		before FL_REAL(name) arguments;                                                              \
		after                                                                                        \
	}
#define LISTED(result, name, parameters)
#define IN_STATIC(result, name, parameters)
#define OUTPUT(name, argument, bytes)
#define PARSES(name, bytes)

/* ---- effects ---- */

#define IF(condition, ...)                                                                                   \
	if (condition) {                                                                                     \
		__VA_ARGS__                                                                                  \
	}
#define R(at, bytes) IF(FL_TOUCHING, FL_TOUCH_READ(at, bytes);)
#define W(at, bytes) IF(FL_TOUCHING, FL_TOUCH_WRITE(at, bytes);)
#define RO(object)   IF(FL_TOUCHING && (object), FL_TOUCH_READ(object, sizeof(*(object)));)
#define WO(object)   IF(FL_TOUCHING && (object), FL_TOUCH_WRITE(object, sizeof(*(object)));)
#define RS(s)        IF(FL_TOUCHING && (s), FL_TOUCH_READ(s, length_of(s) + 1);)
#define WS(s)        IF(FL_TOUCHING && (s), FL_TOUCH_WRITE(s, length_of(s) + 1);)
#define RSN(s, limit)                                                                                        \
	IF(FL_TOUCHING && (s), FL_TOUCH_READ(s, at_most(length_within(s, limit), (size_t)(limit)-1) + 1);)
#define RWS(s) IF(FL_TOUCHING && (s), FL_TOUCH_READ(s, (wide_length(s) + 1) * sizeof(wchar_t));)
#define RWSN(s, limit)                                                                                       \
	IF(FL_TOUCHING && (s) && (limit),                                                                    \
		FL_TOUCH_READ(                                                                               \
			s, (at_most(wide_within(s, limit), (size_t)(limit)-1) + 1) * sizeof(wchar_t));)
/* A bad address is the kernel's to refuse. */
#define RP(failed, path) IF(!((failed) && errno == EFAULT), RS(path))

#define UP_TO(from, found, otherwise)                                                                        \
	((found) ? (size_t)((const char *)(found) - (const char *)(from)) + 1 : (otherwise))
#define COMPARED(a, b, limit, alike)                                                                         \
	IF(FL_TOUCHING, size_t bytes = bytes_compared(a, b, limit, alike); FL_TOUCH_READ(a, bytes);          \
		FL_TOUCH_READ(b, bytes);)
#define WIDE_COMPARED(a, b, limit)                                                                           \
	IF(FL_TOUCHING, size_t bytes = wide_compared(a, b, limit); FL_TOUCH_READ(a, bytes);                  \
		FL_TOUCH_READ(b, bytes);)
#define APPENDED(to, from, limit)                                                                            \
	IF(FL_TOUCHING, size_t there = length_of(to), more = length_within(from, limit);                     \
		FL_TOUCH_READ(to, there + 1); FL_TOUCH_READ(from, at_most(more, (size_t)(limit)-1) + 1);     \
		FL_TOUCH_WRITE(to + there, more + 1);)
#define WIDE_APPENDED(to, from, limit)                                                                       \
	IF(FL_TOUCHING, size_t there = wide_length(to), more = wide_within(from, limit);                     \
		FL_TOUCH_READ(to, (there + 1) * sizeof(wchar_t));                                            \
		FL_TOUCH_READ(from, (at_most(more, (size_t)(limit)-1) + 1) * sizeof(wchar_t));               \
		FL_TOUCH_WRITE(to + there, (more + 1) * sizeof(wchar_t));)
/* It was read, and a zero put behind it. */
#define TOKEN(token) IF(FL_TOUCHING && (token), FL_TOUCH_WRITE(token, length_of(token) + 1);)
/* Of a number's text, where `end` says how far it was looked at, or we do. */
#define NUMBER(s, end)                                                                                       \
	IF(FL_TOUCHING, FL_TOUCH_READ(s, end ? (size_t)(*(end) - (s)) + 1 : number_length(s));               \
		if (end) FL_TOUCH_WRITE(end, sizeof(*(end)));)

#define PARTS(touch, parts, count, total)                                                                    \
	{                                                                                                    \
		const struct iovec *part = parts;                                                            \
		size_t left = total;                                                                         \
                                                                                                             \
		for (size_t each = 0; FL_TOUCHING && each < (size_t)(count) && left; each++, part++) {       \
			touch(part->iov_base, at_most(part->iov_len, left)) left -=                          \
				at_most(part->iov_len, left);                                                \
		}                                                                                            \
	}
#define SETS(touch)                                                                                          \
	if (in)                                                                                              \
	touch(in, set_bytes(count)) if (out) touch(out, set_bytes(count)) if (other)                         \
		touch(other, set_bytes(count))
/* An address that is told, in the room that there was for it. */
#define ROOM(at, room)    socklen_t had = (at) && (room) ? *(room) : 0;
#define ADDRESS(at, room) IF(had, W(at, at_most(had, *(room))) WO(room))
#define MESSAGE(message, got, name_room, control_room)                                                       \
	PARTS(W, message->msg_iov, message->msg_iovlen, (size_t)got)                                         \
	IF(message->msg_name, W(message->msg_name, at_most(name_room, message->msg_namelen)))                \
	IF(message->msg_control, W(message->msg_control, at_most(control_room, message->msg_controllen)))    \
	W(&message->msg_namelen, sizeof(message->msg_namelen))                                               \
	W(&message->msg_controllen, sizeof(message->msg_controllen) + sizeof(message->msg_flags))

/* ---- order ---- */

/* A stream in memory has none, and its word for it was never set: glibc's _IO_IS_FILEBUF. */
#define FD_OF(file)               ((file)->_flags & 0x2000 ? (file)->_fileno : -1)
#define SENDS(fd)                 fl_channel_send(fd);
#define SENDS_TO(fd, to, room)    fl_channel_send_to(fd, to, room);
#define RECEIVES(fd)              fl_channel_receive(fd);
#define FORWARDS(from, to)        fl_channel_forward(from, to);
#define CONNECTS(to, room)        fl_channel_connect(to, room);
#define ACCEPTS(fd)               fl_channel_accept(fd);
#define PAIRS(a, b)               fl_channel_pair(a, b);
#define PUTS(file)                fl_channel_put(file, FD_OF(file));
#define GETS(file)                fl_channel_get(file, FD_OF(file));
#define NEW_DESCRIPTOR(fd, kind)  fl_channel_new(fd, FL_DESCRIPTOR_##kind);
#define SAME_DESCRIPTOR(fd, copy) fl_channel_same(fd, copy);
#define OLD_DESCRIPTOR(fd)        fl_channel_gone(fd);
/* What stands for a descriptor (descriptor.h) is read and written. */
#define USES(fd)                                                                                             \
	IF(FL_TOUCHING, const void *place = fl_descriptor_used(fd); if (place) FL_TOUCH_READ(place, 8);)
#define CLOSES(fd)                                                                                           \
	IF(FL_TOUCHING, const void *place = fl_descriptor_closing(fd); if (place) FL_TOUCH_WRITE(place, 8);) \
	fl_descriptor_closes(fd);
#define POLLS(of, count)                                                                                     \
	for (nfds_t i = 0; FL_TOUCHING && i < (count); i++) {                                                \
		USES((of)[i].fd)                                                                             \
	}
#define GIVES_UP_RIGHTS              fl_report_keep();
#define GOT(fd)                      fl_descriptor_got(fd);
#define CHANGES_FILES                fl_channel_files_change();
#define TAKES_FILE(fd)               fl_channel_file_taken(fd);
#define GIVES_FILE(fd)               fl_channel_file_giving(fd);
#define GIVES_EVENT(fd, what)        fl_channel_release(FL_CHANNEL_EVENT, fl_channel_descriptor(fd), what);
#define GETS_EVENT(fd, what)         fl_channel_acquire(FL_CHANNEL_EVENT, fl_channel_descriptor(fd), what);
#define GIVES_SIGNAL(thread, number) fl_channel_signal_sent(thread, number);
/* Maybe to itself: what it interrupts is known then. */
#define SELF_BEGIN           fl_handler_sending++;
#define SELF_END             fl_handler_sending--;
#define TAKES_SIGNAL(number) fl_channel_signal_taken(number);
#define GIVES_RECORD(at)     fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)(at), 0);
#define GETS_RECORD(at)      fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)(at), 0);
/* A thread of the C library's may call back (notify.c). */
#define NOTIFIES(then)      then = fl_notify_once(then, &(struct sigevent){0}, FL_HERE);
#define NOTIFIES_AT(event)  fl_notify_in_place(event, FL_HERE);
#define NOTIFIES_NOT(event) fl_notify_never(event);
/* A signalfd's data say which signals came. */
#define SIGNAL_READ(fd, at, bytes)                                                                           \
	IF(fl_channel_is(fd, FL_DESCRIPTOR_SIGNALS), signals_read(at, (size_t)(bytes));)
/* Who waits for a semaphore to be zero comes after those that took from it. */
#define SEM_GIVES                                                                                            \
	for (size_t i = 0; i < count; i++)                                                                   \
		if (of[i].sem_op)                                                                            \
			fl_channel_release(                                                                  \
				of[i].sem_op > 0 ? FL_CHANNEL_SEMAPHORE : FL_CHANNEL_SEMAPHORE_ZERO,         \
				(uint64_t)set, of[i].sem_num);
#define SEM_TAKES                                                                                            \
	for (size_t i = 0; i < count; i++)                                                                   \
		if (of[i].sem_op <= 0)                                                                       \
			fl_channel_acquire(                                                                  \
				of[i].sem_op < 0 ? FL_CHANNEL_SEMAPHORE : FL_CHANNEL_SEMAPHORE_ZERO,         \
				(uint64_t)set, of[i].sem_num);

#endif
