/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * name.h: what the page of a source file or directory is called.
 *
 * The same path always gets the same name, and different paths different names, also where a file system
 * does not tell upper from lower case. A name needs no escaping in a URL or in HTML.
 */
#ifndef FURLONG_HTML_NAME_H
#define FURLONG_HTML_NAME_H

#include <stddef.h>

enum { FL_NAME_BYTES = 160 };

/* `src/core/main.c` becomes `src~core~main.c`; whatever cannot be kept as it is, `src~main.c~~0123456789ab`,
 * with a hash of the path. No extension is added. */
void fl_name_page(const char *path, size_t length, char name[static FL_NAME_BYTES]);

#endif
