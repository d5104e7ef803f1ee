# SPDX-License-Identifier: Apache-2.0
# One interface target that carries warnings, hardening, and sanitizers for every target.
add_library(cret_flags INTERFACE)
target_compile_definitions(cret_flags INTERFACE _GNU_SOURCE)
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  # Files of more than 2 GiB. time_t stays what the libraries were built with.
  target_compile_definitions(cret_flags INTERFACE _FILE_OFFSET_BITS=64)
endif()
target_compile_options(cret_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
  -Wwrite-strings -Wformat=2 -Wvla -Wundef -fno-common -fno-strict-aliasing)
if(CRETULA_WERROR)
  target_compile_options(cret_flags INTERFACE -Werror)
endif()
if(CRETULA_SANITIZE)
  # Their own branches mislead two of gcc's warnings, which the other builds give. -O0 takes four times as long to run.
  target_compile_options(cret_flags INTERFACE -O1
                         $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation$<SEMICOLON>-Wno-maybe-uninitialized>
                         -fsanitize=${CRETULA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(cret_flags INTERFACE -fsanitize=${CRETULA_SANITIZE})
else()
  target_compile_options(cret_flags INTERFACE -fstack-protector-strong)
  if(NOT WIN32)
    target_compile_options(cret_flags INTERFACE -fstack-clash-protection)
  endif()
  if(WIN32)
    # Windows has shadow stacks of its own, which this compiler does not mark programs for. It does not see either that
    # what reads an element fills it or fails: the other builds give this warning.
    target_compile_options(cret_flags INTERFACE -Wno-maybe-uninitialized)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(cret_flags INTERFACE -fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64")
    target_compile_options(cret_flags INTERFACE -mbranch-protection=standard)
  endif()
  # _FORTIFY_SOURCE needs optimization; some distributions predefine it.
  target_compile_options(cret_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  if(WIN32)
    target_link_options(cret_flags INTERFACE -Wl,--dynamicbase,--nxcompat,--high-entropy-va)
  else()
    target_link_options(cret_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
    # Tables hold thousands of addresses, which the loader has to move: packed they take a hundredth of the file. Needs a
    # loader that knows them (glibc 2.36).
    include(CheckLinkerFlag)
    include(CheckCSourceCompiles)
    check_c_source_compiles("#include <features.h>
      #if !defined __GLIBC__ || __GLIBC__ * 1000 + __GLIBC_MINOR__ < 2036
      #error older
      #endif
      int main(void) { return 0; }" CRETULA_GLIBC_2_36)
    check_linker_flag(C -Wl,--fatal-warnings,-z,pack-relative-relocs CRETULA_PACKED_ADDRESSES)
    if(CRETULA_GLIBC_2_36 AND CRETULA_PACKED_ADDRESSES)
      target_link_options(cret_flags INTERFACE -Wl,-z,pack-relative-relocs)
    endif()
  endif()
endif()
if(CRETULA_COVERAGE)
  target_compile_options(cret_flags INTERFACE --coverage -O0 -g)
  target_link_options(cret_flags INTERFACE --coverage)
endif()
if(CRETULA_FUZZ)
  target_compile_options(cret_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
# A static program: the linker drops what nothing calls, and hands every allocation to os_fault.c, as the dynamic
# linker does by its order. Paths of the build folder stay out of it: the same sources give the same bytes anywhere.
if(CRETULA_STATIC)
  set(allocators malloc calloc realloc)
  if(NOT WIN32)
    list(APPEND allocators aligned_alloc posix_memalign)
  endif()
  list(TRANSFORM allocators PREPEND -Wl,--wrap= OUTPUT_VARIABLE wrapped)
  target_compile_definitions(cret_flags INTERFACE CRETULA_STATIC)
  target_compile_options(cret_flags INTERFACE -ffunction-sections -fdata-sections
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
  if(WIN32)
    target_link_options(cret_flags INTERFACE -static -municode -fstack-protector-strong -Wl,--gc-sections -Wl,--no-insert-timestamp ${wrapped})
  else()
    target_link_options(cret_flags INTERFACE -static-pie -Wl,--gc-sections -Wl,--build-id=none ${wrapped})
  endif()
endif()
# What Windows' C library lacks stands before every source; main() gets what was made of the command line.
if(WIN32)
  set(compat ${CMAKE_CURRENT_LIST_DIR}/base/system/windows/compat)
  target_include_directories(cret_flags BEFORE INTERFACE ${compat})
  target_compile_options(cret_flags INTERFACE -include ${compat}/compat.h)
  target_compile_definitions(cret_flags INTERFACE _WIN32_WINNT=0x0A00 main=cret_windows_main)
endif()
