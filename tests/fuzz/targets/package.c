/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPC UA packages. The first byte says what the rest is: a ZIP file (0), a signed list (1),
 * package_metadata.json (2), deflated data (3), a package with whatever signatures (4).
 */
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "package/inflate.h"
#include "package/metadata.h"
#include "package/package.h"

/* What a walk handed over. */
struct walked {
    uint64_t bytes;
    size_t members;
};

static enum cret_status take(void *context, size_t member, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *err)
{
    struct walked *walked = context;
    (void)member;
    (void)offset;
    (void)err;
    FUZZ_HOLD(size == 0 || data != NULL);
    walked->bytes += size;
    return CRET_OK;
}

static enum cret_status end(void *context, size_t member, struct cret_err *err)
{
    (void)err;
    FUZZ_HOLD(member == ((struct walked *)context)->members++);
    return CRET_OK;
}

/* A ZIP file that is taken has no byte that is not accounted for, and its members are found. */
static void zip(struct fuzz_part input)
{
    struct cret_zip *read = NULL;
    struct cret_source *source = NULL;
    struct cret_err err = {0};
    struct walked walked = {0};
    const struct cret_zip_walk walk = {.data = take, .end = end, .context = &walked};
    int fd = fuzz_file(input.data, input.size);
    if (cret_zip_read(&read, fd, input.size, &err) != CRET_OK) {
        FUZZ_HOLD(read == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        cret_os_close(&fd);
        return;
    }
    uint64_t size = 0, packed = read->index_size;
    FUZZ_HOLD(read->count > 0 && read->count <= CRET_LIMIT_PACKAGE_MEMBERS);
    for (size_t i = 0; i < read->count; i++) {
        const struct cret_zip_member *one = &read->members[i];
        size += one->size;
        packed += CRET_ZIP_HEADER_BYTES + strlen(one->name) + one->packed +
                  ((one->flags & 8u) != 0 ? 16u : 0u);
        FUZZ_HOLD(cret_zip_find(read, one->name) == i);
        FUZZ_HOLD(one->folder || cret_path_original_safe(one->name));
    }
    FUZZ_HOLD(packed == input.size);
    FUZZ_HOLD(cret_source_new(&source, fd, &err) == CRET_OK);
    if (cret_zip_walk(read, source, &walk, &err) == CRET_OK) {
        FUZZ_HOLD(walked.bytes == size && walked.members == read->count);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_source_free(&source);
    cret_zip_free(&read);
    cret_os_close(&fd);
}

/* A list that is taken names safe members, none twice, and a list of the same says the same. */
static void list(struct fuzz_part input)
{
    struct cret_asic_manifest *read = NULL;
    struct cret_err err = {0};
    if (cret_asic_manifest_parse(&read, (const char *)input.data, input.size, "list", &err) !=
        CRET_OK) {
        FUZZ_HOLD(read == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return;
    }
    FUZZ_HOLD(read->count > 0 && cret_path_original_safe(read->signature));
    for (size_t i = 0; i < read->count; i++) {
        const char *name = read->references[i].name;
        FUZZ_HOLD(cret_path_original_safe(name));
        FUZZ_HOLD(cret_asic_manifest_find(read, name) == &read->references[i]);
        struct cret_asic_member member = {.name = name};
        struct cret_asic_manifest *again = NULL;
        char *text = NULL;
        size_t size = 0;
        memcpy(member.sha256, read->references[i].digest, CRET_SHA256_BYTES);
        FUZZ_HOLD(cret_asic_manifest_write(&text, &size, read->signature, &member, 1, &err) ==
                  CRET_OK);
        FUZZ_HOLD(cret_asic_manifest_parse(&again, text, size, "again", &err) == CRET_OK);
        FUZZ_HOLD(strcmp(again->references[0].name, name) == 0 &&
                  strcmp(again->signature, read->signature) == 0);
        cret_asic_manifest_free(&again);
        free(text);
    }
    cret_asic_manifest_free(&read);
}

static void metadata(struct fuzz_part input)
{
    struct cret_package_metadata *read = NULL;
    struct cret_err err = {0};
    if (cret_package_metadata_parse(&read, (const char *)input.data, input.size, &err) == CRET_OK) {
        FUZZ_HOLD(read->name[0] != '\0' && read->manufacturer[0] != '\0' &&
                  read->manufacturer_uri[0] != '\0' && read->package_revision[0] != '\0');
        FUZZ_HOLD(read->type < CRET_PACKAGE_TYPES);
        cret_package_metadata_free(&read);
        return;
    }
    FUZZ_HOLD(read == NULL);
    fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
}

static enum cret_status read_packed(void *context, void *data, size_t size, size_t *ret_got,
                                    struct cret_err *err)
{
    struct fuzz_part *input = context;
    (void)err;
    *ret_got = input->size < size ? input->size : size;
    *ret_got = *ret_got < 7 ? *ret_got : 7; /* across its edges */
    if (*ret_got > 0) {
        memcpy(data, input->data, *ret_got);
    }
    input->data += *ret_got;
    input->size -= *ret_got;
    return CRET_OK;
}

static enum cret_status count_made(void *context, const uint8_t *data, size_t size,
                                   struct cret_err *err)
{
    (void)context;
    (void)err;
    FUZZ_HOLD(data != NULL && size > 0);
    return CRET_OK;
}

static void deflated(struct fuzz_part input)
{
    const uint64_t limit = 1u << 20;
    const struct cret_inflate_ends ends = {read_packed, count_made, &input};
    struct cret_err err = {0};
    uint64_t size = 0;
    if (cret_inflate(&ends, limit, &size, &err) == CRET_OK) {
        FUZZ_HOLD(input.size == 0 && size <= limit);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
}

/* One that lies in another: its names are those behind the folder, and none lies in it again. */
static void below(const struct cret_package *whole, const char *folder, int fd, bool walked)
{
    struct cret_package *read = NULL;
    struct cret_err err = {0};
    if (cret_package_read_below(&read, whole, folder, fd, &err) != CRET_OK) {
        FUZZ_HOLD(read == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return;
    }
    FUZZ_HOLD(read->pair_count > 0 && read->below_count == 0);
    for (size_t i = 0; i < read->zip->count; i++) {
        const struct cret_zip_member *member = &read->zip->members[i];
        FUZZ_HOLD(member->below == strlen(folder) &&
                  cret_zip_find(whole->zip, member->name - member->below) < whole->zip->count);
    }
    if (walked && cret_package_match_below(read, whole, &err) != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_package_free(&read);
}

/* A package that is taken is covered by each of its lists. */
static void package(struct fuzz_part input)
{
    struct cret_package *read = NULL;
    struct cret_source *source = NULL;
    struct cret_err err = {0};
    int fd = fuzz_file(input.data, input.size);
    if (cret_package_read(&read, fd, input.size, false, &err) != CRET_OK) {
        FUZZ_HOLD(read == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        cret_os_close(&fd);
        return;
    }
    FUZZ_HOLD(read->pair_count > 0 && read->pair_count <= CRET_LIMIT_SIGNATURES);
    for (size_t i = 0; i < read->zip->count; i++) {
        for (size_t k = 0; k < read->pair_count; k++) {
            FUZZ_HOLD(!cret_package_is_data(&read->zip->members[i]) ||
                      cret_asic_manifest_find(read->pairs[k].manifest,
                                              read->zip->members[i].name) != NULL);
        }
    }
    FUZZ_HOLD(cret_source_new(&source, fd, &err) == CRET_OK);
    const bool walked = cret_package_walk(read, source, NULL, NULL, &err) == CRET_OK;
    if (!walked) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    for (size_t i = 0; i < read->below_count; i++) {
        below(read, read->below[i], fd, walked);
    }
    cret_source_free(&source);
    cret_package_free(&read);
    cret_os_close(&fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct fuzz_part) = {zip, list, metadata, deflated, package};
    struct fuzz_part input = {data, size};
    const uint8_t which = fuzz_byte(&input);
    readers[which % CRET_LENGTH(readers)](input);
    return 0;
}
