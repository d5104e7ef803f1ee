/* SPDX-License-Identifier: Apache-2.0 */
/* A verification of a release with an SBOM: over which bytes its statements hold. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/text.h"
#include "packed.h"

static struct pki_entity vendor;
static struct packed packed;
static struct cret_policy *policy;
static struct cret_inspect_request request;
static struct cret_inspection *seen;

static void setup(void)
{
    vendor = pki_leaf("Vendor", NULL);
    policy = packed_policy(&vendor, NULL);
    request = packed_request(policy);
}

static void teardown(void)
{
    cret_inspection_free(&seen);
    packed_end(&packed);
    cret_policy_free(&policy);
    pki_clear(&vendor);
}

TestSuite(inspect_sbom, .init = setup, .fini = teardown);

static void inspect(void)
{
    cret_inspection_free(&seen);
    seen = packed_inspect(&packed, &request);
}

/* A release with an SBOM whose component for the firmware has this digest; NULL: its SHA-256. The
 * caller frees what it gives once the release is gone. */
static char *pack_with_sbom(const char *algorithm, const char *digest)
{
    uint8_t sha256[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    cr_assert_eq(cret_sha256(sha256, "the firmware\n", 13, NULL), CRET_OK);
    cret_hex_encode(hex, sha256, sizeof(sha256));
    char *sbom = cret_text_printf(
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": 1, \"metadata\": "
        "{\"component\": {\"type\": \"firmware\", \"bom-ref\": \"root\", \"name\": \"PLC\", "
        "\"version\": \"4.2.0\", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"%s\"}]}}, "
        "\"components\": [{\"type\": \"file\", \"bom-ref\": \"image\", "
        "\"name\": \"firmware.bin\", \"hashes\": [{\"alg\": \"%s\", \"content\": \"%s\"}]}]}",
        hex, algorithm, digest != NULL ? digest : hex);
    packed_begin(&packed);
    json_object_set_new(packed.description, "sbom",
                        json_pack("[{s:s, s:s, s:[{s:s, s:s}]}]", "file", "sbom.json", "format",
                                  "CycloneDX-1.6", "binds", "component", "image", "file",
                                  "firmware.bin"));
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_file(&packed, "sbom.json", "sbom", sbom);
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
    return sbom;
}

static void expect_binding(enum cret_result result)
{
    for (int other = 0; other < CRET_RESULT_COUNT; other++) {
        cr_expect_eq(
            packed_found(seen->findings, CRET_CHECK_SBOM_BINDING, (enum cret_result)other) != NULL,
            other == (int)result, "%s", cret_result_name((enum cret_result)other));
    }
}

Test(inspect_sbom, an_sbom_that_describes_these_bytes)
{
    static const char *const only[] = {"sbom.json"};
    char *sbom = pack_with_sbom("SHA-256", NULL);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED, "%s", seen->error.what);
    expect_binding(CRET_RESULT_PASS);
    /* It rests on digests of all files, which a part does not compute. */
    request.partial = true;
    request.only = only;
    request.only_count = 1;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_PARTIAL);
    expect_binding(CRET_RESULT_NOT_CHECKED);
    free(sbom);
}

#define SHA512_OF_OTHER                                                                            \
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
    "000000000000000000000000000000000000"

Test(inspect_sbom, an_sbom_that_describes_other_bytes)
{
    char *sbom = pack_with_sbom("SHA-512", SHA512_OF_OTHER);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
    expect_binding(CRET_RESULT_FAIL);
    free(sbom);
}

static void change_afterwards(void *context, uint64_t done, uint64_t total)
{
    if (done == total && *(bool *)context) {
        packed_flip(&packed, packed.entries[1].offset);
        *(bool *)context = false;
    }
}

/* lesson 27: what the SBOM's digest is compared with is read once more, and may not have changed.
 */
Test(inspect_sbom, a_file_that_changes_between_two_looks)
{
    bool change = true;
    char *sbom = pack_with_sbom("SHA-512", SHA512_OF_OTHER);
    request.progress = change_afterwards;
    request.context = &change;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_UNDECIDED, "%s", cret_verdict_name(seen->verdict));
    cr_expect_not_null(strstr(seen->error.what, "changed"), "%s", seen->error.what);
    cr_expect_not(change, "it was changed");
    cr_expect(seen->payload_verified, "after its digest had matched");
    free(sbom);
}
