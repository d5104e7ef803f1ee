/* SPDX-License-Identifier: Apache-2.0 */
/* Verification records: an acceptance never holds a fault, and all readers of a record agree. */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "base/text/json.h"
#include "evidence/record/record_read.h"

static void hold_checks(const struct cret_record_copy *copy)
{
    const json_t *checks = cret_json_get(copy->json, "result.checks");
    size_t index;
    json_t *one;
    const bool accepted = copy->verdict == CRET_VERDICT_ACCEPTED ||
                          copy->verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
    FUZZ_HOLD(!accepted || json_array_size(checks) > 0);
    json_array_foreach(checks, index, one)
    {
        const char *result = cret_json_string(one, "result");
        FUZZ_HOLD(result != NULL);
        FUZZ_HOLD(!accepted || strcmp(result, "FAIL") != 0);
        FUZZ_HOLD(copy->verdict != CRET_VERDICT_ACCEPTED || strcmp(result, "WAIVED") != 0);
    }
    FUZZ_HOLD(accepted || !cret_record_accepts(copy));
}

/* A signature over these bytes is taken, and over no others. */
static void hold_signature(const struct cret_record_copy *copy)
{
    static struct cret_policy *policy;
    struct cret_record_sealed sealed = {0};
    struct cret_record_judges judges = {.now = FUZZ_NOW, .allow_example_keys = true};
    struct cret_record_copy other = *copy;
    size_t size = 0;
    if (policy == NULL) {
        policy = fuzz_policy("[{\"role\": \"release\", \"signers\": [\"R\"]}]", NULL);
    }
    judges.policy = policy;
    uint8_t *der = fuzz_sign_cms(fuzz_entity(FUZZ_RELEASE), copy->text, copy->size,
                                 CRET_MEANING_NONE, (struct fuzz_part){0}, &size);
    FUZZ_HOLD(cret_record_verify_signature(&sealed, copy, der, size, &judges, NULL) == CRET_OK);
    FUZZ_HOLD(sealed.signer != NULL);
    cret_record_sealed_clear(&sealed);
    other.size--;
    FUZZ_HOLD(cret_record_verify_signature(&sealed, &other, der, size, &judges, NULL) != CRET_OK);
    FUZZ_HOLD(sealed.signer == NULL);
    free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_record_copy copy;
    struct cret_err err;
    json_t *brief = NULL;
    size_t files = 0;
    char *text = calloc(1, size + 1);
    FUZZ_HOLD(text != NULL);
    memcpy(text, data, size);
    memset(&copy, 0, sizeof(copy));
    cret_err_clear(&err);
    const bool taken = cret_record_parse(&copy, text, size, "fuzz", &err) == CRET_OK;
    if (taken) {
        FUZZ_HOLD(copy.size == size && memcmp(copy.text, data, size) == 0);
        hold_checks(&copy);
        hold_signature(&copy);
    } else {
        FUZZ_HOLD(copy.json == NULL && copy.text == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_record_copy_clear(&copy);
    /* What the other two readers take, this one does too. */
    FUZZ_HOLD(cret_record_read_back(text, size, NULL) != CRET_OK || taken);
    FUZZ_HOLD(cret_record_read_brief(&brief, &files, text, size, 2, NULL) != CRET_OK || taken);
    json_decref(brief);
    free(text);
    return 0;
}
