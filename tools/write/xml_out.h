/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * xml_out.h: text into XML, escaped.
 */
#ifndef FURLONG_WRITE_XML_OUT_H
#define FURLONG_WRITE_XML_OUT_H

#include <stdint.h>
#include <stdio.h>

/* Of an attribute or an element; what XML 1.0 cannot hold becomes a question mark. */
void xml_text(FILE *out, const char *text);
void xml_attribute(FILE *out, const char *name, const char *text);
void xml_number(FILE *out, const char *name, uint64_t number);

#endif
