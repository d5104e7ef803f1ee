# SPDX-License-Identifier: Apache-2.0
# find_package(Cretula): the programs Cretula_SIGN and Cretula_VERIFY, and the function cretula_pack().
#
#   cretula_pack(TARGET DESCRIPTION release.yaml OUT FILE KEY URI CERT PEM
#                [ANCHOR PEM] [PASSPHRASE_FILE FILE] [PREVIOUS ARCHIVE] [SET PATH=VALUE...] [DEPENDS FILE...] [ALL])
#
# A target that packs and signs FILE whenever the description, or one of DEPENDS, is newer; with ANCHOR the archive is
# verified as its customers will, and has its name only if they would accept it. Paths are below the source folder, OUT below
# the build folder, unless they are absolute. Secrets are named by files: no value of one is in the build.
cmake_policy(VERSION 3.17)

find_program(Cretula_SIGN cretula-sign)
find_program(Cretula_VERIFY cretula-verify)
mark_as_advanced(Cretula_SIGN Cretula_VERIFY)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Cretula REQUIRED_VARS Cretula_SIGN Cretula_VERIFY)

function(cretula_pack target)
  cmake_parse_arguments(ARG "ALL" "DESCRIPTION;OUT;KEY;CERT;ANCHOR;PASSPHRASE_FILE;PREVIOUS" "SET;DEPENDS" ${ARGN})
  foreach(name DESCRIPTION OUT KEY CERT)
    if(NOT ARG_${name})
      message(FATAL_ERROR "cretula_pack(${target}): ${name} is missing")
    endif()
  endforeach()
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "cretula_pack(${target}): not understood: ${ARG_UNPARSED_ARGUMENTS} ${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
  foreach(name DESCRIPTION CERT ANCHOR PASSPHRASE_FILE PREVIOUS KEY)
    if(ARG_${name} AND NOT ARG_${name} MATCHES "^(pkcs11|handle):")
      get_filename_component(ARG_${name} "${ARG_${name}}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
  endforeach()
  get_filename_component(ARG_OUT "${ARG_OUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  # With an anchor to a name of its own first, so that no archive stays that was not accepted.
  set(packed "${ARG_OUT}")
  if(ARG_ANCHOR)
    string(APPEND packed ".unverified")
  endif()
  set(options --key "${ARG_KEY}" --cert "${ARG_CERT}" --out "${packed}")
  if(ARG_PASSPHRASE_FILE)
    list(APPEND options --passphrase-file "${ARG_PASSPHRASE_FILE}")
  endif()
  if(ARG_PREVIOUS)
    list(APPEND options --previous "${ARG_PREVIOUS}")
  endif()
  foreach(value IN LISTS ARG_SET)
    list(APPEND options --set "${value}")
  endforeach()
  # The build owns what it made before; pack replaces nothing of another content without being told.
  set(commands COMMAND "${CMAKE_COMMAND}" -E rm -f "${ARG_OUT}" "${packed}"
               COMMAND "${Cretula_SIGN}" pack "${ARG_DESCRIPTION}" ${options})
  if(ARG_ANCHOR)
    list(APPEND commands COMMAND "${Cretula_VERIFY}" check "${packed}" --anchor "${ARG_ANCHOR}" --quiet
                         COMMAND "${CMAKE_COMMAND}" -E rename "${packed}" "${ARG_OUT}")
  endif()
  add_custom_command(OUTPUT "${ARG_OUT}" ${commands} DEPENDS "${ARG_DESCRIPTION}" ${ARG_DEPENDS}
                     COMMENT "Packing and signing ${ARG_OUT}" VERBATIM)
  if(ARG_ALL)
    add_custom_target(${target} ALL DEPENDS "${ARG_OUT}")
  else()
    add_custom_target(${target} DEPENDS "${ARG_OUT}")
  endif()
endfunction()
