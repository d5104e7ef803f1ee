/* SPDX-License-Identifier: Apache-2.0 */
/* Names and folders: renaming, removing, listing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/posix/os_internal.h"
#include "base/text/text.h"

enum { TREE_DEPTH = 256 };

char *cret_os_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return strdup(".");
    }
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *cret_os_absolute(const char *path)
{
    if (path[0] == '/') {
        return strdup(path);
    }
    char *folder = getcwd(NULL, 0);
    if (folder == NULL) {
        cret_os_note(errno);
        return NULL;
    }
    char *absolute = cret_text_printf("%s%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/", path);
    free(folder);
    return absolute;
}

bool cret_os_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

enum cret_status cret_os_rename(const char *from, const char *to, struct cret_err *err)
{
    if (rename(from, to) != 0) {
        cret_os_failed(err, errno, to, "give a finished file its name");
        return cret_err_context(err, "%s", to);
    }
    return CRET_OK;
}

void cret_os_unlink(const char *path)
{
    if (path != NULL) {
        unlink(path);
        cret_os_unfinished_forget(path);
    }
}

/* Removes what is in an open folder; takes the descriptor over. */
static void remove_contents(int fd, unsigned depth)
{
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        cret_os_close(&fd);
        return;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
            continue;
        }
        if (unlinkat(dirfd(folder), name, 0) == 0 || depth == 0) {
            continue;
        }
        int below = openat(dirfd(folder), name,
                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        if (below < 0) {
            continue;
        }
        remove_contents(below, depth - 1);
        unlinkat(dirfd(folder), name, AT_REMOVEDIR);
    }
    closedir(folder);
}

void cret_os_remove_tree(const char *path)
{
    if (path == NULL) {
        return;
    }
    int fd = unlink(path) == 0 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        remove_contents(fd, TREE_DEPTH);
    }
    rmdir(path); /* where there was no descriptor, it goes if it is empty */
    cret_os_unfinished_forget(path);
}

enum cret_status cret_os_sync_parent(const char *path, struct cret_err *err)
{
    /* Without memory of its own: the file has its name already, and nothing that is denied now may
     * make its reader believe that it has not. */
    char parent[PATH_MAX] = ".";
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/') { /* "folder/" lies in the same as "folder" */
        size--;
    }
    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    if (size >= sizeof(parent)) {
        return cret_os_failed(err, ENAMETOOLONG, path, "flush the folder of");
    }
    if (size > 0) {
        memcpy(parent, path, size);
        parent[size] = '\0';
    }
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum cret_status status = CRET_FAILED;
    if (fd < 0) {
        cret_os_failed(err, errno, parent, "open the folder to flush it");
    } else {
        status = cret_os_fsync(fd, err);
    }
    cret_os_close(&fd);
    return status;
}

enum cret_status cret_os_sync_file_system(int fd, struct cret_err *err)
{
    if (syncfs(fd) != 0) {
        return cret_os_failed(err, errno, "the folder", "flush the file system of");
    }
    return CRET_OK;
}

enum cret_status cret_os_make_directory(const char *path, unsigned mode, bool *ret_created,
                                        struct cret_err *err)
{
    struct stat info;
    if (mkdir(path, (mode_t)mode) == 0) {
        if (cret_os_sync_parent(path, err) != CRET_OK) {
            rmdir(path);
            return CRET_FAILED;
        }
        *ret_created = true;
        return CRET_OK;
    }
    int error = errno;
    if (error == EEXIST && stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            *ret_created = false;
            return CRET_OK;
        }
        error = ENOTDIR;
    }
    cret_os_failed(err, error, path, "create the folder");
    return cret_err_context(err, "%s", path);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Everything but . and .. of an open folder, unsorted; false with errno. */
static bool collect_names(DIR *folder, char ***ret_names, size_t *ret_count)
{
    char **names = NULL;
    size_t count = 0, capacity = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (count == capacity) {
            capacity = capacity == 0 ? 32 : capacity * 2;
            char **grown = reallocarray(names, capacity, sizeof(*names));
            if (grown == NULL) {
                break;
            }
            names = grown;
        }
        names[count] = strdup(entry->d_name);
        if (names[count] == NULL) {
            break;
        }
        count++;
    }
    *ret_names = names;
    *ret_count = count;
    return errno == 0;
}

enum cret_status cret_os_list(char ***ret_names, size_t *ret_count, int directory_fd,
                              struct cret_err *err)
{
    char **names = NULL;
    size_t count = 0;
    /* A descriptor of its own: reading moves the position that duplicates share. */
    int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        cret_os_failed(err, errno, NULL, "list a folder");
        cret_os_close(&fd);
        return CRET_FAILED;
    }
    bool complete = collect_names(folder, &names, &count);
    int error = errno;
    closedir(folder);
    if (!complete) {
        cret_os_names_free(&names, count);
        return cret_os_failed(err, error, NULL, "list a folder");
    }
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
