# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# cmake -DNAME= -DINSTRUMENTS=a,b -DLIBDIR= -DINCLUDEDIR= -DOUTPUT= -P write-flags.cmake
# Writes one flags file: what every instrument needs, then what each of NAME's does. No comments in it, and
# quotes where a path may hold spaces: both @file and --config= must read it.
string(REPLACE "," ";" INSTRUMENTS "${INSTRUMENTS}")
string(REGEX REPLACE "-tls$" "" wanted "${NAME}")
if(wanted STREQUAL "all")
  set(wanted ${INSTRUMENTS})
endif()
set(lines "")
foreach(part IN ITEMS common ${wanted})
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${part}.flags.in template)
  string(CONFIGURE "${template}" filled @ONLY)
  string(APPEND lines "${filled}")
endforeach()
file(WRITE "${OUTPUT}" "${lines}")
