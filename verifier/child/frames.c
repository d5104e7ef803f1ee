/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and reading the frames of a verification. */
#include "verifier/child/frames.h"

#include "base/finding/limits.h"

#define TEXT(size) (4u + (size))

static const struct cret_frame_kind kinds[CRET_FRAME_COUNT] = {
    [CRET_FRAME_PROGRESS] = {.bytes = 24},
    [CRET_FRAME_FINDING] = {8 + 5 * TEXT(CRET_FRAME_STRING), CRET_LIMIT_FINDINGS, true},
    [CRET_FRAME_IDENTITY] = {36, 1, true},
    [CRET_FRAME_FILE] = {12 + 2 * 32 + TEXT(CRET_LIMIT_PATH_BYTES) + TEXT(CRET_LIMIT_LINE_BYTES) +
                             TEXT(CRET_LIMIT_PATH_BYTES),
                         CRET_LIMIT_FILES, true},
    [CRET_FRAME_DOCUMENT] = {CRET_LIMIT_DOCUMENT_BYTES, 1, true},
    [CRET_FRAME_ARCHIVE] = {44, 1, true},
    [CRET_FRAME_ENGINE] = {4, 1, true},
    [CRET_FRAME_AGAIN] = {4, 1, true},
    [CRET_FRAME_ERROR] = {8 + 5 * TEXT(CRET_FRAME_STRING), 1, true},
    [CRET_FRAME_VERDICT] = {4, 1, true},
};

const struct cret_frame_protocol cret_verdict_frames = {
    .kinds = kinds, .count = CRET_FRAME_COUNT, .bytes_in_all = CRET_LIMIT_RESULT_BYTES};
