/* SPDX-License-Identifier: Apache-2.0 */
/* One file or folder, opened by the kernel below another one. */
#include "base/system/windows/os_internal.h"

NTSTATUS cret_win_open_handle(HANDLE *ret_handle, HANDLE below, wchar_t *name, unsigned how)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, name);
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE, below, NULL);
    IO_STATUS_BLOCK block;
    const bool writes = (how & CRET_WIN_WRITE) != 0;
    ACCESS_MASK access = SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    access |= (how & CRET_WIN_READ) != 0 ? FILE_GENERIC_READ : 0;
    access |= writes ? FILE_GENERIC_WRITE : 0;
    access |= (how & CRET_WIN_REMOVE) != 0 ? DELETE : 0;
    access |= (how & CRET_WIN_ACCESS) != 0 ? READ_CONTROL | WRITE_DAC : 0;
    if ((how & CRET_WIN_FOLDER) != 0 && writes) {
        access = FILE_LIST_DIRECTORY | FILE_TRAVERSE | FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY |
                 FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    }
    const ULONG disposition = (how & CRET_WIN_NEW) != 0      ? FILE_CREATE
                              : (how & CRET_WIN_CREATE) != 0 ? FILE_OPEN_IF
                                                             : FILE_OPEN;
    ULONG options = FILE_SYNCHRONOUS_IO_NONALERT;
    options |= (how & CRET_WIN_FOLDER) != 0 ? FILE_DIRECTORY_FILE : 0;
    options |= (how & CRET_WIN_FILE) != 0 ? FILE_NON_DIRECTORY_FILE : 0;
    options |= (how & CRET_WIN_HERE) != 0 ? FILE_OPEN_REPARSE_POINT : 0;
    return NtCreateFile(ret_handle, access, &attributes, &block, NULL, FILE_ATTRIBUTE_NORMAL,
                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, disposition,
                        options, NULL, 0);
}
