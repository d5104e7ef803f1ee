# SPDX-License-Identifier: Apache-2.0
# Makes licenses_table.h from the text file of licence ids (one a line, in byte order, '#' begins a
# comment). Fails where a line has another form or place, so that a search by halves stays right.
function(cret_licenses_table output source)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(STRINGS ${source} lines)
  set(rows "")
  set(last "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^#")
      continue()
    endif()
    if(NOT line MATCHES "^[A-Za-z0-9.+-]+$" OR NOT line STRGREATER last)
      message(FATAL_ERROR "${source}: not a licence id, or not in order: ${line}")
    endif()
    set(last ${line})
    string(APPEND rows "    \"${line}\",\n")
  endforeach()
  if(rows STREQUAL "")
    message(FATAL_ERROR "no licence id was listed")
  endif()
  string(CONCAT text
    "/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated at configure time. */\n"
    "#ifndef CRET_RELEASE_LICENSES_TABLE_H\n#define CRET_RELEASE_LICENSES_TABLE_H\n\n"
    "static const char *const cret_license_ids[] = {\n${rows}};\n\n#endif\n")
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()
