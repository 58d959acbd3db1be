/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.h: of a template, what each instance ran.
 */
#ifndef FURLONG_HTML_INSTANCES_H
#define FURLONG_HTML_INSTANCES_H

struct fl_emit;
struct fl_function;

/* In the list of functions, after the name. */
void fl_instances_emit(struct fl_emit *out, const struct fl_function *function);

#endif
