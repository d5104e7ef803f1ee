/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of hashes beside a file. The first byte says which list: the input itself (0), or changes
 * of a sound one; or that the input is the file (255). Where a list speaks for a file, the file's
 * own digest, computed here, stands in the list in hex, and the list says the file's name, or no
 * name and one digest. A list alone pins nobody.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "foreign/hash_text.h"
#include "foreign/kind.h"

#define NAME "file.bin"
#define TEXT "firmware 4.2\n"

extern const struct cret_foreign_kind cret_foreign_kind_hash_list;

/* One of each form. @ stands for the SHA-256 of TEXT, % for its SHA-512. */
static const char *const forms[] = {
    "@  " NAME "\n",
    "# list\r\n@ *folder/" NAME "\r\n%  other.bin\r\n",
    "\\@  a\\nb\n@  " NAME "\n",
    "SHA256 (" NAME ") = @\nSHA512 (" NAME ") = %\n",
    "SHA2-256(" NAME ")= @\n",
    "Algorithm       Hash      Path\n---------       ----      ----\n"
    "SHA256          @       C:\\in\\" NAME "\n",
    "SHA256 hash of file C:\\in\\" NAME ":\n@\nCertUtil: -hashfile command completed.\n",
    "@\n",
};

static void put_hex(struct cret_buffer *out, const EVP_MD *md)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    unsigned size = 0;
    FUZZ_HOLD(EVP_Digest(TEXT, strlen(TEXT), digest, &size, md, NULL) == 1);
    cret_hex_encode(hex, digest, size);
    cret_buffer_append(out, hex, strlen(hex));
}

static struct cret_buffer sound(size_t number)
{
    struct cret_buffer list = {0};
    for (const char *at = forms[number]; *at != '\0'; at++) {
        if (*at == '@' || *at == '%') {
            put_hex(&list, *at == '@' ? EVP_sha256() : EVP_sha512());
        } else {
            cret_buffer_append(&list, at, 1);
        }
    }
    return list;
}

/* The hex digits of a list in a row, in lower case: what stands between them is no digit. */
static void hold_digest(const struct cret_buffer *list, const struct cret_foreign_proof *proof)
{
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    struct cret_buffer digits = {0};
    cret_hex_encode(hex, proof->digest, proof->digest_size);
    for (size_t i = 0; i < list->size; i++) {
        const char c = (char)tolower((unsigned char)list->data[i]);
        if (isxdigit((unsigned char)c)) {
            cret_buffer_append(&digits, &c, 1);
        }
    }
    cret_buffer_append(&digits, "", 1);
    FUZZ_HOLD(strstr(digits.data, hex) != NULL);
    cret_buffer_free(&digits);
}

/* What a list says is in order, and about files: no folders, no empty digests. */
static bool hold_entries(const struct cret_buffer *list)
{
    struct cret_hash_text read = {0};
    bool named = false;
    if (cret_hash_text_read(&read, (const uint8_t *)list->data, list->size, NULL) != CRET_OK) {
        return false;
    }
    FUZZ_HOLD(read.count <= CRET_HASH_ENTRIES && read.count <= read.capacity);
    for (size_t i = 0; i < read.count; i++) {
        const struct cret_hash_entry *entry = &read.entries[i];
        FUZZ_HOLD(entry->algorithm != NULL && entry->algorithm->size <= EVP_MAX_MD_SIZE);
        FUZZ_HOLD(entry->line > 0 && (i == 0 || entry->line >= read.entries[i - 1].line));
        FUZZ_HOLD(entry->name == NULL || strpbrk(entry->name, "/\\") == NULL);
        named = named || (entry->name != NULL && strcmp(entry->name, NAME) == 0) ||
                (entry->name == NULL && read.count == 1 && read.others == 0);
    }
    cret_hash_text_free(&read);
    return named;
}

static bool judge(const struct cret_buffer *file, const struct cret_buffer *list)
{
    static const struct cret_policy nobody;
    struct cret_foreign_proof proof = {0};
    struct cret_err err = {0};
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const struct cret_foreign_kind *kind = &cret_foreign_kind_hash_list;
    const struct cret_foreign_side side = {"SHA256SUMS", (const uint8_t *)list->data, list->size};
    const struct cret_foreign_file whole = {
        .name = NAME, .data = (const uint8_t *)file->data, .fd = -1, .size = file->size};
    const struct cret_foreign_question question = {
        .file = &whole, .side = &side, .policy = &nobody, .now = FUZZ_NOW};
    if (!kind->recognize(&whole, &side)) {
        return false;
    }
    if (kind->verify(&question, &proof, &err) != CRET_OK) {
        FUZZ_HOLD(!proof.verified && proof.pin == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return false;
    }
    const EVP_MD *md = EVP_get_digestbyname(
        strcmp(proof.digest_algorithm, "blake2b") == 0 ? "blake2b512" : proof.digest_algorithm);
    FUZZ_HOLD(proof.verified && proof.equality_only && proof.pin == NULL && proof.gap_count == 0);
    FUZZ_HOLD(md != NULL && EVP_Digest(file->data, file->size, digest, &size, md, NULL) == 1);
    FUZZ_HOLD(size == proof.digest_size && memcmp(digest, proof.digest, size) == 0);
    FUZZ_HOLD(proof.weak == (size < 28));
    FUZZ_HOLD(hold_entries(list));
    hold_digest(list, &proof);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part input = {data, size};
    struct cret_buffer file = {0}, list = {0};
    const unsigned which = fuzz_byte(&input);
    bool changed = true;
    if (which == 255) {
        list = sound(fuzz_byte(&input) % CRET_LENGTH(forms));
        cret_buffer_append(&file, input.data, input.size);
        changed = input.size != strlen(TEXT) || memcmp(input.data, TEXT, input.size) != 0;
    } else {
        cret_buffer_append(&file, TEXT, strlen(TEXT));
        if (which == 0) {
            cret_buffer_append(&list, input.data, input.size);
        } else {
            list = sound((which - 1) % CRET_LENGTH(forms));
            changed = fuzz_change(&list, 0, input);
        }
    }
    hold_entries(&list);
    const bool taken = judge(&file, &list);
    FUZZ_HOLD(changed || taken);
    FUZZ_HOLD(which != 255 || taken == !changed);
    cret_buffer_free(&file);
    cret_buffer_free(&list);
    return 0;
}
