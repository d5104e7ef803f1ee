/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode: compound files (MSI) and cabinets, with the signature in them; catalogues. */
#include "../foreign.h"

#define DATA "tests/unit/foreign/data/authenticode/"

static const struct fuzz_foreign rows[] = {
    {"authenticode-msi", DATA "setup.msi", NULL, DATA "signer.pem"},
    {"authenticode-msi", DATA "names.msi", NULL, DATA "signer.pem"},
    {"authenticode-cab", DATA "update.cab", NULL, DATA "signer.pem"},
    {"authenticode-catalog", NULL, DATA "driver.cat", DATA "signer.pem"},
    {"authenticode-catalog", DATA "driver.sys", DATA "driver.cat", DATA "signer.pem"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_foreign(rows, CRET_LENGTH(rows), (struct fuzz_part){data, size});
}
