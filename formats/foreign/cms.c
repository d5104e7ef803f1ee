/* SPDX-License-Identifier: Apache-2.0 */
/* A detached CMS or PKCS#7 signature beside the file: .p7s, .sig, PEM or DER. */
#include <stdlib.h>
#include <string.h>

#include "foreign/kind.h"
#include "foreign/signed.h"
#include "trust/asn1/pem.h"

/* The DER of a side file: itself, or that of its one PEM block. *ret_owned is freed. */
static bool take_der(const struct cret_foreign_side *side, struct cret_pem_block **ret_blocks,
                     size_t *ret_count, struct cret_bytes *ret_der)
{
    *ret_blocks = NULL;
    *ret_count = 0;
    if (side->size > 0 && side->data[0] == CRET_DER_SEQUENCE) {
        *ret_der = (struct cret_bytes){side->data, side->size};
        return true;
    }
    if (side->size < 11 || memcmp(side->data, "-----BEGIN ", 11) != 0 ||
        memchr(side->data, 0, side->size) != NULL ||
        cret_pem_read(ret_blocks, ret_count, (const char *)side->data, side->size, side->name,
                      NULL) != CRET_OK) {
        return false;
    }
    const char *label = *ret_count == 1 ? (*ret_blocks)[0].label : "";
    if (strcmp(label, "CMS") != 0 && strcmp(label, "PKCS7") != 0) {
        cret_pem_free(ret_blocks, *ret_count);
        return false;
    }
    *ret_der = (struct cret_bytes){(*ret_blocks)[0].der, (*ret_blocks)[0].size};
    return true;
}

/* ContentInfo of signedData, and nothing inside: a catalog has content of its own. */
static bool is_detached(struct cret_bytes der)
{
    struct cret_signed message;
    if (cret_signed_read(&message, der.data, der.size, false, NULL) != CRET_OK) {
        return true; /* to be refused with its reason */
    }
    const bool detached = message.content.size == 0;
    cret_signed_clear(&message);
    return detached;
}

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    static const uint8_t signed_data[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                          0xf7, 0x0d, 0x01, 0x07, 0x02};
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    struct cret_bytes der;
    (void)file;
    if (!take_der(side, &blocks, &count, &der)) {
        return false;
    }
    bool is = false;
    for (size_t at = 2; at <= 6 && at + sizeof(signed_data) <= der.size; at++) {
        is = is || memcmp(der.data + at, signed_data, sizeof(signed_data)) == 0;
    }
    is = is && is_detached(der);
    cret_pem_free(&blocks, count);
    return is;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    struct cret_bytes der;
    if (!take_der(question->side, &blocks, &count, &der)) {
        return cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s is no CMS signature",
                               question->side->name);
    }
    const struct cret_signed_part whole = {0, question->file->size};
    const enum cret_status status =
        cret_signed_check_part(question, der, whole, NULL, ret_proof, err);
    cret_pem_free(&blocks, count);
    if (status == CRET_OK) {
        ret_proof->verified = ret_proof->covered = true;
    }
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_cms = {
    .id = "cms",
    .pin_kind = "cms",
    .words = "a detached CMS signature beside the file",
    .proves = "Whoever is pinned signed every byte of the file.",
    .leaves = "Which product and version the file is, and whether it is the newest one.",
    .beside = true,
    .recognize = recognize,
    .verify = verify,
};
