/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * error.c: see error.h.
 */
#include "util/error.h"

#include <stdarg.h>
#include <stdio.h>

int fl_error_set(struct fl_error *error, enum fl_exit code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error->code = code;
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	return -1;
}
