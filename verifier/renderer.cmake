# SPDX-License-Identifier: Apache-2.0
# Writes HEADER with the digest of the sources that make pages: what a report says made it. Two programs
# with the same digest make the same page of the same record.
#   cmake -DHEADER=FILE -DROOT=FOLDER "-DSOURCES=FILE;..." -P renderer.cmake
set(list "")
foreach(source IN LISTS SOURCES)
  file(SHA256 ${source} digest)
  file(RELATIVE_PATH name ${ROOT} ${source})
  string(APPEND list "${digest} ${name}\n")
endforeach()
string(SHA256 digest "${list}")
string(SUBSTRING ${digest} 0 16 digest)
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define CRET_RENDERER \"${digest}\"\n" @ONLY)
