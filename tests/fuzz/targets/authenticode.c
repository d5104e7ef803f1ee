/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode: programs, compound files (MSI) and cabinets, with the signature in them;
 * catalogues. Detached CMS, which has the same readers below. */
#include "../foreign.h"

#define DATA "tests/unit/foreign/data/authenticode/"
#define VECTORS "tests/vectors/verdicts/updates/"

static const struct fuzz_foreign rows[] = {
    {"authenticode-msi", DATA "setup.msi", NULL, DATA "signer.pem"},
    {"authenticode-msi", DATA "names.msi", NULL, DATA "signer.pem"},
    {"authenticode-cab", DATA "update.cab", NULL, DATA "signer.pem"},
    {"authenticode-catalog", NULL, DATA "driver.cat", DATA "signer.pem"},
    {"authenticode-catalog", DATA "driver.sys", DATA "driver.cat", DATA "signer.pem"},
    {"authenticode-pe", VECTORS "pe-good.exe", NULL, VECTORS "pe-good-key.pem"},
    {"authenticode-pe", VECTORS "pe-good-nested.exe", NULL, VECTORS "pe-good-key.pem"},
    {"authenticode-pe", VECTORS "pe-good-two-entries.exe", NULL, VECTORS "pe-good-key.pem"},
    {"cms", VECTORS "minisign-good.bin", VECTORS "cms-good.p7s", VECTORS "cms-good-key.pem"},
    {"cms", VECTORS "minisign-good.bin", VECTORS "cms-good-pem.p7s", VECTORS "cms-good-key.pem"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_foreign(rows, CRET_LENGTH(rows), (struct fuzz_part){data, size});
}
