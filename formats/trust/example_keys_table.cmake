# SPDX-License-Identifier: Apache-2.0
# Makes example_keys_table.h: the public keys that must never be trusted, from the text files that
# list them (hash, project, file; '#' begins a comment). Fails where a line has another form, so
# that no key is lost silently.
function(cret_example_keys_table output)
  set(rows "")
  foreach(source ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(STRINGS ${source} lines)
    foreach(line IN LISTS lines)
      if(line MATCHES "^#" OR line STREQUAL "")
        continue()
      endif()
      if(NOT line MATCHES "^([0-9a-f]+)  ([A-Za-z0-9._/-]+)  ([A-Za-z0-9._/-]+)$")
        message(FATAL_ERROR "${source}: not 'hash  project  file': ${line}")
      endif()
      set(hash ${CMAKE_MATCH_1})
      set(origin "${CMAKE_MATCH_2} ${CMAKE_MATCH_3}")
      string(LENGTH ${hash} length)
      if(NOT length EQUAL 64)
        message(FATAL_ERROR "${source}: not a SHA-256: ${hash}")
      endif()
      string(REGEX REPLACE "(..)" "0x\\1, " bytes ${hash})
      string(APPEND rows "    {{${bytes}},\n     \"${origin}\",\n"
                         "     \"its private key is published (${origin})\"},\n")
    endforeach()
  endforeach()
  if(rows STREQUAL "")
    message(FATAL_ERROR "no example key was listed")
  endif()
  string(CONCAT text
    "/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated at configure time. */\n"
    "#ifndef CRET_TRUST_EXAMPLE_KEYS_TABLE_H\n#define CRET_TRUST_EXAMPLE_KEYS_TABLE_H\n\n"
    "#include <stdint.h>\n\n"
    "struct cret_example_key {\n    uint8_t digest[32]; /* SHA-256 of the SubjectPublicKeyInfo */\n"
    "    const char *origin, *reason;\n};\n\n"
    "static const struct cret_example_key cret_example_keys[] = {\n${rows}};\n\n#endif\n")
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()
