/* SPDX-License-Identifier: Apache-2.0 */
/* Names and folders: renaming, removing, listing. */
#include "base/system/windows/os_internal.h"

#include "base/text/text.h"

enum { TREE_DEPTH = 256 };

char *cret_os_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return strdup(".");
    }
    const bool root = slash == path || (slash == path + 2 && path[1] == ':');
    return strndup(path, (size_t)(slash - path) + (root ? 1 : 0));
}

char *cret_os_absolute(const char *path)
{
    const bool drive = path[0] != '\0' && path[1] == ':';
    if (drive || (path[0] == '/' && path[1] == '/')) {
        return strdup(path);
    }
    char *folder = cret_win_words(CRET_WIN_CURRENT, "");
    char *absolute = NULL;
    if (folder == NULL) {
        cret_os_note(EIO);
    } else if (path[0] == '/') {
        absolute = cret_text_printf("%.2s%s", folder, path);
    } else {
        absolute = cret_text_printf("%s/%s", folder, path);
    }
    free(folder);
    return absolute;
}

/* 0 or errno; one path, its name itself where it is a link. */
static int with_open(const char *path, unsigned how, int (*act)(int fd))
{
    int fd = -1;
    int error = cret_win_open(&fd, CRET_OS_HERE, path, how | CRET_WIN_HERE | CRET_WIN_REMOVE);
    if (error == 0) {
        error = act(fd);
    }
    cret_os_close(&fd);
    return error;
}

static int rename_path(const char *from, const char *to, bool replace)
{
    int fd = -1;
    int error =
        cret_win_open(&fd, CRET_OS_HERE, from, CRET_WIN_HERE | CRET_WIN_REMOVE | CRET_WIN_LOOK);
    if (error == 0) {
        error = cret_win_rename(fd, to, replace);
    }
    cret_os_close(&fd);
    return error;
}

static enum cret_status publish_failed(struct cret_err *err, int error, const char *to)
{
    cret_os_failed(err, error, to, "give a finished file or folder its name");
    return cret_err_context(err, "%s", to);
}

enum cret_status cret_os_rename(const char *from, const char *to, struct cret_err *err)
{
    const int error = rename_path(from, to, true);
    return error == 0 ? CRET_OK : publish_failed(err, error, to);
}

enum cret_status cret_os_rename_new(const char *from, const char *to, struct cret_err *err)
{
    cret_os_signals_hold();
    const int error = rename_path(from, to, false);
    if (error == 0) {
        cret_os_unfinished_forget(from);
    }
    cret_os_signals_release();
    return error == 0 ? CRET_OK : publish_failed(err, error, to);
}

enum cret_status cret_os_publish_directory(const char *temporary_path, const char *final_path,
                                           struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    cret_os_signals_hold();
    const int error = rename_path(temporary_path, final_path, false);
    if (error == 0) {
        cret_os_unfinished_moved(temporary_path, final_path);
    }
    cret_os_signals_release();
    return error == 0 ? CRET_OK : publish_failed(err, error, final_path);
}

void cret_os_finished(const char *final_path)
{
    cret_os_unfinished_forget(final_path);
}

enum cret_status cret_os_publish_new(int fd, const char *temporary_path, const char *final_path,
                                     bool *ret_taken, struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    (void)fd;
    cret_os_signals_hold();
    const int error = rename_path(temporary_path, final_path, false);
    if (error == 0) {
        cret_os_unfinished_forget(temporary_path);
    }
    cret_os_signals_release();
    *ret_taken = error == EEXIST;
    return error == 0 ? CRET_OK : publish_failed(err, error, final_path);
}

enum cret_status cret_os_publish_over(int fd, const char *temporary_path, const char *final_path,
                                      struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK) {
        return cret_err_where(err, "%s", final_path);
    }
    (void)fd;
    cret_os_signals_hold();
    const int error = rename_path(temporary_path, final_path, true);
    if (error == 0) {
        cret_os_unfinished_forget(temporary_path);
    }
    cret_os_signals_release();
    return error == 0 ? CRET_OK : publish_failed(err, error, final_path);
}

void cret_os_unlink(const char *path)
{
    if (path != NULL) {
        /* Best effort, and no folder. */
        if (with_open(path, CRET_WIN_FILE, cret_win_remove) != 0) {
            errno = 0;
        }
        cret_os_unfinished_forget(path);
    }
}

/* Removes a file, or a folder and what is in it; a link itself. Best effort. */
static void remove_in(int folder, const char *name, unsigned depth)
{
    struct cret_file_info info;
    char *names = NULL;
    size_t size = 0;
    int fd = -1;
    if (cret_win_open(&fd, folder, name, CRET_WIN_HERE | CRET_WIN_REMOVE | CRET_WIN_READ) != 0) {
        return;
    }
    if (depth > 0 && cret_win_look(fd, &info) == 0 && info.kind == CRET_KIND_DIRECTORY &&
        cret_win_names(fd, &names, &size) == 0) {
        for (const char *one = names; one < names + size; one += strlen(one) + 1) {
            remove_in(fd, one, depth - 1);
        }
        free(names);
    }
    if (cret_win_remove(fd) != 0) {
        errno = 0;
    }
    cret_os_close(&fd);
}

void cret_os_remove_tree(const char *path)
{
    if (path != NULL) {
        remove_in(CRET_OS_HERE, path, TREE_DEPTH);
        cret_os_unfinished_forget(path);
    }
}

/* NTFS keeps its own journal of names. */
enum cret_status cret_os_sync_parent(const char *path, struct cret_err *err)
{
    (void)path;
    (void)err;
    return CRET_OK;
}

/* Each file was flushed when it was written. */
enum cret_status cret_os_sync_file_system(int fd, struct cret_err *err)
{
    (void)fd;
    (void)err;
    return CRET_OK;
}

enum cret_status cret_os_make_directory(const char *path, unsigned mode, bool *ret_created,
                                        struct cret_err *err)
{
    (void)mode;
    int error = cret_win_make_folder(path);
    if (error == EEXIST && cret_os_is_folder(path)) {
        *ret_created = false;
        return CRET_OK;
    }
    if (error != 0) {
        cret_os_failed(err, error == EEXIST ? ENOTDIR : error, path, "create the folder");
        return cret_err_context(err, "%s", path);
    }
    *ret_created = true;
    return CRET_OK;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

enum cret_status cret_os_list(char ***ret_names, size_t *ret_count, int directory_fd,
                              struct cret_err *err)
{
    char *all = NULL, **names = NULL;
    size_t size = 0, count = 0;
    const int error = cret_win_names(directory_fd, &all, &size);
    if (error != 0) {
        return cret_os_failed(err, error, NULL, "list a folder");
    }
    for (size_t at = 0; at < size; at += strlen(all + at) + 1) {
        char **grown = reallocarray(names, count + 1, sizeof(*names));
        char *copy = strdup(all + at);
        names = grown != NULL ? grown : names;
        if (grown == NULL || copy == NULL) {
            free(copy);
            free(all);
            cret_os_names_free(&names, count);
            return cret_err_memory(err);
        }
        names[count++] = copy;
    }
    free(all);
    if (count > 0) {
        qsort(names, count, sizeof(*names), compare_names);
    }
    *ret_names = names;
    *ret_count = count;
    return CRET_OK;
}

void cret_os_names_free(char ***names, size_t count)
{
    if (names == NULL || *names == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        free((*names)[i]);
    }
    free(*names);
    *names = NULL;
}
