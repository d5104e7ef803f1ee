/* SPDX-License-Identifier: Apache-2.0 */
/* The verification record (docs/spec/record.md): who checked what, when, how, with which result. */
#ifndef CRET_EVIDENCE_RECORD_H
#define CRET_EVIDENCE_RECORD_H

#include <jansson.h>

#include "base/digest/hash_engine.h"
#include "base/system/confine.h"
#include "engine/verdict.h"
#include "release/statements/profile.h"
#include "trust/policy/policy.h"
#include "trust/policy/waiver.h"

#define CRET_RECORD_PURPOSE "record/1"
#define CRET_RECORD_NAME "RECORD.json"
#define CRET_ERROR_PURPOSE "error/1"

enum {
    CRET_FILE_SHA256_VERIFIED = 1 << 0,
    CRET_FILE_HAS_FSVERITY = 1 << 1,
    CRET_FILE_FSVERITY_VERIFIED = 1 << 2,
    CRET_FILE_SAFETY_RELEVANT = 1 << 3, /* its release says so */
};

/* One file of the release as the verification saw it. */
struct cret_record_file {
    char *path;
    char *original;   /* or NULL */
    const char *role; /* of cret_file_roles, not owned */
    uint64_t size;
    uint8_t sha256[CRET_SHA256_BYTES];
    uint8_t fsverity[CRET_SHA256_BYTES];
    uint32_t flags; /* CRET_FILE_... : what is not verified is the manifest's claim */
};

/* What the operator said about the run; every text may be NULL. */
struct cret_record_why {
    const char *change_id, *asset, *zone, *stage, *acquired, *name, *role;
    const char *const *further_assets, *const *baseline_items; /* NULL-terminated, or NULL */
    struct cret_optional planned;                              /* when the change is, seconds */
};

/* A waiver that the verdict rests on. */
struct cret_record_waiver {
    const struct cret_waiver *waiver;
    const struct cret_waiver_file *file;
};

/* Everything a record is made of; all borrowed. */
struct cret_record {
    struct cret_record_why why;
    int64_t time;              /* the system clock when the run began, seconds */
    int64_t verification_time; /* `now` of the checks; differs where --at was given */
    bool at_given;
    bool allow_example_keys;
    bool fast;
    bool for_page;            /* it is shown, not kept: the digest of the program is left out */
    const char *archive_name; /* as given; "-" for standard input */
    bool has_archive_size;
    uint64_t archive_size;
    const struct cret_confined
        *confined; /* what held the process that read it, or NULL: there was none */
    const enum cret_hash_id *engine; /* that computed digests of files, or NULL: none was read */
    const uint8_t *archive_digest;   /* SHA-256 of the whole file, or NULL */
    const uint8_t *identity;         /* SHA-256 of MANIFEST.json, or NULL */
    bool product_bound;
    const json_t *document; /* of verifier/child/describe.h, or NULL */
    const struct cret_record_file *files;
    size_t file_count;
    const char *command; /* program name */
    const char *version;
    const char *const *arguments; /* argv, NULL-terminated */
    const struct cret_policy *policy;
    const char *policy_path;            /* trust.json, or NULL with --anchor */
    const struct cret_profile *profile; /* or NULL */
    const char *profile_signer;         /* the owner who signed it, or NULL */
    const uint8_t *configuration;       /* digest of the site configuration, or NULL */
    const uint8_t *station;             /* digest of station.json, or NULL: no TPM took part */
    const struct cret_findings *findings;
    const struct cret_record_waiver *waivers; /* behind the WAIVED findings */
    size_t waiver_count;
    enum cret_verdict verdict;
    const struct cret_err *error; /* where UNDECIDED */
    const uint8_t *previous;      /* digest of the record before it in the journal, or NULL */
    const uint8_t *journal;       /* genesis value of the journal, or NULL: in none */
    int64_t journal_line;         /* number of its line there */
};

/* Stages of a change. NULL-terminated. */
extern const char *const cret_record_stages[];

/* The format as a table (record_fields.c), and the text of its schema. */
extern const struct cret_file_format cret_record_format;
/* What stands in its place where nothing was judged (cret_record_error_json). */
extern const struct cret_file_format cret_error_format;
/* One element of its list of files. */
extern const struct cret_file_format cret_record_file_format;
extern const struct cret_field cret_record_file_fields[];    /* of one file under what.files */
extern const struct cret_field cret_record_foreign_fields[]; /* what.foreign */

/*
 * The record as JSON (docs/spec/record.md), but for its files: what.files is empty, because a tree
 * of 200,000 files would take a quarter of a gigabyte. New reference; NULL when memory is
 * exhausted.
 */
json_t *cret_record_json(const struct cret_record *record);
/* The bytes of the record file: json, of cret_record_json(record), with the files. Caller frees
 * *ret_text. Fails only for memory. */
CRET_MUST_CHECK enum cret_status cret_record_print(char **ret_text, size_t *ret_size,
                                                   const json_t *json,
                                                   const struct cret_record *record,
                                                   struct cret_err *err);

/* One finding as JSON, as records and `lint --format json` show it. New reference or NULL. */
json_t *cret_record_finding_json(const struct cret_finding *finding);
/* All of them, in order. The same. */
json_t *cret_record_findings_json(const struct cret_findings *findings);

/* "error/1": what went wrong before anything was judged. New reference or NULL. */
json_t *cret_record_error_json(const char *command, const struct cret_err *err);

/* The sentences under `limits`, NULL-terminated: what a record does not say. */
extern const char *const cret_record_limits[];

#endif
