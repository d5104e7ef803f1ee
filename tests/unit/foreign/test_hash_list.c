/* SPDX-License-Identifier: Apache-2.0 */
/* What a list of hashes says of a file that lies beside it. */
#include "ask.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OTHER "00b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

extern const struct cret_foreign_kind cret_foreign_kind_hash_list;

/* Of an empty file, which is called "file". */
static bool says(const char *text, struct cret_err *err)
{
    const struct cret_foreign_side side = {"SHA256SUMS", (const uint8_t *)text, strlen(text)};
    struct cret_foreign_proof proof;
    return ask_beside(&cret_foreign_kind_hash_list, (struct cret_bytes){(const uint8_t *)"", 0},
                      &side, NULL, &proof, err) &&
           proof.equality_only;
}

Test(hash_list, what_is_not_the_file_is_refused)
{
    static const struct {
        const char *text, *words;
    } bad[] = {
        {OTHER "  file\n", "is not that of the list"},
        {EMPTY "  file\n" OTHER "  file\n", "two different digests for file"},
        {OTHER "  file\n" EMPTY "  file\n", "two different digests for file"},
        {EMPTY "  other\n", "does not name file"},
        {"CRC32 (file) = 00000000\n", "no digest of file that proves anything"},
    };
    struct cret_err err = {0};
    cr_expect(says(EMPTY "  file\n", &err), "%s", err.what);
    cr_expect(says(EMPTY "  folder/file\n" OTHER "  other\n", &err), "%s", err.what);
    for (size_t i = 0; i < CRET_LENGTH(bad); i++) {
        cr_expect_not(says(bad[i].text, &err), "%s", bad[i].words);
        cr_expect_eq(err.check, CRET_CHECK_FOREIGN_VALUE, "%s", bad[i].words);
        cr_expect_not_null(strstr(err.what, bad[i].words), "%s: %s", bad[i].words, err.what);
    }
}

Test(hash_list, what_is_signed_has_a_kind_of_its_own)
{
    static const char *const texts[] = {"-----BEGIN PGP SIGNED MESSAGE-----\n" EMPTY "  file\n",
                                        "untrusted comment: x\n" EMPTY "  file\n"};
    const struct cret_foreign_file file = {.name = "file", .data = (const uint8_t *)"", .fd = -1};
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        const struct cret_foreign_side side = {"list", (const uint8_t *)texts[i], strlen(texts[i])},
                                       plain = {"list", (const uint8_t *)EMPTY "  file\n",
                                                sizeof(EMPTY) + 6};
        cr_expect_not(cret_foreign_kind_hash_list.recognize(&file, &side), "%s", texts[i]);
        cr_expect(cret_foreign_kind_hash_list.recognize(&file, &plain));
    }
}
