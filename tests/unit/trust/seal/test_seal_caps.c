/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence records as large as they may be, and by one of something larger. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "test_seal_support.h"

/* How much of each there is: digests in the first list, lists of a timestamp, and so on. */
struct size {
    unsigned hashes, lists, stamps, chains;
};

static struct record make(struct size size, struct cret_bytes token)
{
    static const uint8_t digest[32];
    struct cret_buffer list = {0}, tree = {0}, part = {0}, chain = {0}, sequence = {0},
                       record = {0}, out = {0};
    for (unsigned i = 0; i < size.lists; i++) {
        for (unsigned n = 0; n < (i == 0 ? size.hashes : 1); n++) {
            der_put(&list, CRET_DER_OCTET_STRING, digest, sizeof(digest));
        }
        der_wrap(&tree, CRET_DER_SEQUENCE, &list);
    }
    der_wrap(&part, 0xa2, &tree);
    der_put_bytes(&part, token);
    der_wrap(&tree, CRET_DER_SEQUENCE, &part);
    for (unsigned i = 0; i < size.stamps; i++) {
        cret_buffer_append(&chain, tree.data, tree.size);
    }
    der_wrap(&part, CRET_DER_SEQUENCE, &chain);
    for (unsigned i = 0; i < size.chains; i++) {
        cret_buffer_append(&sequence, part.data, part.size);
    }
    cret_buffer_free(&tree);
    cret_buffer_free(&part);
    der_put(&record, CRET_DER_INTEGER, "\x01", 1);
    der_put(&record, CRET_DER_SEQUENCE, sha("sha256")->identifier.data,
            sha("sha256")->identifier.size);
    der_wrap(&record, CRET_DER_SEQUENCE, &sequence);
    der_wrap(&out, CRET_DER_SEQUENCE, &record);
    return (struct record){(uint8_t *)out.data, out.size};
}

static struct cret_bytes some_token(void)
{
    static const uint8_t digest[32];
    return token_of(TSA, YEAR(1), "sha256", digest);
}

Test(seal_caps, as_much_as_is_read_and_no_more, .init = begin, .fini = end)
{
    static const struct {
        struct size most;
        size_t parts; /* of struct size, which one is at its most */
        const char *words;
    } rows[] = {
        {{CRET_LIMIT_SEAL_HASHES, 1, 1, 1}, 0, "has more digests in one timestamp"},
        {{1, CRET_LIMIT_SEAL_LISTS, 1, 1}, 1, "a hash tree of more levels"},
        {{1, 1, CRET_LIMIT_SEAL_STAMPS, 1}, 2, "has more timestamps"},
        {{1, 1, CRET_LIMIT_SEAL_STAMPS / 8, 8}, 2, "has more timestamps"},
        {{1, 1, 1, CRET_LIMIT_SEAL_CHAINS}, 3, "has more chains"},
    };
    const struct cret_bytes token = some_token();
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        struct size size = rows[i].most;
        struct record record = make(size, token);
        struct cret_seal *seal = NULL;
        struct cret_err err = {0};
        cr_expect_eq(cret_seal_parse(&seal, record.der, record.size, false, &err), CRET_OK, "%s",
                     err.what);
        cret_seal_free(&seal);
        free(record.der);
        unsigned *const counts[] = {&size.hashes, &size.lists, &size.stamps, &size.chains};
        ++*counts[rows[i].parts];
        record = make(size, token);
        cr_expect_neq(cret_seal_parse(&seal, record.der, record.size, false, &err), CRET_OK, "%s",
                      rows[i].words);
        cr_expect_eq(err.check, CRET_CHECK_SEAL_FORM);
        cr_expect_not_null(strstr(err.what, rows[i].words), "%s: %s", rows[i].words, err.what);
        cret_err_clear(&err);
        free(record.der);
    }
    free((void *)token.data);
}

/* Writes one timestamp more. */
static enum cret_status renew(struct size size, enum cret_seal_step step, struct cret_err *err)
{
    const struct cret_bytes token = some_token();
    struct record record = make(size, token), next = {0};
    const struct cret_seal_hash hash = {{0}};
    const struct cret_seal_group group = {&hash, 1};
    struct cret_seal_tree *tree = NULL;
    struct cret_seal *old = NULL;
    cr_assert_eq(cret_seal_tree_make(&tree, sha("sha256"), &group, 1, NULL), CRET_OK);
    cr_assert_eq(cret_seal_parse(&old, record.der, record.size, false, NULL), CRET_OK);
    const enum cret_status status = cret_seal_write(&next.der, &next.size, old, step,
                                                    (struct cret_seal_leaf){tree, 0}, token, err);
    cret_seal_free(&old);
    cret_seal_tree_free(&tree);
    free(next.der);
    free(record.der);
    free((void *)token.data);
    return status;
}

Test(seal_caps, what_could_not_be_read_again_is_not_written, .init = begin, .fini = end)
{
    static const struct size stamps = {1, 1, CRET_LIMIT_SEAL_STAMPS, 1},
                             chains = {1, 1, 1, CRET_LIMIT_SEAL_CHAINS},
                             less = {1, 1, 1, CRET_LIMIT_SEAL_CHAINS - 1};
    static const char words[] = "cannot be renewed any more";
    struct cret_err err = {0};
    cr_expect_neq(renew(stamps, CRET_SEAL_TIMESTAMP, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, words), "%s", err.what);
    cret_err_clear(&err);
    cr_expect_neq(renew(chains, CRET_SEAL_TREE, &err), CRET_OK);
    cr_expect_not_null(strstr(err.what, words), "%s", err.what);
    cret_err_clear(&err);
    cr_expect_eq(renew(chains, CRET_SEAL_TIMESTAMP, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(renew(less, CRET_SEAL_TREE, &err), CRET_OK, "%s", err.what);
}

Test(seal_caps, a_tree_over_more_than_one_timestamp_may_seal)
{
    const struct cret_seal_hash hash = {{0}};
    struct cret_seal_group *groups = calloc(CRET_LIMIT_SEALED + 1, sizeof(*groups));
    struct cret_seal_tree *tree = NULL;
    struct cret_err err = {0};
    cr_assert_not_null(groups);
    for (size_t i = 0; i <= CRET_LIMIT_SEALED; i++) {
        groups[i] = (struct cret_seal_group){&hash, 1};
    }
    cr_expect_eq(cret_seal_tree_make(&tree, sha("sha256"), groups, CRET_LIMIT_SEALED, &err),
                 CRET_OK, "%s", err.what);
    cret_seal_tree_free(&tree);
    cr_expect_neq(cret_seal_tree_make(&tree, sha("sha256"), groups, CRET_LIMIT_SEALED + 1, &err),
                  CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_null(tree);
    free(groups);
}
