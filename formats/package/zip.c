/* SPDX-License-Identifier: Apache-2.0 */
/* The central directory and the end of a ZIP file. */
#include "package/zip.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "package/zip_form.h"

/* What is read from the end: the record and the longest comment that is taken. */
#define COMMENT_MAX 80u
#define ZIP64_FIELD 0xffffffffu
#define ZIP64_LOCATOR_MAGIC 0x07064b50u
#define ZIP64_LOCATOR_SIZE 20u

static enum cret_status refuse(struct cret_err *err, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_ZIP, "%s", what);
    return cret_err_hint(err, "fetch the package again; if it fails again, ask its author for one "
                              "that is packed as docs/spec/uadipkg.md says");
}

static enum cret_status refuse_member(struct cret_err *err, const char *name, const char *what)
{
    refuse(err, what);
    return cret_err_where(err, "%s", name);
}

uint16_t cret_zip_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | (at[1] << 8));
}

uint32_t cret_zip_get32(const uint8_t *at)
{
    return (uint32_t)cret_zip_get16(at) | ((uint32_t)cret_zip_get16(at + 2) << 16);
}

uint64_t cret_zip_data_offset(const struct cret_zip_member *member)
{
    return member->offset + ZIP_LOCAL_SIZE + member->below + strlen(member->name);
}

uint64_t cret_zip_tail_size(const struct cret_zip_member *member)
{
    return (member->flags & ZIP_FLAG_DESCRIPTOR) != 0 ? ZIP_DESCRIPTOR_SIZE : 0;
}

static enum cret_status read_at(int fd, uint64_t offset, void *data, size_t size,
                                struct cret_err *err)
{
    size_t got = 0;
    if (cret_os_pread(fd, data, size, offset, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return got == size ? CRET_OK
                       : cret_err_undecided(err, "the file is shorter than when it was opened");
}

/* Whether a comment is the one that EN 319 162-1 A.1 gives a meaning. */
static bool is_comment(const uint8_t *text, size_t size)
{
    static const char words[] = "mimetype=application/vnd.etsi.asic-e+zip";
    return size == 0 || (size == sizeof(words) - 1 && memcmp(text, words, size) == 0);
}

/* Why none of the last bytes is an end record that ends with them. */
static enum cret_status refuse_end(struct cret_err *err, const uint8_t *tail, size_t size)
{
    for (size_t place = 0; place + ZIP_END_SIZE <= size; place++) {
        const size_t comment = size - place - ZIP_END_SIZE;
        if (cret_zip_get32(tail + place) != ZIP_END_MAGIC) {
            continue;
        }
        return refuse(err, cret_zip_get16(tail + place + 20) == comment
                               ? "the ZIP file has a comment, which nothing signs"
                               : "something follows the end record of the ZIP file");
    }
    return refuse(err, "the file does not end with the end record of a ZIP file: it was cut, or "
                       "something long follows it");
}

/* Finds the end record: the file ends with it, and with its comment. */
static enum cret_status find_end(size_t *ret_place, uint64_t *ret_tail, int fd, uint64_t size,
                                 uint8_t tail[ZIP_END_SIZE + COMMENT_MAX], struct cret_err *err)
{
    const size_t wanted =
        size < ZIP_END_SIZE + COMMENT_MAX ? (size_t)size : ZIP_END_SIZE + COMMENT_MAX;
    if (wanted < ZIP_END_SIZE) {
        return refuse(err, "the file is too short for a ZIP file");
    }
    if (read_at(fd, size - wanted, tail, wanted, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t place = 0; place + ZIP_END_SIZE <= wanted; place++) {
        const uint8_t *end = tail + place;
        const size_t comment = wanted - place - ZIP_END_SIZE;
        if (cret_zip_get32(end) == ZIP_END_MAGIC && cret_zip_get16(end + 20) == comment &&
            is_comment(end + ZIP_END_SIZE, comment)) {
            *ret_place = place;
            *ret_tail = size - wanted + place;
            return CRET_OK;
        }
    }
    return refuse_end(err, tail, wanted);
}

static enum cret_status read_index(struct cret_zip *zip, int fd, uint64_t size,
                                   struct cret_err *err)
{
    uint8_t tail[ZIP_END_SIZE + COMMENT_MAX];
    size_t place = 0;
    uint64_t end_offset = 0;
    if (find_end(&place, &end_offset, fd, size, tail, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint8_t *end = tail + place;
    const uint64_t bytes = cret_zip_get32(end + 12), offset = cret_zip_get32(end + 16);
    zip->count = cret_zip_get16(end + 10);
    if (cret_zip_get16(end + 4) != 0 || cret_zip_get16(end + 6) != 0 ||
        cret_zip_get16(end + 8) != zip->count) {
        return refuse(err, "the ZIP file is one part of several");
    }
    if (offset == ZIP64_FIELD || bytes == ZIP64_FIELD || zip->count == 0xffffu) {
        return refuse(err, "the end record leaves its fields to others of 64 bits, which packages "
                           "do not need");
    }
    if (zip->count == 0 || zip->count > CRET_LIMIT_PACKAGE_MEMBERS) {
        refuse(err, "the number of entries");
        cret_err_expected(err, "1 to %u", CRET_LIMIT_PACKAGE_MEMBERS);
        return cret_err_actual(err, "%zu", zip->count);
    }
    if (place >= ZIP64_LOCATOR_SIZE &&
        cret_zip_get32(end - ZIP64_LOCATOR_SIZE) == ZIP64_LOCATOR_MAGIC) {
        return refuse(err, "the ZIP file has an end record with 64-bit fields, which packages do "
                           "not need");
    }
    if (offset > end_offset || end_offset - offset != bytes) {
        return refuse(err, "the central directory does not end where the end record begins");
    }
    zip->index_offset = offset;
    zip->directory_size = (size_t)bytes;
    zip->index_size = (size_t)(size - offset);
    if (zip->index_size > CRET_LIMIT_PACKAGE_INDEX_BYTES) {
        return refuse(err, "the central directory is too large");
    }
    zip->index = malloc(zip->index_size);
    zip->members = calloc(zip->count, sizeof(*zip->members));
    return zip->index == NULL || zip->members == NULL
               ? cret_err_memory(err)
               : read_at(fd, offset, zip->index, zip->index_size, err);
}

/* The versions that writers name; a bit more or less makes none of them another one. */
static bool is_version(unsigned version)
{
    return version == 10 || version == 20 || version == 30 || version == 45 || version == 63;
}

/* Attributes of a plain file: nothing of another kind, no program that gets somebody's rights. The
 * high half is a mode of Unix, the low one of DOS. */
static bool is_plain_file(const uint8_t *entry)
{
    const unsigned mode = cret_zip_get16(entry + 40), dos = cret_zip_get16(entry + 38);
    const unsigned type = mode & 0170000u;
    return (type == 0 || type == 0100000u) && (mode & 07000u) == 0 && (dos & ~0x20u) == 0 &&
           cret_zip_get16(entry + 36) <= 1;
}

/* What no digest covers must be alike in all entries, so that nothing can be said in it, and must
 * make no program that unpacks them do more than write a file. */
static enum cret_status check_unsigned(const struct cret_zip_member *member, const uint8_t *entry,
                                       const uint8_t *first, struct cret_err *err)
{
    if (!is_plain_file(entry)) {
        return refuse_member(err, member->name,
                             "the attributes of an entry are not those of a plain file: nothing "
                             "signs them");
    }
    if (!is_version(entry[4]) || (entry[5] != 0 && entry[5] != 3)) {
        return refuse_member(err, member->name,
                             "an entry was made by a version that is not known here");
    }
    return memcmp(entry + 4, first + 4, 2) == 0 && memcmp(entry + 36, first + 36, 6) == 0
               ? CRET_OK
               : refuse_member(err, member->name,
                               "the attributes of an entry differ from those of the first: "
                               "nothing signs them");
}

static enum cret_status check_entry(const struct cret_zip_member *member, const uint8_t *entry,
                                    struct cret_err *err)
{
    const unsigned known = ZIP_FLAG_EFFORT | ZIP_FLAG_DESCRIPTOR | ZIP_FLAG_UTF8;
    const bool deflated = member->method == CRET_ZIP_DEFLATED;
    if ((member->flags & ZIP_FLAG_ENCRYPTED) != 0) {
        return refuse_member(err, member->name, "an entry is encrypted");
    }
    if ((member->flags & ~known) != 0 || (!deflated && (member->flags & ZIP_FLAG_EFFORT) != 0)) {
        return refuse_member(err, member->name, "flags of an entry that are not known here");
    }
    if (cret_zip_get16(entry + 10) != CRET_ZIP_STORED && !deflated) {
        refuse_member(err, member->name, "a way of packing that is not read here");
        cret_err_expected(err, "stored (0) or deflated (8)");
        return cret_err_actual(err, "%u", cret_zip_get16(entry + 10));
    }
    if (member->needed != 10 && member->needed != 20) {
        return refuse_member(err, member->name, "an entry needs another version of ZIP");
    }
    if (member->packed == ZIP64_FIELD || member->size == ZIP64_FIELD ||
        member->offset == ZIP64_FIELD) {
        return refuse_member(err, member->name,
                             "an entry leaves its fields to others of 64 bits, which packages do "
                             "not need");
    }
    if (cret_zip_get16(entry + 30) != 0) {
        return refuse_member(err, member->name, "an entry has an extra field, which nothing signs");
    }
    if (cret_zip_get16(entry + 32) != 0) {
        return refuse_member(err, member->name, "an entry has a comment, which nothing signs");
    }
    if (cret_zip_get16(entry + 34) != 0) {
        return refuse_member(err, member->name, "an entry lies in another part of several");
    }
    if (!deflated && member->packed != member->size) {
        return refuse_member(err, member->name, "a stored entry has two sizes");
    }
    if (member->folder && (member->size != 0 || deflated || member->crc != 0 ||
                           (member->flags & ZIP_FLAG_DESCRIPTOR) != 0)) {
        return refuse_member(err, member->name, "a folder has contents");
    }
    return CRET_OK;
}

static enum cret_status parse_entry(struct cret_zip_member *member, const uint8_t *entry,
                                    size_t left, struct cret_err *err)
{
    if (left < ZIP_CENTRAL_SIZE || cret_zip_get32(entry) != ZIP_CENTRAL_MAGIC) {
        return refuse(err, "the central directory has fewer entries than the end record says");
    }
    const size_t name = cret_zip_get16(entry + 28);
    if (name == 0 || name > left - ZIP_CENTRAL_SIZE ||
        memchr(entry + ZIP_CENTRAL_SIZE, '\0', name) != NULL) {
        return refuse(err, "an entry has no name that can be read");
    }
    member->name = strndup((const char *)entry + ZIP_CENTRAL_SIZE, name);
    if (member->name == NULL) {
        return cret_err_memory(err);
    }
    member->folder = member->name[name - 1] == '/';
    member->needed = cret_zip_get16(entry + 6);
    member->flags = cret_zip_get16(entry + 8);
    member->method =
        cret_zip_get16(entry + 10) == CRET_ZIP_DEFLATED ? CRET_ZIP_DEFLATED : CRET_ZIP_STORED;
    member->time = cret_zip_get16(entry + 12);
    member->date = cret_zip_get16(entry + 14);
    member->crc = cret_zip_get32(entry + 16);
    member->packed = cret_zip_get32(entry + 20);
    member->size = cret_zip_get32(entry + 24);
    member->offset = cret_zip_get32(entry + 42);
    return check_entry(member, entry, err);
}

/* What stands where the entry before it ends, where that is not the next one. */
static const char *misplaced(const struct cret_zip *zip, size_t at, uint64_t expected)
{
    for (size_t i = at + 1; i < zip->count; i++) {
        if (zip->members[i].offset == expected) {
            return "the entries are not in the order of the file";
        }
    }
    return zip->members[at].offset < expected ? "entries overlap"
           : at == 0                          ? "something lies before the first entry"
                                              : "something lies between two entries";
}

/* Each entry begins where the one before it ends, so that none overlap and nothing lies between. */
static enum cret_status check_order(const struct cret_zip *zip, struct cret_err *err)
{
    uint64_t expected = 0;
    for (size_t i = 0; i < zip->count; i++) {
        const struct cret_zip_member *member = &zip->members[i];
        if (member->offset != expected) {
            refuse_member(err, member->name, misplaced(zip, i, expected));
            cret_err_expected(err, "a local header at %" PRIu64, expected);
            return cret_err_actual(err, "at %" PRIu64, member->offset);
        }
        expected = cret_zip_data_offset(member) + member->packed + cret_zip_tail_size(member);
    }
    return expected == zip->index_offset
               ? CRET_OK
               : refuse(err, "the last entry does not end where the central directory begins");
}

static enum cret_status parse_entries(struct cret_zip *zip, uint64_t size, struct cret_err *err)
{
    size_t at = 0;
    uint64_t unpacked = 0;
    for (size_t i = 0; i < zip->count; i++) {
        struct cret_zip_member *member = &zip->members[i];
        if (parse_entry(member, zip->index + at, zip->directory_size - at, err) != CRET_OK ||
            check_unsigned(member, zip->index + at, zip->index, err) != CRET_OK) {
            return CRET_FAILED;
        }
        unpacked += member->size;
        at += ZIP_CENTRAL_SIZE + strlen(member->name);
    }
    if (at != zip->directory_size) {
        return refuse(err, "the central directory has more entries than the end record says");
    }
    if (unpacked > CRET_LIMIT_PACKAGE_SLACK && unpacked / CRET_LIMIT_PACKAGE_RATIO > size) {
        refuse(err, "the entries are unpacked far larger than the file: a ZIP bomb");
        cret_err_expected(err, "at most %u times the file", CRET_LIMIT_PACKAGE_RATIO);
        return cret_err_actual(err, "%" PRIu64 " bytes out of %" PRIu64, unpacked, size);
    }
    return check_order(zip, err);
}

static int compare_members(const void *a, const void *b)
{
    const struct cret_zip_member *const *first = a, *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

static enum cret_status sort_members(struct cret_zip *zip, struct cret_err *err)
{
    zip->sorted = calloc(zip->count + 1, sizeof(*zip->sorted));
    if (zip->sorted == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < zip->count; i++) {
        zip->sorted[i] = &zip->members[i];
    }
    qsort((void *)zip->sorted, zip->count, sizeof(*zip->sorted), compare_members);
    return CRET_OK;
}

enum cret_status cret_zip_read(struct cret_zip **ret_zip, int fd, uint64_t size,
                               struct cret_err *err)
{
    struct cret_zip *zip = calloc(1, sizeof(*zip));
    if (zip == NULL) {
        return cret_err_memory(err);
    }
    if (read_index(zip, fd, size, err) != CRET_OK || parse_entries(zip, size, err) != CRET_OK ||
        cret_zip_check_names(zip, err) != CRET_OK || sort_members(zip, err) != CRET_OK) {
        cret_zip_free(&zip);
        return CRET_FAILED;
    }
    *ret_zip = zip;
    return CRET_OK;
}

void cret_zip_free(struct cret_zip **zip)
{
    if (zip == NULL || *zip == NULL) {
        return;
    }
    for (size_t i = 0; (*zip)->members != NULL && !(*zip)->view && i < (*zip)->count; i++) {
        free((*zip)->members[i].name);
    }
    free((void *)(*zip)->sorted);
    free((*zip)->members);
    free((*zip)->index);
    free(*zip);
    *zip = NULL;
}

enum cret_status cret_zip_below(struct cret_zip **ret_view, const struct cret_zip *zip,
                                const char *folder, struct cret_err *err)
{
    const size_t below = strlen(folder);
    struct cret_zip *view = calloc(1, sizeof(*view));
    if (view == NULL) {
        return cret_err_memory(err);
    }
    view->view = true;
    view->members = calloc(zip->count, sizeof(*view->members));
    if (view->members == NULL) {
        cret_zip_free(&view);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < zip->count; i++) {
        const char *name = zip->members[i].name;
        if (strncmp(name, folder, below) == 0 && name[below] != '\0') {
            struct cret_zip_member *member = &view->members[view->count++];
            *member = zip->members[i];
            member->name += below;
            member->below = below;
        }
    }
    if (sort_members(view, err) != CRET_OK) {
        cret_zip_free(&view);
        return CRET_FAILED;
    }
    *ret_view = view;
    return CRET_OK;
}

static int compare_name(const void *name, const void *member)
{
    return strcmp(name, (*(const struct cret_zip_member *const *)member)->name);
}

size_t cret_zip_find(const struct cret_zip *zip, const char *name)
{
    const struct cret_zip_member *const *found =
        bsearch(name, (const void *)zip->sorted, zip->count, sizeof(*zip->sorted), compare_name);
    return found != NULL ? (size_t)(*found - zip->members) : zip->count;
}
