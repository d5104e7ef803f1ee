/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate, with everything on. The input changes the manifest and parts of the signature before
 * they are signed (signing.h: places 0 to 9), and bytes afterwards: 16 the finished signature, 17
 * the manifest. The first byte says who signs, what he means, and whether there is a timestamp.
 */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "engine/gate.h"

static const char manifest[] = "{\"cretula\": \"manifest/1\"}\n";

enum { BEFORE = 10, SIGNATURE = 16, AFTER = 17 };

static void with_timestamp(uint8_t **der, size_t *size)
{
    struct cret_cms *cms = NULL;
    struct pki_token token;
    size_t stamped = 0;
    if (cret_cms_parse(&cms, *der, *size, NULL) != CRET_OK) {
        return;
    }
    if (cret_cms_timestamp(cms) == NULL) {
        pki_token_begin(&token, fuzz_entity(FUZZ_TSA), "20260601000000Z", NULL, 0);
        uint8_t *more = pki_token_attach(&token, cms, &stamped);
        free(*der);
        *der = more;
        *size = stamped;
    }
    cret_cms_free(&cms);
}

/* What the gate opened for: the release key signed these very bytes, as its role means it. */
static void hold_open(const struct cret_gate_result *result, const struct cret_front *front,
                      bool signature_changed, bool manifest_changed)
{
    const struct cret_gate_signature *signature = &result->signatures[0];
    const struct cret_cms *cms = signature->cms;
    size_t size = 0;
    FUZZ_HOLD(result->signature_count == 1 && cms != NULL && !signature->unchecked);
    const uint8_t *bytes = cret_authentic_bytes(result->authentic, &size);
    FUZZ_HOLD(size == front->manifest_size && memcmp(bytes, front->manifest, size) == 0);
    FUZZ_HOLD(!manifest_changed);
    FUZZ_HOLD(signature->judgement.counted && strcmp(signature->judgement.signer, "R") == 0);
    FUZZ_HOLD(memcmp(cret_certificate_digest(cret_cms_signer(cms)),
                     cret_certificate_digest(fuzz_entity(FUZZ_RELEASE)->certificate),
                     CRET_SHA256_BYTES) == 0);
    FUZZ_HOLD(cret_cms_meaning(cms) == CRET_MEANING_ORIGIN ||
              cret_cms_meaning(cms) == CRET_MEANING_NONE);
    FUZZ_HOLD(fuzz_same_cms(front->signatures[0].data, front->signatures[0].size));
    /* Of a finished signature no bit can change; a timestamp as a whole can be taken away. */
    FUZZ_HOLD(!signature_changed || cret_cms_timestamp(cms) == NULL);
}

static void judge(const struct cret_front *front, bool signature_changed, bool manifest_changed)
{
    static struct cret_policy *policy;
    struct cret_gate_result result;
    struct cret_err err;
    struct cret_findings *findings = cret_findings_new();
    if (policy == NULL) {
        policy = fuzz_policy("[{\"role\": \"release\", \"signers\": [\"R\"]}]", NULL);
    }
    cret_err_clear(&err);
    memset(&result, 0, sizeof(result));
    const struct cret_judge_request rules = {
        .policy = policy, .now = FUZZ_NOW, .allow_example_keys = true};
    const struct cret_inspect_seal none = {0};
    const enum cret_status status = cret_gate(&result, front, &rules, &none, findings, &err);
    FUZZ_HOLD((status == CRET_OK) == (result.authentic != NULL));
    FUZZ_HOLD((status == CRET_OK) != cret_findings_failed(findings));
    if (status == CRET_OK) {
        hold_open(&result, front, signature_changed, manifest_changed);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_gate_result_free(&result);
    cret_findings_free(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part changes = {data, size};
    const uint8_t how = fuzz_byte(&changes);
    const enum fuzz_who who = (how & 1) != 0 ? FUZZ_QUALITY : FUZZ_RELEASE;
    const struct pki_entity *entity = fuzz_entity(who);
    struct cret_buffer text = {0}, cms = {0};
    char hex[CRET_SHA256_HEX];
    cret_buffer_append(&text, manifest, strlen(manifest));
    fuzz_change(&text, BEFORE, changes);
    size_t der_size = 0;
    uint8_t *der = fuzz_sign_cms(entity, text.data, text.size, (enum cret_meaning)((how >> 1) % 3),
                                 changes, &der_size);
    if ((how & 8) != 0) {
        with_timestamp(&der, &der_size);
    }
    cret_buffer_append(&cms, der, der_size);
    free(der);
    const bool signature_changed = fuzz_change(&cms, SIGNATURE, changes);
    const bool manifest_changed = fuzz_change(&text, AFTER, changes);
    struct cret_signature signature = {.data = (uint8_t *)cms.data, .size = cms.size};
    cret_hex_encode(hex, cret_certificate_key_digest(entity->certificate), CRET_SHA256_BYTES);
    memcpy(signature.name, hex, 16);
    const struct cret_front front = {.manifest = (uint8_t *)text.data,
                                     .manifest_size = text.size,
                                     .signatures = &signature,
                                     .signature_count = 1};
    judge(&front, signature_changed, manifest_changed);
    cret_buffer_free(&text);
    cret_buffer_free(&cms);
    return 0;
}
