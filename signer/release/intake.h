/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that reads what others made: files of a release, archives that are expanded, an
 * earlier release. It is started before the signer's key is opened, so that it never has it, and
 * does what it is ordered to afterwards; the key's process reads none of these bytes, but for the
 * manifest that it signs, with the strict reader.
 */
#ifndef CRET_SIGNER_INTAKE_H
#define CRET_SIGNER_INTAKE_H

#include "release/manifest/manifest.h"
#include "signer/command/options.h"
#include "signer/description/description.h"
#include "signer/release/adopt_foreign.h"
#include "signer/release/import.h"
#include "trust/x509/certificate.h"

/* What it starts with; borrowed until it is ended. */
struct cret_intake_job {
    const struct cret_description *description; /* valid */
    int fd;                                     /* where the archive is written, behind its front */
    const char *out;                            /* the name that it will get */
    int old_fd; /* what lies at that name and is not replaced unless nothing is lost; -1: nothing */
    bool strict_names, detached, allow_example_keys;
    bool allow_unconfined;     /* where the machine cannot confine it, it reads all the same */
    const char *previous;      /* archive of the release before, or NULL */
    const char *const *inputs; /* more files that out must not be */
    size_t input_count;
    const char *const *others; /* more paths of outputs, which must be none of its inputs either */
    size_t other_count;
    const struct cret_certificate
        *certificate;         /* of the signer; NULL: the archive stays unsigned */
    struct cret_spool *spool; /* for members of archives; NULL: none is expanded */
    unsigned jobs;
    enum cret_hash_choice hash;
    const char *const *paths; /* files that cret_intake_hash hashes */
    size_t path_count;
    const struct cret_adopt_foreign *foreign; /* for cret_intake_foreign, or NULL */
    const char *description_name; /* for cret_intake_describe, with the options of --set */
    const char *const *sets;
    size_t set_count;
};

struct cret_intake;
/* Starts it; it waits for orders. Before any thread, and before any key is opened. */
CRET_MUST_CHECK enum cret_status cret_intake_start(struct cret_intake **ret_intake,
                                                   const struct cret_intake_job *job,
                                                   struct cret_err *err);
/* Ends it; CRET_OK where nothing went wrong until the end. Frees *intake. NULL-safe. */
CRET_MUST_CHECK enum cret_status cret_intake_end(struct cret_intake **intake, struct cret_err *err);

/* SHA-256 of job->paths, regular files; ret_digests has room for them. */
CRET_MUST_CHECK enum cret_status cret_intake_hash(struct cret_intake *intake,
                                                  uint8_t (*ret_digests)[CRET_SHA256_BYTES],
                                                  struct cret_err *err);
/* What the vendor's own signature proves of job->foreign (adopt_foreign.h); published: its SHA-256
 * is one that the vendor published; warnings: what of it only warns is added. Caller frees
 * *ret_text. */
CRET_MUST_CHECK enum cret_status cret_intake_foreign(struct cret_intake *intake, bool published,
                                                     struct cret_findings *warnings,
                                                     char **ret_text, struct cret_err *err);
/* Another description than the one that it started with: a JSON text. */
CRET_MUST_CHECK enum cret_status cret_intake_describe(struct cret_intake *intake, const char *text,
                                                      size_t size, struct cret_err *err);

/* A file whose name the archive cannot hold. */
struct cret_renamed {
    char *wanted, *path;
    bool keeps_original; /* the manifest carries `wanted` */
};

/* What came of the files. */
struct cret_reading {
    char *text; /* MANIFEST.json */
    size_t text_size;
    struct cret_manifest *manifest; /* the same, read here */
    int64_t date;                   /* release date, seconds */
    uint64_t start, end;            /* of the payload, where it was written for */
    struct cret_renamed *renamed;
    size_t renamed_count;
};

/*
 * Collects, hashes and writes the payload behind a front with one signature of that size (0: with
 * none), and makes all checks on the content. findings get what they found; where one is a FAIL,
 * *ret_reading is NULL. May be ordered again with another size; then no findings come, and inputs
 * that changed are class UNDECIDED. progress may be NULL.
 */
CRET_MUST_CHECK enum cret_status
cret_intake_read(struct cret_intake *intake, size_t signature_size,
                 void (*progress)(void *context, uint64_t done, uint64_t total), void *context,
                 struct cret_findings *findings, struct cret_reading **ret_reading,
                 struct cret_err *err);
void cret_reading_free(struct cret_reading **reading);

/* Verifies the finished archive with the verifier's engine. */
CRET_MUST_CHECK enum cret_status cret_intake_check(struct cret_intake *intake,
                                                   struct cret_err *err);

/* The description out of the manifest of an earlier archive (template.h), in a process of its own.
 * Caller frees *ret_text: UTF-8 without control characters but line feeds. */
CRET_MUST_CHECK enum cret_status cret_intake_template(char **ret_text, size_t *ret_size,
                                                      const char *path, bool allow_unconfined,
                                                      struct cret_err *err);

#endif
