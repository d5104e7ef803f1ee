/* SPDX-License-Identifier: Apache-2.0 */
/* endorse of a package: a list of one's own over all of it and over who signed before. The
 * package is read by processes that have no key. */
#include "signer/verbs/endorse_package.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "keys/sign.h"
#include "signer/archive/amend.h"
#include "signer/command/options.h"
#include "signer/report/package_report.h"

/* The reading processes. */

/* Before the key is opened: the list that is to be signed. */
static enum cret_status list_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct cret_amend *amend = context;
    const struct cret_bytes list = cret_amend_content(amend);
    if (cret_amend_takes(amend, amend->credentials.list[0], err) != CRET_OK) {
        return CRET_FAILED;
    }
    told->json = cret_package_told(cret_amend_manifest(amend), amend->seen.draft.count);
    told->files[0].data = malloc(list.size + 1);
    if (told->json == NULL || told->files[0].data == NULL) {
        return cret_err_memory(err);
    }
    memcpy(told->files[0].data, list.data, list.size);
    told->files[0].size = list.size;
    return CRET_OK;
}

/* When it is gone: the package with the signature. */
static enum cret_status join_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    struct cret_amend *amend = context;
    if (cret_amend_takes(amend, amend->credentials.list[0], err) != CRET_OK ||
        cret_amend_parse(amend, &amend->additions[0], err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_amend_tell(
        amend, told, cret_package_told(cret_amend_manifest(amend), amend->seen.draft.count), err);
}

/* Whoever asked. */

static struct cret_sign_request request_of(const struct cret_amend *amend)
{
    return (struct cret_sign_request){
        .key = amend->credentials.key,
        .certificate = amend->credentials.list[0],
        .chain = amend->credentials.chain,
        .chain_count = amend->credentials.intermediate_count,
        .meaning = cret_options_given(amend->options, "meaning")
                       ? cret_option_meaning(amend->options)
                       : CRET_MEANING_APPROVAL,
        .has_signing_time = true,
        .signing_time = cret_os_now(),
        .allow_example_keys = amend->work.allow_example_keys,
    };
}

/* The list as it was told, and its digest. The key is opened when all of the package was read, and
 * gone afterwards. */
static enum cret_status sign(struct cret_amend *amend, uint8_t ret_list[CRET_SHA256_BYTES],
                             struct cret_err *err)
{
    const uint8_t *list = (const uint8_t *)amend->told.files[0].data;
    const size_t size = amend->told.files[0].size;
    struct cret_addition *addition = cret_amend_next(amend);
    enum cret_status status = CRET_FAILED;
    if (list == NULL || size == 0) {
        return cret_apart_malformed(err);
    }
    if (cret_credentials_key(&amend->credentials, amend->options, false, err) == CRET_OK) {
        const struct cret_sign_request request = request_of(amend);
        if (cret_sign_check(&request, err) == CRET_OK &&
            cret_sha256(ret_list, list, size, err) == CRET_OK) {
            status = cret_key_sign(&addition->der, &addition->size, &request, list, size, err);
        }
    }
    cret_key_free(&amend->credentials.key);
    return status;
}

static enum cret_status run(struct cret_amend *amend, struct cret_err *err)
{
    uint8_t list[CRET_SHA256_BYTES] = {0};
    if (cret_amend_begin(amend, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_sign_request request = request_of(amend);
    /* What the certificates forbid is said before gigabytes are read. */
    if (cret_sign_check(&request, err) != CRET_OK ||
        cret_amend_open(amend, cret_options_operand(amend->options, 0), true, err) != CRET_OK ||
        cret_amend_read(amend, list_apart, amend, err) != CRET_OK ||
        sign(amend, list, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_amend_own own = {list, {amend->additions[0].der, amend->additions[0].size}};
    cret_apart_clear(&amend->told);
    return cret_amend_read(amend, join_apart, amend, err) == CRET_OK &&
                   cret_package_said(json_object_get(amend->told.json, "report"), err) == CRET_OK &&
                   cret_amend_replace(amend, 1, &own, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

int cret_endorse_package(const struct cret_options *options)
{
    struct cret_amend amend;
    struct cret_err err = {0};
    int code = 0;
    cret_amend_init(&amend, options, "verifying");
    if (run(&amend, &err) == CRET_OK) {
        const struct cret_package_report report = {
            .title = "Signed",
            .file = cret_options_operand(options, 0),
            .told = json_object_get(amend.told.json, "report"),
            .identity = amend.identity,
            .identity_open = amend.identity_open,
            .signer = amend.credentials.list[0],
        };
        code = cret_package_tell(options, &report);
    } else {
        code = cret_verb_fail(options, &err);
    }
    cret_amend_clear(&amend);
    return code;
}
