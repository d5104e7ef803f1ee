/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers (docs/spec/waivers.md): signed decisions to accept a release although a check fails. */
#ifndef CRET_TRUST_WAIVER_H
#define CRET_TRUST_WAIVER_H

#include "base/digest/digest.h"
#include "base/finding/authentic.h"
#include "base/finding/err.h"
#include "base/schema/file_format.h"

#define CRET_WAIVER_PURPOSE "waivers/1"

/* One decision; texts are owned. */
struct cret_waiver {
    enum cret_check_id check;
    uint8_t release[CRET_SHA256_BYTES]; /* identity of the one release */
    char *asset;                        /* the one asset, or NULL: any */
    char *reason, *approver, *control;
    int64_t issued, until; /* seconds; both included */
};

/* One file of waivers with what became of its signatures. */
struct cret_waiver_file {
    char *path; /* as given */
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_authentic *authentic; /* by whose roles; NULL: nothing in it is honoured */
    char *signers;                    /* names in the policy, "A, B"; NULL where not authentic */
    struct cret_waiver *list;
    size_t count;
    struct cret_err fault; /* why not authentic: check waiver.signature or waiver.form */
};

struct cret_waivers {
    struct cret_waiver_file *files;
    size_t count;
};

extern const struct cret_file_format cret_waiver_format;

/*
 * The content of a waiver file, after its signatures were verified; `authentic` is the proof, and
 * holds the bytes. class REFUSED with waiver.form; origin names the file in err->where.
 */
CRET_MUST_CHECK enum cret_status cret_waivers_parse(struct cret_waiver **ret_list,
                                                    size_t *ret_count,
                                                    const struct cret_authentic *authentic,
                                                    const char *origin, struct cret_err *err);
/* The same before anybody signed, for whoever writes or signs such a file. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_waivers_parse_unverified(struct cret_waiver **ret_list,
                                                               size_t *ret_count, const char *text,
                                                               size_t size, const char *origin,
                                                               struct cret_err *err);
void cret_waiver_list_free(struct cret_waiver **list, size_t count);
void cret_waivers_free(struct cret_waivers **waivers);

#endif
