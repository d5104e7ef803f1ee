/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a payload while it is hashed, and what is read of it once more. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "engine/kept.h"
#include "engine/reread.h"
#include "packed.h"

Test(kept, what_was_chosen_and_nothing_else)
{
    struct cret_kept *kept = NULL;
    struct cret_err err;
    size_t size = 99;
    cr_assert_eq(cret_kept_new(&kept, 3, &err), CRET_OK);
    cr_assert_eq(cret_kept_choose(kept, 1, 6, &err), CRET_OK);
    cr_assert_eq(cret_kept_choose(kept, 1, 6, &err), CRET_OK);
    cr_expect(cret_kept_has(kept, 1));
    cr_expect_not(cret_kept_has(kept, 0));
    cr_expect_not(cret_kept_has(kept, 3));
    cr_assert_eq(cret_kept_take(kept, 0, 0, (const uint8_t *)"other", 5, &err), CRET_OK);
    cr_assert_eq(cret_kept_take(kept, 1, 3, (const uint8_t *)"def", 3, &err), CRET_OK);
    cr_assert_eq(cret_kept_take(kept, 1, 0, (const uint8_t *)"abc", 3, &err), CRET_OK);
    cr_assert_eq(cret_kept_take(kept, 1, 6, NULL, 0, &err), CRET_OK);
    cr_expect_str_eq(cret_kept_text(kept, 1, &size), "abcdef");
    cr_expect_eq(size, 6);
    cr_expect_null(cret_kept_text(kept, 0, &size));
    cr_expect_null(cret_kept_text(kept, 7, &size));
    cr_expect_eq(size, 6, "no size of what is not kept");
    cret_kept_free(&kept);
    cr_expect_null(kept);
    cret_kept_free(&kept);
}

Test(kept, more_than_there_is_room_for_is_undecided)
{
    static const struct {
        uint64_t offset;
        size_t size;
    } takes[] = {{0, 7}, {7, 0}, {6, 1}, {1, 6}, {UINT64_MAX, 1}, {5, SIZE_MAX}};
    struct cret_kept *kept = NULL;
    struct cret_err err;
    cr_assert_eq(cret_kept_new(&kept, 2, &err), CRET_OK);
    cr_assert_eq(cret_kept_choose(kept, 0, 6, &err), CRET_OK);
    for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
        cret_err_clear(&err);
        cr_expect_eq(cret_kept_take(kept, 0, takes[i].offset, (const uint8_t *)"abcdefg",
                                    takes[i].size, &err),
                     CRET_FAILED, "%zu", i);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    }
    cr_expect_eq(cret_kept_choose(kept, 2, 1, &err), CRET_FAILED, "there is no such entry");
    cr_expect_eq(cret_kept_choose(kept, 1, CRET_LIMIT_PARSED_FILE_BYTES + 1ull, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_not(cret_kept_has(kept, 1));
    cret_kept_free(&kept);
}

/* lesson 27: bytes that are read again are compared again. */
Test(kept, read_once_more_they_are_the_same_or_the_run_is_undecided)
{
    struct pki_entity vendor = pki_leaf("Vendor", NULL);
    struct cret_policy *policy = packed_policy(&vendor, NULL);
    struct cret_inspect_request request = packed_request(policy);
    struct packed packed;
    struct cret_source *source = NULL;
    struct cret_err err;
    char data[32] = "";
    size_t got = 0;
    packed_sound(&packed, &vendor);
    cr_assert_eq(cret_source_new(&source, packed.fd, &err), CRET_OK);
    struct cret_inspection *inspection = cret_inspect(source, &request);
    cr_assert_eq(inspection->verdict, CRET_VERDICT_ACCEPTED);
    struct cret_reread reread;
    cret_reread_init(&reread, source, inspection->manifest, -1, NULL, CRET_HASH_AUTO,
                     &request.watch);
    const struct cret_payload_reader reader = cret_reread_reader(&reread);
    for (size_t i = 0; i < packed.count; i++) {
        cr_assert_eq(reader.read(reader.context, i, 0, data, 4, &got, &err), CRET_OK, "%s",
                     err.what);
        cr_expect_arr_eq(data, packed.inputs[i].data, 4, "each entry is its own");
    }
    cret_reread_clear(&reread);
    packed_flip(&packed, packed.entries[1].offset);
    cr_expect_eq(reader.read(reader.context, 1, 0, data, 4, &got, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "%s", err.what);
    cret_reread_clear(&reread);
    cret_inspection_free(&inspection);
    cret_source_free(&source);
    packed_end(&packed);
    cret_policy_free(&policy);
    pki_clear(&vendor);
}
