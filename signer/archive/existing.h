/* SPDX-License-Identifier: Apache-2.0 */
/* An archive that exists, and one more signature in it: endorse, attach, and prepare from a FILE.
 */
#ifndef CRET_SIGNER_EXISTING_H
#define CRET_SIGNER_EXISTING_H

#include "engine/gate.h"
#include "release/manifest/manifest.h"

struct cret_existing {
    char *path; /* NULL: opened from a descriptor */
    int fd;
    uint64_t size; /* of the file */
    uint64_t device, inode;
    bool owns_fd;
    struct cret_held *held; /* NULL: it is only read */
    struct cret_source *source;
    struct cret_front *front;
    struct cret_gate_result gate; /* the signatures present, each right in itself */
    struct cret_manifest *manifest;
    bool detached; /* a front: the file ends where the payload would begin */
};

/* Opens an archive or front, and reads nothing of it; the same, and locked until it is freed, so
 * that it can be replaced (waits for others who sign). class USAGE for a symbolic link. */
CRET_MUST_CHECK enum cret_status cret_existing_find(struct cret_existing **ret_existing,
                                                    const char *path, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_existing_lock(struct cret_existing **ret_existing,
                                                    const char *path, struct cret_err *err);
/*
 * Then, in a process that can do nothing else, holds it to the verifier's rules as far as no trust
 * is needed: framing of the front, form, name and value of every signature (none is fine),
 * manifest. class REFUSED with the verifier's check where it breaks one.
 */
CRET_MUST_CHECK enum cret_status cret_existing_read(struct cret_existing *existing,
                                                    struct cret_err *err);
/* All of it over a descriptor, which stays the caller's. */
CRET_MUST_CHECK enum cret_status cret_existing_from_fd(struct cret_existing **ret_existing, int fd,
                                                       struct cret_err *err);
void cret_existing_free(struct cret_existing **existing);

/* How the payload is read. */
struct cret_existing_work {
    int payload_directory; /* of a front, else -1 */
    bool fast;             /* one digest a file */
    bool allow_example_keys;
    unsigned jobs;
    enum cret_hash_choice hash;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* A front needs the folder of its payload, an archive must not have one: class USAGE. */
CRET_MUST_CHECK enum cret_status cret_existing_form(const struct cret_existing *existing,
                                                    const struct cret_existing_work *work,
                                                    struct cret_err *err);
/* Checks every header, padding byte and digest of the payload, as the verifier does; the form
 * before that. */
CRET_MUST_CHECK enum cret_status cret_existing_verify(struct cret_existing *existing,
                                                      const struct cret_existing_work *work,
                                                      struct cret_err *err);

/* class USAGE where this key has signed the archive already, or it is full of signatures. replace:
 * the new signature takes the place of the one by this key, which must be there: a renewed
 * certificate. */
CRET_MUST_CHECK enum cret_status cret_existing_takes(const struct cret_existing *existing,
                                                     const struct cret_certificate *signer,
                                                     bool replace, struct cret_err *err);

/* A signature to add. */
struct cret_addition {
    struct cret_cms *cms;
    uint8_t *der;
    size_t size;
};

#endif
