/* SPDX-License-Identifier: Apache-2.0 */
/* A package that exists, as a process reads it that can do nothing else, and what comes of it with
 * another signature. */
#ifndef CRET_SIGNER_PACKAGE_CHECK_H
#define CRET_SIGNER_PACKAGE_CHECK_H

#include "engine/inspect.h"
#include "package/package.h"
#include "package/zip_edit.h"
#include "signer/archive/package_draft.h"

/* Zeroed is empty. */
struct cret_package_seen {
    struct cret_package *package;
    struct cret_inspection *inspection; /* signatures, in the order of the lists; what it says */
    struct cret_package_draft draft;    /* the list that one more signature is over */
};
void cret_package_seen_clear(struct cret_package_seen *seen);

/* Whether the file is a package; false where it cannot be read, which opening it says. */
bool cret_package_is(int fd);
bool cret_package_at(const char *path);

/*
 * What is true of a package whoever is trusted: form, every signature sound, lists over everything,
 * digests. class REFUSED, else; USAGE for what cannot be signed here: a solution. unsigned_too:
 * nobody need have signed it. work: how progress is told.
 */
CRET_MUST_CHECK enum cret_status cret_package_examine(struct cret_package_seen *seen, int fd,
                                                      bool unsigned_too,
                                                      const struct cret_existing_work *work,
                                                      struct cret_err *err);
/* The list over all files of it, and over the lists and signatures that are there. */
CRET_MUST_CHECK enum cret_status cret_package_seen_list(struct cret_package_seen *seen,
                                                        struct cret_err *err);
/* Whether it depends on who is trusted by which list it is known: then nothing is told of it. */
bool cret_package_is_open(const struct cret_package_seen *seen);
/* The list that it is known by; of one that nobody has signed, that which its author signs. */
CRET_MUST_CHECK enum cret_status cret_package_identify(uint8_t ret_identity[CRET_SHA256_BYTES],
                                                       const struct cret_package_seen *seen,
                                                       struct cret_err *err);
/* class USAGE where this key has signed the package already, or it is full of signatures. */
CRET_MUST_CHECK enum cret_status cret_package_takes(const struct cret_package_seen *seen,
                                                    const struct cret_certificate *signer,
                                                    struct cret_err *err);

/* What a signer means who says nothing else: whoever is the first made the package, all others
 * approve it. */
enum cret_meaning cret_package_meaning(size_t signatures);
/* class USAGE where the first signature would say something else than that it is the author's: the
 * package would be known by no list. */
CRET_MUST_CHECK enum cret_status cret_package_suits(const struct cret_package_seen *seen,
                                                    enum cret_meaning meaning,
                                                    struct cret_err *err);

/* class USAGE where another list names the signature over the index-th one: whoever signed that
 * list vouches for it as it is. */
CRET_MUST_CHECK enum cret_status cret_package_may_change(const struct cret_package_seen *seen,
                                                         size_t index, struct cret_err *err);
/* The package with this signature: in the place of the one with the same value, which got its
 * timestamp, or with the list that it is over (cret_package_seen_list). */
CRET_MUST_CHECK enum cret_status cret_package_edit(struct cret_zip_edit *edit,
                                                   const struct cret_package_seen *seen,
                                                   const struct cret_addition *addition,
                                                   struct cret_err *err);

#endif
