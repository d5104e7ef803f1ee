/* SPDX-License-Identifier: Apache-2.0 */
/* The CMS walker: what it lets through has one encoding, and verifies over nothing but what was
 * signed. */
#include <string.h>

#include "../signing.h"
#include "trust/cms/cms.h"
#include "trust/cms/cms_form.h"

/* The fuzzer has no key: a signature over these bytes cannot be right. */
static void hold(const struct cret_cms *cms, const uint8_t *data, size_t size)
{
    static const uint8_t other[] = "nobody signed this";
    struct cret_err err;
    cret_err_clear(&err);
    FUZZ_HOLD(cret_cms_verify(cms, other, sizeof(other), &err) != CRET_OK);
    fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    FUZZ_HOLD(cret_cms_match_content(cms, other, sizeof(other), NULL) != CRET_OK);
    FUZZ_HOLD(fuzz_same_cms(data, size));
    FUZZ_HOLD(cret_cms_signer(cms) != NULL && cret_cms_algorithm(cms) != NULL);
    FUZZ_HOLD(cret_cms_meaning(cms) < CRET_MEANING_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_cms *cms = NULL;
    struct cret_cms_form form;
    struct cret_err err;
    cret_err_clear(&err);
    const bool formed = cret_cms_form_parse(&form, CRET_CMS_SIGNATURE, data, size, NULL) == CRET_OK;
    if (cret_cms_parse(&cms, data, size, &err) == CRET_OK) {
        FUZZ_HOLD(formed);
        hold(cms, data, size);
    } else {
        FUZZ_HOLD(cms == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_cms_free(&cms);
    if (cret_cms_parse_under(&cms, data, size, true, NULL) == CRET_OK) {
        hold(cms, data, size);
    }
    cret_cms_free(&cms);
    return 0;
}
