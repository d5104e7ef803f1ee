/* SPDX-License-Identifier: Apache-2.0 */
/* Updates in vendors' own formats: minisign, signify, OpenPGP, RAUC, SWUpdate, MCUboot. */
#include "../foreign.h"

#define DATA "tests/unit/foreign/data/"

static const struct fuzz_foreign rows[] = {
    {"minisign", NULL, DATA "minisign/mini.minisig", DATA "minisign/mini.pub"},
    {"minisign", NULL, DATA "minisign/legacy.minisig", DATA "minisign/mini.pub"},
    {"signify", NULL, DATA "minisign/signify.sig", DATA "minisign/signify.pub"},
    {"openpgp", NULL, DATA "openpgp/ed25519.asc", DATA "openpgp/ed25519.key.asc"},
    {"openpgp", NULL, DATA "openpgp/ed25519.sig", DATA "openpgp/ed25519.key.asc"},
    {"rauc", DATA "rauc/plain.raucb", NULL, DATA "rauc/signer.pem"},
    {"rauc", DATA "rauc/verity.raucb", NULL, DATA "rauc/signer.pem"},
    {"swupdate", DATA "swupdate/pkcs1.swu", NULL, DATA "swupdate/vendor.pub.pem"},
    {"swupdate", DATA "swupdate/pss.swu", NULL, DATA "swupdate/vendor.pub.pem"},
    {"swupdate", DATA "swupdate/cms.swu", NULL, DATA "swupdate/signer.pem"},
    {"mcuboot", DATA "mcuboot/app.bin", NULL, DATA "mcuboot/vendor.pub.pem"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_foreign(rows, CRET_LENGTH(rows), (struct fuzz_part){data, size});
}
