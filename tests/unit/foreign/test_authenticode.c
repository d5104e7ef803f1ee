/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode inside of files that osslsigncode signed: each bit of them counts, but for those
 * that carry nothing. */
#include <stdlib.h>

#include "ask.h"
#include "foreign/msi.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/authenticode/"

extern const struct cret_foreign_kind cret_foreign_kind_authenticode_msi,
    cret_foreign_kind_authenticode_cab;

/* What may be otherwise without another meaning: a part of the file, by its first and last byte. */
struct loose {
    size_t from, to;
};

static bool is_loose(const struct loose *parts, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        if (at >= parts[i].from && at <= parts[i].to) {
            return true;
        }
    }
    return false;
}

/* A bit of every seventh byte of a file, one after the other: how many of them may change. */
static size_t count_accepted(const struct cret_foreign_kind *kind, struct cret_bytes file,
                             struct cret_foreign_pin *pin, const struct loose *parts, size_t count)
{
    struct cret_foreign_proof proof;
    struct cret_err err;
    uint8_t *data = malloc(file.size);
    size_t accepted = 0;
    cr_assert_not_null(data);
    memcpy(data, file.data, file.size);
    for (size_t at = 0; at < file.size; at += 7) {
        const uint8_t bit = (uint8_t)(1u << at % 8);
        data[at] ^= bit;
        if (ask(kind, (struct cret_bytes){data, file.size}, pin, &proof, &err)) {
            cr_expect(is_loose(parts, count, at), "byte %zu", at);
            accepted++;
        } else {
            cr_expect_eq(err.class, CRET_ERR_REFUSED, "byte %zu", at);
        }
        data[at] ^= bit;
    }
    free(data);
    return accepted;
}

Test(authenticode, a_package_with_the_pin_alone)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem"),
                            other = ask_pin_of(DATA, "other.pem");
    const struct cret_bytes file = data_of(DATA, "setup.msi"), loose = data_of(DATA, "names.msi");
    struct cret_foreign_proof proof;
    struct cret_err err;
    cr_assert(ask(&cret_foreign_kind_authenticode_msi, file, &pin, &proof, &err), "%s", err.what);
    cr_expect_str_eq(proof.digest_algorithm, "sha256");
    cr_expect(proof.gaps[0].accepted && proof.gaps[0].bytes > 512);
    cr_expect_not(ask(&cret_foreign_kind_authenticode_msi, file, &other, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cr_expect_not(ask(&cret_foreign_kind_authenticode_msi, file, NULL, &proof, &err));
    cr_expect_not(ask(&cret_foreign_kind_authenticode_msi, loose, &pin, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_STRENGTH);
    pin.legacy = true;
    cr_expect(ask(&cret_foreign_kind_authenticode_msi, loose, &pin, &proof, &err), "%s", err.what);
    cr_expect(ask_noted(&proof, "are not protected"));
    ask_pin_free(&pin);
    ask_pin_free(&other);
    free((void *)file.data);
    free((void *)loose.data);
}

Test(authenticode, each_bit_of_a_package_counts)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem");
    const struct cret_bytes file = data_of(DATA, "setup.msi");
    /* The directory lies at 7168, the allocation table at 8192, the signature at 5440. */
    const struct loose parts[] = {
        {24, 25},                   /* minor version */
        {52, 55},                   /* transaction number */
        {5465, 5482},               /* versions and digestAlgorithms of the signature */
        {6018, 6018}, {7268, 7283}, /* times of the root */
        {7412, 7415},               /* where an empty stream begins */
        {8056, 8056},               /* size of the signature's stream: zeros follow it */
    };
    const size_t accepted =
        count_accepted(&cret_foreign_kind_authenticode_msi, file, &pin, parts, CRET_LENGTH(parts));
    cr_expect_leq(accepted, 10, "%zu", accepted);
    ask_pin_free(&pin);
    free((void *)file.data);
}

Test(authenticode, a_package_cut_short)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem");
    const struct cret_bytes file = data_of(DATA, "setup.msi");
    struct cret_foreign_proof proof;
    struct cret_err err;
    for (size_t size = 0; size < file.size; size += size < 600 ? 1 : 32) {
        cr_expect_not(ask(&cret_foreign_kind_authenticode_msi, (struct cret_bytes){file.data, size},
                          &pin, &proof, &err));
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%zu", size);
    }
    ask_pin_free(&pin);
    free((void *)file.data);
}

Test(authenticode, each_bit_of_a_cabinet_counts)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem"),
                            other = ask_pin_of(DATA, "other.pem");
    const struct cret_bytes file = data_of(DATA, "update.cab");
    struct cret_foreign_proof proof;
    struct cret_err err;
    /* The signature lies at 625: its versions and digestAlgorithms. */
    const struct loose parts[] = {{625, 672}, {1197, 1197}};
    cr_assert(ask(&cret_foreign_kind_authenticode_cab, file, &pin, &proof, &err), "%s", err.what);
    cr_expect_not(ask(&cret_foreign_kind_authenticode_cab, file, &other, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cr_expect_leq(
        count_accepted(&cret_foreign_kind_authenticode_cab, file, &pin, parts, CRET_LENGTH(parts)),
        4);
    for (size_t size = 0; size < file.size; size++) {
        cr_expect_not(ask(&cret_foreign_kind_authenticode_cab, (struct cret_bytes){file.data, size},
                          &pin, &proof, &err));
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%zu", size);
    }
    ask_pin_free(&pin);
    ask_pin_free(&other);
    free((void *)file.data);
}
