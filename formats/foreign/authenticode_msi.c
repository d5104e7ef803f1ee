/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode of installer packages (MSI), whose signature is a stream of them. */
#include <stdlib.h>

#include "foreign/authenticode.h"
#include "foreign/msi.h"

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    return side == NULL && cret_cfb_is(file);
}

static enum cret_status hash(void *context, const struct cret_foreign_file *file, const EVP_MD *md,
                             uint8_t *ret_digest, size_t *ret_size, struct cret_err *err)
{
    (void)file;
    return cret_msi_hash(context, md, ret_digest, ret_size, err);
}

static enum cret_status verify_signature(const struct cret_foreign_question *question,
                                         struct cret_msi *msi, struct cret_foreign_proof *proof,
                                         struct cret_err *err)
{
    const struct cret_authenticode how = {.data_type = "msi", .hash = hash, .context = msi};
    uint8_t *data = NULL;
    size_t used = 0;
    if (cret_cfb_load(&data, &msi->cfb, msi->signature, CRET_AUTHENTICODE_BYTES, "the signature",
                      err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes message = {data, msi->signature->size};
    const enum cret_status status =
        cret_authenticode_verify(question, &how, &message, 1, &used, proof, err);
    free(data);
    if (status != CRET_OK || cret_msi_check_names(msi, proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_cfb_slack_of(&msi->cfb, msi->signature, used, CRET_CFB_SLACK_SIGNATURE, err);
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    struct cret_msi msi;
    enum cret_status status = cret_msi_open(&msi, question->file, err);
    if (status == CRET_OK && msi.signature == NULL) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "the package is not signed");
        status = cret_err_hint(err, "ask the vendor for a signed one; a package whose signature "
                                    "was taken away looks the same");
    } else if (status == CRET_OK) {
        status = verify_signature(question, &msi, ret_proof, err);
    }
    if (status == CRET_OK) {
        cret_msi_name_gaps(&msi, ret_proof);
        ret_proof->verified = ret_proof->covered = true;
    }
    cret_msi_clear(&msi);
    return status;
}

const struct cret_foreign_kind cret_foreign_kind_authenticode_msi = {
    .id = "authenticode-msi",
    .pin_kind = "authenticode",
    .words = "an Authenticode signature of an installer package (MSI)",
    .proves = "The publisher who is pinned signed this package, with all that is packed in it.",
    .leaves = "Which product and version it is, whether it is the newest one, cabinets that lie "
              "beside it, and that the publisher's certificate was not withdrawn since the lists "
              "that were given.",
    .recognize = recognize,
    .verify = verify,
};
