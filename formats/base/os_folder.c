/* SPDX-License-Identifier: Apache-2.0 */
/* Names and folders: renaming, removing, listing, and files that get their name last. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os_internal.h"
#include "base/text.h"

/* Attempts to find a free random name; 64 random bits never meet by chance. */
enum { NAME_ATTEMPTS = 16, TREE_DEPTH = 256 };

char *cret_os_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

enum cret_status cret_os_rename(const char *from, const char *to, struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK)
        return cret_err_where(err, "%s", to);
    if (rename(from, to) != 0) {
        cret_os_failed(err, errno, to, "give a finished file its name");
        return cret_err_context(err, "%s", to);
    }
    return CRET_OK;
}

enum cret_status cret_os_rename_new(const char *from, const char *to, struct cret_err *err)
{
    if (cret_err_fault(err) != CRET_OK)
        return cret_err_where(err, "%s", to);
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return CRET_OK;
    if (errno == EINVAL || errno == ENOSYS) {
        struct stat info;
        if (lstat(to, &info) == 0)
            errno = EEXIST;
        else if (errno == ENOENT && rename(from, to) == 0)
            return CRET_OK;
    }
    cret_os_failed(err, errno, to, "give a finished file or folder its name");
    return cret_err_context(err, "%s", to);
}

enum cret_status cret_os_share_directory(int fd, struct cret_err *err)
{
    const mode_t mask = umask(077);
    (void)umask(mask);
    if (fchmod(fd, 0755 & ~mask) == 0)
        return CRET_OK;
    return cret_os_failed(err, errno, NULL, "set the mode of a folder");
}

void cret_os_unlink(const char *path)
{
    if (path != NULL)
        (void)unlink(path);
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
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (unlinkat(dirfd(folder), name, 0) == 0 || depth == 0)
            continue;
        int below = openat(dirfd(folder), name,
                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        if (below < 0)
            continue;
        remove_contents(below, depth - 1);
        (void)unlinkat(dirfd(folder), name, AT_REMOVEDIR);
    }
    closedir(folder);
}

void cret_os_remove_tree(const char *path)
{
    /* An empty one goes away without a descriptor, which there may be none of. */
    if (path == NULL || unlink(path) == 0 || rmdir(path) == 0)
        return;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    remove_contents(fd, TREE_DEPTH);
    (void)rmdir(path);
}

enum cret_status cret_os_sync_parent(const char *path, struct cret_err *err)
{
    char *parent = cret_os_parent(path);
    if (parent == NULL)
        return cret_err_memory(err);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum cret_status status = CRET_FAILED;
    if (fd < 0)
        cret_os_failed(err, errno, parent, "open the folder to flush it");
    else
        status = cret_os_fsync(fd, err);
    cret_os_close(&fd);
    free(parent);
    return status;
}

enum cret_status cret_os_sync_file_system(int fd, struct cret_err *err)
{
    if (syncfs(fd) != 0)
        return cret_os_failed(err, errno, "the folder", "flush the file system of");
    return CRET_OK;
}

enum cret_status cret_os_make_directory(const char *path, unsigned mode, bool *ret_created,
                                        struct cret_err *err)
{
    struct stat info;
    if (mkdir(path, (mode_t)mode) == 0) {
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

/* "<folder of final_path>/.<its name>.<16 hex digits>.tmp", the name cut where it is long. */
static enum cret_status random_name(char **ret_path, const char *final_path, struct cret_err *err)
{
    uint8_t random[8];
    char digits[17];
    if (cret_os_random(random, sizeof(random), err) != CRET_OK)
        return CRET_FAILED;
    cret_hex_encode(digits, random, sizeof(random));
    char *parent = cret_os_parent(final_path);
    if (parent != NULL)
        *ret_path = cret_text_printf("%s/.%.200s.%s.tmp", parent, base_name(final_path), digits);
    bool made = parent != NULL && *ret_path != NULL;
    free(parent);
    return made ? CRET_OK : cret_err_memory(err);
}

static enum cret_status temporary_failed(struct cret_err *err, int error, const char *final_path)
{
    cret_os_failed(err, error, final_path, "create a file in this folder");
    return cret_err_context(err, "%s", final_path);
}

/* The path under which the kernel shows a descriptor of this process. */
static void descriptor_path(char out[64], int fd)
{
    snprintf(out, 64, "/proc/self/fd/%d", fd);
}

/* Without /proc (a bare chroot) an unnamed file could never get its name. */
static bool nameable(int fd)
{
    char path[64];
    descriptor_path(path, fd);
    return access(path, F_OK) == 0;
}

enum cret_status cret_os_temporary_file(int *ret_fd, char **ret_path, const char *final_path,
                                        unsigned mode, struct cret_err *err)
{
    const char *name = base_name(final_path);
    struct stat info;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        (stat(final_path, &info) == 0 && S_ISDIR(info.st_mode)))
        return temporary_failed(err, EISDIR, final_path);
    char *parent = cret_os_parent(final_path);
    if (parent == NULL)
        return cret_err_memory(err);
    int fd = open(parent, O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
    int error = errno;
    free(parent);
    if (fd >= 0 && nameable(fd)) {
        *ret_path = NULL;
        *ret_fd = fd;
        return CRET_OK;
    }
    if (fd >= 0) {
        cret_os_close(&fd);
        error = EOPNOTSUPP;
    }
    /* EISDIR: a kernel or file system that does not know the flag. */
    if (error != EOPNOTSUPP && error != EISDIR && error != EINVAL)
        return temporary_failed(err, error, final_path);
    for (int i = 0; i < NAME_ATTEMPTS; i++) {
        char *path = NULL;
        if (random_name(&path, final_path, err) != CRET_OK)
            return CRET_FAILED;
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
        if (fd >= 0) {
            *ret_path = path;
            *ret_fd = fd;
            return CRET_OK;
        }
        error = errno;
        free(path);
        if (error != EEXIST)
            break;
    }
    return temporary_failed(err, error, final_path);
}

/* Links an unnamed file to a path that must be free. False with errno. */
static bool link_unnamed(int fd, const char *path)
{
    char source[64];
    descriptor_path(source, fd);
    return linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

enum cret_status cret_os_temporary_publish(int fd, const char *temporary_path,
                                           const char *final_path, struct cret_err *err)
{
    if (temporary_path != NULL)
        return cret_os_rename(temporary_path, final_path, err);
    if (cret_err_fault(err) != CRET_OK)
        return cret_err_where(err, "%s", final_path);
    if (link_unnamed(fd, final_path))
        return CRET_OK;
    /* A link never replaces: take a hidden name first, then rename over the old file. */
    for (int i = 0; errno == EEXIST && i < NAME_ATTEMPTS; i++) {
        char *path = NULL;
        if (random_name(&path, final_path, err) != CRET_OK)
            return CRET_FAILED;
        if (link_unnamed(fd, path)) {
            enum cret_status status = cret_os_rename(path, final_path, err);
            if (status != CRET_OK)
                cret_os_unlink(path);
            free(path);
            return status;
        }
        int error = errno;
        free(path);
        errno = error;
    }
    cret_os_failed(err, errno, final_path, "give a finished file its name");
    return cret_err_context(err, "%s", final_path);
}

enum cret_status cret_os_temporary_directory(char **ret_path, const char *final_path,
                                             struct cret_err *err)
{
    int error = EEXIST;
    for (int i = 0; error == EEXIST && i < NAME_ATTEMPTS; i++) {
        char *path = NULL;
        if (random_name(&path, final_path, err) != CRET_OK)
            return CRET_FAILED;
        if (mkdir(path, 0700) == 0) {
            *ret_path = path;
            return CRET_OK;
        }
        error = errno;
        free(path);
    }
    cret_os_failed(err, error, final_path, "create a folder beside it");
    return cret_err_context(err, "%s", final_path);
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
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count == capacity) {
            capacity = capacity == 0 ? 32 : capacity * 2;
            char **grown = reallocarray(names, capacity, sizeof(*names));
            if (grown == NULL)
                break;
            names = grown;
        }
        names[count] = strdup(entry->d_name);
        if (names[count] == NULL)
            break;
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
    if (count > 0)
        qsort(names, count, sizeof(*names), compare_names);
    *ret_names = names;
    *ret_count = count;
    return CRET_OK;
}

void cret_os_names_free(char ***names, size_t count)
{
    if (names == NULL || *names == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        free((*names)[i]);
    free(*names);
    *names = NULL;
}

enum cret_status cret_os_scratch_file(int *ret_fd, struct cret_err *err)
{
    static const char *const folders[] = {"/var/tmp", "/tmp", "."};
    int error = 0;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        int fd = open(folders[i], O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
        error = errno;
        if (fd >= 0) {
            *ret_fd = fd;
            return CRET_OK;
        }
        char template[64];
        snprintf(template, sizeof(template), "%s/.cretula.XXXXXX", folders[i]);
        fd = mkostemp(template, O_CLOEXEC);
        if (fd >= 0) {
            (void)unlink(template);
            *ret_fd = fd;
            return CRET_OK;
        }
    }
    return cret_os_failed(err, error, "/var/tmp", "create a scratch file");
}
