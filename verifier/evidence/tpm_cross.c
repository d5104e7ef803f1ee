/* SPDX-License-Identifier: Apache-2.0 */
/* --tpm-verify: what the child handed over is verified once more, in the TPM. */
#include "verifier/evidence/tpm_cross.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"

#define DIGEST_MAXIMUM 64u

/* One entry of "crossChecks", decoded. */
struct entry {
    uint8_t *key, *value;
    uint8_t digest[DIGEST_MAXIMUM];
    struct cret_tpm_signature signature;
    const char *name;
};

static void entry_free(struct entry *entry)
{
    free(entry->key);
    free(entry->value);
}

static enum cret_status entry_read(struct entry *entry, const json_t *json)
{
    const char *key = cret_json_string(json, "key"), *value = cret_json_string(json, "value");
    const char *digest = cret_json_string(json, "digest");
    struct cret_tpm_signature *signature = &entry->signature;
    entry->name = cret_json_string(json, "name");
    signature->algorithm = cret_json_string(json, "algorithm");
    if (entry->name == NULL || signature->algorithm == NULL || key == NULL || value == NULL ||
        digest == NULL || strlen(digest) > 2 * DIGEST_MAXIMUM) {
        return CRET_FAILED;
    }
    signature->digest_size = strlen(digest) / 2;
    if (cret_hex_decode(entry->digest, signature->digest_size, digest) != CRET_OK ||
        cret_base64_decode(&entry->key, &signature->key_size, key) != CRET_OK ||
        cret_base64_decode(&entry->value, &signature->value_size, value) != CRET_OK) {
        return CRET_FAILED;
    }
    signature->digest = entry->digest;
    signature->key = entry->key;
    signature->value = entry->value;
    return CRET_OK;
}

static enum cret_status check_entry(struct cret_guard *guard, struct cret_outcome *outcome,
                                    const json_t *json, struct cret_err *err)
{
    struct entry entry = {.key = NULL};
    struct cret_tpm *tpm = NULL;
    enum cret_tpm_answer answer = CRET_TPM_DISAGREES;
    enum cret_status status = CRET_FAILED;
    if (entry_read(&entry, json) != CRET_OK) {
        cret_err_undecided(err, "the reading process did not hand over a signature");
    } else if (cret_guard_connect(guard, &tpm, err) == CRET_OK &&
               cret_tpm_verify(tpm, &entry.signature, &answer, err) == CRET_OK) {
        status = CRET_OK;
        switch (answer) {
        case CRET_TPM_AGREES:
            cret_findings_add(outcome->findings, CRET_CHECK_TPM_SIGNATURE, CRET_RESULT_PASS,
                              (struct cret_finding_text){.where = entry.name},
                              "the TPM verified the signature as well (%s)",
                              entry.signature.algorithm);
            break;
        case CRET_TPM_CANNOT:
            cret_findings_add(outcome->findings, CRET_CHECK_TPM_SIGNATURE, CRET_RESULT_NOT_CHECKED,
                              (struct cret_finding_text){.where = entry.name}, "%s", err->what);
            break;
        default:
            cret_findings_add(
                outcome->findings, CRET_CHECK_TPM_SIGNATURE, CRET_RESULT_FAIL,
                (struct cret_finding_text){
                    .where = entry.name,
                    .expected = "the TPM verifies what OpenSSL verified",
                    .actual = err->actual,
                    .hint = "verify the archive on another machine, and report the difference"},
                "OpenSSL verified this signature, and the TPM does not");
            break;
        }
    }
    entry_free(&entry);
    return status;
}

void cret_guard_cross_check(struct cret_guard *guard, struct cret_outcome *outcome)
{
    struct cret_err err = {0};
    if (!cret_guard_cross_checks(guard) || outcome->verdict == CRET_VERDICT_REFUSED ||
        outcome->verdict == CRET_VERDICT_UNDECIDED) {
        return;
    }
    const json_t *list = json_object_get(outcome->document, "crossChecks");
    const size_t count = json_array_size(list);
    enum cret_status status = CRET_OK;
    if (count == 0 || count != json_array_size(json_object_get(outcome->document, "signatures"))) {
        status = cret_err_undecided(&err, "the reading process did not hand over every signature");
    }
    for (size_t i = 0; status == CRET_OK && i < count; i++) {
        status = check_entry(guard, outcome, json_array_get(list, i), &err);
    }
    cret_guard_release(guard);
    if (status != CRET_OK) {
        cret_outcome_undecide(outcome, &err);
    }
    cret_outcome_conclude(outcome);
}
