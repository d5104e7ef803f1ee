/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence records as they are built: trees of each size, chains of renewals, what ended, bounds.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "test_seal_support.h"

static struct cret_seal *parse(const struct record *record)
{
    struct cret_seal *seal = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_seal_parse(&seal, record->der, record->size, false, &err), CRET_OK, "%s",
                 err.what);
    return seal;
}

/* One more timestamp over `others` other things as well. */
static void step(struct record *record, enum cret_seal_step what, const char *digest, size_t others,
                 const char *time)
{
    struct cret_seal *old = record->der != NULL ? parse(record) : NULL;
    const struct cret_digest_algorithm *algorithm = sha(digest);
    struct cret_seal_hash hashes[2], strangers[16];
    struct cret_seal_group groups[17] = {{hashes, 2}};
    struct cret_seal_tree *tree = NULL;
    struct record next = {0};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(
            what == CRET_SEAL_FIRST
                ? cret_seal_digest(&hashes[i], algorithm, objects[i].bytes, NULL)
            : what == CRET_SEAL_TREE
                ? cret_seal_digest_again(&hashes[i], algorithm, old, objects[i].bytes, NULL)
                : cret_seal_digest_token(&hashes[i], &algorithm, old, NULL),
            CRET_OK);
    }
    groups[0].count = what == CRET_SEAL_TIMESTAMP ? 1 : 2;
    for (size_t i = 0; i < others; i++) {
        const uint8_t byte = (uint8_t)i;
        cr_assert_eq(
            cret_seal_digest(&strangers[i], algorithm, (struct cret_bytes){&byte, 1}, NULL),
            CRET_OK);
        groups[i + 1] = (struct cret_seal_group){&strangers[i], 1};
    }
    cr_assert_eq(cret_seal_tree_make(&tree, algorithm, groups, others + 1, NULL), CRET_OK);
    const struct cret_bytes token =
        token_of(TSA, time, algorithm->name, cret_seal_tree_root(tree)->value);
    cr_assert_eq(cret_seal_write(&next.der, &next.size, old, what, (struct cret_seal_leaf){tree, 0},
                                 token, NULL),
                 CRET_OK);
    free((void *)token.data);
    cret_seal_tree_free(&tree);
    cret_seal_free(&old);
    free(record->der);
    *record = next;
}

static void assert_good(const struct record *record, size_t stamps, size_t chains)
{
    struct cret_seal_proof proof = {0};
    struct cret_err err;
    cr_assert_eq(judge(record, &whole, &proof, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(proof.stamps, stamps);
    cr_assert_eq(proof.chains, chains);
    cr_assert_str_eq(proof.authority, "clock");
    cr_assert_eq(proof.since, 1609459200ll); /* 2021-01-01 */
    cr_assert_eq(proof.until, PKI_END);
    cret_seal_proof_clear(&proof);
}

Test(seal, trees_of_every_size_and_renewals_in_chains_are_read, .init = begin, .fini = end)
{
    struct record record = {0};
    for (size_t others = 0; others <= 16; others++) {
        step(&record, CRET_SEAL_FIRST, "sha256", others, YEAR(1));
        assert_good(&record, 1, 1);
        free(record.der);
        record = (struct record){0};
    }
    step(&record, CRET_SEAL_FIRST, "sha256", 4, YEAR(1));
    step(&record, CRET_SEAL_TIMESTAMP, "sha256", 0, YEAR(2));
    step(&record, CRET_SEAL_TIMESTAMP, "sha256", 6, YEAR(3));
    step(&record, CRET_SEAL_TREE, "sha384", 5, YEAR(4));
    assert_good(&record, 4, 2);
    step(&record, CRET_SEAL_TIMESTAMP, "sha384", 1, "20240601000000Z");
    step(&record, CRET_SEAL_TREE, "sha512", 0, YEAR(5));
    step(&record, CRET_SEAL_TREE, "sha256", 2, "20250201000000Z");
    step(&record, CRET_SEAL_TREE, "sha512", 3, "20250301000000Z");
    assert_good(&record, 8, 5);
    free(record.der);
}

static bool renews(const struct record *left, const struct record *right)
{
    struct cret_seal *seal = parse(left), *old = parse(right);
    const bool renewed = cret_seal_renews(seal, old);
    cret_seal_free(&seal);
    cret_seal_free(&old);
    return renewed;
}

/* What a renewal may not lose: a seal made anew over the same files would date them anew. */
Test(seal, a_renewal_keeps_every_timestamp, .init = begin, .fini = end)
{
    struct record old = {0}, next = {0}, other = {0}, again = {0};
    step(&old, CRET_SEAL_FIRST, "sha256", 2, YEAR(1));
    for (size_t i = 0; i < 2; i++) {
        struct record *record = i == 0 ? &next : &again;
        record->size = old.size;
        record->der = malloc(old.size);
        memcpy(record->der, old.der, old.size);
        step(record, i == 0 ? CRET_SEAL_TIMESTAMP : CRET_SEAL_TREE, "sha384", 1, YEAR(2));
        cr_expect(renews(record, &old));
        cr_expect_not(renews(&old, record));
        cr_expect_not(renews(record, record));
    }
    step(&next, CRET_SEAL_TIMESTAMP, "sha256", 0, YEAR(3));
    cr_expect_not(renews(&next, &old), "two more");
    /* Two timestamps, over the same files, of which the first is of another day or another tree. */
    for (size_t i = 0; i < 2; i++) {
        step(&other, CRET_SEAL_FIRST, "sha256", i == 0 ? 2 : 3,
             i == 0 ? "20210102000000Z" : YEAR(1));
        step(&other, CRET_SEAL_TIMESTAMP, "sha256", 1, YEAR(2));
        cr_expect_not(renews(&other, &old), "%zu", i);
        free(other.der);
        other = (struct record){0};
    }
    free(old.der);
    free(next.der);
    free(again.der);
}

Test(seal, a_part_of_the_group_is_proved_too_but_nothing_else, .init = begin, .fini = end)
{
    struct record record = {0};
    struct cret_seal_request request = whole;
    struct cret_seal_object other[] = {objects[0], objects[1]};
    struct cret_seal_proof proof = {0};
    struct cret_err err;
    step(&record, CRET_SEAL_FIRST, "sha256", 3, YEAR(1));
    step(&record, CRET_SEAL_TREE, "sha512", 3, YEAR(2));
    request.object_count = 1;
    cr_assert_eq(judge(&record, &request, &proof, &err), CRET_OK, "%s", err.what);
    cret_seal_proof_clear(&proof);
    request.object_count = 0;
    assert_refused(&record, &request, CRET_CHECK_SEAL_DATA, "nothing was given");
    request.objects = other;
    request.object_count = 2;
    other[1].bytes.size--;
    assert_refused(&record, &request, CRET_CHECK_SEAL_DATA, "the seal is not over RECORD.json.p7s");
    free(record.der);
}

Test(seal, what_ended_before_it_was_renewed, .init = begin, .fini = end)
{
    struct record record = {0};
    struct cret_seal_request request = whole;
    struct cret_seal_end ended = {sha("sha256"), 1672531200}; /* 2023-01-01 */
    struct cret_seal_proof proof = {0};
    struct cret_err err;
    request.ends = &ended;
    request.end_count = 1;
    step(&record, CRET_SEAL_FIRST, "sha256", 3, YEAR(1));
    assert_refused(&record, &request, CRET_CHECK_SEAL_TIME, "the digest of its chain sha256 ended");
    step(&record, CRET_SEAL_TIMESTAMP, "sha256", 3, YEAR(2));
    assert_refused(&record, &request, CRET_CHECK_SEAL_TIME, "the digest of its chain sha256 ended");
    step(&record, CRET_SEAL_TREE, "sha512", 3, YEAR(3));
    /* In time; but its authority still signs by what ended. */
    assert_refused(&record, &request, CRET_CHECK_SEAL_TIME, "the digest of its signature sha256");
    ended.time = PKI_NOW;
    cr_assert_eq(judge(&record, &request, &proof, &err), CRET_OK, "%s", err.what);
    cret_seal_proof_clear(&proof);
    ended.time--;
    assert_refused(&record, &request, CRET_CHECK_SEAL_TIME, "the digest of its signature sha256");
    free(record.der);
}

Test(seal, no_cut_and_no_changed_byte_proves_anything, .init = begin, .fini = end)
{
    struct record record = {0};
    struct cret_seal_proof proof = {0};
    struct cret_err err;
    step(&record, CRET_SEAL_FIRST, "sha256", 2, YEAR(1));
    step(&record, CRET_SEAL_TREE, "sha512", 1, YEAR(2));
    const size_t size = record.size;
    for (record.size = 0; record.size < size; record.size += 7) {
        cr_assert_eq(judge(&record, &whole, &proof, &err), CRET_FAILED, "cut to %zu", record.size);
    }
    record.size = size;
    for (size_t i = 0; i < size; i += 5) {
        record.der[i] ^= (uint8_t)(1u << i % 8);
        cr_assert_eq(judge(&record, &whole, &proof, &err), CRET_FAILED, "byte %zu", i);
        record.der[i] ^= (uint8_t)(1u << i % 8);
    }
    assert_good(&record, 2, 2);
    free(record.der);
}

Test(seal, trees_and_records_have_bounds, .init = begin, .fini = end)
{
    struct cret_seal_tree *tree = NULL;
    struct cret_seal *seal = NULL;
    struct cret_seal_hash hash = {{0}};
    struct cret_seal_group group = {&hash, 0};
    struct cret_err err;
    cr_assert_eq(cret_seal_tree_make(&tree, sha("sha256"), &group, 0, &err), CRET_FAILED);
    cr_assert_eq(cret_seal_tree_make(&tree, sha("sha256"), &group, 1, &err), CRET_FAILED);
    group.count = CRET_LIMIT_SEAL_OBJECTS + 1;
    cr_assert_eq(cret_seal_tree_make(&tree, sha("sha256"), &group, 1, &err), CRET_FAILED);
    cr_assert_eq(cret_seal_tree_make(&tree, sha("sha256"), &group, CRET_LIMIT_SEALED + 1, &err),
                 CRET_FAILED);
    cr_assert_null(tree);
    cr_assert_eq(cret_seal_parse(&seal, (const uint8_t *)"", 0, false, &err), CRET_FAILED);
    cr_assert_eq(
        cret_seal_parse(&seal, (const uint8_t *)"", CRET_LIMIT_SEAL_BYTES + 1, false, &err),
        CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "more bytes than are read"));
    cr_assert_null(seal);
}
