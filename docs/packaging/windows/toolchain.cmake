# SPDX-License-Identifier: Apache-2.0
# Programs for Windows, built on Debian. Libraries come from the folder CRETULA_WINDOWS_LIBRARIES, which build.sh fills.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(libraries $ENV{CRETULA_WINDOWS_LIBRARIES})
if(libraries)
  list(APPEND CMAKE_PREFIX_PATH ${libraries})
  set(OPENSSL_ROOT_DIR ${libraries})
  set(ENV{PKG_CONFIG_LIBDIR} ${libraries}/lib/pkgconfig)
  set(ENV{PKG_CONFIG_PATH} "")
endif()
