# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# cmake -DOUTPUT=assets.c -DINPUTS="a.css|b.js" -P embed.cmake
# Writes a C file that defines fl_assets[] (tools/html/asset.h): the inputs, byte for byte.
string(REPLACE "|" ";" INPUTS "${INPUTS}")
set(arrays "")
set(table "")
set(number 0)
foreach(input IN LISTS INPUTS)
  get_filename_component(name ${input} NAME)
  file(READ ${input} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char asset_${number}[] = {${bytes}};\n")
  string(APPEND table "\t{\"${name}\", asset_${number}, sizeof asset_${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"asset.h\"\n\n${arrays}\nconst struct fl_asset fl_assets[] = {\n${table}\t{0},\n};\n")
