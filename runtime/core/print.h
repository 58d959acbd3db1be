/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * print.h: text without stdio, locale or malloc, and the runtime's one-line messages.
 */
#ifndef FL_CORE_PRINT_H
#define FL_CORE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* %s %c %d %i %u %x %p %% with a width, 0 or - before it, and l, ll, z, j; %.*s too. Always ends in NUL.
 * Returns the length that was needed, as snprintf does. */
size_t fl_print_to(char *buf, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
size_t fl_print_list(char *buf, size_t size, const char *format, va_list args);

/* "furlong: ...\n" in one write, to where log_path says. Never to a descriptor 2 that has become another
 * file since the start (daemons do that). */
void fl_print_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Text of any length, as it is, to the same place. */
void fl_print_text(const char *text, size_t size);
/* That place, for who prints there in our stead: a descriptor, -1 if there is none. */
int fl_print_open(void);
void fl_print_close(int fd);
void fl_print_init(void);
const char *fl_print_error(int error); /* error may be negative */

#endif
