/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the verbs that add signatures to an archive or package share: endorse, attach, timestamp. It
 * is read, with what came from outside, by a process of its own (refront.h, repackage.h); here its
 * file is held, and what was told of it is shown.
 */
#ifndef CRET_SIGNER_AMEND_H
#define CRET_SIGNER_AMEND_H

#include "base/finding/limits.h"
#include "base/system/apart.h"
#include "signer/archive/existing.h"
#include "signer/archive/package_check.h"
#include "signer/report/credentials.h"
#include "signer/report/report.h"

struct cret_amend {
    const struct cret_options *options;
    struct cret_credentials credentials;
    struct cret_existing_work work;
    struct cret_progress progress;
    struct cret_existing *existing; /* what is in it, the reading process alone knows */
    bool package;                   /* it is an OPC UA package: */
    struct cret_package_seen seen;  /* then this is in it, which that process knows too */
    bool unsigned_too;              /* one that nobody signed yet will do */
    bool stamps;                    /* a signature that is there gets a timestamp; else one more */
    int out;                        /* a file that the reading process writes; else -1 */
    struct cret_addition additions[CRET_LIMIT_SIGNATURES]; /* that process's, or of a key */
    size_t count;
    struct cret_findings *notes;         /* what was rewritten on the way in */
    struct cret_apart_told told;         /* by that process */
    uint8_t identity[CRET_SHA256_BYTES]; /* of the archive that was replaced, */
    bool identity_open;                  /* or, of a package, that depends on who is trusted, */
    size_t total;                        /* and how many signatures it has now */
};

void cret_amend_init(struct cret_amend *amend, const struct cret_options *options,
                     const char *label);
/* Options that need no archive: threads, payload folder, certificates. */
CRET_MUST_CHECK enum cret_status cret_amend_begin(struct cret_amend *amend, struct cret_err *err);
/* Opens it, and reads nothing. `change`: it will be replaced, and no other run may change it before
 * that. */
CRET_MUST_CHECK enum cret_status cret_amend_open(struct cret_amend *amend, const char *path,
                                                 bool change, struct cret_err *err);
void cret_amend_clear(struct cret_amend *amend);

/* Has the archive read by a process that can do nothing else, and `read` called there; what that
 * tells is in amend->told and amend->notes afterwards. class as cret_existing_read and `read`. */
CRET_MUST_CHECK enum cret_status cret_amend_read(
    struct cret_amend *amend,
    enum cret_status (*read)(void *context, struct cret_apart_told *told, struct cret_err *err),
    void *context, struct cret_err *err);

/* In the reading process, for `read`. The place of one more signature; at most
 * CRET_LIMIT_SIGNATURES. */
struct cret_addition *cret_amend_next(struct cret_amend *amend);
/* The signatures that are there; what it says; and what one more is over: MANIFEST.json, or of a
 * package the list that would come to it. Borrowed. */
const struct cret_gate_result *cret_amend_gate(const struct cret_amend *amend);
const struct cret_manifest *cret_amend_manifest(const struct cret_amend *amend);
struct cret_bytes cret_amend_content(const struct cret_amend *amend);
/* What a new signature means: --meaning, or of a package what its place calls for. */
enum cret_meaning cret_amend_meaning(const struct cret_amend *amend);
/* Reads the signature of an addition, whose bytes are there, as verifiers do. class as
 * cret_cms_parse. */
CRET_MUST_CHECK enum cret_status cret_amend_parse(const struct cret_amend *amend,
                                                  struct cret_addition *addition,
                                                  struct cret_err *err);
/* Whether this signer may sign it (once more with --replace). class USAGE. */
CRET_MUST_CHECK enum cret_status cret_amend_takes(const struct cret_amend *amend,
                                                  const struct cret_certificate *signer,
                                                  struct cret_err *err);
/* For additions that vouch for nothing: the payload is hashed once, with the archive that was made
 * of it. Before: only what that does not see, the payload of a front, is verified. */
CRET_MUST_CHECK enum cret_status cret_amend_ready(struct cret_amend *amend, struct cret_err *err);
/* Tells the archive with the additions, and `report` of them (takes it over; NULL: no memory). */
CRET_MUST_CHECK enum cret_status cret_amend_tell(struct cret_amend *amend,
                                                 struct cret_apart_told *told, json_t *report,
                                                 struct cret_err *err);
/* What the verbs that sign report. New reference; NULL: no memory. */
json_t *cret_amend_added(const struct cret_amend *amend);

/* Whether what was told of `asked` additions (cret_amend_added) has its form: else class UNDECIDED.
 * Before the archive is replaced. */
CRET_MUST_CHECK enum cret_status cret_amend_said(const struct cret_amend *amend, size_t asked,
                                                 struct cret_err *err);
/* What a key signed here, by its SHA-256, and what it made. */
struct cret_amend_own {
    const uint8_t *identity;
    struct cret_bytes der;
};
/* Writes the archive anew as it was told, with `asked` new signatures; where `own` is given, of
 * just that archive and with just that one. */
CRET_MUST_CHECK enum cret_status cret_amend_replace(struct cret_amend *amend, size_t asked,
                                                    const struct cret_amend_own *own,
                                                    struct cret_err *err);
struct cret_output;
/*
 * The archive as an OPC UA package that nobody signed yet, made by a process of its own in `out`,
 * an empty file. What it is of is amend->told.json (package_report.h), and the list that its author
 * signs amend->told.files[0]. class as cret_package_make.
 */
CRET_MUST_CHECK enum cret_status cret_amend_make(struct cret_amend *amend, int out, const char *uri,
                                                 struct cret_err *err);
/* That package with the signature that a key made over that list; judged. The caller commits. */
CRET_MUST_CHECK enum cret_status cret_amend_sign_made(const struct cret_amend *amend,
                                                      struct cret_output *output,
                                                      const struct cret_bytes *list,
                                                      const struct cret_bytes *value,
                                                      struct cret_err *err);

/* A verb that signs: `work` replaces the archive, and what was added is printed. Returns the exit
 * code. */
int cret_amend_run(struct cret_amend *amend,
                   enum cret_status (*work)(struct cret_amend *amend, struct cret_err *err));
/* Prints what was told of the additions. Returns the exit code. */
int cret_amend_report(const struct cret_amend *amend);

#endif
