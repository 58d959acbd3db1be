/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sqlite_threads.c: two threads with a connection each to one database in memory that they share:
 * sqlite_threads ROWS. Prints what the rows add up to.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "sqlite3.h"

static int rows;

static void check(int code, sqlite3 *database)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "%s\n", sqlite3_errmsg(database));
	exit(1);
}

static sqlite3 *connect(void)
{
	sqlite3 *database;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
	check(sqlite3_open_v2("file:bench?mode=memory&cache=shared", &database, flags, NULL), database);
	return database;
}

/* One writes at a time; the other is told to come again. */
static int step(sqlite3_stmt *statement)
{
	int code;
	while (((code = sqlite3_step(statement)) & 0xff) == SQLITE_LOCKED) {
		sqlite3_reset(statement);
		sched_yield();
	}
	return code;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *text)
{
	sqlite3_stmt *statement;
	int code;
	while (((code = sqlite3_prepare_v2(database, text, -1, &statement, NULL)) & 0xff) == SQLITE_LOCKED)
		sched_yield();
	check(code, database);
	return statement;
}

/* A table of its own, so that neither waits for the other's transaction; schema, cache and allocator are
 * shared. */
static void *work(void *argument)
{
	sqlite3 *database = connect();
	char text[128];
	long me = (long)argument;
	snprintf(text, sizeof text, "insert into t%ld values (?1, hex(?1 * 7919))", me);
	sqlite3_stmt *insert = prepare(database, text);
	for (int i = 0; i < rows; i++) {
		sqlite3_bind_int(insert, 1, i);
		check(step(insert), database);
		sqlite3_reset(insert);
	}
	snprintf(text, sizeof text, "select sum(n + length(s)) from t%ld where s > '3' and n %% 3 <> 1", me);
	sqlite3_stmt *sum = prepare(database, text);
	check(step(sum), database);
	long result = (long)sqlite3_column_int64(sum, 0);
	sqlite3_finalize(insert);
	sqlite3_finalize(sum);
	sqlite3_close(database);
	return (void *)result;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	long total = 0;
	rows = argc > 1 ? atoi(argv[1]) : 1000;
	sqlite3 *database = connect();
	check(sqlite3_exec(database,
		      "create table t0 (n integer primary key, s text); create table t1 (n integer primary "
		      "key, s text)",
		      NULL, NULL, NULL),
		database);
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < 2; i++) {
		void *result;
		pthread_join(threads[i], &result);
		total += (long)result;
	}
	printf("%ld\n", total);
	sqlite3_close(database);
	return 0;
}
