# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What lets other build systems find us: the CMake package and a pkg-config file an instrument. They stand at
# the same places relative to the prefix in the build tree and in an installation, so one text serves both.
include(CMakePackageConfigHelpers)

set(FURLONG_CMAKE_SUBDIR lib/cmake/furlong)
set(FURLONG_PC_SUBDIR lib/pkgconfig)
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/furlongConfig.cmake.in
  ${CMAKE_BINARY_DIR}/${FURLONG_CMAKE_SUBDIR}/furlongConfig.cmake
  INSTALL_DESTINATION ${FURLONG_CMAKE_SUBDIR} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(
  ${CMAKE_BINARY_DIR}/${FURLONG_CMAKE_SUBDIR}/furlongConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/${FURLONG_CMAKE_SUBDIR}/furlongConfig.cmake
              ${CMAKE_BINARY_DIR}/${FURLONG_CMAKE_SUBDIR}/furlongConfigVersion.cmake
        DESTINATION ${FURLONG_CMAKE_SUBDIR})

foreach(FURLONG_INSTRUMENT ${FURLONG_INSTRUMENTS})
  # Only @NAME@ is ours: ${name} belongs to pkg-config.
  configure_file(${PROJECT_SOURCE_DIR}/cmake/furlong.pc.in
                 ${CMAKE_BINARY_DIR}/${FURLONG_PC_SUBDIR}/furlong-${FURLONG_INSTRUMENT}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/${FURLONG_PC_SUBDIR}/furlong-${FURLONG_INSTRUMENT}.pc
          DESTINATION ${FURLONG_PC_SUBDIR})
endforeach()

# Headers stand in the build tree as they do in an installation.
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include SYMBOLIC)
