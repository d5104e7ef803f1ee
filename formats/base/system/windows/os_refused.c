/* SPDX-License-Identifier: Apache-2.0 */
/* What this room does not have: it says so, or that there is none. */
#include "base/system/windows/os_internal.h"

/* Who may change a file is an access list here, which this program does not judge: there is no site
 * configuration, and nobody can name one. */
enum cret_status cret_os_open_kept(int *ret_fd, bool *ret_exists, const char *path,
                                   enum cret_file_kind kind, const struct cret_os_keepers *keepers,
                                   struct cret_err *err)
{
    (void)kind;
    (void)keepers;
    *ret_fd = -1;
    if (ret_exists != NULL) {
        *ret_exists = false;
        return CRET_OK;
    }
    cret_err_usage(err,
                   "%s: the program for Windows cannot tell who may change a file, and so "
                   "takes no site configuration",
                   path);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "give the options themselves, or run the program for Linux");
}

enum cret_status cret_os_entries_kept(int directory_fd, const char *path,
                                      const struct cret_os_keepers *keepers, struct cret_err *err)
{
    int none = -1;
    (void)directory_fd;
    return cret_os_open_kept(&none, NULL, path, CRET_KIND_DIRECTORY, keepers, err);
}

enum cret_status cret_os_user_of_name(uint32_t *ret_user, bool *ret_found, const char *name,
                                      struct cret_err *err)
{
    (void)name;
    (void)err;
    *ret_user = 0;
    *ret_found = false;
    return CRET_OK;
}

uint32_t cret_os_user_id(void)
{
    return 0;
}

bool cret_os_measure_verity(int fd, uint8_t ret_digest[32])
{
    (void)fd;
    (void)ret_digest;
    return false;
}

/* It was made as wide as it will be. */
void cret_os_widen_pipe(int fd)
{
    (void)fd;
}

int cret_os_access(const char *path)
{
    (void)path;
    return ENOENT;
}

bool cret_os_inherited(int fd)
{
    return fd >= 0 && fd <= 2;
}

void cret_os_own_memory(void)
{
}

/* Events of Windows need a source that an installer registers. */
void cret_os_syslog(const char *program, enum cret_log_level level, const char *text)
{
    (void)program;
    (void)level;
    (void)text;
}

bool cret_os_syslog_reachable(void)
{
    return false;
}

enum cret_status cret_os_prompt_secret(char *out, size_t size, const char *prompt,
                                       struct cret_err *err)
{
    (void)prompt;
    explicit_bzero(out, size);
    cret_err_usage(err, "a PIN or passphrase is needed, and the program for Windows does not ask "
                        "for one on a terminal");
    return cret_err_hint(err, "give it with --pin-file or --passphrase-file");
}

enum cret_status cret_os_read_secret_fd(char *out, size_t size, int fd, struct cret_err *err)
{
    (void)fd;
    explicit_bzero(out, size);
    cret_err_usage(err, "Windows passes no descriptors on by number");
    return cret_err_hint(err, "give it with --pin-file or --passphrase-file");
}
