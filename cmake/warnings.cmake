# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(FURLONG_C_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wvla -Wswitch-enum -Wwrite-strings -Wpointer-arith)
set(FURLONG_CXX_WARNINGS -Wall -Wextra -Wshadow -Wno-unused-parameter)
if(FURLONG_WERROR)
  list(APPEND FURLONG_C_WARNINGS -Werror)
  list(APPEND FURLONG_CXX_WARNINGS -Werror)
endif()

function(furlong_c_target target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${FURLONG_C_WARNINGS}>)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include)
endfunction()
