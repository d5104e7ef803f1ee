/* SPDX-License-Identifier: Apache-2.0 */
/* What the child that reads archive bytes tells its parent, frame by frame (base/system/frames.h).
 */
#ifndef CRET_VERIFIER_FRAMES_H
#define CRET_VERIFIER_FRAMES_H

#include "base/system/frames.h"

enum cret_frame {
    CRET_FRAME_PROGRESS =
        1,               /* u64 done, u64 total (payload bytes); u64 work: bytes read and made for
                            any purpose so far, by whose rise the parent sees that it goes on */
    CRET_FRAME_FINDING,  /* u32 check, u32 result, 5 strings */
    CRET_FRAME_IDENTITY, /* 32 bytes, u32: 1 the product was bound, 2 open, or 0 */
    CRET_FRAME_FILE,     /* path, original, role, u64 size, digests, u32 flags */
    CRET_FRAME_DOCUMENT, /* JSON: what is said of the release and its signatures */
    CRET_FRAME_ARCHIVE,  /* u64 size of the archive file, u32 1 where the next counts, 32 bytes:
                            SHA-256 of all of it */
    CRET_FRAME_ENGINE,   /* u32: what computed digests of files (base/digest/hash_engine.h) */
    CRET_FRAME_AGAIN,   /* u32 1: an archive in it is to be read, and what reads it is not loaded */
    CRET_FRAME_ERROR,   /* why UNDECIDED: u32 class, 5 strings */
    CRET_FRAME_VERDICT, /* u32; the last frame */
    CRET_FRAME_COUNT
};

extern const struct cret_frame_protocol cret_verdict_frames;

#endif
