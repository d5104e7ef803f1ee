/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of hashes as their tools and web pages write them: GNU, BSD, OpenSSL, PowerShell, certutil,
 * a digest alone. */
#ifndef CRET_FOREIGN_HASH_TEXT_H
#define CRET_FOREIGN_HASH_TEXT_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding/err.h"

struct cret_hash_algorithm {
    const char *name;          /* "sha256" */
    size_t size;               /* octets */
    const EVP_MD *(*md)(void); /* NULL: CRC-32, which is compared by nobody */
    bool weak;
};

struct cret_hash_entry {
    const struct cret_hash_algorithm *algorithm;
    bool assumed; /* the list does not say which: by its length */
    uint8_t digest[EVP_MAX_MD_SIZE];
    char *name; /* without its folders; NULL: the list has none */
    unsigned line;
};

struct cret_hash_text {
    struct cret_hash_entry *entries;
    size_t count, capacity;
    unsigned others, first_other; /* lines that are no entries; the first of them */
    char *text;                   /* as 8 bit, cut by terminators where lines end */
};

enum { CRET_HASH_TEXT_BYTES = 8 << 20, CRET_HASH_ENTRIES = 200000 };

/*
 * Reads a list. UTF-8 or UTF-16 with its mark; spaces of any kind, no-break and zero-width ones
 * too. class REFUSED, foreign.form: no text, or more than is read; UNDECIDED. A text without one
 * entry is CRET_OK with count 0.
 */
CRET_MUST_CHECK enum cret_status cret_hash_text_read(struct cret_hash_text *ret_text,
                                                     const uint8_t *data, size_t size,
                                                     struct cret_err *err);
void cret_hash_text_free(struct cret_hash_text *text);

#endif
