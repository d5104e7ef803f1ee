/* SPDX-License-Identifier: Apache-2.0 */
/* What is believed of a process that judged a seal: an answer that a seal under this policy can
 * have, whole. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../memory.h"
#include "../../trust/seal/test_seal_support.h"
#include "base/digest/digest.h"
#include "base/text/json.h"
#include "trust/policy/policy.h"
#include "verifier/verbs/seal_apart.h"

static enum cret_status taken(struct cret_seal_said *said, const char *text)
{
    struct cret_policy_authority clock = {.name = (char *)(uintptr_t) "Clock"};
    const struct cret_policy trusting = {.authorities = &clock, .authority_count = 1};
    struct cret_err err = {0};
    json_t *told = NULL;
    cr_assert_eq(
        cret_json_parse(&told, text, strlen(text), CRET_JSON_STRICT, CRET_CHECK_NONE, &err),
        CRET_OK, "%s", text);
    const enum cret_status status = cret_seal_said_take(said, told, &trusting, &err);
    cr_expect(status == CRET_OK || err.class == CRET_ERR_UNDECIDED, "%s", text);
    json_decref(told);
    return status;
}

#define DATED(since, until, authority, last, stamps, chains, digest, dated)                        \
    "{\"since\": " since ", \"until\": " until ", \"authority\": " authority ", \"last\": " last   \
    ", \"stamps\": " stamps ", \"chains\": " chains ", \"digest\": " digest ", \"dated\": " dated  \
    "}"
#define ANSWER(since, until, authority, last, stamps, chains, digest)                              \
    DATED(since, until, authority, last, stamps, chains, digest, "8")
static const char *const malformed[] = {
    "{}",
    ANSWER("-1", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\""),
    ANSWER("99999999999", "999999999999", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\""),
    ANSWER("7", "6", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\""),
    ANSWER("7", "253402300800", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\""),
    ANSWER("7", "9", "\"Somebody\"", "\"Clock\"", "2", "1", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "\"Somebody\"", "2", "1", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "7", "2", "1", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "0", "0", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "2", "3", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "9000000000000", "1", "\"sha256\""),
    ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"md5\""),
    DATED("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\"", "-1"),
    DATED("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\"", "99999999999"),
    DATED("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\"", "null"),
};

Test(seal_apart, an_answer_is_held_to_what_a_seal_can_prove)
{
    struct cret_seal_said said = {.since = 0};
    cr_assert_eq(taken(&said, ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\"")),
                 CRET_OK);
    cr_expect_eq(said.since, 7);
    cr_expect_eq(said.until, 9);
    cr_expect_eq(said.dated, 8);
    cr_expect_eq(said.stamps, 2);
    cr_expect_str_eq(said.algorithm->name, "sha256");
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        struct cret_seal_said none = {.since = 0};
        cr_expect_eq(taken(&none, malformed[i]), CRET_FAILED, "%zu", i);
        cr_expect_null(none.authority);
    }
}

/* A seal over the first object alone; `old`: one timestamp more on it. The caller frees der. */
static struct record sealed(const struct record *old, const char *time)
{
    struct cret_seal *seal = NULL;
    const struct cret_digest_algorithm *algorithm = sha("sha256");
    struct cret_seal_hash hash;
    const struct cret_seal_group group = {&hash, 1};
    struct cret_seal_tree *tree = NULL;
    struct record made = {0};
    cr_assert(old == NULL || cret_seal_parse(&seal, old->der, old->size, false, NULL) == CRET_OK);
    cr_assert_eq(old == NULL ? cret_seal_digest(&hash, algorithm, objects[0].bytes, NULL)
                             : cret_seal_digest_token(&hash, &algorithm, seal, NULL),
                 CRET_OK);
    cr_assert_eq(cret_seal_tree_make(&tree, algorithm, &group, 1, NULL), CRET_OK);
    const struct cret_bytes token =
        token_of(TSA, time, algorithm->name, cret_seal_tree_root(tree)->value);
    cr_assert_eq(cret_seal_write(&made.der, &made.size, seal,
                                 old == NULL ? CRET_SEAL_FIRST : CRET_SEAL_TIMESTAMP,
                                 (struct cret_seal_leaf){tree, 0}, token, NULL),
                 CRET_OK);
    free((void *)token.data);
    cret_seal_tree_free(&tree);
    cret_seal_free(&seal);
    return made;
}

Test(seal_apart, a_renewal_is_of_the_seal_that_was_there, .init = begin, .fini = end)
{
    struct record old = sealed(NULL, YEAR(1)), other = sealed(NULL, "20210102000000Z");
    struct record next = sealed(&old, YEAR(2));
    const struct {
        const struct record *seal, *before;
        bool good;
    } cases[] = {{&next, &old, true},   {&next, NULL, true}, {&next, &other, false},
                 {&other, &old, false}, {&old, &old, false}, {&other, NULL, true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_seal_said said = {.dated = 0};
        struct cret_err err = {0};
        const struct cret_seal_case asked = {
            .path = "a.ers",
            .seal = {cases[i].seal->der, cases[i].seal->size},
            .before = {cases[i].before != NULL ? cases[i].before->der : NULL,
                       cases[i].before != NULL ? cases[i].before->size : 0},
            .objects = objects,
            .object_count = 1,
            .policy = &policy,
            .allow_unconfined = child_may_be_unconfined()};
        cr_expect_eq(cret_seal_judge(&said, &asked, &err), cases[i].good ? CRET_OK : CRET_FAILED,
                     "%zu: %s", i, err.what);
        cr_expect(cases[i].good || (err.class == CRET_ERR_UNDECIDED &&
                                    strstr(err.what, "does not renew") != NULL),
                  "%zu: %s", i, err.what);
    }
    free(old.der);
    free(other.der);
    free(next.der);
}
