/* SPDX-License-Identifier: Apache-2.0 */
/* The request for a batch of seals, and the seals of its answer: both made by a process that can do
 * nothing else, since it parses seals that exist and what an authority answered. */
#ifndef CRET_VERIFIER_SEAL_MAKING_H
#define CRET_VERIFIER_SEAL_MAKING_H

#include "verifier/verbs/seal_desk.h"

/* Seals are told in pieces of at most so many bytes; one of them may be larger. */
#define CRET_SEAL_PIECE_BYTES (32u << 20)

/* DER of the TimeStampReq over everything in the batch. The caller frees. class USAGE where seals
 * that exist do not go together, else as cret_seal_parse. */
CRET_MUST_CHECK enum cret_status cret_seal_make_request(char **ret_der, size_t *ret_size,
                                                        struct cret_seal_batch *batch,
                                                        struct cret_err *err);
/* What an authority answered, as it came; `path` is for errors. */
struct cret_seal_answer {
    const char *path;
    struct cret_bytes bytes;
};
/* The seals of the items from `first` on, as many as go into a piece, each into made[] of its item.
 * They are what that process says, and nothing was judged: cret_seal_item_judge. *ret_next: the
 * item behind the last one. class REFUSED: the answer is none over these files. */
CRET_MUST_CHECK enum cret_status cret_seal_make(size_t *ret_next, struct cret_seal_batch *batch,
                                                size_t first, const struct cret_seal_answer *answer,
                                                struct cret_err *err);
struct cret_apart_told;
/* What such a process told as a request: in the one form, and taken over from `told`; else class
 * UNDECIDED (tests). */
CRET_MUST_CHECK enum cret_status cret_seal_request_take(char **ret_der, size_t *ret_size,
                                                        struct cret_apart_told *told,
                                                        struct cret_err *err);
/* What such a process told, held to the batch (tests). */
CRET_MUST_CHECK enum cret_status cret_seal_made_take(size_t *ret_next,
                                                     struct cret_seal_batch *batch, size_t first,
                                                     const struct cret_apart_told *told,
                                                     struct cret_err *err);

#endif
