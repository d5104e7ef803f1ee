/* SPDX-License-Identifier: Apache-2.0 */
/* Where people type commands, and read what they said. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/system/os.h"

const bool cret_os_shell_is_posix = true;

bool cret_os_is_terminal(int fd)
{
    return isatty(fd) == 1;
}

size_t cret_os_columns(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t cret_os_rows(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}
