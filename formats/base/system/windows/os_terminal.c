/* SPDX-License-Identifier: Apache-2.0 */
/* Where people type commands, and read what they said. */
#include "base/system/windows/os_internal.h"

const bool cret_os_shell_is_posix = false;

bool cret_os_is_terminal(int fd)
{
    return cret_win_state(CRET_WIN_IS_CONSOLE, fd) != 0;
}

size_t cret_os_columns(int fd)
{
    return (size_t)cret_win_state(CRET_WIN_COLUMNS, fd);
}

size_t cret_os_rows(int fd)
{
    return (size_t)cret_win_state(CRET_WIN_ROWS, fd);
}
