/* SPDX-License-Identifier: Apache-2.0 */
/* A journal in a folder of its own, records for it, and a witness that keeps its head in memory. */
#ifndef TEST_JOURNAL_SUPPORT_H
#define TEST_JOURNAL_SUPPORT_H

#include <criterion/criterion.h>

#include "evidence/journal/journal.h"

/* A new folder below the temporary folder; removed by journal_folder_remove. */
char *journal_folder_new(void);
void journal_folder_remove(char **folder);
/* folder/name in a static buffer of its own for each of the last four calls. */
const char *in_folder(const char *folder, const char *name);
char *read_text(const char *path, size_t *ret_size);
void write_text(const char *path, const char *data, size_t size);
void copy_tree(const char *from, const char *to);
/* The lines of a text, without line breaks. */
char **split_lines(char *text, size_t *ret_count);
/* Writes lines[order[i]] for every i below count; order NULL: all in order. */
void write_lines(const char *path, char *const *lines, const size_t *order, size_t count);

/* What a record says, for tests. */
struct run {
    const char *verdict, *version, *asset, *stage;
    int64_t sequence;
    const char *identity; /* 64 hex digits, or NULL: made from version */
    bool at, example_keys;
    const char *signature; /* not NULL: the record is signed */
};

/* Appends and confirms; checks that all of it succeeds. */
void append_run(const char *folder, const struct cret_journal_witness *witness,
                const struct run *run);
/* Appends to an open journal, without confirming. */
enum cret_status append_open(struct cret_journal *journal, const struct run *run,
                             struct cret_err *err);

/* The one who signs records here: digest of the certificate, and a CMS over a text (OPENSSL_free).
 */
void recorder_digest(uint8_t ret_digest[CRET_SHA256_BYTES]);
uint8_t *recorder_sign(const char *text, size_t size, size_t *ret_size);
/* After confirming: signs the record, where the line says that it will be. */
enum cret_status keep_signature(struct cret_journal *journal, struct cret_err *err);

struct memory_witness {
    struct cret_journal_witness witness;
    uint8_t head[CRET_SHA256_BYTES];
    bool fail_extend, attests;
    size_t extended;
};
/* Its head is 32 times the seed. */
void memory_witness_begin(struct memory_witness *witness, uint8_t seed);

/* journal_verify of the folder has a FAIL of that check whose where or reason holds the words. */
void expect_fault(const char *folder, const struct cret_journal_witness *witness,
                  enum cret_check_id check, const char *words);
/* journal_verify finds no FAIL; gives how many runs count as accepted. */
size_t expect_sound(const char *folder, const struct cret_journal_witness *witness);
bool verify_sound(const char *folder, const struct cret_journal_witness *witness);

#endif
