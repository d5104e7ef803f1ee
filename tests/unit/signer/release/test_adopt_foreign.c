/* SPDX-License-Identifier: Apache-2.0 */
/* What is packed of an adopted file is what its vendor's signature was verified over. */
#include <criterion/criterion.h>
#include <string.h>

#include "signer/release/adopt_foreign.h"

Test(adopt_foreign, only_what_was_judged_is_packed)
{
    struct cret_entry entries[2] = {{.path = "firmware/a"}, {.path = "other/a.p7s"}};
    const struct cret_manifest manifest = {.entries = entries, .file_count = 2};
    char paths[2][16] = {"firmware/a", "other/a.p7s"};
    struct cret_collected files[2] = {{.path = paths[0], .described = 0},
                                      {.path = paths[1], .described = 1}};
    const struct cret_collection collection = {.files = files, .count = 2};
    const struct cret_adopt_foreign what = {.side_count = 1};
    uint8_t digests[2][CRET_SHA256_BYTES];
    struct cret_err err = {0};
    memset(entries[0].sha256, 1, CRET_SHA256_BYTES);
    memset(entries[1].sha256, 2, CRET_SHA256_BYTES);
    memset(digests[0], 1, CRET_SHA256_BYTES);
    memset(digests[1], 2, CRET_SHA256_BYTES);
    cr_assert_eq(cret_adopt_foreign_packed(&manifest, &collection, NULL, &what, &err), CRET_OK);
    cr_assert_eq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
    entries[0].sha256[31] ^= 1;
    cr_assert_neq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_FOREIGN_VALUE);
    cr_assert(strstr(err.what, "the file changed") != NULL, "%s", err.what);
    entries[0].sha256[31] ^= 1;
    entries[1].sha256[31] ^= 1;
    cret_err_clear(&err);
    cr_assert_neq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
    cr_assert(strstr(err.what, "a file beside it changed") != NULL, "%s", err.what);
    /* Each under the other's name: both digests are there, and neither file is what was judged. */
    memset(entries[0].sha256, 2, CRET_SHA256_BYTES);
    memset(entries[1].sha256, 1, CRET_SHA256_BYTES);
    cr_assert_neq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
    files[0].described = 1;
    files[1].described = 0;
    cr_assert_eq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
    files[0].described = 7;
    cr_assert_neq(cret_adopt_foreign_packed(&manifest, &collection, digests, &what, &err), CRET_OK);
}
