/* SPDX-License-Identifier: Apache-2.0 */
/* Authenticode: programs, compound files (MSI) and cabinets, with the signature in them;
 * catalogues. Detached CMS, which has the same readers below. */
#include "../foreign.h"

#define DATA "tests/unit/foreign/data/authenticode/"
#define VECTORS "tests/vectors/verdicts/updates/"
#define KEY VECTORS "pe-good-key.pem"
#define FIRMWARE VECTORS "minisign-good.bin"
#define CHECKSUM                                                                                   \
    {                                                                                              \
        152, 4                                                                                     \
    }
#define DIRECTORY_ENTRY                                                                            \
    {                                                                                              \
        232, 8                                                                                     \
    }
#define SIGNATURE_SIZE                                                                             \
    {                                                                                              \
        48, 4                                                                                      \
    }

static const struct fuzz_foreign rows[] = {
    {"authenticode-msi", DATA "setup.msi", NULL, DATA "signer.pem", 0, {{0}}},
    {"authenticode-msi", DATA "names.msi", NULL, DATA "signer.pem", 0, {{0}}},
    {"authenticode-cab", DATA "update.cab", NULL, DATA "signer.pem", 625, {SIGNATURE_SIZE}},
    {"authenticode-catalog", NULL, DATA "driver.cat", DATA "signer.pem", FUZZ_EVERY_BYTE, {{0}}},
    {"authenticode-catalog",
     DATA "driver.sys",
     DATA "driver.cat",
     DATA "signer.pem",
     576,
     {CHECKSUM}},
    {"authenticode-pe", VECTORS "pe-good.exe", NULL, KEY, 816, {CHECKSUM, DIRECTORY_ENTRY}},
    {"authenticode-pe", VECTORS "pe-good-nested.exe", NULL, KEY, 816, {CHECKSUM, DIRECTORY_ENTRY}},
    {"authenticode-pe",
     VECTORS "pe-good-two-entries.exe",
     NULL,
     KEY,
     816,
     {CHECKSUM, DIRECTORY_ENTRY}},
    {"cms", FIRMWARE, VECTORS "cms-good.p7s", VECTORS "cms-good-key.pem", FUZZ_EVERY_BYTE, {{0}}},
    {"cms",
     FIRMWARE,
     VECTORS "cms-good-pem.p7s",
     VECTORS "cms-good-key.pem",
     FUZZ_EVERY_BYTE,
     {{0}}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_foreign(rows, CRET_LENGTH(rows), (struct fuzz_part){data, size});
}
