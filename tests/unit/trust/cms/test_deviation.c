/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "deviation.h"
#include "trust/asn1/oid.h"
#include "trust/x509/certificate_parts.h"

const char deviation_content[] = "{\n  \"cretula\": \"manifest/1\"\n}\n";

void list_certificates(struct forge *forge, const struct pki_entity *const *list, size_t count,
                       const struct cret_digest_algorithm *digest)
{
    struct cret_buffer ids = {0}, outer = {0}, value = {0};
    for (size_t i = 0; i < count; i++) {
        der_put_certificate_id(&ids, list[i], digest, true);
    }
    der_wrap(&outer, CRET_DER_SEQUENCE, &ids);
    der_wrap(&value, CRET_DER_SEQUENCE, &outer);
    forge_replace(forge, 2, cret_oid_signing_certificate, value.data, value.size);
    cret_buffer_free(&value);
}

const struct cret_signature_algorithm *algorithm_of(const struct pki_entity *entity,
                                                    const char *digest)
{
    return cret_signature_algorithm_for(&cret_certificate_parts(entity->certificate)->key,
                                        cret_digest_by_name(digest), false);
}

enum cret_status judge_forge(struct forge *forge, struct cret_err *err)
{
    size_t size = 0;
    uint8_t *der = forge_write(forge, &size);
    const enum cret_status status = pki_judge(der, size, deviation_content, err);
    free(der);
    return status;
}

static enum cret_status judge_deviation(const struct deviation *row, const struct pki_chain *f,
                                        struct cret_err *err)
{
    const struct pki_entity *const intermediates[] = {&f->middle};
    struct forge forge;
    forge_begin(&forge, &f->leaf, deviation_content, intermediates, 1);
    row->apply(&forge, f);
    const enum cret_status status = judge_forge(&forge, err);
    forge_end(&forge);
    return status;
}

void expect_refused(const struct deviation *rows, size_t count)
{
    struct pki_chain f = pki_chain_make();
    for (size_t i = 0; i < count; i++) {
        struct cret_err err;
        cr_expect_neq(judge_deviation(&rows[i], &f, &err), CRET_OK, "%s", rows[i].name);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s: %s", rows[i].name, err.what);
        cr_expect(err.check == CRET_CHECK_SIGNATURE_FORM ||
                      err.check == CRET_CHECK_SIGNATURE_ALGORITHM,
                  "%s: %s", rows[i].name, err.what);
    }
    pki_chain_clear(&f);
}

void expect_accepted(const struct deviation *rows, size_t count)
{
    struct pki_chain f = pki_chain_make();
    for (size_t i = 0; i < count; i++) {
        struct cret_err err;
        cr_expect_eq(judge_deviation(&rows[i], &f, &err), CRET_OK, "%s: %s %s", rows[i].name,
                     err.what, err.where);
    }
    pki_chain_clear(&f);
}
