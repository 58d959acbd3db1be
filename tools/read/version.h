/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * version.h: the versions of the formats this tool reads, for those who may not include them.
 */
#ifndef FURLONG_READ_VERSION_H
#define FURLONG_READ_VERSION_H

unsigned fl_version_abi(void);
unsigned fl_version_data(void);
unsigned fl_version_shape(void);

#endif
