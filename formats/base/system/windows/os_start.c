/* SPDX-License-Identifier: Apache-2.0 */
/* Before main(): the command line as UTF-8, with the slashes that the rest of the program knows. */
#include "base/system/seen.h"
#include "base/system/windows/os_internal.h"
#include "base/system/windows/os_replay.h"

#include "base/finding/fault.h"

/* Sources see it under this name (compat.h is put before them, and main.c is compiled with it). */
int cret_windows_main(int argc, char **argv);
int wmain(int argc, wchar_t **wide);

/* No patterns: a name with * in it is none here, and must not become several. */
int _dowildcard = 0;

static bool exists(const char *text)
{
    struct cret_file_info info;
    bool there = false;
    return cret_os_stat_path(&info, &there, text, NULL) == CRET_OK && there;
}

/* Whether this text is a path that somebody wrote with Windows' slashes: from a drive, a share or a
 * folder on, or one that leads to something. */
static bool is_path(const char *text)
{
    const bool drive = ((text[0] | 32) >= 'a' && (text[0] | 32) <= 'z') && text[1] == ':';
    if (strchr(text, '\\') == NULL) {
        return false;
    }
    return (drive && text[2] == '\\') || text[0] == '\\' || strncmp(text, ".\\", 2) == 0 ||
           strncmp(text, "..\\", 3) == 0 || exists(text);
}

static void turn_slashes(char *argument)
{
    char *value = argument[0] == '-' ? strchr(argument, '=') : NULL;
    char *path = value != NULL ? value + 1 : argument;
    const bool turn = is_path(path);
    if (turn && strncmp(path, "\\\\?\\UNC\\", 8) == 0) {
        memmove(path + 1, path + 7, strlen(path + 7) + 1);
    } else if (turn && strncmp(path, "\\\\?\\", 4) == 0) {
        memmove(path, path + 4, strlen(path + 4) + 1);
    }
    for (char *at = path; turn && *at != '\0'; at++) {
        *at = *at == '\\' ? '/' : *at;
    }
}

void cret_os_harden(void)
{
    cret_fault_begin();
    cret_seen_begin();
    cret_win_signals_begin(cret_win_children_end);
}

int wmain(int argc, wchar_t **wide)
{
    char **argv = calloc((size_t)argc + 1, sizeof(*argv));
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    /* Libraries of the system come from the system, whatever lies beside the program. */
    SetDllDirectoryW(L"");
    cret_win_child_begin();
    cret_win_handles_begin();
    if (argv == NULL) {
        return CRET_ERR_UNDECIDED;
    }
    for (int i = 0; i < argc; i++) {
        argv[i] = cret_win_utf8(wide[i]);
        if (argv[i] == NULL) {
            return CRET_ERR_UNDECIDED;
        }
        if (i > 0) {
            turn_slashes(argv[i]);
        }
    }
    return cret_windows_main(argc, argv);
}
