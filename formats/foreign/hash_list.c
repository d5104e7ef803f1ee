/* SPDX-License-Identifier: Apache-2.0 */
/* A list of hashes beside the file: equality with the list, and nothing else. */
#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/hash_text.h"
#include "foreign/kind.h"

/* What begins so has a module of its own, whatever hashes it holds. */
static bool is_signed_text(const struct cret_foreign_side *side)
{
    static const char *const starts[] = {"-----BEGIN", "untrusted comment:"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        const size_t size = strlen(starts[i]);
        if (side->size >= size && memcmp(side->data, starts[i], size) == 0) {
            return true;
        }
    }
    return false;
}

static bool recognize(const struct cret_foreign_file *file, const struct cret_foreign_side *side)
{
    struct cret_hash_text list = {0};
    (void)file;
    if (is_signed_text(side) ||
        cret_hash_text_read(&list, side->data, side->size, NULL) != CRET_OK) {
        return false;
    }
    const bool some = list.count > 0;
    cret_hash_text_free(&list);
    return some;
}

/* Is the entry about this file? One digest without a name is about the file that it lies beside,
 * where the list says nothing else: a line that is not understood may name another file. */
static bool is_meant(const struct cret_hash_text *list, const struct cret_hash_entry *entry,
                     const char *name)
{
    return entry->name != NULL ? strcmp(entry->name, name) == 0
                               : list->count == 1 && list->others == 0;
}

/* Two digests of one kind for the same name: somebody would believe the one, somebody the other. */
static enum cret_status check_agreement(const struct cret_hash_text *list, const char *name,
                                        struct cret_err *err)
{
    const struct cret_hash_entry *first[16] = {NULL};
    size_t known = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct cret_hash_entry *entry = &list->entries[i];
        size_t at = 0;
        if (!is_meant(list, entry, name)) {
            continue;
        }
        while (at < known && first[at]->algorithm != entry->algorithm) {
            at++;
        }
        if (at == known && known < sizeof(first) / sizeof(first[0])) {
            first[known++] = entry;
        } else if (at < known &&
                   memcmp(first[at]->digest, entry->digest, entry->algorithm->size) != 0) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                            "the hash list has two different digests for %s", name);
            return cret_err_where(err, "lines %u and %u", first[at]->line, entry->line);
        }
    }
    return CRET_OK;
}

static enum cret_status hash_whole(uint8_t *ret_digest, const struct cret_foreign_file *file,
                                   const struct cret_hash_algorithm *algorithm,
                                   struct cret_err *err)
{
    struct cret_foreign_hash hash;
    size_t size = 0;
    if (cret_foreign_hash_begin(&hash, algorithm->md(), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_foreign_hash_part(&hash, file, 0, file->size, "the file", err) != CRET_OK) {
        cret_foreign_hash_drop(&hash);
        return CRET_FAILED;
    }
    return cret_foreign_hash_end(&hash, ret_digest, &size, err);
}

static enum cret_status refuse_other(const struct cret_hash_entry *entry, const uint8_t *digest,
                                     struct cret_err *err)
{
    char wanted[2 * EVP_MAX_MD_SIZE + 1], found[2 * EVP_MAX_MD_SIZE + 1];
    cret_hex_encode(wanted, entry->digest, entry->algorithm->size);
    cret_hex_encode(found, digest, entry->algorithm->size);
    cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE, "the %s of the file is not that of the list",
                    entry->algorithm->name);
    cret_err_where(err, "line %u of the hash list", entry->line);
    cret_err_expected(err, "%s", wanted);
    cret_err_actual(err, "%s", found);
    return cret_err_hint(err, "do not use the file: fetch file and list again, and compare the "
                              "version");
}

/* The strongest of the digests that match is what is told. */
static void take(struct cret_foreign_proof *proof, const struct cret_hash_entry *entry)
{
    const bool first = proof->digest_size == 0;
    if (!first && (entry->algorithm->weak ||
                   (!proof->weak && entry->algorithm->size <= proof->digest_size))) {
        return;
    }
    snprintf(proof->digest_algorithm, sizeof(proof->digest_algorithm), "%s",
             entry->algorithm->name);
    memcpy(proof->digest, entry->digest, entry->algorithm->size);
    proof->digest_size = entry->algorithm->size;
    proof->weak = false;
    cret_foreign_digest_strength(proof, entry->algorithm->name, "the hash list");
}

/* More than there are kinds of digests. */
enum { COMPARED = 16 };

static bool is_among(const struct cret_hash_algorithm *const compared[COMPARED], size_t count,
                     const struct cret_hash_algorithm *algorithm)
{
    for (size_t i = 0; i < count && i < COMPARED; i++) {
        if (compared[i] == algorithm) {
            return true;
        }
    }
    return false;
}

static enum cret_status compare(struct cret_foreign_proof *proof, const struct cret_hash_text *list,
                                const struct cret_foreign_file *file, struct cret_err *err)
{
    const struct cret_hash_algorithm *compared[COMPARED] = {NULL};
    size_t matched = 0, named = 0;
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (check_agreement(list, file->name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct cret_hash_entry *entry = &list->entries[i];
        if (!is_meant(list, entry, file->name)) {
            continue;
        }
        named++;
        if (entry->algorithm->md == NULL) {
            cret_foreign_note(proof, "line %u has a CRC, which is no proof and was not compared",
                              entry->line);
            continue;
        }
        /* The file is read once for each kind of digest; the others of that kind are the same. */
        if (is_among(compared, matched, entry->algorithm)) {
            continue;
        }
        if (hash_whole(digest, file, entry->algorithm, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (memcmp(digest, entry->digest, entry->algorithm->size) != 0) {
            return refuse_other(entry, digest, err);
        }
        take(proof, entry);
        compared[matched++ % COMPARED] = entry->algorithm;
        if (entry->assumed) {
            cret_foreign_note(proof, "line %u does not say which hash it is: by its length %s",
                              entry->line, entry->algorithm->name);
        }
    }
    if (matched == 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                        named > 0 ? "the hash list has no digest of %s that proves anything"
                                  : "the hash list does not name %s",
                        file->name);
        return cret_err_hint(err, "a list names files as the vendor calls them: do not rename what "
                                  "was downloaded");
    }
    if (list->count > named) {
        cret_foreign_note(proof, "the list names %zu other files, which were not looked at",
                          list->count - named);
    }
    if (list->others > 0) {
        cret_foreign_note(proof, "%u lines of the list are no hashes; the first is line %u",
                          list->others, list->first_other);
    }
    return CRET_OK;
}

static enum cret_status read_and_compare(struct cret_foreign_proof *proof, const uint8_t *text,
                                         size_t size, const struct cret_foreign_file *file,
                                         struct cret_err *err)
{
    struct cret_hash_text list = {0};
    if (cret_hash_text_read(&list, text, size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = compare(proof, &list, file, err);
    cret_hash_text_free(&list);
    return status;
}

static enum cret_status verify(const struct cret_foreign_question *question,
                               struct cret_foreign_proof *ret_proof, struct cret_err *err)
{
    if (read_and_compare(ret_proof, question->side->data, question->side->size, question->file,
                         err) != CRET_OK) {
        return CRET_FAILED;
    }
    ret_proof->verified = ret_proof->covered = ret_proof->equality_only = true;
    return CRET_OK;
}

const struct cret_foreign_kind cret_foreign_kind_hash_list = {
    .id = "hash-list",
    .words = "a list of hashes beside the file",
    .proves = "The file is the one whose digest stands in the list.",
    .leaves = "Who made the list, unless somebody who is pinned signed it.",
    .beside = true,
    .list = true,
    .recognize = recognize,
    .verify = verify,
};
