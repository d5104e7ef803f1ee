/* SPDX-License-Identifier: Apache-2.0 */
/* From a description to a signed archive under its final name, or to nothing at all. */
#ifndef CRET_SIGNER_PUBLISH_H
#define CRET_SIGNER_PUBLISH_H

#include "keys/keystore.h"
#include "signer/content.h"

struct cret_publish_request {
    const struct cret_description *description; /* valid */
    const struct cret_key *key; /* NULL: the archive is left unsigned (prepare) */
    const struct cret_certificate *certificate;
    const struct cret_certificate *const *chain; /* intermediates */
    size_t chain_count;
    enum cret_meaning meaning; /* of the signature */
    bool allow_example_keys;
    bool strict_names;
    bool detached;
    bool force;           /* replace whatever archive lies at `out` */
    bool no_signing_time; /* the signature says no time of its own */
    const char *previous;      /* archive, or NULL */
    const char *out;           /* or NULL: <product>-<version>.cretula.tar in the current folder */
    const char *const *inputs; /* more files that out must not be: key, certificates */
    size_t input_count;
    const char *const *secrets; /* paths of keys and PINs, none of which may be released; URIs too */
    size_t secret_count;
    unsigned jobs;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

struct cret_publication {
    char *out;
    uint64_t size;                /* bytes of the file */
    struct cret_content *content; /* with digests and identity */
    struct cret_cms *signature;   /* NULL where unsigned */
};

/*
 * Collects, hashes, writes, signs, verifies the temporary file with the verifier's engine, and only
 * then gives it its name. Whatever fails leaves no file. Faults of the content are FAIL findings;
 * then err is class REFUSED. The order of other errors: usage (keys, output) before inputs are
 * read.
 */
CRET_MUST_CHECK enum cret_status cret_publish(struct cret_publication **ret_publication,
                                              const struct cret_publish_request *request,
                                              struct cret_findings *findings, struct cret_err *err);
void cret_publication_free(struct cret_publication **publication);

#endif
