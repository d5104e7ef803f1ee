/* SPDX-License-Identifier: Apache-2.0 */
/* What is believed of a process that judged a seal: an answer that a seal under this policy can
 * have, whole. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "trust/policy/policy.h"
#include "verifier/verbs/seal_apart.h"

static enum cret_status taken(struct cret_seal_said *said, const char *text)
{
    struct cret_policy_authority authority = {.name = (char *)(uintptr_t) "Clock"};
    const struct cret_policy policy = {.authorities = &authority, .authority_count = 1};
    struct cret_err err = {0};
    json_t *told = NULL;
    cr_assert_eq(
        cret_json_parse(&told, text, strlen(text), CRET_JSON_STRICT, CRET_CHECK_NONE, &err),
        CRET_OK, "%s", text);
    const enum cret_status status = cret_seal_said_take(said, told, &policy, &err);
    cr_expect(status == CRET_OK || err.class == CRET_ERR_UNDECIDED, "%s", text);
    json_decref(told);
    return status;
}

#define ANSWER(since, until, authority, last, stamps, chains, digest)                              \
    "{\"since\": " since ", \"until\": " until ", \"authority\": " authority ", \"last\": " last   \
    ", \"stamps\": " stamps ", \"chains\": " chains ", \"digest\": " digest "}"
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
};

Test(seal_apart, an_answer_is_held_to_what_a_seal_can_prove)
{
    struct cret_seal_said said = {.since = 0};
    cr_assert_eq(taken(&said, ANSWER("7", "9", "\"Clock\"", "\"Clock\"", "2", "1", "\"sha256\"")),
                 CRET_OK);
    cr_expect_eq(said.since, 7);
    cr_expect_eq(said.until, 9);
    cr_expect_eq(said.stamps, 2);
    cr_expect_str_eq(said.algorithm->name, "sha256");
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        struct cret_seal_said none = {.since = 0};
        cr_expect_eq(taken(&none, malformed[i]), CRET_FAILED, "%zu", i);
        cr_expect_null(none.authority);
    }
}
