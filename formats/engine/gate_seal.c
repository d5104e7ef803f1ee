/* SPDX-License-Identifier: Apache-2.0 */
/* Judging the seal of an archive: which of its signatures it dates. */
#include "engine/gate_seal.h"

#include <string.h>

#include "container/layout.h"
#include "trust/seal/seal.h"

static enum cret_status refuse_own_key(const struct cret_seal_proof *proof,
                                       const struct cret_cms *cms, struct cret_err *err)
{
    for (size_t i = 0; i < proof->stamps; i++) {
        if (memcmp(proof->keys[i], cret_certificate_key_digest(cret_cms_signer(cms)),
                   CRET_SHA256_BYTES) == 0) {
            return cret_err_refuse(err, CRET_CHECK_SEAL_TIME,
                                   "the seal was dated with the key of the signature that it is "
                                   "to date");
        }
    }
    return CRET_OK;
}

/* Asks for the manifest and one signature. */
static enum cret_status judge_one(struct cret_gate_signature *signature,
                                  const struct cret_seal *seal, struct cret_seal_request *request,
                                  const struct cret_seal_object objects[2], struct cret_err *err)
{
    struct cret_seal_proof proof = {0};
    request->objects = objects;
    request->object_count = 2;
    if (cret_seal_verify(&proof, seal, request, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = refuse_own_key(&proof, signature->cms, err);
    if (status == CRET_OK) {
        signature->sealed = (struct cret_sealed){.held = true,
                                                 .since = proof.since,
                                                 .until = proof.until,
                                                 .authority = proof.authority,
                                                 .last = proof.last,
                                                 .stamps = proof.stamps};
    }
    cret_seal_proof_clear(&proof);
    return status;
}

/* A signature that was added after the seal is not in it, and is judged as of now; the others must
 * be, and there must be one. */
static enum cret_status judge_all(struct cret_gate_result *result, const struct cret_front *front,
                                  const struct cret_seal *seal, struct cret_seal_request *request,
                                  struct cret_err *err)
{
    size_t held = 0;
    struct cret_err first = {0};
    cret_err_refuse(&first, CRET_CHECK_SEAL_DATA, "the seal is over no signature that is good");
    for (size_t i = 0; i < result->signature_count; i++) {
        struct cret_gate_signature *signature = &result->signatures[i];
        const struct cret_signature *member = &front->signatures[i];
        struct cret_err why = {0};
        char path[40];
        if (signature->cms == NULL) {
            continue;
        }
        cret_layout_signature_path(path, signature->name);
        const struct cret_seal_object objects[] = {
            {"MANIFEST.json", {front->manifest, front->manifest_size}},
            {path, {member->data, member->size}}};
        if (judge_one(signature, seal, request, objects, &why) == CRET_OK) {
            held++;
        } else if (why.class == CRET_ERR_REFUSED && why.check == CRET_CHECK_SEAL_DATA) {
            first = why;
        } else {
            *err = why;
            return CRET_FAILED;
        }
    }
    if (held == 0) {
        *err = first;
    }
    return held > 0 ? CRET_OK : CRET_FAILED;
}

enum cret_status cret_gate_seal(struct cret_gate_result *result, const struct cret_front *front,
                                const struct cret_judge_request *rules,
                                const struct cret_inspect_seal *seal,
                                struct cret_findings *findings, struct cret_err *err)
{
    struct cret_seal *parsed = NULL;
    struct cret_seal_request request = {
        .policy = seal->policy, .now = rules->now, .allow_example_keys = rules->allow_example_keys};
    if (seal->name == NULL) {
        return CRET_OK;
    }
    enum cret_status status =
        cret_seal_parse(&parsed, seal->bytes.data, seal->bytes.size, seal->policy->rsa_2048, err);
    if (status == CRET_OK) {
        status = judge_all(result, front, parsed, &request, err);
    }
    cret_seal_free(&parsed);
    if (status != CRET_OK) {
        for (size_t i = 0; i < result->signature_count; i++) {
            result->signatures[i].sealed = (struct cret_sealed){0};
        }
        cret_err_context(err, "%s", seal->name);
        if (err->class == CRET_ERR_REFUSED) {
            cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        }
    }
    return status;
}
