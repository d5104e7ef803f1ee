/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of hashes: each form, its name and digest, what is none, and how much is read. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/hash_text.h"

#define MD5 "00112233445566778899aabbccddeeff"
#define SHA256 MD5 "00112233445566778899AABBCCDDEEFF"

static const struct {
    const char *text, *algorithm, *name; /* of the one entry; algorithm NULL: none */
    bool assumed;
} forms[] = {
    {SHA256 "  a.bin\n", "sha256", "a.bin", true},
    {SHA256 " *in/a.bin\r\n", "sha256", "a.bin", true},
    {"\\" SHA256 "  a\\\\b\n", "sha256", "b", true},
    {"SHA256 (a (1).bin) = " SHA256, "sha256", "a (1).bin", false},
    {"SHA2-256(a.bin)= " SHA256, "sha256", "a.bin", false},
    {"MD5 (a.bin) = " MD5, "md5", "a.bin", false},
    {"SHA256          " SHA256 "       C:\\in\\a.bin\r\n", "sha256", "a.bin", false},
    {"SHA256 hash of file a.bin:\n" SHA256 "\n", "sha256", "a.bin", false},
    {SHA256, "sha256", NULL, true},
    {MD5, "md5", NULL, true},
    {"\xef\xbb\xbf" SHA256 "\xc2\xa0 a.bin", "sha256", "a.bin", true},
    {SHA256 "0  a.bin\n", NULL, NULL, false},
    {"SHA256 (a.bin) = " MD5, NULL, NULL, false},
    {"SHA256 (a.bin) " SHA256, NULL, NULL, false},
    {"SHA256 hash of file a.bin:\n" MD5 "\n", "md5", NULL, true},
    {"# " SHA256 "  a.bin\n", NULL, NULL, false},
    {"", NULL, NULL, false},
};

Test(hash_text, every_form)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct cret_hash_text list;
        cr_assert_eq(
            cret_hash_text_read(&list, (const uint8_t *)forms[i].text, strlen(forms[i].text), NULL),
            CRET_OK, "row %zu", i);
        cr_assert_eq(list.count, forms[i].algorithm != NULL ? 1 : 0, "row %zu: %zu", i, list.count);
        if (list.count == 1) {
            const struct cret_hash_entry *entry = &list.entries[0];
            cr_assert_str_eq(entry->algorithm->name, forms[i].algorithm, "row %zu", i);
            cr_assert_eq(entry->assumed, forms[i].assumed, "row %zu", i);
            cr_assert_eq(entry->name == NULL, forms[i].name == NULL, "row %zu", i);
            cr_assert(entry->name == NULL || strcmp(entry->name, forms[i].name) == 0, "row %zu: %s",
                      i, entry->name);
            cr_assert_eq(entry->digest[15], 0xff, "row %zu", i);
        }
        cret_hash_text_free(&list);
    }
}

/* As many entries as the page promises, and one more. */
Test(hash_text, as_many_entries_as_are_promised)
{
    const char line[] = MD5 "\n";
    const size_t size = sizeof(line) - 1, whole = (CRET_HASH_ENTRIES + 1) * size;
    char *text = malloc(whole);
    struct cret_hash_text list;
    struct cret_err err;
    for (size_t i = 0; i <= CRET_HASH_ENTRIES; i++) {
        memcpy(text + i * size, line, size);
    }
    cr_assert_eq(cret_hash_text_read(&list, (const uint8_t *)text, whole - size, &err), CRET_OK,
                 "%s", err.what);
    cr_assert_eq(list.count, CRET_HASH_ENTRIES);
    cret_hash_text_free(&list);
    cret_err_clear(&err);
    cr_assert_neq(cret_hash_text_read(&list, (const uint8_t *)text, whole, &err), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_FOREIGN_FORM);
    cr_assert_str_eq(err.expected, "at most 200000");
    free(text);
}

Test(hash_text, as_many_bytes_and_text_only)
{
    char *text = malloc(CRET_HASH_TEXT_BYTES + 1);
    struct cret_hash_text list;
    struct cret_err err;
    memset(text, '\n', CRET_HASH_TEXT_BYTES + 1);
    cr_assert_eq(cret_hash_text_read(&list, (const uint8_t *)text, CRET_HASH_TEXT_BYTES, NULL),
                 CRET_OK);
    cret_hash_text_free(&list);
    cret_err_clear(&err);
    cr_assert_neq(cret_hash_text_read(&list, (const uint8_t *)text, CRET_HASH_TEXT_BYTES + 1, &err),
                  CRET_OK);
    cr_assert_str_eq(err.what, "the hash list is too large");
    cret_err_clear(&err);
    cr_assert_neq(cret_hash_text_read(&list, (const uint8_t *)"a\0b", 3, &err), CRET_OK);
    cr_assert_str_eq(err.what, "the hash list is not a text");
    free(text);
}
