/* SPDX-License-Identifier: Apache-2.0 */
/* What lint and sbom complete take of a reading process: an answer of its form, and nothing else.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "signer/verbs/told.h"

/* An answer; NULL: not told. */
struct answer {
    const char *json, *files[2];
};

static struct cret_apart_told told_of(const struct answer *answer, struct cret_findings *findings)
{
    struct cret_apart_told told = {.findings = findings};
    told.json = answer->json != NULL ? json_loads(answer->json, 0, NULL) : NULL;
    for (size_t i = 0; i < 2; i++) {
        told.files[i].data = answer->files[i] != NULL ? strdup(answer->files[i]) : NULL;
        told.files[i].size = answer->files[i] != NULL ? strlen(answer->files[i]) : 0;
    }
    return told;
}

static bool lint(const struct answer *answer, bool with_manifest, bool fault)
{
    struct cret_findings *findings = cret_findings_new();
    const json_t *renamed = NULL;
    size_t files = 77;
    if (fault) {
        cret_findings_add(findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = "here"}, "a fault");
    }
    struct cret_apart_told told = told_of(answer, findings);
    const bool taken = cret_told_lint(&files, &renamed, &told, with_manifest);
    cr_expect_eq(taken, renamed != NULL);
    cr_expect_eq(!taken, files == 77);
    cret_apart_clear(&told);
    cret_findings_free(&findings);
    return taken;
}

static const char *const no_lint[] = {
    NULL,
    "{}",
    "{\"files\": -1, \"renamed\": []}",
    "{\"files\": 200001, \"renamed\": []}",
    "{\"files\": 1}",
    "{\"files\": 1, \"renamed\": {}}",
    "{\"files\": 0, \"renamed\": [{\"originalName\": \"a\", \"path\": \"b\"}]}",
    "{\"files\": 1, \"renamed\": [{\"path\": \"b\"}]}",
    "{\"files\": 1, \"renamed\": [{\"originalName\": \"a\"}]}",
    "{\"files\": 1, \"renamed\": [7]}",
};

Test(told, lint_takes_what_has_its_form)
{
    const struct answer good = {
        .json = "{\"files\": 1, \"renamed\": [{\"originalName\": \"a\", \"path\": \"b\"}]}",
        .files = {"{}"}};
    const struct answer without = {.json = good.json};
    cr_expect(lint(&good, true, false));
    cr_expect(lint(&without, false, false));
    cr_expect(lint(&without, true, true), "its findings say why");
    cr_expect_not(lint(&without, true, false), "no manifest, and no fault");
    for (size_t i = 0; i < sizeof(no_lint) / sizeof(no_lint[0]); i++) {
        cr_expect_not(lint(&(struct answer){no_lint[i], {"{}", NULL}}, true, false), "%zu", i);
    }
}

static bool completion(const struct answer *answer, bool with_vex)
{
    struct cret_apart_told told = told_of(answer, NULL);
    size_t vulnerabilities = 77;
    const bool taken = cret_told_completion(&vulnerabilities, &told, with_vex);
    cr_expect_eq(!taken, vulnerabilities == 77);
    cret_apart_clear(&told);
    return taken;
}

#define TOLD(changes, vulnerabilities, in_place)                                                   \
    "{\"changes\": " changes ", \"vulnerabilities\": " vulnerabilities ", \"inPlace\": " in_place  \
    "}"
#define GOOD TOLD("[\"one\"]", "2", "false")

static const struct answer no_completion[] = {
    {NULL, {"{}", "{}"}},
    {"{}", {"{}", "{}"}},
    {TOLD("7", "2", "false"), {"{}", "{}"}},
    {TOLD("[7]", "2", "false"), {"{}", "{}"}},
    {TOLD("[]", "-1", "false"), {"{}", "{}"}},
    {TOLD("[]", "2147483648", "false"), {"{}", "{}"}},
    {TOLD("[]", "2", "0"), {"{}", "{}"}},
    {GOOD, {NULL, NULL}},
    {GOOD, {"", NULL}},
    {GOOD, {"[]", NULL}},
    {GOOD, {"{} {}", NULL}},
    {GOOD, {"ACCEPTED", NULL}},
    {GOOD, {"{\"a\": \"\x1b[2J\"}", NULL}},
    {GOOD, {"{}", "[]"}},
    {GOOD, {"{}", "{\"a\": 1, \"a\": 2}"}},
};

Test(told, a_completed_sbom_is_one_object)
{
    const struct answer good = {GOOD, {"{\"a\": 1.5}", "{}"}}, alone = {GOOD, {"{}", NULL}};
    cr_expect(completion(&good, true));
    cr_expect(completion(&alone, true));
    cr_expect(completion(&alone, false));
    cr_expect_not(completion(&good, false), "nothing was to be taken out");
    for (size_t i = 0; i < sizeof(no_completion) / sizeof(no_completion[0]); i++) {
        cr_expect_not(completion(&no_completion[i], true), "%zu", i);
    }
}
