/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal (docs/spec/journal.md): a folder with one line for each run that judged, each line
 * holding the digest of the line before it, and with the record of each run.
 *
 *   DIR/journal.jsonl                 the lines; append-only
 *   DIR/journal-000001.jsonl ...      earlier files of the same chain (rotation)
 *   DIR/journal.head                  the head after the last line or the one before, as written
 *   DIR/records/<time>-<verdict>-<digest>.json, .json.p7s, .json.tpm.json
 *   DIR/records/pending.json ...      of a run that is not finished
 *   DIR/earlier/                      line files of the journal that this one continues
 *   DIR/lock
 *
 * The head is H(n) = SHA-256(H(n-1) || SHA-256(line n without its line break)), from the genesis
 * value in the first line on: what a TPM's extend index computes.
 */
#ifndef CRET_EVIDENCE_JOURNAL_H
#define CRET_EVIDENCE_JOURNAL_H

#include <jansson.h>

#include "base/digest/digest.h"
#include "engine/verdict.h"

#define CRET_JOURNAL_PURPOSE "journal/1"

/* One line (journal_fields.c), for its schema. */
extern const struct cret_file_format cret_journal_line_format;
#define CRET_JOURNAL_FILE "journal.jsonl"

enum cret_journal_kind {
    CRET_JOURNAL_GENESIS,     /* first line: genesis value, witness, what it continues */
    CRET_JOURNAL_RUN,         /* a run that judged */
    CRET_JOURNAL_NOTE,        /* what happened later to a release */
    CRET_JOURNAL_UNCONFIRMED, /* a run that did not finish: quotes what it left; never accepted */
    CRET_JOURNAL_ROTATE,      /* last line of a file; the next file goes on */
    CRET_JOURNAL_CLOSE,       /* last line of the journal */
    CRET_JOURNAL_KIND_COUNT
};
const char *cret_journal_kind_name(enum cret_journal_kind kind);

/* One line that stands in the chain. Texts may be NULL; all owned by the journal. */
struct cret_journal_entry {
    enum cret_journal_kind kind;
    int64_t number;                    /* 0 is the genesis line */
    int64_t time;                      /* seconds; never falls from line to line */
    uint8_t digest[CRET_SHA256_BYTES]; /* of the line */
    uint8_t head[CRET_SHA256_BYTES];   /* after it */
    /* run: */
    enum cret_verdict verdict;
    bool at_given, example_keys;
    bool pending; /* its record has not its name or signature yet: it goes on, or was cut short */
    bool unconfirmed; /* a later line says that it did not finish; of notes too */
    bool has_record, has_signer, has_signature, has_identity;
    uint8_t record[CRET_SHA256_BYTES]; /* of the record file; unconfirmed lines may have one too */
    uint8_t signer[CRET_SHA256_BYTES]; /* the certificate of whoever signs the record */
    uint8_t signature[CRET_SHA256_BYTES]; /* of the signature itself: lines of earlier versions */
    /* run and note: */
    uint8_t identity[CRET_SHA256_BYTES];
    struct cret_optional sequence; /* of the release */
    struct cret_optional line;     /* note, unconfirmed: number of the run it is about */
    char *vendor, *product, *version, *asset, *stage, *change_id;
    /* where it stands */
    char *file;          /* name of the file in the folder */
    size_t line_in_file; /* from 1 */
};

/* What a witness is given for one line: the line is on the disk when it is called. */
struct cret_journal_extension {
    const char *line; /* without its line break */
    size_t line_size;
    uint8_t line_digest[CRET_SHA256_BYTES]; /* what the extend index is extended with */
    uint8_t previous_head[CRET_SHA256_BYTES];
    uint8_t head[CRET_SHA256_BYTES]; /* what the index must hold afterwards */
    const uint8_t *record_digest;    /* 32 bytes, or NULL: not the line of a run */
};

/* Whoever holds the journal's head outside of the journal: a TPM. Called under the lock. */
struct cret_journal_witness {
    void *context;
    /* The head that it holds. */
    enum cret_status (*read)(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                             struct cret_err *err);
    /* Extends by line_digest. Called once for each line, after the line was fsynced. May set
     * *ret_attestation (a new JSON object; the journal prints it beside the record, as
     * <record>.tpm.json). Failure: the run is not accepted, and the next one says so in an
     * unconfirmed line. NULL where the journal is only read. */
    enum cret_status (*extend)(void *context, const struct cret_journal_extension *extension,
                               json_t **ret_attestation, struct cret_err *err);
};

/* head = SHA-256(head || line_digest). */
CRET_MUST_CHECK enum cret_status cret_journal_extend_head(uint8_t head[CRET_SHA256_BYTES],
                                                          const uint8_t *line_digest,
                                                          struct cret_err *err);

struct cret_journal; /* an open journal; holds its lock */

enum cret_journal_mode {
    CRET_JOURNAL_READ,   /* shared lock, taken where the folder is writable; nothing is changed */
    CRET_JOURNAL_APPEND, /* exclusive lock; marks what an interrupted run left */
};

/*
 * Begins a journal in a folder that is missing or empty: genesis line, fsync, witness. The genesis
 * value is what the witness holds, or random where there is none (witness NULL); a journal with
 * witness can never be appended to without one. `from` is the journal that this one continues, open
 * for reading, or NULL; its line files are copied to DIR/earlier, and the genesis line names its
 * genesis value, head, and whether it was closed. class USAGE where something is there already.
 */
CRET_MUST_CHECK enum cret_status cret_journal_create(const char *folder,
                                                     const struct cret_journal_witness *witness,
                                                     const struct cret_journal *from,
                                                     struct cret_err *err);

/*
 * Opens a journal, takes its lock (at most 60 s), reads every line of every file, and holds the
 * chain together; with a witness, the head must be the witness's. One line that the witness does
 * not have, or a torn last line, is what a crash leaves: it is set aside (cret_journal_has_tail),
 * and CRET_JOURNAL_APPEND writes the unconfirmed line at once. Anything else is an error that names
 * the line: class REFUSED with a witness, else UNDECIDED (check journal.chain or journal.head). A
 * journal that has a witness and is opened for appending without one: class USAGE. A missing
 * journal: class UNDECIDED; with a witness REFUSED.
 */
CRET_MUST_CHECK enum cret_status cret_journal_open(struct cret_journal **ret_journal,
                                                   const char *folder, enum cret_journal_mode mode,
                                                   const struct cret_journal_witness *witness,
                                                   struct cret_err *err);
/* Releases the lock; NULL-safe. A run that was appended and not confirmed stays pending, and the
 * next one that opens the journal marks it. */
void cret_journal_free(struct cret_journal **journal);

/* Whether the folder holds a journal. */
CRET_MUST_CHECK enum cret_status cret_journal_exists(bool *ret_exists, const char *folder,
                                                     struct cret_err *err);

/* The chain; entries in order, without those that were set aside. */
size_t cret_journal_count(const struct cret_journal *journal);
const struct cret_journal_entry *cret_journal_at(const struct cret_journal *journal, size_t index);
const uint8_t *cret_journal_genesis(const struct cret_journal *journal); /* 32 bytes */
const uint8_t *cret_journal_head(const struct cret_journal *journal);    /* 32 bytes */
int64_t cret_journal_last_time(const struct cret_journal *journal);
/* Class UNDECIDED where the machine's clock is behind the last line (by more than a minute). */
CRET_MUST_CHECK enum cret_status cret_journal_check_clock(const struct cret_journal *journal,
                                                          struct cret_err *err);
/* Of the line that would be appended next. */
int64_t cret_journal_next_number(const struct cret_journal *journal);
bool cret_journal_has_witness(const struct cret_journal *journal); /* the genesis line says so */
bool cret_journal_closed(const struct cret_journal *journal);
/* An interrupted run left a line that does not count. */
bool cret_journal_has_tail(const struct cret_journal *journal);
/* Digest of the last record of the chain, or NULL. */
const uint8_t *cret_journal_last_record(const struct cret_journal *journal);
/* The journal that this one continues, or NULL; owned by journal. */
const struct cret_journal *cret_journal_earlier(const struct cret_journal *journal);

/* Whether a line counts as an acceptance: a run, neither pending nor unconfirmed, ACCEPTED or
 * ACCEPTED WITH WAIVERS, not as of another time (--at), not with example keys. */
bool cret_journal_accepted(const struct cret_journal_entry *entry);
/* Whether the run of a line was finished: its record stands in the journal under its final name, as
 * the line knows it, with its signature where the line announces one, and no line says otherwise.
 */
CRET_MUST_CHECK enum cret_status cret_journal_confirmed(const struct cret_journal *journal,
                                                        const struct cret_journal_entry *run,
                                                        bool *ret_confirmed, struct cret_err *err);

/* Where the record of a finished run lies; nothing is looked up. Caller frees; NULL: memory. */
char *cret_journal_record_path(const struct cret_journal *journal,
                               const struct cret_journal_entry *run);

/* Where the lines of a release on an asset stand (docs/spec/checks.md, release.backout), earlier
 * journals included. */
struct cret_journal_history {
    bool accepted_before;         /* this very identity was accepted */
    struct cret_optional highest; /* sequence authorized or deployed on the asset */
    bool by_other;                /* a release of another identity has that sequence there */
    char version[128], stage[16]; /* of that release; of the other one, where there is one */
    int64_t time;
};
/* asset may be NULL: lines without an asset. */
CRET_MUST_CHECK enum cret_status cret_journal_search(const struct cret_journal *journal,
                                                     const char *vendor, const char *product,
                                                     const char *asset, const uint8_t *identity,
                                                     struct cret_journal_history *ret_history,
                                                     struct cret_err *err);

/* One release that was accepted; record is NULL where its file is missing, altered or above
 * CRET_LIMIT_PARSED_FILE_BYTES. */
typedef enum cret_status (*cret_journal_visitor)(void *context,
                                                 const struct cret_journal_entry *run,
                                                 const json_t *record, struct cret_err *err);
/*
 * Calls the visitor with each release of a vendor that the journal accepted, but the one with this
 * identity: the newest line of each, newest first, earlier journals included. class UNDECIDED where
 * a record cannot be read.
 */
CRET_MUST_CHECK enum cret_status cret_journal_each_release(const struct cret_journal *journal,
                                                           const char *vendor,
                                                           const uint8_t *identity,
                                                           cret_journal_visitor visitor,
                                                           void *context, struct cret_err *err);

/* A run to append. */
struct cret_journal_run {
    const json_t *record;    /* what the line quotes comes from it (docs/spec/record.md) */
    const char *record_text; /* the bytes of the record file */
    size_t record_size;
    const uint8_t *signer; /* SHA-256 of the certificate of whoever will sign it, or NULL */
};

/*
 * Writes pending record, line, fsync, and has the witness extend. The run counts once
 * cret_journal_confirm has moved the record to its final name. *ret_attestation: what the witness
 * gave, text (caller frees), or NULL. On failure the run must not be reported as accepted.
 */
CRET_MUST_CHECK enum cret_status cret_journal_append_run(struct cret_journal *journal,
                                                         const struct cret_journal_run *run,
                                                         char **ret_attestation,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_journal_confirm(struct cret_journal *journal,
                                                      struct cret_err *err);
/* Puts the signature (CMS over the record) beside the record that was confirmed last; a run whose
 * line names a signer is finished with it. class UNDECIDED where no such run was confirmed here. */
CRET_MUST_CHECK enum cret_status cret_journal_keep_signature(struct cret_journal *journal,
                                                             const uint8_t *signature, size_t size,
                                                             struct cret_err *err);
/* A run appended through this journal, or any confirmed line by its number, shall not count: an
 * unconfirmed line with that reason. */
CRET_MUST_CHECK enum cret_status cret_journal_withdraw(struct cret_journal *journal, int64_t number,
                                                       const char *reason, struct cret_err *err);

struct cret_journal_note {
    int64_t line;                        /* the run that it is about */
    const char *stage;                   /* received, in-test, authorized, deployed */
    const char *asset;                   /* or NULL */
    struct cret_optional occurred;       /* seconds; when it happened; not given: now */
    const char *text;                    /* or NULL */
    const char *change_id, *name, *role; /* or NULL */
};
/* authorized and deployed want a line that counts as accepted: else class USAGE. */
CRET_MUST_CHECK enum cret_status cret_journal_append_note(struct cret_journal *journal,
                                                          const struct cret_journal_note *note,
                                                          struct cret_err *err);
/* The last line; nothing can be appended afterwards. */
CRET_MUST_CHECK enum cret_status cret_journal_append_close(struct cret_journal *journal,
                                                           const char *text, struct cret_err *err);

struct cret_station;

/* What `journal verify` finds: chain, head, records. */
struct cret_journal_report {
    struct cret_findings *findings; /* journal.chain, journal.head, journal.records: FAIL, WARN */
    size_t lines, runs, accepted, unconfirmed, records;
    bool has_head;
    uint8_t genesis[CRET_SHA256_BYTES], head[CRET_SHA256_BYTES];
    bool witnessed; /* head was compared with a witness */
    bool bound;     /* the journal says that a TPM witnesses it */
    bool kept;      /* the last line was compared with the head that its writer left */
    bool closed;
};
/*
 * Reads everything; makes each line anew from its record, or from the line that it is about, and
 * names every one that was edited, deleted, reordered or inserted, every record, signature and
 * attestation that is missing, altered or belongs to no line; with a witness also a deleted tail, a
 * restored copy and lines that it does not know. `station` (may be NULL): whose TPM signed the
 * attestations; without it these are compared with lines and records only. CRET_OK: the report is
 * complete (its findings may hold FAIL); CRET_FAILED only where the tool could not do its work.
 * Caller: cret_journal_report_free.
 */
CRET_MUST_CHECK enum cret_status cret_journal_verify(struct cret_journal_report *ret_report,
                                                     const char *folder,
                                                     const struct cret_journal_witness *witness,
                                                     const struct cret_station *station,
                                                     struct cret_err *err);
void cret_journal_report_free(struct cret_journal_report *report);

#endif
