# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# cmake -DNAME= -DINSTRUMENTS=a,b -DLIBDIR= -DINCLUDEDIR= -DOUTPUT= -P write-flags.cmake
# Writes one flags file: what every instrument needs, then what each of NAME's does. No comments in it, and
# quotes where a path may hold spaces: both @file and --config= must read it.
string(REPLACE "," ";" INSTRUMENTS "${INSTRUMENTS}")
string(REGEX REPLACE "-(tls|hit|mcdc)$" "" wanted "${NAME}")
string(REGEX REPLACE "-tsan$" ";tsan" wanted "${wanted}")
if(wanted STREQUAL "all")
  set(wanted ${INSTRUMENTS})
endif()
set(parts common ${wanted})
if(NAME STREQUAL "coverage-minimal") # neither libraries nor a runtime
  set(parts minimal)
endif()
set(lines "")
foreach(part IN LISTS parts)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/${part}.flags.in template)
  string(CONFIGURE "${template}" filled @ONLY)
  string(APPEND lines "${filled}")
endforeach()
file(WRITE "${OUTPUT}" "${lines}")

# What -lfurlong_rt finds: one-line linker scripts. The shared runtime has no SONAME, so a program names it
# by this absolute path and needs no rpath, which static-pie programs do not survive (glibc 2.36) and
# install steps strip.
get_filename_component(directory "${OUTPUT}" DIRECTORY)
foreach(suffix so a)
  file(WRITE "${directory}/link/libfurlong_rt.${suffix}" "INPUT(\"${LIBDIR}/libfurlong_rt.${suffix}\")\n")
endforeach()
