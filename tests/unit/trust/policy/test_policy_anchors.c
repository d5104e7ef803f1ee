/* SPDX-License-Identifier: Apache-2.0 */
/* Bare anchors in the place of a trust policy. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/output.h"
#include "plant.h"

static void write_pem(char *path, size_t size, const char *name, const char *text)
{
    snprintf(path, size, "/tmp/cretula-unit-%ld-%s.pem", (long)getpid(), name);
    cr_assert_eq(cret_file_write(path, text, strlen(text), 0600, NULL), CRET_OK);
}

Test(policy, bare_anchors)
{
    struct pki_entity people[PEOPLE];
    struct cret_policy *policy = NULL;
    struct cret_err err;
    char first[80], second[80], empty[80];
    plant_people(people);
    char *root = pki_pem(&people[ROOT]), *pin = pki_pem(&people[STRANGER]);
    write_pem(first, sizeof(first), "root", root);
    write_pem(second, sizeof(second), "pin", pin);
    write_pem(empty, sizeof(empty), "empty", "");
    const char *const paths[] = {first, second};
    cret_err_clear(&err);
    cr_assert_eq(cret_policy_from_anchors(&policy, paths, 2, false, &err), CRET_OK, "%s", err.what);
    cr_expect(policy->bare_anchor);
    cr_expect_null(policy->scopes[0].vendor);
    cr_expect_eq(policy->scopes[0].signer_count, 2);
    cr_expect_eq(policy->scopes[0].signers[0].anchor.kind, CRET_ANCHOR_CA);
    cr_expect_eq(policy->scopes[0].signers[1].anchor.kind, CRET_ANCHOR_CERTIFICATE);
    cr_expect_eq(policy->severities[CRET_CHECK_TRUST_THRESHOLD], CRET_SEVERITY_FAIL);

    static const struct {
        const char *signature;
        bool met;
    } rows[] = {{"a1", true},         {"x", true},  {"a1:origin", true}, {"a1:approval", false},
                {"x:receipt", false}, {"q", false}, {"o", false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_cms *list[SIGNATURES_MAXIMUM];
        struct cret_signature_judgement judgement;
        struct cret_authentic_scope *scopes = NULL;
        struct cret_findings *findings = cret_findings_new();
        memset(&judgement, 0, sizeof(judgement));
        plant_sign(list, rows[i].signature, people);
        const enum cret_status status =
            cret_policy_judge(PKI_REQUEST(policy, (const struct cret_cms *const *)list, 1),
                              &judgement, &scopes, findings, &err);
        cr_expect_eq(status, rows[i].met ? CRET_OK : CRET_FAILED, "%s", rows[i].signature);
        if (scopes != NULL) {
            cr_expect_not(scopes[0].owner_met, "a bare anchor has no owner");
        }
        free(scopes);
        cret_findings_free(&findings);
        cret_cms_free(&list[0]);
    }
    cret_policy_free(&policy);

    const char *const missing[] = {first, "/nonexistent/anchor.pem"};
    const char *const none[] = {empty};
    char bundle[80], *both = cret_text_printf("%s%s", root, pin);
    write_pem(bundle, sizeof(bundle), "bundle", both);
    const char *const chain[] = {bundle};
    const char *const example[] = {CRET_SOURCE_DIR "/keys-example/root.cert.pem"};
    const char *const key[] = {CRET_SOURCE_DIR "/keys-example/root.key.pem"};
    const struct {
        const char *why;
        const char *const *paths;
        size_t count;
        bool allow;
        enum cret_err_class class; /* NONE: accepted */
    } files[] = {
        {"lesson 5: no anchor", NULL, 0, false, CRET_ERR_USAGE},
        {"lesson 5: missing file", missing, 2, false, CRET_ERR_USAGE},
        {"lesson 5: empty file", none, 1, false, CRET_ERR_USAGE},
        {"a key", key, 1, true, CRET_ERR_USAGE},
        {"two certificates in one file", chain, 1, false, CRET_ERR_USAGE},
        {"lesson 11: an example key", example, 1, false, CRET_ERR_REFUSED},
        {"an example key, allowed", example, 1, true, CRET_ERR_NONE},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        cret_err_clear(&err);
        const enum cret_status status =
            cret_policy_from_anchors(&policy, files[i].paths, files[i].count, files[i].allow, &err);
        cr_expect_eq(status, files[i].class == CRET_ERR_NONE ? CRET_OK : CRET_FAILED, "%s",
                     files[i].why);
        cr_expect_eq(err.class, files[i].class, "%s: %s", files[i].why, err.what);
        if (files[i].class == CRET_ERR_REFUSED) {
            cr_expect_eq(err.check, CRET_CHECK_TRUST_EXAMPLE_KEY);
        }
        cret_policy_free(&policy);
    }
    free(root);
    free(pin);
    free(both);
    unlink(bundle);
    unlink(first);
    unlink(second);
    unlink(empty);
    plant_clear(people);
}
