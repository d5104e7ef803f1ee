# SPDX-License-Identifier: Apache-2.0
# Makes profiles_table.h from the profiles of a folder, so that every program knows them by name, with no file beside it.
function(cret_profiles_table output folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json)
  set(arrays "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WLE)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "static const unsigned char profile_${number}[] = {${bytes}};\n")
    string(APPEND rows "    {\"${name}\", (const char *)profile_${number}, sizeof(profile_${number})},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  if(rows STREQUAL "")
    message(FATAL_ERROR "no profile in ${folder}")
  endif()
  string(CONCAT text
    "/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated at configure time. */\n"
    "#ifndef CRET_RELEASE_PROFILES_TABLE_H\n#define CRET_RELEASE_PROFILES_TABLE_H\n\n"
    "#include \"release/statements/profile_named.h\"\n\n${arrays}\n"
    "static const struct cret_profile_named profiles_table[] = {\n${rows}};\n\n#endif\n")
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()
