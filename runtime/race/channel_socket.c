/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * channel_socket.c: channel_socket.h, by what the kernel says of a socket's addresses. Of addresses of the
 * Internet the ports are enough: both ends see the same ones, but not always the same hosts.
 */
#include "race/channel_socket.h"

#include "core/sys.h"
#include "race/channel.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in internet;
		struct sockaddr_in6 internet6;
		struct sockaddr_un path;
	};
	uint32_t room;
};

/* ---- socketpairs: the kernel does not say who the peer is ---- */

#define SOCKET_PAIRS 16384u
static struct {
	uint64_t inode, peer;
} pairs[SOCKET_PAIRS];

static void pair_note(uint64_t inode, uint64_t peer)
{
	for (uint32_t i = 0; i < 16; i++) {
		uint64_t free = 0;
		uint32_t at = (uint32_t)(inode + i) % SOCKET_PAIRS;

		if (__atomic_load_n(&pairs[at].inode, __ATOMIC_RELAXED) == inode ||
			__atomic_compare_exchange_n(
				&pairs[at].inode, &free, inode, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
			__atomic_store_n(&pairs[at].peer, peer, __ATOMIC_RELEASE);
			return;
		}
	}
}

void fl_socket_pair(uint64_t inode, uint64_t peer)
{
	pair_note(inode, peer);
	pair_note(peer, inode);
}

static uint64_t peer_of(uint64_t inode)
{
	for (uint32_t i = 0; i < 16; i++) {
		uint32_t at = (uint32_t)(inode + i) % SOCKET_PAIRS;

		if (__atomic_load_n(&pairs[at].inode, __ATOMIC_RELAXED) == inode)
			return __atomic_load_n(&pairs[at].peer, __ATOMIC_ACQUIRE);
	}
	return 0;
}

/* ---- addresses ---- */

static uint64_t port_of(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ((const struct sockaddr_in *)address)->sin_port;
	return ((const struct sockaddr_in6 *)address)->sin6_port;
}

/* A name that is abstract begins with a zero and is as long as it is; 0: none. */
static uint64_t path_of(const struct sockaddr *address, size_t room)
{
	const struct sockaddr_un *path = (const struct sockaddr_un *)address;
	size_t length = room > offsetof(struct sockaddr_un, sun_path)
				? room - offsetof(struct sockaddr_un, sun_path)
				: 0;
	uint64_t hash = 0;

	for (size_t i = 0; i < length && (path->sun_path[i] || !path->sun_path[0]); i++)
		hash = (hash ^ (unsigned char)path->sun_path[i]) * 0x100000001b3u + 1;
	return hash;
}

static bool is_internet(const struct sockaddr *address)
{
	return address->sa_family == AF_INET || address->sa_family == AF_INET6;
}

static struct address name_of(int fd, bool peer)
{
	struct address name = {.room = sizeof(name) - sizeof(name.room)};

	if (fl_sys_socket_name(fd, peer, &name.any, &name.room))
		name = (struct address){.room = 0};
	return name;
}

static uint64_t internet_key(
	int type, const struct address *own, const struct address *peer, enum fl_direction direction)
{
	const struct address *sender = direction == FL_DIRECTION_OUT ? own : peer,
			     *receiver = direction == FL_DIRECTION_OUT ? peer : own;

	if (type != SOCK_STREAM)
		return receiver->room ? fl_channel_mix(FL_CHANNEL_UDP, port_of(&receiver->any), 0) : 0;
	return peer->room ? fl_channel_mix(FL_CHANNEL_TCP, port_of(&sender->any), port_of(&receiver->any))
			  : 0;
}

/* Of a connection the end that has the listener's name is the server's. */
static uint64_t path_key(
	int type, const struct address *own, const struct address *peer, enum fl_direction direction)
{
	uint64_t mine = path_of(&own->any, own->room), other = path_of(&peer->any, peer->room);
	bool from_client = (direction == FL_DIRECTION_OUT) == (mine == 0);

	if (type == SOCK_DGRAM)
		return fl_channel_mix(FL_CHANNEL_PATH, direction == FL_DIRECTION_IN ? mine : other, 0);
	if ((mine != 0) == (other != 0))
		return fl_channel_mix(FL_CHANNEL_PATH, mine ^ other, 1);
	return fl_channel_mix(from_client ? FL_CHANNEL_PATH : FL_CHANNEL_PATH_BACK, mine ^ other, 2);
}

static uint64_t key_by_names(
	int type, const struct address *own, const struct address *peer, enum fl_direction direction)
{
	if (own->any.sa_family == AF_UNIX)
		return path_key(type, own, peer, direction);
	return is_internet(&own->any) ? internet_key(type, own, peer, direction) : 0;
}

/* ---- connections: their names stay, and so may what was asked once ---- */

#define CONNECTIONS 4096u
static struct {
	uint64_t check, keys[2]; /* right when the three agree: no lock */
} connections[CONNECTIONS];

static uint64_t connection_check(uint64_t inode, const uint64_t keys[2])
{
	return inode ^ keys[0] * 0x9e3779b97f4a7c15u ^ keys[1] * 0xd6e8feb86659fd93u;
}

static uint64_t connection_known(uint64_t inode, enum fl_direction direction)
{
	const uint64_t *at = &connections[inode % CONNECTIONS].check,
		       keys[2] = {__atomic_load_n(&at[1], __ATOMIC_RELAXED),
			       __atomic_load_n(&at[2], __ATOMIC_RELAXED)};

	return __atomic_load_n(&at[0], __ATOMIC_RELAXED) == connection_check(inode, keys) ? keys[direction]
											  : 0;
}

static void connection_note(uint64_t inode, const uint64_t keys[2])
{
	uint64_t *at = &connections[inode % CONNECTIONS].check;

	__atomic_store_n(&at[1], keys[0], __ATOMIC_RELAXED);
	__atomic_store_n(&at[2], keys[1], __ATOMIC_RELAXED);
	__atomic_store_n(&at[0], connection_check(inode, keys), __ATOMIC_RELAXED);
}

uint64_t fl_socket_key(int fd, uint64_t inode, enum fl_direction direction)
{
	uint64_t pair = peer_of(inode), keys[2], known;
	struct address own, peer;
	int type;

	if (pair)
		return fl_channel_mix(FL_CHANNEL_SOCKET, direction == FL_DIRECTION_IN ? inode : pair, 0);
	known = connection_known(inode, direction);
	if (known)
		return known;
	own = name_of(fd, false);
	peer = name_of(fd, true);
	type = fl_sys_socket_type(fd);
	keys[FL_DIRECTION_IN] = key_by_names(type, &own, &peer, FL_DIRECTION_IN);
	keys[FL_DIRECTION_OUT] = key_by_names(type, &own, &peer, FL_DIRECTION_OUT);
	if (type == SOCK_STREAM && peer.room)
		connection_note(inode, keys);
	return keys[direction];
}

uint64_t fl_socket_key_to(int fd, const struct sockaddr *to, size_t room)
{
	(void)fd;
	if (to->sa_family == AF_UNIX)
		return fl_channel_mix(FL_CHANNEL_PATH, path_of(to, room), 0);
	return is_internet(to) ? fl_channel_mix(FL_CHANNEL_UDP, port_of(to), 0) : 0;
}

uint64_t fl_socket_listener(const struct sockaddr *to, size_t room)
{
	if (to->sa_family == AF_UNIX)
		return fl_channel_mix(FL_CHANNEL_LISTENER, path_of(to, room), 1);
	return is_internet(to) ? fl_channel_mix(FL_CHANNEL_LISTENER, port_of(to), 0) : 0;
}

uint64_t fl_socket_listener_of(int fd)
{
	struct address own = name_of(fd, false);

	return own.room ? fl_socket_listener(&own.any, own.room) : 0;
}
