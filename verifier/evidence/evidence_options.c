/* SPDX-License-Identifier: Apache-2.0 */
/* Options for what a run leaves, and the key that signs it. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "console/open_key.h"
#include "verifier/evidence/evidence.h"

static const struct cret_option journal_options[] = {
    CRET_OPTION("journal", "DIR",
                "Add a line for this run to the journal in DIR, and keep the record there. A new "
                "journal is begun where there is none."),
    CRET_OPTION("sign-record", "URI",
                "Sign the record with this private key (CMS, as releases are signed).",
                .needs = "record-cert"),
    CRET_OPTION("record-cert", "PEM",
                "The certificate of that key; intermediates may follow it in the file.",
                .needs = "sign-record"),
    CRET_OPTION("record-chain", "PEM", "Intermediate certificates of that key, without the root.",
                .needs = "sign-record"),
    CRET_FLAG("syslog", "One line to the system log for each verdict."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_evidence_journal_group = {"Journal and signature",
                                                              journal_options};

/* Adds the certificates of a file to the list. */
static enum cret_status add_certificates(struct cret_record_signer *signer, const char *path,
                                         struct cret_err *err)
{
    char *pem = NULL;
    size_t size = 0, count = 0;
    struct cret_certificate **list = NULL;
    if (cret_file_read(&pem, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_certificates_read(&list, &count, pem, size, path, err);
    free(pem);
    if (status != CRET_OK) {
        if (err->class == CRET_ERR_REFUSED) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        return CRET_FAILED;
    }
    void *grown = realloc(signer->certificates,
                          (signer->certificate_count + count) * sizeof(*signer->certificates));
    if (grown == NULL) {
        cret_certificates_free(&list, count);
        return cret_err_memory(err);
    }
    signer->certificates = grown;
    memcpy(signer->certificates + signer->certificate_count, list, count * sizeof(*list));
    signer->certificate_count += count;
    free(list);
    return CRET_OK;
}

enum cret_status cret_record_signer_open(struct cret_record_signer *ret_signer,
                                         const struct cret_options *options, const char *key_option,
                                         const char *certificate_option, const char *chain_option,
                                         struct cret_err *err)
{
    struct cret_record_signer signer = {0};
    const char *certificate = cret_options_value(options, certificate_option);
    const char *chain = cret_options_value(options, chain_option);
    if ((certificate != NULL && add_certificates(&signer, certificate, err) != CRET_OK) ||
        (chain != NULL && add_certificates(&signer, chain, err) != CRET_OK) ||
        cret_open_key(&signer.key, options, key_option,
                      signer.certificate_count > 0 ? signer.certificates[0] : NULL,
                      err) != CRET_OK) {
        cret_record_signer_clear(&signer);
        return cret_err_context(err, "--%s", key_option);
    }
    *ret_signer = signer;
    return CRET_OK;
}

void cret_record_signer_clear(struct cret_record_signer *signer)
{
    cret_key_free(&signer->key);
    cret_certificates_free(&signer->certificates, signer->certificate_count);
    signer->certificate_count = 0;
}
