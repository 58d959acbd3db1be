# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Loaders and flags files, one pair per name a user may ask for: each instrument, each in its thread-local
# addressing, and all of them together. The loaders are one program under several names: the name says what
# to do. Flags files hold absolute paths: those of the build tree stand in the build tree, those of an
# installation are written when it is installed, for whatever prefix it goes to.
set(FURLONG_FLAG_NAMES all)
foreach(instrument IN LISTS FURLONG_INSTRUMENTS)
  list(APPEND FURLONG_FLAG_NAMES ${instrument})
endforeach()
if("race" IN_LIST FURLONG_INSTRUMENTS)
  list(APPEND FURLONG_FLAG_NAMES race-tsan)
endif()
if("coverage" IN_LIST FURLONG_INSTRUMENTS)
  list(APPEND FURLONG_FLAG_NAMES coverage-tls coverage-hit coverage-mcdc all-mcdc coverage-minimal)
endif()

# What ccache must see changing: the contents of everything that decides what is emitted.
file(GLOB pass_contents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/pass/*.cpp ${PROJECT_SOURCE_DIR}/pass/*.h
  ${PROJECT_SOURCE_DIR}/pass/*.def ${PROJECT_SOURCE_DIR}/include/furlong/*.h)
set(FURLONG_BUILD_ID "")
foreach(source IN LISTS pass_contents)
  file(SHA256 ${source} digest)
  string(APPEND FURLONG_BUILD_ID ${digest})
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endforeach()
string(SHA256 FURLONG_BUILD_ID "${FURLONG_BUILD_ID}")

foreach(name IN LISTS FURLONG_FLAG_NAMES)
  add_library(furlong_loader_${name} MODULE loader.c sys_trampoline.c)
  furlong_c_target(furlong_loader_${name})
  target_compile_definitions(furlong_loader_${name} PRIVATE FURLONG_VERSION="${PROJECT_VERSION}"
    FURLONG_BUILD_ID="${FURLONG_BUILD_ID}" _GNU_SOURCE)
  target_link_libraries(furlong_loader_${name} PRIVATE ${CMAKE_DL_LIBS})
  set_target_properties(furlong_loader_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${FURLONG_BUILD_LIB})
  install(TARGETS furlong_loader_${name} LIBRARY DESTINATION ${FURLONG_LIB_SUBDIR})

  string(REPLACE ";" "," arguments_instruments "${FURLONG_INSTRUMENTS}")
  execute_process(COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DINSTRUMENTS=${arguments_instruments}
    -DLIBDIR=${FURLONG_BUILD_LIB} -DINCLUDEDIR=${PROJECT_SOURCE_DIR}/include
    -DOUTPUT=${FURLONG_BUILD_LIB}/${name}.flags -P ${PROJECT_SOURCE_DIR}/cmake/write-flags.cmake
    COMMAND_ERROR_IS_FATAL ANY)
  install(CODE "
    execute_process(COMMAND \"${CMAKE_COMMAND}\" -DNAME=${name} -DINSTRUMENTS=${arguments_instruments}
      \"-DLIBDIR=\${CMAKE_INSTALL_PREFIX}/${FURLONG_LIB_SUBDIR}\"
      \"-DINCLUDEDIR=\${CMAKE_INSTALL_PREFIX}/include\"
      \"-DOUTPUT=\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${FURLONG_LIB_SUBDIR}/${name}.flags\"
      -P \"${PROJECT_SOURCE_DIR}/cmake/write-flags.cmake\" COMMAND_ERROR_IS_FATAL ANY)")
endforeach()
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/cmake/write-flags.cmake ${PROJECT_SOURCE_DIR}/cmake/common.flags.in
  ${PROJECT_SOURCE_DIR}/cmake/coverage.flags.in ${PROJECT_SOURCE_DIR}/cmake/minimal.flags.in ${PROJECT_SOURCE_DIR}/cmake/race.flags.in
  ${PROJECT_SOURCE_DIR}/cmake/tsan.flags.in)

# Of the build tree alone, for our tests: the runtimes that look at themselves (runtime/core/check.h).
if("race" IN_LIST FURLONG_INSTRUMENTS)
  file(READ ${FURLONG_BUILD_LIB}/race.flags race_flags)
  foreach(kind checked starved)
    string(REPLACE "/link\"" "/link-${kind}\"" flags "${race_flags}")
    file(WRITE ${FURLONG_BUILD_LIB}/race-${kind}.flags "${flags}")
    file(WRITE ${FURLONG_BUILD_LIB}/link-${kind}/libfurlong_rt.so
         "INPUT(\"${FURLONG_BUILD_LIB}-${kind}/libfurlong_rt.so\")\n")
  endforeach()
endif()

set(FURLONG_CLANG_CANDIDATES "")
foreach(major IN LISTS FURLONG_LLVM_FOUND)
  set(FURLONG_CLANG_CANDIDATES "clang-${major} ${FURLONG_CLANG_CANDIDATES}")
endforeach()
foreach(name furlong-clang furlong-clang++)
  configure_file(${PROJECT_SOURCE_DIR}/pass/furlong-clang.in ${FURLONG_BUILD_BIN}/${name} @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  install(PROGRAMS ${FURLONG_BUILD_BIN}/${name} TYPE BIN)
endforeach()
