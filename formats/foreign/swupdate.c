/* SPDX-License-Identifier: Apache-2.0 */
/* The cpio archive of an SWUpdate image, member by member. */
#include "foreign/swupdate.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"

#define FORM CRET_CHECK_FOREIGN_FORM
#define PIECE (256u << 10)

/* cpio(5), "New ASCII Format": a magic of six bytes, then thirteen numbers of eight hex digits. */
enum { HEADER = 110, MAGIC = 6, DIGITS = 8, FIELD_SIZE = 6, FIELD_NAME = 11, FIELD_CHECK = 12 };

/* One member: where its content lies. */
struct member {
    char name[CRET_SWUPDATE_NAME];
    bool summed; /* 070702: the sum of its bytes stands in the header */
    uint32_t sum;
    uint64_t data, size, next; /* next: behind its padding */
};

static enum cret_status refuse(struct cret_err *err, uint64_t at, const char *what)
{
    cret_err_refuse(err, FORM, "the SWUpdate image %s", what);
    return cret_err_where(err, "byte %llu", (unsigned long long)at);
}

static bool read_number(const uint8_t *digits, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < DIGITS; i++) {
        const char c = (char)digits[i];
        const unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                               : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                               : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                      : 16;
        if (digit == 16) {
            return false;
        }
        number = number << 4 | digit;
    }
    *ret_number = number;
    return true;
}

static bool is_magic(const uint8_t *header)
{
    return memcmp(header, "070701", MAGIC) == 0 || memcmp(header, "070702", MAGIC) == 0;
}

bool cret_swupdate_recognized(const struct cret_foreign_file *file)
{
    static const char first[] = "sw-description";
    uint8_t head[HEADER + sizeof(first)];
    size_t got = 0;
    return cret_foreign_peek(file, 0, head, sizeof(head), &got, NULL) == CRET_OK &&
           got == sizeof(head) && is_magic(head) &&
           memcmp(head + HEADER, first, sizeof(first)) == 0;
}

static uint64_t up_to_four(uint64_t offset)
{
    return (offset + 3) / 4 * 4;
}

/* Padding is zero; what else stands there nobody hashes. */
static enum cret_status check_padding(const struct cret_foreign_file *file, uint64_t at,
                                      uint64_t until, struct cret_err *err)
{
    bool zero = false;
    if (cret_foreign_zero(&zero, file, at, until - at, "the padding of a member", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!zero) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_COVERAGE,
                        "the SWUpdate image has bytes in its padding, which nobody signed");
        return cret_err_where(err, "byte %llu", (unsigned long long)at);
    }
    return CRET_OK;
}

static enum cret_status read_name(struct member *member, const struct cret_foreign_file *file,
                                  uint64_t at, uint32_t size, struct cret_err *err)
{
    if (size < 2 || size > sizeof(member->name)) {
        return refuse(err, at, "has a member with a name of impossible length");
    }
    if (cret_foreign_read(file, at, member->name, size, "the name of a member", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memchr(member->name, '\0', size) != member->name + size - 1 ||
        !cret_utf8_valid(member->name, size - 1) || !cret_text_visible(member->name) ||
        strchr(member->name, '/') != NULL) {
        return refuse(err, at, "has a member whose name is none of a plain file");
    }
    return CRET_OK;
}

static enum cret_status read_member(struct member *ret_member, const struct cret_foreign_file *file,
                                    uint64_t at, struct cret_err *err)
{
    uint8_t header[HEADER];
    uint32_t fields[13];
    struct member member = {0};
    if (cret_foreign_read(file, at, header, sizeof(header), "the header of a member", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (!is_magic(header)) {
        return refuse(err, at, "has no header where a member begins");
    }
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        if (!read_number(header + MAGIC + i * DIGITS, &fields[i])) {
            return refuse(err, at, "has a header with something else than hex digits");
        }
    }
    if (read_name(&member, file, at + HEADER, fields[FIELD_NAME], err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t name_end = at + HEADER + fields[FIELD_NAME];
    member.summed = header[MAGIC - 1] == '2';
    member.sum = fields[FIELD_CHECK];
    member.data = up_to_four(name_end);
    member.size = fields[FIELD_SIZE];
    member.next = up_to_four(member.data + member.size);
    if (member.next > file->size) {
        return refuse(err, at, "has a member that ends outside of the file");
    }
    if (check_padding(file, name_end, member.data, err) != CRET_OK ||
        check_padding(file, member.data + member.size, member.next, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_member = member;
    return CRET_OK;
}

static enum cret_status check_sum(const struct member *member, uint32_t sum, struct cret_err *err)
{
    if (member->summed && sum != member->sum) {
        cret_err_refuse(err, FORM, "the SWUpdate image has a wrong sum for %s", member->name);
        return cret_err_hint(err, "the file was damaged; fetch it again");
    }
    return CRET_OK;
}

static uint32_t sum_of(uint32_t sum, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sum += data[i];
    }
    return sum;
}

/* The member that must come next, whole. */
static enum cret_status load_member(uint8_t **ret_data, size_t *ret_size, uint64_t *at,
                                    const struct cret_foreign_file *file, const char *name,
                                    size_t most, struct cret_err *err)
{
    struct member member;
    uint8_t *data = NULL;
    if (read_member(&member, file, *at, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (strcmp(member.name, name) != 0) {
        refuse(err, *at, "is not signed, or its members are in another order");
        cret_err_expected(err, "%s", name);
        cret_err_actual(err, "%s", member.name);
        return cret_err_hint(err, "ask the vendor for an image with sw-description.sig right "
                                  "behind sw-description");
    }
    if (cret_foreign_load(&data, file, member.data, member.size, most, name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (check_sum(&member, sum_of(0, data, (size_t)member.size), err) != CRET_OK) {
        free(data);
        return CRET_FAILED;
    }
    *ret_data = data;
    *ret_size = (size_t)member.size;
    *at = member.next;
    return CRET_OK;
}

enum cret_status cret_swupdate_open(struct cret_swupdate *ret_image,
                                    const struct cret_foreign_file *file, struct cret_err *err)
{
    struct cret_swupdate image = {0};
    if (load_member(&image.description, &image.description_size, &image.next, file,
                    "sw-description", CRET_SWUPDATE_DESCRIPTION, err) != CRET_OK ||
        load_member(&image.signature, &image.signature_size, &image.next, file,
                    "sw-description.sig", CRET_SWUPDATE_SIGNATURE, err) != CRET_OK) {
        cret_swupdate_clear(&image);
        return CRET_FAILED;
    }
    image.headers = image.next - image.description_size - image.signature_size;
    *ret_image = image;
    return CRET_OK;
}

void cret_swupdate_clear(struct cret_swupdate *image)
{
    free(image->description);
    free(image->signature);
    memset(image, 0, sizeof(*image));
}

/* SHA-256 and sum of a member, in one pass. */
static enum cret_status hash_member(uint8_t digest[CRET_SHA256_BYTES], const struct member *member,
                                    const struct cret_foreign_file *file, struct cret_err *err)
{
    struct cret_sha256 *hash = NULL;
    uint8_t *piece = malloc(PIECE);
    uint32_t sum = 0;
    enum cret_status status = CRET_FAILED;
    if (piece == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_sha256_new(&hash, err) != CRET_OK) {
        goto out;
    }
    for (uint64_t done = 0; done < member->size;) {
        const uint64_t left = member->size - done;
        const size_t step = left < PIECE ? (size_t)left : PIECE;
        if (cret_foreign_read(file, member->data + done, piece, step, "a member", err) != CRET_OK) {
            goto out;
        }
        cret_sha256_update(hash, piece, step);
        if (member->summed) {
            sum = sum_of(sum, piece, step);
        }
        done += step;
    }
    if (cret_sha256_final(hash, digest, err) == CRET_OK) {
        status = check_sum(member, sum, err);
    }
out:
    cret_sha256_free(&hash);
    free(piece);
    return status;
}

static enum cret_status take_member(struct cret_swupdate_list *list, const struct member *member,
                                    const struct cret_foreign_file *file, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_swupdate_image *image = NULL;
    for (size_t i = 0; i < list->count && image == NULL; i++) {
        image = strcmp(list->images[i].name, member->name) == 0 ? &list->images[i] : NULL;
    }
    if (image == NULL) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_COVERAGE,
                        "the SWUpdate image holds %s, which the signed description does not list",
                        member->name);
        return cret_err_hint(err, "ask the vendor for an image without it");
    }
    if (image->seen) {
        return cret_err_refuse(err, FORM, "the SWUpdate image holds %s twice", member->name);
    }
    if (hash_member(digest, member, file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, image->sha256, sizeof(digest)) != 0) {
        char wanted[CRET_SHA256_HEX], found[CRET_SHA256_HEX];
        cret_hex_encode(wanted, image->sha256, CRET_SHA256_BYTES);
        cret_hex_encode(found, digest, CRET_SHA256_BYTES);
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                        "%s has another SHA-256 than the signed description gives", member->name);
        cret_err_expected(err, "%s", wanted);
        cret_err_actual(err, "%s", found);
        return cret_err_hint(err, "the file was damaged or changed; fetch it again");
    }
    image->seen = true;
    return CRET_OK;
}

static enum cret_status all_seen(const struct cret_swupdate_list *list, struct cret_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!list->images[i].seen) {
            cret_err_refuse(err, FORM, "the signed description lists %s, which is not there",
                            list->images[i].name);
            return cret_err_hint(err, "the image is incomplete; fetch it again, or ask the vendor");
        }
    }
    return CRET_OK;
}

enum cret_status cret_swupdate_members(const struct cret_swupdate *image,
                                       struct cret_swupdate_list *list,
                                       const struct cret_foreign_file *file,
                                       struct cret_foreign_proof *proof, struct cret_err *err)
{
    struct member member;
    uint64_t at = image->next, headers = image->headers;
    for (;;) {
        if (read_member(&member, file, at, err) != CRET_OK) {
            return CRET_FAILED;
        }
        headers += member.next - at - member.size;
        if (strcmp(member.name, "TRAILER!!!") == 0) {
            break;
        }
        if (take_member(list, &member, file, err) != CRET_OK) {
            return CRET_FAILED;
        }
        at = member.next;
    }
    if (member.size != 0) {
        return refuse(err, at, "ends with a member that has content");
    }
    if (all_seen(list, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_foreign_gap_add(proof, "headers of the cpio archive: owners, dates, numbers of members", 0,
                         headers, false, true);
    return cret_foreign_gap_read(proof, file, "bytes behind the cpio archive", member.next,
                                 file->size - member.next, err);
}
