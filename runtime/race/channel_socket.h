/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * channel_socket.h: which channel a socket's data go through. Private to channel.c; inside the runtime.
 */
#ifndef FL_RACE_CHANNEL_SOCKET_H
#define FL_RACE_CHANNEL_SOCKET_H

#include <stddef.h>
#include <stdint.h>

struct sockaddr;

enum fl_direction { FL_DIRECTION_IN, FL_DIRECTION_OUT };

/* Keys of channels; 0: none. */
uint64_t fl_channel_mix(uint64_t kind, uint64_t a, uint64_t b);
uint64_t fl_socket_key(int fd, uint64_t inode, enum fl_direction direction);
uint64_t fl_socket_key_to(int fd, const struct sockaddr *to, size_t room);
uint64_t fl_socket_listener(const struct sockaddr *to, size_t room);
uint64_t fl_socket_listener_of(int fd);
void fl_socket_pair(uint64_t inode, uint64_t peer);

#endif
