/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the modules of the journal. From the bottom up: journal.c (what is in memory),
 * journal_line.c (one line), journal_chain.c (which lines stand in the chain), journal_files.c
 * (records, the kept head), journal_witness.c, journal_write.c (one line more), journal_settle.c
 * (after an interruption; rotation), journal_open.c; above these journal_create.c,
 * journal_append.c, journal_history.c, journal_regenerate.c (a line made anew), journal_verify.c.
 */
#ifndef CRET_EVIDENCE_JOURNAL_INTERNAL_H
#define CRET_EVIDENCE_JOURNAL_INTERNAL_H

#include "base/finding/limits.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "evidence/journal/journal.h"

#define CRET_JOURNAL_LINE_BYTES (64u << 10)  /* names, texts and a quotation fit many times over */
#define CRET_JOURNAL_FILE_BYTES (64u << 20)  /* a file that grew beyond rotation is still read */
#define CRET_JOURNAL_ROTATE_BYTES (4u << 20) /* thousands of lines; a file one can look into */
#define CRET_JOURNAL_FILES 100000u           /* what six digits number, with room */
#define CRET_JOURNAL_EARLIER_DEPTH 16u       /* machines that one journal can have lived on */
#define CRET_JOURNAL_QUOTE_BYTES 1024u       /* of what an interrupted run left, as text */
#define CRET_JOURNAL_LOCK_MS 60000u          /* a run holds the lock for milliseconds */
#define CRET_JOURNAL_CLOCK_SLACK 60          /* seconds: two runs that end in another order */

#define CRET_JOURNAL_RECORDS "records"
#define CRET_JOURNAL_PENDING "records/pending.json"
#define CRET_JOURNAL_NEW "records/pending.new" /* what is being written there */
#define CRET_JOURNAL_HEAD "journal.head"
#define CRET_JOURNAL_HEAD_NEW "journal.head.new"
#define CRET_JOURNAL_EARLIER "earlier"
#define CRET_JOURNAL_LOCK "lock"
#define CRET_JOURNAL_SIGNATURE_SUFFIX ".p7s"
#define CRET_JOURNAL_ATTESTATION_SUFFIX ".tpm.json"

/* What stands between two line breaks. */
/* "genesis", "run", ...; ended by NULL. */
extern const char *const cret_journal_kind_names[];

struct cret_journal_line {
    struct cret_journal_entry entry; /* digest always; the rest where valid */
    bool is_json;                    /* an object, at least; and terminated by a line break */
    bool valid;                      /* a line of a journal */
    bool named;                      /* a fault was reported for it */
    size_t start, size;              /* in its file, without the line break */
    size_t file;                     /* index of its file */
    uint8_t previous[CRET_SHA256_BYTES];
    /* genesis: */
    uint8_t genesis[CRET_SHA256_BYTES];
    bool has_witness, has_from;
    uint8_t from_genesis[CRET_SHA256_BYTES], from_head[CRET_SHA256_BYTES];
    /* unconfirmed: */
    bool has_quote;
    uint64_t quote_bytes;
    uint8_t quote_digest[CRET_SHA256_BYTES];
};

struct cret_journal {
    char *folder;
    enum cret_journal_mode mode;
    int lock;                                   /* -1: none */
    const struct cret_journal_witness *witness; /* borrowed, or NULL */
    unsigned depth;                             /* how many journals lie before */
    struct cret_journal *earlier;               /* or NULL */

    char **files; /* names of the chain's files in order; the last is CRET_JOURNAL_FILE */
    size_t file_count;
    bool has_current; /* the last file exists */
    uint64_t current_size;
    bool current_terminated; /* it is empty or ends with a line break */

    struct cret_journal_line *lines; /* every line of every file */
    size_t line_count;
    size_t *chain; /* indices of the lines that stand in the chain */
    size_t chain_count;
    bool set_aside; /* the last line in form is not in the witness */
    size_t
        tail_start; /* offset in the current file of what is not in the chain; its size: no tail */

    bool has_genesis;
    uint8_t genesis[CRET_SHA256_BYTES], head[CRET_SHA256_BYTES];
    struct cret_findings *faults; /* journal.chain */
    uint64_t rotate_bytes;
    bool has_kept; /* there is a head that the last writer left */
    uint8_t kept[CRET_SHA256_BYTES];

    bool has_pending;   /* a run was appended here and is not confirmed */
    char *pending_name; /* its final name below the folder; of the one confirmed last, afterwards */
};

/* --- journal.c --- */
/* The error where a folder holds no journal, or one without a line; a refusal where the TPM knows
 * one. */
enum cret_status cret_journal_nothing_there(const struct cret_journal_witness *witness,
                                            const char *folder, struct cret_err *err);

/* folder/name; caller frees; NULL: memory. */
char *cret_journal_path(const struct cret_journal *journal, const char *name);
void cret_journal_line_clear(struct cret_journal_line *line);
/* The last line of the chain, or NULL. */
const struct cret_journal_line *cret_journal_last(const struct cret_journal *journal);
/* "journal.jsonl, line 5 (number 4)" */
void cret_journal_where(const struct cret_journal *journal, const struct cret_journal_line *line,
                        char *out, size_t size);

/* --- journal_line.c --- */
/* Fills *ret_line from text (terminated after size). Never fails but for memory: what is not a line
 * is marked so. */
CRET_MUST_CHECK enum cret_status cret_journal_line_parse(struct cret_journal_line *ret_line,
                                                         const char *text, size_t size,
                                                         struct cret_err *err);
/* What an unconfirmed line quotes: length, digest and beginning of these bytes, the last of which
 * is a line break. New reference; NULL: memory. */
json_t *cret_journal_quote(const char *data, size_t size);
/* What every line begins with; number, time and previous are taken from the chain. */
struct cret_build cret_journal_line_begin(const struct cret_journal *journal,
                                          enum cret_journal_kind kind, int64_t time);
/* The same with number, time and kind of the entry; previous may be NULL. */
struct cret_build cret_journal_line_like(const struct cret_journal_entry *entry,
                                         const uint8_t *previous);
/* Adds the fields of a run's line out of its record. */
void cret_journal_line_from_record(struct cret_build *line, const json_t *record);
/* Adds a text, unless it is NULL: escaped, and cut where it is very long. */
void cret_journal_put_text(struct cret_build *line, const char *key, const char *text);
/* "records/20261123T101051Z-accepted-0123456789abcdef.json"; caller frees; NULL: memory. verdict
 * NULL: of an interrupted run. */
char *cret_journal_record_name(int64_t time, const char *verdict,
                               const uint8_t digest[CRET_SHA256_BYTES]);
/* The word for a verdict in names of files. */
const char *cret_journal_verdict_word(enum cret_verdict verdict);

/* --- journal_chain.c --- */
/* Reads every file and decides which lines stand in the chain; faults go into journal->faults.
 * CRET_FAILED only where the tool could not do its work. */
CRET_MUST_CHECK enum cret_status cret_journal_load(struct cret_journal *journal,
                                                   struct cret_err *err);
/* Takes the last line out of the chain: it is where the tail begins from then on. */
void cret_journal_drop_last(struct cret_journal *journal);
/* Computes genesis, heads, and which runs later lines declare unconfirmed. */
CRET_MUST_CHECK enum cret_status cret_journal_fold(struct cret_journal *journal,
                                                   struct cret_err *err);
/* The same for a line that just joined. */
CRET_MUST_CHECK enum cret_status cret_journal_fold_last(struct cret_journal *journal,
                                                        struct cret_err *err);

/* --- journal_files.c --- */
/* Writes DIR/name durably, whatever an interrupted run left there. */
CRET_MUST_CHECK enum cret_status cret_journal_put_file(const struct cret_journal *journal,
                                                       const char *name, const void *data,
                                                       size_t size, struct cret_err *err);
/* The same for name and suffix. */
CRET_MUST_CHECK enum cret_status cret_journal_put_beside(const struct cret_journal *journal,
                                                         const char *name, const char *suffix,
                                                         const void *data, size_t size,
                                                         struct cret_err *err);
/* Keeps journal->head beside the lines, where it is not kept yet. */
CRET_MUST_CHECK enum cret_status cret_journal_keep_head(struct cret_journal *journal,
                                                        struct cret_err *err);
/* Reads the head that was kept. */
CRET_MUST_CHECK enum cret_status cret_journal_read_head(struct cret_journal *journal,
                                                        struct cret_err *err);
/* What it says of the chain: the writer keeps it after each line, before the next. */
enum cret_journal_kept {
    CRET_KEPT_NONE,   /* there is none: an earlier version wrote this journal, or it was deleted */
    CRET_KEPT_EQUAL,  /* the chain ends where its writer left it */
    CRET_KEPT_BEHIND, /* the last line was not finished, or was added by hand */
    CRET_KEPT_OTHER,  /* the last line was edited, or lines at the end were deleted or added */
};
enum cret_journal_kept cret_journal_kept_head(const struct cret_journal *journal);
extern const char cret_journal_kept_words[]; /* of CRET_KEPT_OTHER */
CRET_MUST_CHECK enum cret_status cret_journal_file_digest(const struct cret_journal *journal,
                                                          const char *name, bool *ret_exists,
                                                          uint8_t ret_digest[CRET_SHA256_BYTES],
                                                          struct cret_err *err);
/* Whether the line is of a run whose record was to be signed, and is not. */
CRET_MUST_CHECK enum cret_status cret_journal_lacks_signature(const struct cret_journal *journal,
                                                              const struct cret_journal_entry *last,
                                                              bool *ret_lacks,
                                                              struct cret_err *err);
/* Sets entry.pending of the run whose record is still the pending one, or not yet signed. */
CRET_MUST_CHECK enum cret_status cret_journal_mark_pending(struct cret_journal *journal,
                                                           struct cret_err *err);
/* Name of the record of a line below the folder; caller frees; NULL: memory. */
char *cret_journal_entry_name(const struct cret_journal_entry *entry);
/* Moves the pending record and what belongs to it to its final name, the record first. */
CRET_MUST_CHECK enum cret_status cret_journal_move_pending(const struct cret_journal *journal,
                                                           const char *name, struct cret_err *err);
/* The record of a confirmed run, and what belongs to it, become pending again: a change of names,
 * for which a full disk has room. The next run finds them and names the line. */
CRET_MUST_CHECK enum cret_status cret_journal_move_back(const struct cret_journal *journal,
                                                        const struct cret_journal_entry *run,
                                                        struct cret_err *err);
/* Digest of the pending record; *ret_exists false where there is none. */
CRET_MUST_CHECK enum cret_status cret_journal_pending(const struct cret_journal *journal,
                                                      bool *ret_exists,
                                                      uint8_t ret_digest[CRET_SHA256_BYTES],
                                                      struct cret_err *err);

/* --- journal_witness.c --- */
/* What a comparison with a witness says. */
enum cret_journal_witnessed {
    CRET_WITNESS_EQUAL,   /* the head is the witness's */
    CRET_WITNESS_BEHIND,  /* the witness lacks the last line: a crash, or a line added by hand */
    CRET_WITNESS_FAR,     /* it lacks more than one: index of the last line that it has */
    CRET_WITNESS_UNBEGUN, /* it lacks the genesis line, and there is no other */
    CRET_WITNESS_NOWHERE, /* no line leads to its head */
};
CRET_MUST_CHECK enum cret_status cret_journal_compare(const struct cret_journal *journal,
                                                      enum cret_journal_witnessed *ret_result,
                                                      size_t *ret_index, struct cret_err *err);
/* The result in words, class REFUSED, check tpm.journal. Returns CRET_FAILED. */
enum cret_status cret_journal_denied(const struct cret_journal *journal,
                                     enum cret_journal_witnessed result, size_t index,
                                     struct cret_err *err);
/* Has the witness extend by the genesis line, where the beginning was interrupted. */
CRET_MUST_CHECK enum cret_status cret_journal_finish_begin(const struct cret_journal *journal,
                                                           struct cret_err *err);

/* --- journal_write.c --- */
/* Writes the line (its reference is taken) behind everything that is there, fsyncs, has the witness
 * extend, and adds it to the chain. record_digest: of the run, or NULL. */
CRET_MUST_CHECK enum cret_status
cret_journal_append_line(struct cret_journal *journal, json_t *line, const uint8_t *record_digest,
                         json_t **ret_attestation, struct cret_err *err);
/* Now, but not before the last line; class UNDECIDED where the clock ran back. For what is said of
 * now: runs and notes. */
CRET_MUST_CHECK enum cret_status cret_journal_now(const struct cret_journal *journal,
                                                  int64_t *ret_time, struct cret_err *err);
/* The same for lines about the journal itself (unconfirmed, rotate, close), which must be possible
 * behind a line from the future too: these take its time. */
int64_t cret_journal_line_time(const struct cret_journal *journal);

/* --- journal_open.c --- */
/* Lock and files, without judging anything. */
CRET_MUST_CHECK enum cret_status cret_journal_open_raw(struct cret_journal **ret_journal,
                                                       const char *folder,
                                                       enum cret_journal_mode mode, unsigned depth,
                                                       struct cret_err *err);

/* --- journal_regenerate.c --- */
/* Why a line is not what is made anew out of its record (of runs; else NULL), or out of the line
 * that it is about: *ret_why (the caller frees), or NULL where it is exactly that. text: its bytes,
 * behind those that stand before it in its file. */
CRET_MUST_CHECK enum cret_status cret_journal_regenerate(const struct cret_journal *journal,
                                                         const struct cret_journal_line *line,
                                                         const char *text, const json_t *record,
                                                         char **ret_why, struct cret_err *err);

/* --- journal_create.c --- */
/* What the first line says of the journal that it continues. New reference; NULL:
 * memory. */
json_t *cret_journal_from_object(const struct cret_journal *from);

/* --- journal_settle.c --- */
/* After opening for appending: finishes an interrupted rotation, and marks what an interrupted run
 * left with an unconfirmed line. */
CRET_MUST_CHECK enum cret_status cret_journal_settle(struct cret_journal *journal,
                                                     struct cret_err *err);
/* Renames the full file and lets the next one begin. */
CRET_MUST_CHECK enum cret_status cret_journal_rotate(struct cret_journal *journal,
                                                     struct cret_err *err);

#endif
