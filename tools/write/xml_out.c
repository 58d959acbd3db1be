/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * xml_out.c: see xml_out.h.
 */
#include "write/xml_out.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "util/text.h"

void xml_text(FILE *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		unsigned length = fl_text_utf8(p);
		bool beyond =
			length == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe; /* U+FFFE, U+FFFF */
		if (!length || beyond || (*p < 0x20 && !strchr("\t\n\r", *p)) || *p == 0x7f) {
			putc('?', out);
			p += length ? length : 1;
			continue;
		}
		const char *entity = *p == '&'    ? "&amp;"
				     : *p == '<'  ? "&lt;"
				     : *p == '>'  ? "&gt;"
				     : *p == '"'  ? "&quot;"
				     : *p == '\n' ? "&#10;"
						  : NULL;
		if (entity)
			fputs(entity, out);
		else
			fwrite(p, 1, length, out);
		p += length;
	}
}

void xml_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	xml_text(out, text);
	putc('"', out);
}

void xml_number(FILE *out, const char *name, uint64_t number)
{
	fprintf(out, " %s=\"%" PRIu64 "\"", name, number);
}
