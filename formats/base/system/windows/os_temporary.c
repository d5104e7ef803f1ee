/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs under construction; files that are held, locked, appended to. */
#include "base/system/windows/os_internal.h"

#include "base/text/path.h"
#include "base/text/text.h"

enum { NAME_ATTEMPTS = 16, NAME_DIGITS = 16, HOLD_POLL_MS = 20 };

static char *random_name(const char *final_path, struct cret_err *err)
{
    uint8_t random[NAME_DIGITS / 2];
    char digits[NAME_DIGITS + 1];
    if (cret_os_random(random, sizeof(random), err) != CRET_OK) {
        return NULL;
    }
    cret_hex_encode(digits, random, sizeof(random));
    char *parent = cret_os_parent(final_path), *path = NULL;
    if (parent != NULL) {
        path = cret_text_printf("%s/.%.60s.%s.tmp", parent, cret_path_name(final_path), digits);
    }
    free(parent);
    if (path == NULL) {
        cret_err_memory(err);
    }
    return path;
}

/* What a killed run left has a lock of nobody, but whether it is of this user cannot be told by a
 * number here: it stays, and its name says what it is. */
void cret_os_remove_leftovers(const char *final_path)
{
    (void)final_path;
}

static int make_hidden(int *ret_fd, const char *path, bool folder)
{
    int fd = -1;
    if (cret_os_unfinished_add(path, NULL) != CRET_OK) {
        return ENAMETOOLONG;
    }
    int error = folder ? cret_win_make_folder(path) : 0;
    if (error == 0) {
        error = cret_win_open(&fd, CRET_OS_HERE, path,
                              CRET_WIN_READ | CRET_WIN_WRITE | CRET_WIN_HERE | CRET_WIN_ACCESS |
                                  (folder ? CRET_WIN_FOLDER : CRET_WIN_FILE | CRET_WIN_NEW));
    }
    if (error != 0) {
        cret_os_unfinished_forget(path);
    }
    *ret_fd = fd;
    return error;
}

static enum cret_status hidden(int *ret_fd, char **ret_path, const char *final_path, bool folder,
                               struct cret_err *err)
{
    int error = EEXIST, fd = -1;
    for (int i = 0; error == EEXIST && i < NAME_ATTEMPTS; i++) {
        char *path = random_name(final_path, err);
        if (path == NULL) {
            return CRET_FAILED;
        }
        cret_os_signals_hold();
        error = make_hidden(&fd, path, folder);
        cret_os_signals_release();
        if (error == 0) {
            *ret_path = path;
            *ret_fd = fd;
            return CRET_OK;
        }
        free(path);
    }
    cret_os_failed(err, error, final_path,
                   folder ? "create a folder beside it" : "create a file in this folder");
    return cret_err_context(err, "%s", final_path);
}

enum cret_status cret_os_temporary_file(int *ret_fd, char **ret_path, const char *final_path,
                                        unsigned mode, struct cret_err *err)
{
    const char *name = cret_path_name(final_path);
    (void)mode;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        cret_os_is_folder(final_path)) {
        cret_os_failed(err, EISDIR, final_path, "create a file in this folder");
        return cret_err_context(err, "%s", final_path);
    }
    return hidden(ret_fd, ret_path, final_path, false, err);
}

enum cret_status cret_os_temporary_directory(char **ret_path, int *ret_fd, const char *final_path,
                                             struct cret_err *err)
{
    return hidden(ret_fd, ret_path, final_path, true, err);
}

/* A new folder has the access list of the one that it is in. */
enum cret_status cret_os_share_directory(int fd, bool *ret_set, unsigned *ret_mode,
                                         struct cret_err *err)
{
    (void)fd;
    (void)err;
    *ret_set = true;
    *ret_mode = 0755;
    return CRET_OK;
}

enum cret_status cret_os_copy_access(int to, int from, struct cret_err *err)
{
    const int error = cret_win_copy_access(to, from);
    return error == 0 ? CRET_OK
                      : cret_os_failed(err, error, NULL, "keep the access list of a file");
}

bool cret_os_still_there(int fd, const char *path)
{
    struct cret_file_info open_info, path_info;
    bool exists = false;
    return cret_win_look(fd, &open_info) == 0 &&
           cret_os_stat_path(&path_info, &exists, path, NULL) == CRET_OK && exists &&
           open_info.device == path_info.device && open_info.inode == path_info.inode;
}

bool cret_os_names(const char *path, int fd)
{
    return cret_os_still_there(fd, path);
}

static enum cret_status open_regular(int *ret_fd, const char *path, unsigned how,
                                     const char *action, struct cret_err *err)
{
    struct cret_file_info info;
    int fd = -1;
    int error = cret_win_open(&fd, CRET_OS_HERE, path, how | CRET_WIN_HERE | CRET_WIN_FILE);
    if (error != 0) {
        cret_os_failed(err, error, path, action);
        return cret_err_context(err, "%s", path);
    }
    error = cret_win_look(fd, &info);
    if (error != 0 || info.kind != CRET_KIND_REGULAR) {
        cret_os_close(&fd);
        cret_err_usage(err, "%s is no regular file, and is not replaced or written to", path);
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "name a file");
    }
    *ret_fd = fd;
    return CRET_OK;
}

/* Waits for the lock. *ret_fd -1 where another one held it for too long. */
static int wait_for_lock(int fd, bool exclusive, uint64_t wait_ms)
{
    const uint64_t begin = cret_os_monotonic_ms();
    int error = cret_win_lock(fd, exclusive);
    while (error == EAGAIN && cret_os_monotonic_ms() - begin < wait_ms) {
        cret_os_sleep_ms(HOLD_POLL_MS);
        error = cret_win_lock(fd, exclusive);
    }
    return error;
}

static enum cret_status lock_failed(struct cret_err *err, int error, const char *path)
{
    if (error != EAGAIN) {
        return cret_os_failed(err, error, path, "take the lock");
    }
    cret_err_undecided(err, "another run works on %s", path);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "nothing was changed by this run: start it again when the other one "
                              "has ended");
}

enum cret_status cret_os_hold(int *ret_fd, bool *ret_exists, const char *path, uint64_t wait_ms,
                              struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    int fd = -1;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        *ret_exists = false;
        return CRET_OK;
    }
    if (info.kind != CRET_KIND_REGULAR) {
        cret_err_usage(err, "%s is a %s, which is not replaced", path,
                       info.kind == CRET_KIND_DIRECTORY ? "folder"
                       : info.kind == CRET_KIND_SYMLINK ? "link"
                                                        : "device");
        cret_err_where(err, "%s", path);
        return cret_err_hint(err, "name a file");
    }
    if (open_regular(&fd, path, CRET_WIN_READ | CRET_WIN_ACCESS, "open it", err) != CRET_OK) {
        return CRET_FAILED;
    }
    int error = wait_for_lock(fd, true, wait_ms);
    if (error == 0 && !cret_os_still_there(fd, path)) {
        error = EAGAIN;
    }
    if (error != 0) {
        cret_os_close(&fd);
        return lock_failed(err, error, path);
    }
    *ret_exists = true;
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_open_append(int *ret_fd, const char *path, bool create, unsigned mode,
                                     struct cret_err *err)
{
    (void)mode;
    int fd = -1;
    if (open_regular(&fd, path, CRET_WIN_WRITE | CRET_WIN_APPEND | (create ? CRET_WIN_CREATE : 0),
                     "open it for appending", err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_os_note_read(fd);
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_lock(int *ret_fd, const char *path, bool exclusive, uint64_t wait_ms,
                              struct cret_err *err)
{
    int fd = -1;
    if (open_regular(&fd, path, CRET_WIN_READ | (exclusive ? CRET_WIN_WRITE | CRET_WIN_CREATE : 0),
                     "open the lock", err) != CRET_OK) {
        return CRET_FAILED;
    }
    int error = wait_for_lock(fd, exclusive, wait_ms);
    if (error == 0 && !cret_os_still_there(fd, path)) {
        error = EAGAIN;
    }
    if (error != 0) {
        cret_os_close(&fd);
        return lock_failed(err, error, path);
    }
    *ret_fd = fd;
    return CRET_OK;
}
