/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking an archive of a vendor into the spool. */
#include "signer/release/import.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"

#define MEMBER_MODE 0600u

enum cret_status cret_spool_open(struct cret_spool **ret_spool, const char *final_path,
                                 struct cret_err *err)
{
    struct cret_spool *spool = calloc(1, sizeof(*spool));
    if (spool == NULL) {
        return cret_err_memory(err);
    }
    spool->fd = -1;
    if (cret_os_temporary_directory(&spool->path, &spool->fd, final_path, err) != CRET_OK) {
        cret_spool_free(&spool);
        return CRET_FAILED;
    }
    *ret_spool = spool;
    return CRET_OK;
}

void cret_spool_free(struct cret_spool **spool)
{
    if (spool == NULL || *spool == NULL) {
        return;
    }
    cret_os_close(&(*spool)->fd);
    if ((*spool)->path != NULL) {
        cret_os_remove_tree((*spool)->path);
    }
    free((*spool)->path);
    free(*spool);
    *spool = NULL;
}

struct cret_import_limits cret_import_default_limits(void)
{
    const struct cret_import_limits limits = {
        .members = CRET_LIMIT_FILES,
        .bytes = CRET_LIMIT_IMPORT_BYTES,
        .slack = CRET_LIMIT_IMPORT_SLACK,
        .ratio = CRET_LIMIT_IMPORT_RATIO,
    };
    return limits;
}

/* One archive under expansion. */
struct import {
    struct archive *reader;
    struct cret_spool *spool;
    const char *path;
    uint64_t members, bytes; /* so far */
    uint64_t allowed_members, allowed_bytes;
    cret_import_sink sink;
    void *context;
};

static enum cret_status refuse(const struct import *import, struct cret_err *err, const char *name,
                               const char *what, const char *hint)
{
    cret_err_usage(err, "%s: %s", import->path, what);
    if (name != NULL) {
        cret_err_actual(err, "member %s", name);
    }
    return cret_err_hint(err, "%s", hint);
}

static enum cret_status refuse_archive(const struct import *import, struct cret_err *err,
                                       const char *name)
{
    const char *words = archive_error_string(import->reader);
    refuse(import, err, name, "the archive cannot be read to its end",
           "it may be damaged, encrypted or of an unknown kind; accepted are zip, tar, cpio, "
           "7z and ISO 9660, plain or compressed");
    if (words != NULL) {
        cret_err_actual(err, "%s%s%s", name != NULL ? name : "", name != NULL ? ": " : "", words);
    }
    return CRET_FAILED;
}

/* Filters that libarchive runs inside the process only: no helper programs. */
static enum cret_status open_reader(struct import *import, int fd, struct cret_err *err)
{
    static int (*const supported[])(struct archive *) = {
        archive_read_support_filter_none,   archive_read_support_filter_gzip,
        archive_read_support_filter_bzip2,  archive_read_support_filter_compress,
        archive_read_support_filter_xz,     archive_read_support_filter_lzma,
        archive_read_support_filter_zstd,   archive_read_support_filter_lz4,
        archive_read_support_format_tar,    archive_read_support_format_zip_seekable,
        archive_read_support_format_cpio,   archive_read_support_format_7zip,
        archive_read_support_format_iso9660};
    for (size_t i = 0; i < CRET_LENGTH(supported); i++) {
        if (supported[i](import->reader) != ARCHIVE_OK) {
            return cret_err_undecided(err, "libarchive lacks a format or filter that is needed");
        }
    }
    if (archive_read_open_fd(import->reader, fd, CRET_IO_BYTES / 16) != ARCHIVE_OK) {
        return refuse_archive(import, err, NULL);
    }
    return CRET_OK;
}

/* The member's name without "." and empty components. Caller frees *ret_name; it is empty for the
 * root folder itself. */
static enum cret_status clean_name(const struct import *import, const char *raw, char **ret_name,
                                   struct cret_err *err)
{
    if (raw == NULL || !cret_utf8_valid(raw, strlen(raw))) {
        return refuse(import, err, raw, "a member's name is not UTF-8",
                      "make the archive again with UTF-8 names, or expand it first and name the "
                      "folder");
    }
    if (raw[0] == '/') {
        return refuse(import, err, raw, "a member's name is absolute",
                      "an honest archive has relative names only; ask where it comes from");
    }
    char *name = calloc(1, strlen(raw) + 1);
    if (name == NULL) {
        return cret_err_memory(err);
    }
    for (size_t at = 0, length = 0; raw[at] != '\0';) {
        const size_t size = strcspn(raw + at, "/");
        if (size == 2 && strncmp(raw + at, "..", 2) == 0) {
            free(name);
            return refuse(import, err, raw, "a member's name leaves the archive (..)",
                          "an honest archive has no such names; ask where it comes from");
        }
        if (size > 0 && !(size == 1 && raw[at] == '.')) {
            if (length > 0) {
                name[length++] = '/';
            }
            memcpy(name + length, raw + at, size);
            length += size;
        }
        at += size;
        at += raw[at] == '/' ? 1u : 0u;
    }
    *ret_name = name;
    return CRET_OK;
}

static enum cret_status refuse_bomb(const struct import *import, struct cret_err *err,
                                    const char *name)
{
    refuse(import, err, name, "the archive expands to more than is allowed",
           "take it whole (without expand), or expand it yourself and name the folder");
    return cret_err_expected(err, "at most %" PRIu64 " files of %" PRIu64 " bytes together",
                             import->allowed_members, import->allowed_bytes);
}

/* Copies the member's bytes. Holes of sparse members stay holes. */
static enum cret_status copy_data(struct import *import, int fd, const char *name,
                                  uint64_t *ret_size, struct cret_err *err)
{
    uint64_t size = 0;
    for (;;) {
        const void *data = NULL;
        size_t count = 0;
        la_int64_t offset = 0;
        const int result = archive_read_data_block(import->reader, &data, &count, &offset);
        if (result == ARCHIVE_EOF) {
            break;
        }
        if (result != ARCHIVE_OK || offset < 0 || (uint64_t)offset < size) {
            return refuse_archive(import, err, name);
        }
        if ((uint64_t)offset > import->allowed_bytes - import->bytes ||
            count > import->allowed_bytes - import->bytes - (uint64_t)offset) {
            return refuse_bomb(import, err, name);
        }
        if (count == 0) {
            continue;
        }
        if (cret_os_pwrite(fd, data, count, (uint64_t)offset, err) != CRET_OK) {
            return CRET_FAILED;
        }
        size = (uint64_t)offset + count;
    }
    *ret_size = size;
    return CRET_OK;
}

/* Where the announced size is larger than the data (a hole at the end), the file gets that size. */
static enum cret_status settle_size(const struct import *import, struct archive_entry *entry,
                                    int fd, const char *name, uint64_t *size, struct cret_err *err)
{
    if (archive_entry_size_is_set(entry) == 0) {
        return CRET_OK;
    }
    const la_int64_t announced = archive_entry_size(entry);
    if (announced < 0 || (uint64_t)announced < *size) {
        return refuse(import, err, name, "a member has more bytes than it announces",
                      "the archive is damaged; get it again");
    }
    if ((uint64_t)announced == *size) {
        return CRET_OK;
    }
    if (archive_entry_sparse_count(entry) == 0) {
        return refuse(import, err, name, "a member has fewer bytes than it announces",
                      "the archive is damaged; get it again");
    }
    *size = (uint64_t)announced;
    return cret_os_pwrite(fd, "", 1, *size - 1, err);
}

static enum cret_status spool_member(struct import *import, struct archive_entry *entry,
                                     const char *name, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char number[32];
    char *spooled = NULL;
    int fd = -1;
    uint64_t size = 0;
    if (import->members >= import->allowed_members ||
        (archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) > 0 &&
         (uint64_t)archive_entry_size(entry) > import->allowed_bytes - import->bytes)) {
        return refuse_bomb(import, err, name);
    }
    snprintf(number, sizeof(number), "%08lu", ++import->spool->files);
    spooled = cret_text_printf("%s/%s", import->spool->path, number);
    if (spooled == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_create_beneath(&fd, import->spool->fd, number, MEMBER_MODE, err) == CRET_OK &&
        copy_data(import, fd, name, &size, err) == CRET_OK &&
        settle_size(import, entry, fd, name, &size, err) == CRET_OK) {
        import->members++;
        import->bytes += size;
        status = import->sink(import->context, name, spooled, err);
    }
    cret_os_close(&fd);
    free(spooled);
    return status;
}

static enum cret_status import_entry(struct import *import, struct archive_entry *entry,
                                     struct cret_err *err)
{
    char *name = NULL;
    enum cret_status status = CRET_FAILED;
    if (clean_name(import, archive_entry_pathname(entry), &name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (archive_entry_hardlink(entry) != NULL || archive_entry_symlink(entry) != NULL) {
        refuse(import, err, name, "a member is a link, and a release has no links",
               "make the archive again without links (tar --dereference --hard-dereference)");
    } else if (archive_entry_filetype(entry) == AE_IFDIR) {
        status = CRET_OK;
    } else if (archive_entry_filetype(entry) != AE_IFREG) {
        refuse(import, err, name, "a member is no file but a device, pipe or socket",
               "make the archive again with files only");
    } else if (archive_entry_is_encrypted(entry) != 0) {
        refuse(import, err, name, "a member is encrypted",
               "expand the archive with its password first, and name the folder");
    } else if (name[0] == '\0') {
        refuse(import, err, NULL, "a member has no name", "make the archive again");
    } else {
        status = spool_member(import, entry, name, err);
    }
    free(name);
    return status;
}

/* libarchive takes the end of the input for the end of a tar; one that is whole has a block of
 * zeros there. */
static bool has_end(const struct import *import)
{
    return (archive_format(import->reader) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR ||
           archive_filter_bytes(import->reader, 0) > archive_read_header_position(import->reader);
}

static enum cret_status import_all(struct import *import, struct cret_err *err)
{
    for (;;) {
        struct archive_entry *entry = NULL;
        const int result = archive_read_next_header(import->reader, &entry);
        if (result == ARCHIVE_EOF && has_end(import)) {
            break;
        }
        if (result != ARCHIVE_OK) {
            return refuse_archive(import, err, NULL);
        }
        if (import_entry(import, entry, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (import->members == 0) {
        return refuse(import, err, NULL, "there is no file in the archive", "check the file");
    }
    return CRET_OK;
}

static void set_allowance(struct import *import, const struct cret_import_limits *limits,
                          uint64_t archive_size)
{
    uint64_t allowed = limits->bytes;
    if (limits->ratio == 0 || archive_size < (UINT64_MAX - limits->slack) / limits->ratio) {
        const uint64_t by_ratio = limits->slack + limits->ratio * archive_size;
        allowed = by_ratio < allowed ? by_ratio : allowed;
    }
    import->allowed_bytes = allowed;
    import->allowed_members = limits->members;
}

enum cret_status cret_import_expand(struct cret_spool *spool, const char *path,
                                    const struct cret_import_limits *limits, cret_import_sink sink,
                                    void *context, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    struct import import = {.spool = spool, .path = path, .sink = sink, .context = context};
    int fd = -1;
    /* libarchive turns names into the locale's characters; the process has none set. */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;

    import.reader = archive_read_new();
    if (import.reader == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) != CRET_OK ||
        cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        goto out;
    }
    set_allowance(&import, limits, info.size);
    if (open_reader(&import, fd, err) == CRET_OK) {
        status = import_all(&import, err);
    }
out:
    if (status != CRET_OK && err != NULL && err->class == CRET_ERR_UNDECIDED &&
        err->where[0] == '\0') {
        cret_err_context(err, "cannot expand %s", path);
    }
    if (import.reader != NULL) {
        archive_read_free(import.reader);
    }
    cret_os_close(&fd);
    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    return status;
}
