/* SPDX-License-Identifier: Apache-2.0 */
/* minisign and signify: what their tools sign is verified, and nothing that differs from it. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "foreign/minisign.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/minisign/"

static const char firmware[] = "firmware 4.2\n";
static const struct cret_bytes message = {(const uint8_t *)firmware, sizeof(firmware) - 1};

static struct cret_bytes digest_of(struct cret_bytes bytes)
{
    static uint8_t digest[CRET_MINISIGN_DIGEST_BYTES];
    cr_assert(EVP_Digest(bytes.data, bytes.size, digest, NULL, EVP_blake2b512(), NULL) == 1);
    return (struct cret_bytes){digest, sizeof(digest)};
}

static struct cret_minisign_key key_of(const char *name)
{
    struct cret_minisign_key key;
    const struct cret_bytes file = data_of(DATA, name);
    cr_assert_eq(cret_minisign_key_parse(&key, (const char *)file.data, file.size, NULL), CRET_OK);
    free((void *)file.data);
    return key;
}

static enum cret_status judge(struct cret_bytes text, const char *key, struct cret_bytes over,
                              struct cret_err *err)
{
    struct cret_minisign signature;
    const struct cret_minisign_key pinned = key_of(key);
    cret_err_clear(err);
    if (cret_minisign_parse(&signature, (const char *)text.data, text.size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_minisign_verify(&signature, &pinned, signature.prehashed ? digest_of(over) : over,
                                err);
}

static const struct {
    const char *file, *key;
    bool prehashed, trusted;
} sound[] = {{"mini.minisig", "mini.pub", true, true},
             {"legacy.minisig", "mini.pub", false, true},
             {"signify.sig", "signify.pub", false, false}};

Test(minisign, takes_what_the_tools_sign)
{
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(sound); i++) {
        struct cret_minisign signature;
        const struct cret_bytes file = data_of(DATA, sound[i].file);
        cr_assert(cret_minisign_recognized((const char *)file.data, file.size));
        cr_assert_eq(judge(file, sound[i].key, message, &err), CRET_OK, "%s: %s", sound[i].file,
                     err.what);
        cr_assert_eq(cret_minisign_parse(&signature, (const char *)file.data, file.size, NULL),
                     CRET_OK);
        cr_assert_eq(signature.prehashed, sound[i].prehashed);
        cr_assert_eq(signature.has_trusted, sound[i].trusted);
        cr_assert_str_eq(signature.trusted,
                         sound[i].trusted ? "Acme firmware 4.2, 2026-06-01" : "");
        free((void *)file.data);
    }
}

Test(minisign, each_bit_of_key_value_and_trusted_comment_counts)
{
    for (size_t i = 0; i < CRET_LENGTH(sound); i++) {
        struct cret_minisign good;
        const struct cret_minisign_key key = key_of(sound[i].key);
        const struct cret_bytes file = data_of(DATA, sound[i].file);
        const struct cret_bytes over = sound[i].prehashed ? digest_of(message) : message;
        cr_assert_eq(cret_minisign_parse(&good, (const char *)file.data, file.size, NULL), CRET_OK);
        for (size_t bit = 0; bit < 8u * CRET_MINISIGN_VALUE_BYTES; bit++) {
            struct cret_minisign bad = good;
            bad.value[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_assert_neq(cret_minisign_verify(&bad, &key, over, NULL), CRET_OK);
            bad = good;
            bad.trusted_value[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_assert_eq(cret_minisign_verify(&bad, &key, over, NULL) != CRET_OK, good.has_trusted);
        }
        for (size_t bit = 0; bit < 8 * strlen(good.trusted); bit++) {
            struct cret_minisign bad = good;
            bad.trusted[bit / 8] ^= (char)(1u << bit % 8);
            cr_assert_neq(cret_minisign_verify(&bad, &key, over, NULL), CRET_OK);
        }
        for (size_t bit = 0; bit < 8u * CRET_MINISIGN_KEY_BYTES; bit++) {
            struct cret_minisign_key other = key;
            other.octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_assert_neq(cret_minisign_verify(&good, &other, over, NULL), CRET_OK);
        }
        for (size_t bit = 0; bit < 8 * message.size; bit++) {
            char changed[sizeof(firmware)];
            memcpy(changed, firmware, sizeof(firmware));
            changed[bit / 8] ^= (char)(1u << bit % 8);
            cr_assert_neq(judge(file, sound[i].key,
                                (struct cret_bytes){(const uint8_t *)changed, message.size}, NULL),
                          CRET_OK);
        }
        free((void *)file.data);
    }
}

Test(minisign, another_key_is_named)
{
    struct cret_err err;
    const struct cret_bytes file = data_of(DATA, "mini.minisig");
    cr_assert_neq(judge(file, "other.pub", message, &err), CRET_OK);
    cr_assert(strstr(err.what, "another key") != NULL && strstr(err.actual, "key id") != NULL, "%s",
              err.what);
    free((void *)file.data);
}

/* The trusted comment of another signature by the same key is not this one's. */
Test(minisign, a_trusted_comment_belongs_to_its_signature)
{
    struct cret_minisign signature, other;
    const struct cret_minisign_key key = key_of("mini.pub");
    const struct cret_bytes file = data_of(DATA, "legacy.minisig");
    const struct cret_bytes second = data_of(DATA, "other.minisig");
    struct cret_err err = {0};
    cr_assert_eq(cret_minisign_parse(&signature, (const char *)file.data, file.size, NULL),
                 CRET_OK);
    cr_assert_eq(cret_minisign_parse(&other, (const char *)second.data, second.size, NULL),
                 CRET_OK);
    memcpy(signature.trusted, other.trusted, sizeof(other.trusted));
    memcpy(signature.trusted_value, other.trusted_value, sizeof(other.trusted_value));
    cr_assert_neq(cret_minisign_verify(&signature, &key, message, &err), CRET_OK);
    cr_assert(strstr(err.what, "trusted comment") != NULL, "%s", err.what);
    free((void *)file.data);
    free((void *)second.data);
}

/* `from` becomes `to`, once. */
static char *changed(struct cret_bytes file, const char *from, const char *to)
{
    char *text = cret_text_printf("%.*s", (int)file.size, (const char *)file.data);
    char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    *at = '\0';
    char *made = cret_text_printf("%s%s%s", text, to, at + strlen(from));
    free(text);
    return made;
}

static const struct {
    const char *from, *to, *what;
} broken[] = {
    {"untrusted comment: ", "trusted comment: ", "not one by"},
    {"untrusted comment: ", "untrusted comment:", "not one by"},
    {"untrusted comment: ", "untrusted comment: \x1b[31m", "cannot be shown"},
    {"\nRUR", "\nRUV", "unknown algorithm"},
    {"\nRU", "\nSU", "unknown algorithm"},
    {"\nRU", "\n RU", "base64"},
    {"\nRU", "\nRURU", "base64"},
    {"\ntrusted comment: ", "\nTrusted comment: ", "not one by"},
    {"\ntrusted comment: ", "\n\ntrusted comment: ", "not one by"},
    {"\ntrusted comment: ", "\r\ntrusted comment: ", "end in different ways"},
    {"Acme firmware", "Acme\tfirmware", "the trusted comment"}, /* tabs are minisign's own */
    {"Acme firmware", "Acme\x1b[2Jfirmware", "cannot be shown"},
    {"Acme firmware", "Acme \xff firmware", "cannot be shown"},
};

Test(minisign, what_the_tools_do_not_write_is_refused)
{
    const struct cret_bytes file = data_of(DATA, "mini.minisig");
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(broken); i++) {
        char *text = changed(file, broken[i].from, broken[i].to);
        const struct cret_bytes bytes = {(const uint8_t *)text, strlen(text)};
        cr_assert_neq(judge(bytes, "mini.pub", message, &err), CRET_OK, "row %zu", i);
        cr_assert(strstr(err.what, broken[i].what) != NULL, "row %zu: %s", i, err.what);
        free(text);
    }
    free((void *)file.data);
}

Test(minisign, every_cut_and_everything_behind_the_end_is_refused)
{
    const struct cret_bytes file = data_of(DATA, "mini.minisig");
    struct cret_err err;
    for (size_t size = 0; size + 1 < file.size; size++) {
        cr_assert_neq(judge((struct cret_bytes){file.data, size}, "mini.pub", message, &err),
                      CRET_OK, "%zu", size);
    }
    /* The last line may lack its end. */
    cr_assert_eq(judge((struct cret_bytes){file.data, file.size - 1}, "mini.pub", message, &err),
                 CRET_OK);
    static const char *const tails[] = {"\n", "x", "\nSHA256 (a) = 00\n"};
    for (size_t i = 0; i < CRET_LENGTH(tails); i++) {
        char *text = cret_text_printf("%.*s%s", (int)file.size, (const char *)file.data, tails[i]);
        cr_assert_neq(judge((struct cret_bytes){(const uint8_t *)text, strlen(text)}, "mini.pub",
                            message, &err),
                      CRET_OK);
        cr_assert(strstr(err.what, "goes on after its end") != NULL, "%s", err.what);
        free(text);
    }
    free((void *)file.data);
}

/* Prehashed ones come from minisign alone, which always writes the comment. */
Test(minisign, a_trusted_comment_cannot_be_taken_away)
{
    const struct cret_bytes file = data_of(DATA, "mini.minisig");
    const char *second = strstr((const char *)file.data, "\ntrusted");
    struct cret_err err;
    cr_assert_neq(
        judge((struct cret_bytes){file.data, (size_t)(second + 1 - (const char *)file.data)},
              "mini.pub", message, &err),
        CRET_OK);
    cr_assert(strstr(err.what, "lost its trusted comment") != NULL, "%s", err.what);
    free((void *)file.data);
}

Test(minisign, windows_line_ends_change_nothing)
{
    const struct cret_bytes file = data_of(DATA, "mini.minisig");
    struct cret_buffer text = {0};
    for (size_t i = 0; i < file.size; i++) {
        cret_buffer_append(&text, file.data[i] == '\n' ? "\r\n" : (const char *)file.data + i,
                           file.data[i] == '\n' ? 2 : 1);
    }
    cr_assert_eq(judge((struct cret_bytes){(const uint8_t *)text.data, text.size}, "mini.pub",
                       message, NULL),
                 CRET_OK);
    cret_buffer_free(&text);
    free((void *)file.data);
}

static const struct {
    const char *text, *what;
} bad_keys[] = {
    {"", "ends too early"},
    {"untrusted comment: x\n", "ends too early"},
    {"untrusted comment: x\nRWQ2\n", "base64"},
    {"RWQ2LPv0xnSiiYWe/dfZjGr6qE1IUZXs+Y6tA/f+vWP08B54xP68eTdQ\nmore", "goes on"},
    {"RUQ2LPv0xnSiiYWe/dfZjGr6qE1IUZXs+Y6tA/f+vWP08B54xP68eTdQ\n", "unknown algorithm"},
    {"Q2Q2LPv0xnSiiYWe/dfZjGr6qE1IUZXs+Y6tA/f+vWP08B54xP68eTdQ\n", "unknown algorithm"},
};

Test(minisign, keys_are_files_or_their_second_line)
{
    struct cret_minisign_key key, whole = key_of("mini.pub");
    struct cret_err err;
    const struct cret_bytes file = data_of(DATA, "mini.pub");
    const char *line = strchr((const char *)file.data, '\n') + 1;
    char id[17];
    cr_assert_eq(cret_minisign_key_parse(&key, line, strlen(line), NULL), CRET_OK);
    cr_assert_arr_eq(&key, &whole, sizeof(key));
    cret_minisign_id_text(id, key.id);
    cr_assert(strstr((const char *)file.data, id) != NULL, "as the tool's own comment has it");
    for (size_t i = 0; i < CRET_LENGTH(bad_keys); i++) {
        cret_err_clear(&err);
        cr_assert_neq(
            cret_minisign_key_parse(&key, bad_keys[i].text, strlen(bad_keys[i].text), &err),
            CRET_OK);
        cr_assert(strstr(err.what, bad_keys[i].what) != NULL, "row %zu: %s", i, err.what);
    }
    free((void *)file.data);
}
