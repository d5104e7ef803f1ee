/* SPDX-License-Identifier: Apache-2.0 */
/* Updates in vendors' own formats: minisign, signify, OpenPGP, RAUC, SWUpdate, MCUboot. */
#include "../foreign.h"

#define DATA "tests/unit/foreign/data/"

static const struct fuzz_foreign rows[] = {
    {"minisign",
     NULL,
     DATA "minisign/mini.minisig",
     DATA "minisign/mini.pub",
     FUZZ_EVERY_BYTE,
     {{0}}},
    {"minisign",
     NULL,
     DATA "minisign/legacy.minisig",
     DATA "minisign/mini.pub",
     FUZZ_EVERY_BYTE,
     {{0}}},
    {"signify",
     NULL,
     DATA "minisign/signify.sig",
     DATA "minisign/signify.pub",
     FUZZ_EVERY_BYTE,
     {{0}}},
    {"openpgp",
     NULL,
     DATA "openpgp/ed25519.asc",
     DATA "openpgp/ed25519.key.asc",
     FUZZ_EVERY_BYTE,
     {{0}}},
    {"openpgp",
     NULL,
     DATA "openpgp/ed25519.sig",
     DATA "openpgp/ed25519.key.asc",
     FUZZ_EVERY_BYTE,
     {{0}}},
    {"rauc", DATA "rauc/plain.raucb", NULL, DATA "rauc/signer.pem", 12288, {{0}}},
    {"rauc", DATA "rauc/verity.raucb", NULL, DATA "rauc/signer.pem", 16384, {{0}}},
    {"swupdate", DATA "swupdate/pkcs1.swu", NULL, DATA "swupdate/vendor.pub.pem", 0, {{0}}},
    {"swupdate", DATA "swupdate/pss.swu", NULL, DATA "swupdate/vendor.pub.pem", 0, {{0}}},
    {"swupdate", DATA "swupdate/cms.swu", NULL, DATA "swupdate/signer.pem", 0, {{0}}},
    {"mcuboot", DATA "mcuboot/app.bin", NULL, DATA "mcuboot/vendor.pub.pem", 244, {{0}}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_foreign(rows, CRET_LENGTH(rows), (struct fuzz_part){data, size});
}
