/* SPDX-License-Identifier: Apache-2.0 */
/* From a description to a signed archive under its final name, or to nothing at all. */
#ifndef CRET_SIGNER_PUBLISH_H
#define CRET_SIGNER_PUBLISH_H

#include "keys/sign.h"
#include "signer/release/intake.h"

struct cret_publish_request {
    const struct cret_description *description;  /* valid */
    const struct cret_certificate *certificate;  /* NULL: the archive is left unsigned (prepare) */
    const struct cret_certificate *const *chain; /* intermediates */
    size_t chain_count;
    enum cret_meaning meaning; /* of the signature */
    bool allow_example_keys;
    bool allow_unconfined; /* of the reading process */
    bool strict_names;
    bool detached;
    bool force;           /* replace whatever archive lies at `out` */
    bool no_signing_time; /* the signature says no time of its own */
    bool together;        /* cret_publish gives it no name: cret_publish_output does, with others */
    const char *const *others; /* more paths of outputs, which must not be inputs either */
    size_t other_count;
    const char *previous;      /* archive, or NULL */
    const char *out;           /* or NULL: <product>-<version>.cretula.tar in the current folder */
    const char *const *inputs; /* more files that out must not be: key, certificates */
    size_t input_count;
    const char *const
        *secrets; /* paths of keys and PINs, none of which may be released; URIs too */
    size_t secret_count;
    const char *const *paths; /* files whose digests are asked for before they are described */
    size_t path_count;
    const struct cret_adopt_foreign *foreign; /* the vendor's signature, or NULL */
    const char *description_name;             /* of what then describes them, with these --set */
    const char *const *sets;
    size_t set_count;
    unsigned jobs;
    enum cret_hash_choice hash;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

struct cret_publication {
    char *out;
    uint64_t size;                /* bytes of the file */
    struct cret_reading *content; /* with digests and identity */
    struct cret_cms *signature;   /* NULL where unsigned */
};

struct cret_publishing; /* one run */

/* The path of the archive: `out`, or where that is NULL a name made from product and version.
 * Caller frees. */
CRET_MUST_CHECK enum cret_status cret_publish_name(char **ret_name,
                                                   const struct cret_description *description,
                                                   const char *out, struct cret_err *err);

/*
 * Begins: the output is opened, and the reading process started (intake.h), which waits. Call it
 * before the key is opened. request is borrowed until the end.
 */
CRET_MUST_CHECK enum cret_status cret_publish_begin(struct cret_publishing **ret_publishing,
                                                    const struct cret_publish_request *request,
                                                    struct cret_err *err);
struct cret_intake *cret_publish_intake(struct cret_publishing *publishing);

/*
 * Collects, hashes, writes, signs, verifies the temporary file with the verifier's engine, and only
 * then gives it its name. Whatever fails leaves no file. key: NULL where the request has no
 * certificate. Faults of the content are FAIL findings; then err is class REFUSED. The order of
 * other errors: usage (keys, output) before inputs are read.
 */
CRET_MUST_CHECK enum cret_status cret_publish(struct cret_publication **ret_publication,
                                              struct cret_publishing *publishing,
                                              const struct cret_key *key,
                                              struct cret_findings *findings, struct cret_err *err);
/* Where the request says `together`: the archive, to be committed by the caller; NULL before. */
struct cret_output *cret_publish_output(struct cret_publishing *publishing);
/* Ends the reading process, and leaves nothing that was not published. NULL-safe. */
void cret_publish_end(struct cret_publishing **publishing);
void cret_publication_free(struct cret_publication **publication);

#endif
