/* SPDX-License-Identifier: Apache-2.0 */
/* The front of an archive as bytes, for who seals it: MANIFEST.json and the signatures. */
#ifndef CRET_VERIFIER_FRONT_FETCH_H
#define CRET_VERIFIER_FRONT_FETCH_H

#include "container/archive.h"

/*
 * Has a confined process read the front of the file, and takes over what it found. Nothing in it is
 * judged: callers use the bytes as bytes. Of the front, only manifest and signatures are set. The
 * caller frees it. class REFUSED (archive.*) where the file is no archive, or carries no signature;
 * UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_front_fetch(struct cret_front **ret_front, const char *path,
                                                  bool allow_unconfined, struct cret_err *err);

#endif
