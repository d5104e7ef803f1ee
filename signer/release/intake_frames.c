/* SPDX-License-Identifier: Apache-2.0 */
/* The frames of the intake: how long and how many each kind may be. */
#include "signer/release/intake_frames.h"

#include "base/system/frame_findings.h"

static const struct cret_frame_kind orders[CRET_ORDER_COUNT] = {
    [CRET_ORDER_HASH] = {.bytes = 1},
    [CRET_ORDER_FOREIGN] = {.bytes = 4},
    [CRET_ORDER_DESCRIBE] = {.bytes = CRET_LIMIT_DESCRIPTION_BYTES},
    [CRET_ORDER_READ] = {.bytes = 8},
    [CRET_ORDER_CHECK] = {.bytes = 1},
};
const struct cret_frame_protocol cret_order_frames = {.kinds = orders, .count = CRET_ORDER_COUNT};

static const struct cret_frame_kind replies[CRET_REPLY_COUNT] = {
    [CRET_REPLY_PROGRESS] = {.bytes = 16},
    [CRET_REPLY_DIGEST] = {CRET_SHA256_BYTES, CRET_LIMIT_FILES, true},
    [CRET_REPLY_FINDING] = {CRET_FRAME_FINDING_BYTES, CRET_LIMIT_FINDINGS, true},
    [CRET_REPLY_RENAMED] = {4 + 2 * (4 + CRET_FRAME_STRING), CRET_LIMIT_FILES, true},
    [CRET_REPLY_TEXT] = {CRET_LIMIT_MANIFEST_BYTES, 1, true},
    [CRET_REPLY_PLACE] = {16, 1, true},
    [CRET_REPLY_ERROR] = {CRET_FRAME_FINDING_BYTES, 1, true},
    [CRET_REPLY_DONE] = {1, 1, true},
};
const struct cret_frame_protocol cret_reply_frames = {
    .kinds = replies, .count = CRET_REPLY_COUNT, .bytes_in_all = CRET_LIMIT_RESULT_BYTES};
