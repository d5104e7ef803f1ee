/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the front: MANIFEST.json and the signature members. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/nature.h"
#include "container/archive.h"
#include "container/member.h"
#include "container/ustar.h"

#define MANIFEST_NAME "MANIFEST.json"
#define SIGNATURE_FOLDER "SIGNATURES/"
#define SIGNATURE_SUFFIX ".p7s"
#define SIGNATURE_DIGITS 16u

/* Files of ours that are given in the place of an archive: what their first member says. */
static const struct {
    const char *purpose, *title, *way;
} relatives[] = {
    {"\"record/", "a verification record",
     "`cretula-verify record show` shows it; name the .cretula.tar file"},
    {"\"trust/", "a trust policy", "give it with --trust, and name the .cretula.tar file"},
    {"\"manifest/", "a manifest alone", "name the .cretula.tar file that it was taken from"},
    {"\"waivers/", "a file of waivers", "give it with --waivers, and name the .cretula.tar file"},
    {"\"profile/", "a profile", "give it with --profile, and name the .cretula.tar file"},
};

/* What it is instead, and what to do about that. */
static enum cret_status refuse_as(const char *title, const char *way, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "this is not a Cretula archive%s%s",
                    title != NULL ? " but " : "", title != NULL ? title : "");
    cret_err_where(err, "byte 0");
    cret_err_expected(err, "the member '" MANIFEST_NAME "'");
    cret_err_actual(err, "%s", title != NULL ? title : "something else");
    return cret_err_hint(
        err, "%s",
        way != NULL ? way : "name the .cretula.tar file; if it is this one, download it again");
}

static enum cret_status refuse_foreign(const uint8_t *block, size_t got, struct cret_err *err)
{
    if (got == 0) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "the file is empty");
        return cret_err_hint(err, "name the .cretula.tar file; if it is this one, download it "
                                  "again");
    }
    if (got == CRET_BLOCK && cret_ustar_is_header(block)) {
        char name[CRET_USTAR_NAME_TEXT], title[CRET_USTAR_NAME_TEXT + 64];
        cret_ustar_name(name, block);
        snprintf(title, sizeof(title), "a tar archive that begins with '%s'", name);
        return refuse_as(title,
                         "ask the vendor for the signed .cretula.tar file; an unsigned one proves "
                         "nothing about who made it",
                         err);
    }
    const struct cret_nature *nature = cret_nature(block, got);
    for (size_t i = 0; block[0] == '{' && i < CRET_LENGTH(relatives); i++) {
        if (memmem(block, got, relatives[i].purpose, strlen(relatives[i].purpose)) != NULL) {
            return refuse_as(relatives[i].title, relatives[i].way, err);
        }
    }
    return refuse_as(nature != NULL ? nature->title : NULL, nature != NULL ? nature->way : NULL,
                     err);
}

/* Content and padding of a member whose head was read and compared. */
static enum cret_status read_content(struct cret_source *source, const char *path, size_t size,
                                     uint8_t **ret_data, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    size_t padded = (size_t)cret_ustar_padded(size), got = 0;
    uint64_t offset = cret_source_position(source);
    /* Before memory is asked for: a header may claim more than there is. */
    if (cret_source_is_file(source) && cret_source_size(source) < offset + padded) {
        return cret_member_truncated(path, cret_source_size(source), err);
    }
    uint8_t *data = malloc(padded + 1);
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_source_read(source, data, padded, &got, err) != CRET_OK) {
        goto out;
    }
    if (got < size) {
        cret_member_truncated(path, offset + got, err);
        goto out;
    }
    if (cret_member_padding(data + size, got - size, path, size, offset + size, err) != CRET_OK) {
        goto out;
    }
    data[size] = '\0';
    *ret_data = data;
    data = NULL;
    status = CRET_OK;
out:
    free(data);
    return status;
}

static enum cret_status check_size(const char *path, uint64_t size, uint64_t maximum,
                                   uint64_t offset, struct cret_err *err)
{
    if (size >= 1 && size <= maximum) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "'%s' is %s", path,
                    size == 0 ? "empty" : "too large");
    cret_err_where(err, "%s, byte %" PRIu64, path, offset);
    cret_err_expected(err, "1 to %" PRIu64 " bytes", maximum);
    return cret_err_actual(err, "%" PRIu64 " bytes", size);
}

static enum cret_status read_manifest(struct cret_front *front, struct cret_source *source,
                                      struct cret_err *err)
{
    uint8_t block[CRET_BLOCK];
    uint64_t size = 0;
    size_t got = 0;
    if (cret_source_read(source, block, sizeof(block), &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got < sizeof(block) || memcmp(block, MANIFEST_NAME, sizeof(MANIFEST_NAME)) != 0 ||
        !cret_ustar_is_header(block)) {
        if (got > 0 && got < sizeof(block) &&
            memcmp(block, MANIFEST_NAME, got < 13 ? got : 13) == 0) {
            return cret_member_truncated(MANIFEST_NAME, got, err);
        }
        return refuse_foreign(block, got, err);
    }
    if (cret_ustar_numbers(block, &size, &front->seconds, err) != CRET_OK) {
        return cret_err_where(err, MANIFEST_NAME);
    }
    if (check_size(MANIFEST_NAME, size, CRET_LIMIT_MANIFEST_BYTES, 0, err) != CRET_OK ||
        cret_member_head(block, got, MANIFEST_NAME, size, front->seconds, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    front->manifest_size = (size_t)size;
    return read_content(source, MANIFEST_NAME, front->manifest_size, &front->manifest, err);
}

/* The name in a header block: SIGNATURES/<16 lower-case hex digits>.p7s and nothing else. */
static enum cret_status signature_name(char ret_name[17], const uint8_t *block, uint64_t offset,
                                       struct cret_err *err)
{
    const char *digits = (const char *)block + sizeof(SIGNATURE_FOLDER) - 1;
    size_t i = 0;
    while (i < SIGNATURE_DIGITS &&
           ((digits[i] >= '0' && digits[i] <= '9') || (digits[i] >= 'a' && digits[i] <= 'f'))) {
        i++;
    }
    if (i == SIGNATURE_DIGITS &&
        memcmp(digits + i, SIGNATURE_SUFFIX, sizeof(SIGNATURE_SUFFIX)) == 0) {
        memcpy(ret_name, digits, SIGNATURE_DIGITS);
        ret_name[SIGNATURE_DIGITS] = '\0';
        return CRET_OK;
    }
    char name[CRET_USTAR_NAME_TEXT];
    cret_ustar_name(name, block);
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING, "a signature member has a wrong name");
    cret_err_where(err, "%s, byte %" PRIu64, name, offset);
    cret_err_expected(err, "SIGNATURES/, 16 lower-case hex digits, .p7s");
    return cret_err_actual(err, "'%s'", name);
}

static enum cret_status refuse_order(const char *path, const char *before, uint64_t offset,
                                     struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                    "the signature members are not sorted, or one is there twice");
    cret_err_where(err, "%s, byte %" PRIu64, path, offset);
    return cret_err_expected(err, "a name after that of %s", before);
}

/* One signature member; its header block was peeked. */
static enum cret_status read_signature(struct cret_front *front, struct cret_source *source,
                                       struct cret_err *err)
{
    uint8_t block[CRET_BLOCK];
    uint64_t size = 0, offset = cret_source_position(source);
    int64_t seconds = 0;
    size_t got = 0;
    char path[40], before[40];
    if (front->signature_count == CRET_LIMIT_SIGNATURES) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS, "the archive has too many signatures");
        cret_err_where(err, "byte %" PRIu64, offset);
        return cret_err_expected(err, "at most %u", CRET_LIMIT_SIGNATURES);
    }
    struct cret_signature *signature = &front->signatures[front->signature_count];
    if (cret_source_read(source, block, sizeof(block), &got, err) != CRET_OK ||
        signature_name(signature->name, block, offset, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_layout_signature_path(path, signature->name);
    if (front->signature_count > 0 && strcmp(signature[-1].name, signature->name) >= 0) {
        cret_layout_signature_path(before, signature[-1].name);
        return refuse_order(path, before, offset, err);
    }
    if (cret_ustar_numbers(block, &size, &seconds, err) != CRET_OK) {
        return cret_err_where(err, "%s, byte %" PRIu64, path, offset);
    }
    if (check_size(path, size, CRET_LIMIT_SIGNATURE_BYTES, offset, err) != CRET_OK ||
        cret_member_head(block, got, path, size, front->seconds, offset, err) != CRET_OK ||
        read_content(source, path, (size_t)size, &signature->data, err) != CRET_OK) {
        return CRET_FAILED;
    }
    signature->size = (size_t)size;
    front->signature_count++;
    return CRET_OK;
}

static enum cret_status read_signatures(struct cret_front *front, struct cret_source *source,
                                        struct cret_err *err)
{
    for (;;) {
        uint8_t block[CRET_SOURCE_PEEK];
        size_t got = 0;
        if (cret_source_peek(source, block, &got, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (got < CRET_BLOCK) {
            cret_err_refuse(err, CRET_CHECK_ARCHIVE_FRAMING,
                            "the archive is truncated: it ends after its front");
            cret_err_where(err, "byte %" PRIu64, cret_source_position(source) + got);
            return cret_err_hint(err, "download the file again");
        }
        if (memcmp(block, SIGNATURE_FOLDER, sizeof(SIGNATURE_FOLDER) - 1) != 0) {
            return CRET_OK;
        }
        if (read_signature(front, source, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
}

enum cret_status cret_front_read(struct cret_front **ret_front, struct cret_source *source,
                                 struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_front *front = calloc(1, sizeof(*front));
    if (front == NULL ||
        (front->signatures = calloc(CRET_LIMIT_SIGNATURES, sizeof(*front->signatures))) == NULL) {
        cret_err_memory(err);
        goto out;
    }
    cret_source_seek(source, 0);
    if (read_manifest(front, source, err) != CRET_OK ||
        read_signatures(front, source, err) != CRET_OK) {
        goto out;
    }
    front->end = cret_source_position(source);
    *ret_front = front;
    front = NULL;
    status = CRET_OK;
out:
    cret_front_free(&front);
    return status;
}

/* A manifest alone is JSON from its first byte on. */
static enum cret_status read_alone(struct cret_front *front, struct cret_source *source,
                                   struct cret_err *err)
{
    uint8_t block[CRET_SOURCE_PEEK];
    size_t got = 0;
    if (cret_source_peek(source, block, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got == 0 || block[0] != '{' || !cret_source_is_file(source)) {
        return refuse_foreign(block, got, err);
    }
    const uint64_t size = cret_source_size(source);
    if (check_size(MANIFEST_NAME, size, CRET_LIMIT_MANIFEST_BYTES, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    front->manifest = malloc((size_t)size + 1);
    if (front->manifest == NULL) {
        return cret_err_memory(err);
    }
    if (cret_source_read(source, front->manifest, (size_t)size, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got < size) {
        return cret_member_truncated(MANIFEST_NAME, got, err);
    }
    front->manifest[size] = '\0';
    front->manifest_size = (size_t)size;
    return CRET_OK;
}

enum cret_status cret_front_read_alone(struct cret_front **ret_front, struct cret_source *source,
                                       struct cret_err *err)
{
    struct cret_front *front = calloc(1, sizeof(*front));
    if (front == NULL) {
        return cret_err_memory(err);
    }
    cret_source_seek(source, 0);
    const enum cret_status status = read_alone(front, source, err);
    if (status == CRET_OK) {
        *ret_front = front;
        front = NULL;
    }
    cret_front_free(&front);
    return status;
}

void cret_front_free(struct cret_front **front)
{
    if (front == NULL || *front == NULL) {
        return;
    }
    for (size_t i = 0; i < (*front)->signature_count; i++) {
        free((*front)->signatures[i].data);
    }
    free((*front)->signatures);
    free((*front)->manifest);
    free(*front);
    *front = NULL;
}
