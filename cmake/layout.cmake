# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# One layout for the build tree and for an installation:
#
#   bin/furlong  bin/furlong-clang  bin/furlong-clang++
#   include/furlong/furlong.h
#   lib/furlong/VERSION/NAME.so        loader whose file name selects the instrument
#   lib/furlong/VERSION/NAME.flags     the one flag
#   lib/furlong/VERSION/vMAJOR/pass.so the pass for that LLVM
#   lib/furlong/VERSION/libfurlong_rt.so .a
#   lib/furlong/VERSION/link/          where -lfurlong_rt looks: linker scripts that name those by path
set(FURLONG_LIB_SUBDIR lib/furlong/${PROJECT_VERSION})
set(FURLONG_BUILD_BIN ${CMAKE_BINARY_DIR}/bin)
set(FURLONG_BUILD_LIB ${CMAKE_BINARY_DIR}/${FURLONG_LIB_SUBDIR})
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${FURLONG_BUILD_BIN})
