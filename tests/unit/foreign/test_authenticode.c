/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode inside of files that osslsigncode signed: each bit of them counts, but for those
 * that carry nothing. */
#include <stdlib.h>

#include "ask.h"
#include "foreign/authenticode.h"
#include "foreign/cab.h"
#include "foreign/msi.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/authenticode/"

extern const struct cret_foreign_kind cret_foreign_kind_authenticode_msi,
    cret_foreign_kind_authenticode_cab, cret_foreign_kind_authenticode_catalog;

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

static bool ask_catalogue(struct cret_bytes file, struct cret_bytes catalogue,
                          struct cret_foreign_pin *pin, struct cret_foreign_proof *proof,
                          struct cret_err *err)
{
    const struct cret_foreign_side side = {"driver.cat", catalogue.data, catalogue.size};
    return ask_beside(&cret_foreign_kind_authenticode_catalog, file, &side, pin, proof, err);
}

Test(authenticode, a_catalogue_holds_a_file_by_the_digest_of_its_format)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem"),
                            other = ask_pin_of(DATA, "other.pem");
    const struct cret_bytes catalogue = data_of(DATA, "driver.cat"),
                            program = data_of(DATA, "driver.sys"),
                            text = {(const uint8_t *)"firmware 4.2\n", 13};
    struct cret_foreign_proof proof;
    struct cret_err err;
    cr_assert(ask_catalogue(text, catalogue, &pin, &proof, &err), "%s", err.what);
    cr_expect_eq(proof.gap_count, 0);
    cr_expect(ask_noted(&proof, "among the 3 members"));
    cr_assert(ask_catalogue(program, catalogue, &pin, &proof, &err), "%s", err.what);
    cr_expect_eq(proof.gap_count, 1);
    cr_expect_not(ask_catalogue(text, catalogue, &other, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cr_expect_not(ask_catalogue((struct cret_bytes){text.data, 12}, catalogue, &pin, &proof, &err));
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_VALUE);
    ask_pin_free(&pin);
    ask_pin_free(&other);
    free((void *)catalogue.data);
    free((void *)program.data);
}

Test(authenticode, each_bit_of_a_catalogue_counts)
{
    struct cret_foreign_pin pin = ask_pin_of(DATA, "signer.pem");
    const struct cret_bytes catalogue = data_of(DATA, "driver.cat"),
                            text = {(const uint8_t *)"firmware 4.2\n", 13};
    struct cret_foreign_proof proof;
    struct cret_err err;
    size_t accepted = 0;
    uint8_t *data = malloc(catalogue.size);
    cr_assert_not_null(data);
    memcpy(data, catalogue.data, catalogue.size);
    for (size_t at = 0; at < catalogue.size; at++) {
        data[at] ^= (uint8_t)(1u << at % 8);
        if (ask_catalogue(text, (struct cret_bytes){data, catalogue.size}, &pin, &proof, &err)) {
            /* Versions and digestAlgorithms of the signature: nobody signs them. */
            cr_expect(at < 43 || at == 1205, "byte %zu", at);
            accepted++;
        }
        data[at] = catalogue.data[at];
        cr_expect_not(ask_catalogue(text, (struct cret_bytes){data, at}, &pin, &proof, &err));
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%zu", at);
    }
    cr_expect_leq(accepted, 18, "%zu", accepted);
    free(data);
    ask_pin_free(&pin);
    free((void *)catalogue.data);
}

struct counted {
    struct cret_cab cab;
    size_t calls;
};

static enum cret_status count_and_hash(void *context, const struct cret_foreign_file *file,
                                       const EVP_MD *md, uint8_t *ret_digest, size_t *ret_size,
                                       struct cret_err *err)
{
    struct counted *counted = context;
    counted->calls++;
    return cret_cab_hash(&counted->cab, file, md, ret_digest, ret_size, err);
}

Test(authenticode, a_file_is_hashed_once_for_each_algorithm)
{
    const struct cret_bytes bytes = data_of(DATA, "update.cab");
    const struct cret_foreign_file file = {
        .name = "file", .data = bytes.data, .fd = -1, .size = bytes.size};
    const struct cret_policy policy = {0};
    const struct cret_foreign_question question = {
        .file = &file, .pin_kind = "authenticode", .policy = &policy, .now = ASK_NOW};
    struct counted counted = {0};
    const struct cret_authenticode how = {
        .data_type = "cab", .hash = count_and_hash, .context = &counted};
    struct cret_foreign_proof proof = {0};
    struct cret_err err = {0};
    size_t used[3];
    cr_assert_eq(cret_cab_read(&counted.cab, &file, &err), CRET_OK, "%s", err.what);
    const struct cret_bytes one = {bytes.data + counted.cab.signature,
                                   (size_t)counted.cab.signature_size};
    const struct cret_bytes messages[] = {one, one, one};
    cr_expect_neq(cret_authenticode_verify(&question, &how, messages, 3, used, &proof, &err),
                  CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_FOREIGN_PIN);
    cr_expect_eq(proof.other_count, 2);
    cr_expect_eq(counted.calls, 1);
    free((void *)bytes.data);
}
