/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to nested: libarchive's functions, found when they are needed. */
#ifndef CRET_RELEASE_NESTED_LIBRARY_H
#define CRET_RELEASE_NESTED_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

#include "base/finding/err.h"

/* Every function that is used; the types are those of libarchive's header, so that the compiler
 * checks each call. */
#define CRET_NESTED_FUNCTIONS(X)                                                                   \
    X(archive_read_new)                                                                            \
    X(archive_read_free)                                                                           \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_bzip2)                                                           \
    X(archive_read_support_filter_compress)                                                        \
    X(archive_read_support_filter_xz)                                                              \
    X(archive_read_support_filter_lzma)                                                            \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_support_filter_lz4)                                                             \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_support_format_cpio)                                                            \
    X(archive_read_support_format_raw)                                                             \
    X(archive_read_set_format_option)                                                              \
    X(archive_read_support_format_7zip)                                                            \
    X(archive_read_set_read_callback)                                                              \
    X(archive_read_set_seek_callback)                                                              \
    X(archive_read_set_skip_callback)                                                              \
    X(archive_read_set_callback_data)                                                              \
    X(archive_read_open1)                                                                          \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data_block)                                                                     \
    X(archive_filter_bytes)                                                                        \
    X(archive_filter_count)                                                                        \
    X(archive_format)                                                                              \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_size)                                                                          \
    X(archive_entry_size_is_set)                                                                   \
    X(archive_entry_is_encrypted)

struct cret_nested_library {
#define CRET_NESTED_FIELD(name) __typeof__(&(name)) name;
    CRET_NESTED_FUNCTIONS(CRET_NESTED_FIELD)
#undef CRET_NESTED_FIELD
};

/* Loads libarchive once more (a second time costs nothing). class UNDECIDED where it is not
 * installed, cannot be loaded, or lacks a function. */
CRET_MUST_CHECK enum cret_status cret_nested_library(struct cret_nested_library *ret_library,
                                                     struct cret_err *err);

#endif
