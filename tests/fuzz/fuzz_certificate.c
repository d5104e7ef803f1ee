/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates in DER and PEM. */
#include "trust/x509/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_certificate *certificate = NULL;
    struct cret_certificate **list = NULL;
    size_t count = 0;
    if (cret_certificate_from_der(&certificate, data, size, NULL) == CRET_OK) {
        cret_certificate_free(&certificate);
    }
    if (cret_certificates_read(&list, &count, (const char *)data, size, "fuzz", NULL) == CRET_OK) {
        cret_certificates_free(&list, count);
    }
    return 0;
}
