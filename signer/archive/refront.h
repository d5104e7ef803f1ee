/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An archive with other signatures, made by three: a process that reads it tells the new front; the
 * program, which parses none of that, writes it in front of the payload as it lies there; another
 * process judges what was written, before it gets the name.
 */
#ifndef CRET_SIGNER_REFRONT_H
#define CRET_SIGNER_REFRONT_H

#include "base/finding/limits.h"
#include "base/system/apart.h"
#include "signer/archive/existing.h"

/* Zeroed is empty. */
struct cret_refront {
    uint8_t identity[CRET_SHA256_BYTES]; /* of the manifest below */
    uint8_t *manifest;                   /* as it lies in the file; owned */
    size_t manifest_size;
    int64_t seconds;                                      /* the date in the headers */
    uint64_t end;                                         /* where the payload begins in the file */
    struct cret_signature members[CRET_LIMIT_SIGNATURES]; /* data is what was told, borrowed */
    bool fresh[CRET_LIMIT_SIGNATURES];                    /* what is new among them */
    size_t count, fresh_count;
};
void cret_refront_clear(struct cret_refront *refront);

/* In the reading process, where the archive was read: the additions besides its signatures, or in
 * the place of those by the same keys, as "front" of told->json (an object) and files[0]. */
CRET_MUST_CHECK enum cret_status cret_refront_tell(struct cret_apart_told *told,
                                                   const struct cret_existing *existing,
                                                   const struct cret_addition *additions,
                                                   size_t count, struct cret_err *err);

/* What such a process told, held to the file and to how many signatures were to come. class
 * UNDECIDED: it has not that form, or the file is not the one that it read. */
CRET_MUST_CHECK enum cret_status cret_refront_take(struct cret_refront *ret_refront,
                                                   const struct cret_apart_told *told,
                                                   const struct cret_existing *existing,
                                                   size_t asked, struct cret_err *err);

/* Replaces the file, which must be held: written, judged by a process of its own (every digest of
 * the payload; each new signature under its own certificate, as the verifier does; each other one
 * as it was), then it takes the name. On failure the old file is untouched; where that is since the
 * old one is wrong, err says so. */
CRET_MUST_CHECK enum cret_status cret_refront_publish(const struct cret_refront *refront,
                                                      struct cret_existing *existing,
                                                      const struct cret_existing_work *work,
                                                      bool allow_unconfined, struct cret_err *err);

#endif
