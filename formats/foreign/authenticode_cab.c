/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode of cabinets (CAB), whose signature lies behind them. */
#include <stdlib.h>

#include "foreign/authenticode.h"
#include "foreign/cab.h"

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_cab_is(file);
}

static enum cret_status hash(void *context, const struct cret_foreign_file *file, const EVP_MD *md,
                             uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    return cret_cab_hash(context, file, md, ret_digest, ret_size, err);
}

static enum cret_status verify_signature(const struct cret_foreign_question *question,
                                         struct cret_cab *cab, struct cret_foreign_proof *proof,
                                         struct cret_err *err)
{
    const struct cret_authenticode how = {.data_type = "cab", .hash = hash, .context = cab};
    const struct cret_foreign_file *file = question->file;
    uint8_t *data = NULL;
    size_t used = 0;
    if (cret_foreign_load(&data, file, cab->signature, cab->signature_size, CRET_AUTHENTICODE_BYTES,
                          "the signature", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes message = {data, (size_t)cab->signature_size};
    const enum cret_status status =
        cret_authenticode_verify(question, &how, &message, 1, &used, proof, err);
    free(data);
    if (status != CRET_OK || cret_cab_name_gaps(cab, file, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_foreign_gap_read(proof, file, "bytes behind the signature of the cabinet",
                                 cab->signature + used, cab->signature_size - used, err);
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_cab cab;
    if (cret_cab_read(&cab, question->file, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cab.signature_size == 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the cabinet is not signed");
        return cret_err_hint(err, "ask the vendor for a signed one; a cabinet whose signature was "
                                  "taken away looks the same");
    }
    if (verify_signature(question, &cab, ret_proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    ret_proof->verified = ret_proof->covered = true;
    return CRET_OK;
}

const struct cret_foreign_kind cret_foreign_kind_authenticode_cab = {
    .id = "authenticode-cab",
    .pin_kind = "authenticode",
    .words = "an Authenticode signature of a cabinet (CAB)",
    .proves = "The publisher who is pinned signed this cabinet, with all that is packed in it.",
    .leaves = "Which product and version it is, whether it is the newest one, and that the "
              "publisher's certificate was not withdrawn since the lists that were given.",
    .recognize = recognize,
    .verify = verify,
};
