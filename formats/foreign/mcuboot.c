/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an MCUboot image: its header, and its records. */
#include "foreign/mcuboot.h"

#include <stdlib.h>
#include <string.h>

#define FORM CRET_CHECK_FOREIGN_FORM

enum { HEADER = 32, AREA_HEADER = 4, RECORD_HEADER = 4 };
enum { MAGIC = 0x96f3b83d, PROTECTED_MAGIC = 0x6908, OPEN_MAGIC = 0x6907 };
enum { ENCRYPTED = 0x04 | 0x08 }; /* AES-128, AES-256 */

static uint16_t two(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t four(const uint8_t *at)
{
    return (uint32_t)two(at) | (uint32_t)two(at + 2) << 16;
}

bool cret_mcuboot_recognized(const struct cret_foreign_file *file)
{
    uint8_t magic[4];
    size_t got = 0;
    return cret_foreign_peek(file, 0, magic, sizeof(magic), &got, NULL) == CRET_OK &&
           got == sizeof(magic) && four(magic) == MAGIC;
}

static enum cret_status refuse(struct cret_err *err, uint64_t at, const char *what)
{
    cret_err_refuse(err, FORM, "the MCUboot image %s", what);
    return cret_err_where(err, "byte %llu", (unsigned long long)at);
}

/* One area of records: its header, and that much. *ret_area has the records alone. */
static enum cret_status load_area(uint8_t **ret_area, size_t *ret_size,
                                  const struct cret_foreign_file *file, uint64_t at, unsigned magic,
                                  struct cret_err *err)
{
    uint8_t header[AREA_HEADER];
    if (cret_foreign_read(file, at, header, sizeof(header), "the area of records", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (two(header) != magic || two(header + 2) < AREA_HEADER) {
        refuse(err, at, magic == OPEN_MAGIC ? "has no signature" : "has no protected records");
        cret_err_expected(err, "an area that begins with %04x", magic);
        return cret_err_hint(err, "imgtool sign adds it; ask the vendor for the signed image");
    }
    *ret_size = two(header + 2) - (size_t)AREA_HEADER;
    return cret_foreign_load(ret_area, file, at + AREA_HEADER, *ret_size, CRET_MCUBOOT_TLV_BYTES,
                             "the area of records", err);
}

/* What a walk over an area hands out. */
struct record {
    unsigned type;
    struct cret_bytes value;
};

static enum cret_status next_record(struct record *ret_record, struct cret_bytes *rest,
                                    struct cret_err *err)
{
    if (rest->size < RECORD_HEADER || two(rest->data + 2) > rest->size - RECORD_HEADER) {
        return cret_err_refuse(err, FORM,
                               "the MCUboot image has a record that ends outside of its area");
    }
    const size_t size = two(rest->data + 2);
    *ret_record = (struct record){two(rest->data), {rest->data + RECORD_HEADER, size}};
    rest->data += RECORD_HEADER + size;
    rest->size -= RECORD_HEADER + size;
    return CRET_OK;
}

static const struct {
    unsigned type;
    const char *name;
    size_t size;
} digests[] = {{CRET_MCUBOOT_SHA256, "sha256", 32},
               {CRET_MCUBOOT_SHA384, "sha384", 48},
               {CRET_MCUBOOT_SHA512, "sha512", 64}};

/* A digest: one, and of its length. *ret_taken: it is one. */
static enum cret_status take_digest(struct cret_mcuboot *image, const struct record *record,
                                    bool *ret_taken, struct cret_err *err)
{
    *ret_taken = false;
    for (size_t i = 0; i < CRET_LENGTH(digests); i++) {
        if (digests[i].type != record->type) {
            continue;
        }
        if (image->digest_algorithm != NULL || record->value.size != digests[i].size) {
            return cret_err_refuse(err, FORM,
                                   "the MCUboot image has two digests, or one of a wrong length");
        }
        image->digest_algorithm = digests[i].name;
        image->digest = record->value;
        *ret_taken = true;
    }
    return CRET_OK;
}

static enum cret_status take_pure(struct cret_mcuboot *image, const struct record *record,
                                  struct cret_err *err)
{
    if (image->pure || record->value.size != 1 || record->value.data[0] != 1) {
        return cret_err_refuse(err, FORM, "the MCUboot image has a malformed record 25");
    }
    image->pure = true;
    return CRET_OK;
}

static enum cret_status take_protected(struct cret_mcuboot *image, const struct record *record,
                                       struct cret_err *err)
{
    switch (record->type) {
    case CRET_MCUBOOT_COUNTER:
        if (image->has_counter || record->value.size != 4) {
            return cret_err_refuse(err, FORM, "the MCUboot image has a malformed security counter");
        }
        image->has_counter = true;
        image->counter = four(record->value.data);
        return CRET_OK;
    case CRET_MCUBOOT_DEPENDENCY:
        image->dependencies++;
        return CRET_OK;
    case CRET_MCUBOOT_PURE:
        return take_pure(image, record, err);
    default:
        return CRET_OK; /* it is signed, whatever it says */
    }
}

/* The key that the next signature names. */
static enum cret_status take_key(struct cret_mcuboot *image, const struct record *record,
                                 struct cret_err *err)
{
    struct cret_mcuboot_signature *next = &image->signatures[image->signature_count];
    if (image->signature_count == CRET_MCUBOOT_SIGNATURES || next->key_hash.size > 0 ||
        next->key.size > 0 || record->value.size == 0 ||
        (record->type == CRET_MCUBOOT_KEY_HASH && record->value.size != 32)) {
        return cret_err_refuse(err, FORM,
                               "the MCUboot image names a key where no signature follows");
    }
    if (record->type == CRET_MCUBOOT_KEY_HASH) {
        next->key_hash = record->value;
    } else {
        next->key = record->value;
    }
    return CRET_OK;
}

static enum cret_status take_open(struct cret_mcuboot *image, const struct record *record,
                                  struct cret_err *err)
{
    bool taken = false;
    switch (record->type) {
    case CRET_MCUBOOT_KEY_HASH:
    case CRET_MCUBOOT_KEY:
        return take_key(image, record, err);
    case CRET_MCUBOOT_ECDSA224:
        cret_err_refuse(err, CRET_CHECK_FOREIGN_STRENGTH,
                        "the MCUboot image is signed with ECDSA over 224 bits, which is not "
                        "accepted");
        return cret_err_expected(err, "RSA, ECDSA P-256 or P-384, or Ed25519");
    case CRET_MCUBOOT_RSA2048:
    case CRET_MCUBOOT_RSA3072:
    case CRET_MCUBOOT_ECDSA:
    case CRET_MCUBOOT_ED25519:
        if (image->signature_count == CRET_MCUBOOT_SIGNATURES) {
            return cret_err_refuse(err, FORM, "the MCUboot image has more than %u signatures",
                                   CRET_MCUBOOT_SIGNATURES);
        }
        image->signatures[image->signature_count].type = record->type;
        image->signatures[image->signature_count].value = record->value;
        image->signature_count++;
        return CRET_OK;
    case CRET_MCUBOOT_PURE:
        return take_pure(image, record, err);
    default:
        if (take_digest(image, record, &taken, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (!taken) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_COVERAGE,
                            "the MCUboot image has a record of type %02x that nobody signs",
                            record->type);
            return cret_err_expected(err, "digest, key and signatures alone outside of the "
                                          "protected records");
        }
        return CRET_OK;
    }
}

static enum cret_status read_records(struct cret_mcuboot *image, struct cret_bytes area,
                                     enum cret_status (*take)(struct cret_mcuboot *image,
                                                              const struct record *record,
                                                              struct cret_err *err),
                                     struct cret_err *err)
{
    while (area.size > 0) {
        struct record record;
        if (next_record(&record, &area, err) != CRET_OK || take(image, &record, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status read_areas(struct cret_mcuboot *image, const struct cret_foreign_file *file,
                                   uint64_t at, uint16_t protected_size, struct cret_err *err)
{
    size_t size = 0;
    if (protected_size > 0) {
        if (load_area(&image->protected_area, &size, file, at, PROTECTED_MAGIC, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (size + AREA_HEADER != protected_size) {
            return refuse(err, at, "gives its protected records two lengths");
        }
        if (read_records(image, (struct cret_bytes){image->protected_area, size}, take_protected,
                         err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    image->hashed = at + protected_size;
    if (load_area(&image->open_area, &size, file, image->hashed, OPEN_MAGIC, err) != CRET_OK ||
        read_records(image, (struct cret_bytes){image->open_area, size}, take_open, err) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_mcuboot_signature *next = image->signature_count < CRET_MCUBOOT_SIGNATURES
                                                    ? &image->signatures[image->signature_count]
                                                    : NULL;
    if (next != NULL && (next->key_hash.size > 0 || next->key.size > 0)) {
        return refuse(err, image->hashed, "names a key where no signature follows");
    }
    image->end = image->hashed + AREA_HEADER + size;
    return CRET_OK;
}

enum cret_status cret_mcuboot_read(struct cret_mcuboot *ret_image,
                                   const struct cret_foreign_file *file, struct cret_err *err)
{
    struct cret_mcuboot image = {0};
    uint8_t header[HEADER];
    if (cret_foreign_read(file, 0, header, sizeof(header), "the header", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint16_t header_size = two(header + 8), protected_size = two(header + 10);
    const uint32_t image_size = four(header + 12), flags = four(header + 16);
    image.major = header[20];
    image.minor = header[21];
    image.revision = two(header + 22);
    image.build = four(header + 24);
    if (four(header) != MAGIC || header_size < HEADER) {
        return refuse(err, 0, "has no header of its own");
    }
    if ((flags & ENCRYPTED) != 0) {
        refuse(err, 16, "is encrypted: its digest is over what only the device can read");
        return cret_err_hint(err, "ask the vendor for the image before encryption, or for a "
                                  "signature beside the file");
    }
    if (read_areas(&image, file, (uint64_t)header_size + image_size, protected_size, err) !=
        CRET_OK) {
        cret_mcuboot_clear(&image);
        return CRET_FAILED;
    }
    if (image.signature_count == 0) {
        cret_mcuboot_clear(&image);
        refuse(err, 0, "has no signature");
        return cret_err_hint(err, "a digest alone proves nothing: ask the vendor for the signed "
                                  "image");
    }
    *ret_image = image;
    return CRET_OK;
}

void cret_mcuboot_clear(struct cret_mcuboot *image)
{
    free(image->protected_area);
    free(image->open_area);
    memset(image, 0, sizeof(*image));
}
