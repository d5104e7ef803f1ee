/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: the text before a zero byte is signed by the owner, whose role may waive; what follows
 * changes the signed text (place 0) and the signature (16) afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "engine/gate.h"
#include "trust/policy/waiver.h"

static void hold_list(const struct cret_waiver *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        FUZZ_HOLD(list[i].check > CRET_CHECK_NONE && list[i].check < CRET_CHECK_COUNT);
        FUZZ_HOLD(list[i].reason != NULL && list[i].approver != NULL);
        FUZZ_HOLD(list[i].issued <= list[i].until);
    }
}

static void parse(const struct cret_authentic *authentic, const char *text, size_t size)
{
    struct cret_waiver *list = NULL, *alone = NULL;
    size_t count = 0, alone_count = 0;
    struct cret_err err;
    cret_err_clear(&err);
    const bool good = cret_waivers_parse(&list, &count, authentic, "fuzz", &err) == CRET_OK;
    if (good) {
        FUZZ_HOLD(count > 0);
        hold_list(list, count);
    } else {
        FUZZ_HOLD(list == NULL && count == 0);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    FUZZ_HOLD((cret_waivers_parse_unverified(&alone, &alone_count, text, size, "fuzz", NULL) ==
               CRET_OK) == good);
    FUZZ_HOLD(alone_count == count);
    cret_waiver_list_free(&list, count);
    cret_waiver_list_free(&alone, alone_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_policy *policy;
    struct fuzz_part parts[2];
    struct cret_buffer text = {0}, cms = {0};
    char hex[CRET_SHA256_HEX], *signers = NULL;
    size_t der_size = 0;
    struct cret_authentic *authentic = NULL;
    struct cret_err err;
    if (policy == NULL) {
        policy = fuzz_policy("[{\"role\": \"release\", \"signers\": [\"R\"]}, {\"role\": "
                             "\"waiver\", \"signers\": [\"O\"]}]",
                             NULL);
    }
    fuzz_split(parts, 2, data, size);
    cret_buffer_append(&text, parts[0].data, parts[0].size);
    const struct pki_entity *owner = fuzz_entity(FUZZ_OWNER);
    uint8_t *der = fuzz_sign_cms(owner, text.data, text.size, CRET_MEANING_APPROVAL,
                                 (struct fuzz_part){0}, &der_size);
    cret_buffer_append(&cms, der, der_size);
    free(der);
    const bool text_changed = fuzz_change(&text, 0, parts[1]);
    const bool changed = fuzz_change(&cms, 16, parts[1]) || text_changed;
    struct cret_signature signature = {.data = (uint8_t *)cms.data, .size = cms.size};
    cret_hex_encode(hex, cret_certificate_key_digest(owner->certificate), CRET_SHA256_BYTES);
    memcpy(signature.name, hex, 16);
    const struct cret_gate_file file = {
        .text = text.data, .size = text.size, .signatures = &signature, .signature_count = 1};
    const struct cret_judge_request rules = {
        .policy = policy, .now = FUZZ_NOW, .allow_example_keys = true};
    cret_err_clear(&err);
    if (cret_gate_waivers(&authentic, &signers, &file, &rules, &err) == CRET_OK) {
        FUZZ_HOLD(!changed && authentic != NULL && strcmp(signers, "O") == 0);
        parse(authentic, text.data, text.size);
    } else {
        FUZZ_HOLD((changed || text.size == 0) && authentic == NULL && signers == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    free(signers);
    cret_authentic_free(&authentic);
    cret_buffer_free(&text);
    cret_buffer_free(&cms);
    return 0;
}
