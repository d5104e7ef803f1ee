/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what only certain users can change: each folder from the root of the path down is opened,
 * examined, and the next one opened in it, so that no name is looked up twice. */
#include "base/system/os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/posix/os_internal.h"

/* One path on its way down. */
struct walk {
    const char *path; /* absolute */
    const struct cret_os_keepers *keepers;
    enum cret_file_kind kind; /* of the last component */
};

static bool keeps(const struct cret_os_keepers *keepers, uid_t owner)
{
    for (size_t i = 0; i < keepers->count; i++) {
        if (keepers->users[i] == owner) {
            return true;
        }
    }
    return false;
}

/* "root", "root or user 999" */
static void keepers_words(char *out, size_t size, const struct cret_os_keepers *keepers)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < keepers->count && used < size; i++) {
        const int count = keepers->users[i] == 0
                              ? snprintf(out + used, size - used, "%sroot", i > 0 ? " or " : "")
                              : snprintf(out + used, size - used, "%suser %u", i > 0 ? " or " : "",
                                         keepers->users[i]);
        used += count > 0 ? (size_t)count : 0;
    }
}

static const char *kind_words(mode_t mode)
{
    return S_ISREG(mode)    ? "a file"
           : S_ISDIR(mode)  ? "a folder"
           : S_ISLNK(mode)  ? "a symbolic link"
           : S_ISFIFO(mode) ? "a pipe"
                            : "a device or socket";
}

/* What was met on the way. */
struct met {
    const char *path;  /* that was asked for */
    const char *place; /* the path up to here, or an entry of the folder */
    struct stat info;
    bool folder; /* it should be one; else a regular file */
    bool sticky; /* a folder in which everybody changes his own only is fine */
};

static enum cret_status judge(const struct met *met, const struct cret_os_keepers *keepers,
                              struct cret_err *err)
{
    const char *path = met->path, *place = met->place;
    const struct stat *info = &met->info;
    char who[96];
    keepers_words(who, sizeof(who), keepers);
    const char *wanted = met->folder ? "a folder" : "a regular file";
    if (!(met->folder ? S_ISDIR(info->st_mode) : S_ISREG(info->st_mode))) {
        if (strcmp(path, place) == 0) {
            cret_err_usage(err, "%s is %s, not %s", path, kind_words(info->st_mode), wanted);
        } else {
            cret_err_usage(err, "%s: %s is %s, not %s", path, place, kind_words(info->st_mode),
                           wanted);
        }
        cret_err_where(err, "%s", place);
        cret_err_expected(err, "%s", wanted);
        return cret_err_hint(err, S_ISLNK(info->st_mode)
                                      ? "name the path that the link leads to: links are not "
                                        "followed here, since others may turn them"
                                      : "see what it is and who put it there");
    }
    /* The group's bits are the mask of an access control list where there is one: nobody named in
     * it can do more than they say. */
    const bool writable =
        (info->st_mode & 022) != 0 && !(met->sticky && (info->st_mode & S_ISVTX) != 0);
    if (keeps(keepers, info->st_uid) && !writable) {
        return CRET_OK;
    }
    cret_err_usage(err, "%s can be changed by others than %s", path, who);
    cret_err_where(err, "%s", place);
    cret_err_expected(err, "%s that belongs to %s and that nobody else can write", wanted, who);
    cret_err_actual(err, "owner %u, mode %04o%s", (unsigned)info->st_uid,
                    (unsigned)info->st_mode & 07777u,
                    writable && (info->st_mode & 002) == 0
                        ? " (the group's bits are also what an access control list allows)"
                        : "");
    if (met->folder && strcmp(path, place) != 0) {
        return cret_err_hint(err,
                             "keep it where every folder on the way is like that, for example in "
                             "/etc/cretula; or change owner and mode of '%s'",
                             place);
    }
    return keeps(keepers, info->st_uid)
               ? cret_err_hint(err, "chmod go-w '%s', and see who changed it last", place)
               : cret_err_hint(err, "see what it says, then chown root '%s' && chmod go-w '%s'",
                               place, place);
}

/* Errors that say something of the path are the configuration's; the others are the machine's. */
static enum cret_status open_failed(int error, const char *path, const char *place,
                                    struct cret_err *err)
{
    static const int of_the_path[] = {ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, ENXIO};
    cret_os_failed(err, error, place, "open it");
    for (size_t i = 0; err != NULL && i < CRET_LENGTH(of_the_path); i++) {
        if (error == of_the_path[i]) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
    }
    return cret_err_context(err, "%s", path);
}

static int open_at(int folder, const char *name, int flags)
{
    int fd = -1;
    do {
        fd = openat(folder, name, flags | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* Opens and judges one component; `length` bytes of the path lead to it. *ret_fd -1 and CRET_OK:
 * nothing is there. */
static enum cret_status step(int *ret_fd, const struct walk *walk, int folder, const char *name,
                             size_t length, bool last, struct cret_err *err)
{
    char place[PATH_MAX];
    snprintf(place, sizeof(place), "%.*s", (int)length, walk->path);
    struct met met = {.path = walk->path,
                      .place = place,
                      .folder = !last || walk->kind == CRET_KIND_DIRECTORY,
                      .sticky = !last && walk->keepers->sticky};
    int fd = open_at(folder, name, last ? O_RDONLY : O_PATH);
    if (fd < 0) {
        const int error = errno;
        *ret_fd = -1;
        if (error == ENOENT) {
            return CRET_OK;
        }
        /* A link or a socket is not opened: say what it is. */
        if ((error == ELOOP || error == ENXIO) &&
            fstatat(folder, name, &met.info, AT_SYMLINK_NOFOLLOW) == 0 &&
            judge(&met, walk->keepers, err) != CRET_OK) {
            return CRET_FAILED;
        }
        return open_failed(error, walk->path, place, err);
    }
    enum cret_status status = CRET_FAILED;
    if (fstat(fd, &met.info) != 0) {
        cret_os_failed(err, errno, place, "look at it");
    } else {
        status = judge(&met, walk->keepers, err);
    }
    if (status != CRET_OK) {
        cret_os_close(&fd);
    } else if (!met.folder) {
        cret_os_note_read(fd);
    }
    *ret_fd = fd;
    return status;
}

static enum cret_status descend(int *ret_fd, const struct walk *walk, struct cret_err *err)
{
    const char *at = walk->path;
    int fd = -1;
    enum cret_status status = step(&fd, walk, AT_FDCWD, "/", 1, at[strspn(at, "/")] == '\0', err);
    while (status == CRET_OK && fd >= 0) {
        char name[NAME_MAX + 1];
        at += strspn(at, "/");
        const size_t size = strcspn(at, "/");
        if (size == 0) {
            break;
        }
        if (size > NAME_MAX) {
            status = open_failed(ENAMETOOLONG, walk->path, walk->path, err);
            break;
        }
        memcpy(name, at, size);
        name[size] = '\0';
        at += size;
        int next = -1;
        status = step(&next, walk, fd, name, (size_t)(at - walk->path), at[strspn(at, "/")] == '\0',
                      err);
        cret_os_close(&fd);
        fd = next;
    }
    if (status != CRET_OK) {
        cret_os_close(&fd);
    }
    *ret_fd = fd;
    return status;
}

enum cret_status cret_os_open_kept(int *ret_fd, bool *ret_exists, const char *path,
                                   enum cret_file_kind kind, const struct cret_os_keepers *keepers,
                                   struct cret_err *err)
{
    char absolute[PATH_MAX] = "";
    const struct walk walk = {.path = absolute, .keepers = keepers, .kind = kind};
    int fd = -1;
    if (path[0] != '/' && (getcwd(absolute, sizeof(absolute)) == NULL || absolute[0] != '/')) {
        return cret_os_failed(err, errno, path, "find the current folder");
    }
    const size_t used = strlen(absolute);
    const int count =
        snprintf(absolute + used, sizeof(absolute) - used, "%s%s", path[0] != '/' ? "/" : "", path);
    if (count < 0 || (size_t)count >= sizeof(absolute) - used) {
        return open_failed(ENAMETOOLONG, path, path, err);
    }
    if (descend(&fd, &walk, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (fd < 0 && ret_exists == NULL) {
        return open_failed(ENOENT, path, path, err);
    }
    if (ret_exists != NULL) {
        *ret_exists = fd >= 0;
    }
    *ret_fd = fd;
    return CRET_OK;
}

enum cret_status cret_os_entries_kept(int directory_fd, const char *path,
                                      const struct cret_os_keepers *keepers, struct cret_err *err)
{
    char **names = NULL;
    size_t count = 0;
    enum cret_status status = cret_os_list(&names, &count, directory_fd, err);
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        char place[PATH_MAX];
        struct met met = {.path = path, .place = place};
        snprintf(place, sizeof(place), "%s/%s", path, names[i]);
        if (fstatat(directory_fd, names[i], &met.info, AT_SYMLINK_NOFOLLOW) == 0) {
            met.folder = S_ISDIR(met.info.st_mode);
            status = judge(&met, keepers, err);
        } else if (errno != ENOENT) { /* a file of another run that ended meanwhile */
            status = cret_os_failed(err, errno, place, "look at it");
        }
    }
    cret_os_names_free(&names, count);
    return status;
}

/* The line of /etc/passwd alone: no name service is asked, and no network. */
enum cret_status cret_os_user_of_name(uint32_t *ret_user, bool *ret_found, const char *name,
                                      struct cret_err *err)
{
    char *line = NULL;
    size_t room = 0;
    const size_t size = strlen(name);
    unsigned user = 0;
    FILE *stream = fopen("/etc/passwd", "re");
    if (stream == NULL) {
        return cret_os_failed(err, errno, "/etc/passwd", "open it");
    }
    *ret_found = false;
    const bool is_name = size > 0 && strchr(name, ':') == NULL;
    while (is_name && !*ret_found && getline(&line, &room, stream) > 0) {
        const char *fields = strncmp(line, name, size) == 0 && line[size] == ':'
                                 ? strchr(line + size + 1, ':')
                                 : NULL;
        *ret_found = fields != NULL && sscanf(fields, ":%10u:", &user) == 1;
    }
    const bool failed = ferror(stream) != 0;
    free(line);
    fclose(stream);
    if (failed) {
        return cret_os_failed(err, EIO, "/etc/passwd", "read it");
    }
    *ret_user = user;
    return CRET_OK;
}
