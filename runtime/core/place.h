/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * place.h: the data directory and the names in it, for all instruments. Set at the start; the label changes
 * under the runtime's lock.
 */
#ifndef FL_CORE_PLACE_H
#define FL_CORE_PLACE_H

#include <stddef.h>
#include <stdint.h>

#define FL_LABEL_BYTES 256

void fl_place_init(const char *dir);
int fl_place_make(void); /* the directory exists after this, or -errno */
const char *fl_place_dir(void);
const char *fl_place_start(void); /* the directory the process started in; "" when it cannot be told */
void fl_place_label(const char *label);
const char *fl_place_current_label(void);
/* Within the process: the test that runs at the moment; data files are not named by it. "": none. */
void fl_place_test(const char *name);
const char *fl_place_current_test(void);
/* DIR/BASE.ID[.LABEL]SUFFIX, where BASE is the module's last part. The length that was needed. */
size_t fl_place_name(char *path, size_t size, const char *module, uint64_t id, const char *suffix);

#endif
