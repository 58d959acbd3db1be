/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * md5.h: RFC 1321, to tell whether a source file is still what was compiled. Not for security.
 */
#ifndef FURLONG_UTIL_MD5_H
#define FURLONG_UTIL_MD5_H

#include <stddef.h>

enum { FL_MD5_BYTES = 16 };

void fl_md5(const void *bytes, size_t length, unsigned char digest[static FL_MD5_BYTES]);

#endif
