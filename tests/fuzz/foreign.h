/* SPDX-License-Identifier: Apache-2.0 */
/* What the targets of foreign signatures share. */
#ifndef CRET_FUZZ_FOREIGN_H
#define CRET_FUZZ_FOREIGN_H

#include "fuzz.h"

/* A sound file: its kind, the file and what lies beside it (NULL: the text of the tests' data,
 * none), and the key that is pinned; paths in the source tree. */
struct fuzz_foreign {
    const char *kind, *file, *side, *pin;
    /* So many of the file's first bytes are as they were wherever it is accepted, but for the
     * holes; FUZZ_EVERY_BYTE: all, and none follows. 0: the format's bytes move. */
    size_t held;
    struct {
        size_t at, size;
    } holes[2];
};
#define FUZZ_EVERY_BYTE SIZE_MAX

/*
 * The first byte of the input says which sound file is meant, the second whether what follows is
 * the file itself (0) or the signature beside it (1), or changes (2: of the file, 3: of what lies
 * beside). What is accepted has the digest of the sound file, and the bytes that are held: nobody
 * has the vendor's key here.
 * Returns 0. Call it with the same rows always.
 */
int fuzz_foreign(const struct fuzz_foreign *rows, size_t count, struct fuzz_part input);

#endif
