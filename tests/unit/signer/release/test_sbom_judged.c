/* SPDX-License-Identifier: Apache-2.0 */
/* What is believed of a process that judged an SBOM: an answer of the right form, whole. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/json.h"
#include "signer/release/sbom_judged.h"

/* An answer of the one profile, NTIA, with this in the place of its faults, and an entry of `said`
 * for each rule but `fewer`. */
static char *answer(const char *head, const char *faults, size_t fewer)
{
    struct cret_buffer text = {0};
    const size_t rules = cret_sbom_profile_rules(cret_sbom_profile_find("ntia-2021"));
    cret_buffer_printf(&text,
                       "{%s, \"profiles\": [{\"ended\": false, \"faults\": [%s], \"said\": [", head,
                       faults);
    for (size_t i = 0; i + fewer < rules; i++) {
        cret_buffer_printf(&text, "%s{\"lookedAt\": 1, \"declared\": 0}", i > 0 ? "," : "");
    }
    cret_buffer_printf(&text, "]}]}");
    return (char *)text.data;
}

#define HEAD "\"format\": \"SPDX 2.3\", \"components\": 3, \"missing\": 0, \"gaps\": []"
#define FAULT(rule) "{\"rule\": " rule ", \"pointer\": \"/a\", \"reason\": \"why\"}"
static const struct {
    const char *head, *faults;
    size_t fewer;
} malformed[] = {
    {HEAD, FAULT("99"), 0},
    {HEAD, FAULT("-1"), 0},
    {HEAD, "{\"rule\": 0, \"reason\": \"why\"}", 0},
    {HEAD, "{\"rule\": 0, \"pointer\": \"/a\"}", 0},
    {HEAD, "7", 0},
    {HEAD, "", 1},
    {"\"format\": \"\\u001b[2J\", \"components\": 3, \"missing\": 0, \"gaps\": []", "", 0},
    {"\"format\": \"\", \"components\": 3, \"missing\": 0, \"gaps\": []", "", 0},
    {"\"components\": 3, \"missing\": 0, \"gaps\": []", "", 0},
    {"\"format\": \"a\", \"components\": -3, \"missing\": 0, \"gaps\": []", "", 0},
    {"\"format\": \"a\", \"components\": 3, \"missing\": \"0\", \"gaps\": []", "", 0},
    {"\"format\": \"a\", \"components\": 3, \"missing\": 0", "", 0},
    {"\"format\": \"a\", \"components\": 3, \"missing\": 0, \"gaps\": [{}]", "", 0},
};

/* What is taken of an answer; its text is freed. */
static enum cret_status taken(struct cret_sbom_judged *judged, char *text)
{
    const struct cret_sbom_profile *profiles[] = {cret_sbom_profile_find("ntia-2021")};
    const struct cret_sbom_question question = {.profiles = profiles, .profile_count = 1};
    struct cret_err err = {0};
    json_t *told = NULL;
    cr_assert_eq(
        cret_json_parse(&told, text, strlen(text), CRET_JSON_STRICT, CRET_CHECK_NONE, &err),
        CRET_OK, "%s: %s", err.what, text);
    const enum cret_status status = cret_sbom_judged_take(judged, &question, told, &err);
    cr_expect(status == CRET_OK || err.class == CRET_ERR_UNDECIDED, "%s", text);
    free(text);
    return status;
}

Test(sbom_judged, an_answer_about_an_sbom_is_held_to_its_form)
{
    struct cret_sbom_judged judged = {.told = NULL};
    cr_assert_eq(taken(&judged, answer(HEAD, FAULT("0") "," FAULT("1"), 0)), CRET_OK);
    cr_expect_str_eq(judged.format, "SPDX 2.3");
    cr_expect_eq(judged.components, 3);
    cr_expect_eq(judged.faults[0].count, 2);
    cr_expect_str_eq(judged.faults[0].list[1].reason, "why");
    cret_sbom_judged_clear(&judged);
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        cr_expect_eq(
            taken(&judged, answer(malformed[i].head, malformed[i].faults, malformed[i].fewer)),
            CRET_FAILED, "%zu", i);
        cr_expect_null(judged.format);
        cr_expect_null(judged.told);
        cr_expect_eq(judged.faults[0].count, 0);
    }
}

Test(sbom_judged, no_profile_too_few_or_too_many)
{
    struct cret_sbom_judged judged = {.told = NULL};
    char *none = strdup("{" HEAD ", \"profiles\": []}");
    cr_expect_eq(taken(&judged, none), CRET_FAILED);
    char *no_list = strdup("{" HEAD "}");
    cr_expect_eq(taken(&judged, no_list), CRET_FAILED);
}
