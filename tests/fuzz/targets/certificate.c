/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates in DER and PEM: what is read has one encoding, and is read alike from PEM. */
#include <stdlib.h>
#include <string.h>

#include "../signing.h"
#include "trust/x509/certificate.h"

static void hold(const struct cret_certificate *certificate)
{
    size_t size = 0, count = 0;
    struct cret_certificate **list = NULL;
    uint8_t digest[CRET_SHA256_BYTES];
    const uint8_t *der = cret_certificate_der(certificate, &size);
    FUZZ_HOLD(cret_sha256(digest, der, size, NULL) == CRET_OK);
    FUZZ_HOLD(memcmp(digest, cret_certificate_digest(certificate), sizeof(digest)) == 0);
    char *pem = cret_certificate_pem(certificate);
    FUZZ_HOLD(pem != NULL);
    FUZZ_HOLD(cret_certificates_read(&list, &count, pem, strlen(pem), "fuzz", NULL) == CRET_OK);
    FUZZ_HOLD(count == 1);
    FUZZ_HOLD(memcmp(cret_certificate_digest(list[0]), digest, sizeof(digest)) == 0);
    cret_certificates_free(&list, count);
    free(pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_certificate *certificate = NULL;
    struct cret_certificate **list = NULL;
    size_t count = 0;
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_certificate_from_der(&certificate, data, size, &err) == CRET_OK) {
        hold(certificate);
        FUZZ_HOLD(fuzz_same_certificate(data, size));
    } else {
        FUZZ_HOLD(certificate == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED | 1u << CRET_ERR_USAGE);
    }
    cret_certificate_free(&certificate);
    cret_err_clear(&err);
    if (cret_certificates_read(&list, &count, (const char *)data, size, "fuzz", &err) == CRET_OK) {
        FUZZ_HOLD(count > 0);
        for (size_t i = 0; i < count; i++) {
            hold(list[i]);
        }
    } else {
        FUZZ_HOLD(list == NULL && count == 0);
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    cret_certificates_free(&list, count);
    return 0;
}
