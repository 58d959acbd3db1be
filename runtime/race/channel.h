/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * channel.h: data that the kernel hands from thread to thread. Who gets them comes after who gave them; that
 * a descriptor is ready, or that there is room again, orders nothing.
 *
 * A channel is what the receivers of some data have in common, whatever descriptors they and the senders use:
 *
 *   pipe, FIFO                    the pipe
 *   socket of a socketpair        the receiving end
 *   TCP connection                its two ports, in the direction of the data
 *   UDP, datagrams of a path      the address of the receiver
 *   connection to a path          the path, in the direction of the data: all its clients share it
 *   eventfd, timerfd, signalfd    the open file, also by descriptors that were copied or sent
 *   message queue                 the queue; with System V also the type of the message
 *
 * Regular files, terminals and devices order nothing. All functions may be called from anywhere outside of
 * the runtime, do nothing in a program without threads, and leave errno alone.
 */
#ifndef FL_RACE_CHANNEL_H
#define FL_RACE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

/* Data are about to go there; data came from there. */
void fl_channel_send(int fd);
void fl_channel_send_to(int fd, const struct sockaddr *to, size_t room); /* to NULL: where it is connected */
void fl_channel_receive(int fd);
/* What went into the one comes out of the other. */
void fl_channel_forward(int from, int to);
/* A connection is asked for; it was taken. */
void fl_channel_connect(const struct sockaddr *to, size_t room);
void fl_channel_accept(int fd);

/* Of streams, by their descriptors, which are looked at again after fl_channel_forget_file: somebody closes.
 */
void fl_channel_put(const void *file, int fd);
void fl_channel_get(const void *file, int fd);
void fl_channel_forget_file(void);

/* Descriptors that have no identity of their own in the kernel. */
enum fl_descriptor {
	FL_DESCRIPTOR_PLAIN,
	FL_DESCRIPTOR_FILES,   /* inotify: what happens to files comes out */
	FL_DESCRIPTOR_SIGNALS, /* signals do */
};
void fl_channel_new(int fd, enum fl_descriptor kind);
void fl_channel_same(int fd, int copy);
void fl_channel_gone(int fd);
void fl_channel_pair(int a, int b); /* two sockets */
bool fl_channel_is(int fd, enum fl_descriptor kind);

/* Files change: inotify tells of it, once somebody has asked to be told. */
void fl_channel_files_change(void);

/* Things that are known by numbers. */
enum fl_channel_kind {
	FL_CHANNEL_PIPE = 1,
	FL_CHANNEL_SOCKET,
	FL_CHANNEL_TCP,
	FL_CHANNEL_UDP,
	FL_CHANNEL_PATH,
	FL_CHANNEL_PATH_BACK,
	FL_CHANNEL_LISTENER,
	FL_CHANNEL_DESCRIPTOR,
	FL_CHANNEL_NUMBER, /* of a descriptor, which is given out again */
	FL_CHANNEL_FILES,
	FL_CHANNEL_FILE_LOCK,
	FL_CHANNEL_EVENT,
	FL_CHANNEL_MESSAGE,
	FL_CHANNEL_QUEUE,
	FL_CHANNEL_SEMAPHORE,      /* taken from */
	FL_CHANNEL_SEMAPHORE_ZERO, /* waited for to be empty */
	FL_CHANNEL_SIGNAL,
	FL_CHANNEL_RECORD,
};
void fl_channel_release(enum fl_channel_kind kind, uint64_t a, uint64_t b);
void fl_channel_acquire(enum fl_channel_kind kind, uint64_t a, uint64_t b);
uint64_t fl_channel_descriptor(int fd); /* of an epoll instance and the like: its number */
/* A lock on a whole file: flock, and the open file's own of fcntl. */
void fl_channel_file_taken(int fd);
void fl_channel_file_giving(int fd);

void fl_channel_queue_send(int queue);
void fl_channel_queue_receive(int queue);

/* A signal to one thread (its pthread_t), or to whoever has it unblocked (0). */
void fl_channel_signal_sent(uint64_t thread, int signal);
void fl_channel_signal_taken(int signal);

#endif
