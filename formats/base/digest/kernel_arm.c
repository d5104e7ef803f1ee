/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel for arm64 with the SHA-256 instructions of ARMv8 (Arm ARM, SHA256H, SHA256H2,
 * SHA256SU0, SHA256SU1). This file alone is compiled for them (CMakeLists.txt): the rest runs
 * anywhere.
 */
#include "base/digest/kernel.h"

#if defined(__aarch64__) && defined(__ARM_FEATURE_SHA2) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#include <arm_neon.h>

#define KERNEL_FUNCTION
#define KERNEL_INLINE static inline __attribute__((always_inline))

/* One message: the state (words A to D, E to H), and the last 16 words of the schedule. */
struct lane {
    uint32x4_t state[2];
    uint32x4_t words[4];
    const uint8_t *data;
};

KERNEL_INLINE uint32x4_t add(uint32x4_t left, uint32x4_t right)
{
    return vaddq_u32(left, right);
}

KERNEL_INLINE void lane_begin(struct lane *lane, const uint32_t *state, const uint8_t *data)
{
    lane->state[0] = vld1q_u32(state);
    lane->state[1] = vld1q_u32(state + 4);
    lane->data = data;
}

KERNEL_INLINE void lane_end(const struct lane *lane, uint32_t *state)
{
    vst1q_u32(state, lane->state[0]);
    vst1q_u32(state + 4, lane->state[1]);
}

/* The next four words of the schedule: those of the message, then what follows from them. */
KERNEL_INLINE uint32x4_t lane_words(struct lane *lane, unsigned group)
{
    uint32x4_t *const words = lane->words;
    if (group < 4) {
        const uint8x16_t bytes = vld1q_u8(lane->data + 16 * (size_t)group);
        words[group] = vreinterpretq_u32_u8(vrev32q_u8(bytes));
        return words[group];
    }
    const uint32x4_t next = vsha256su0q_u32(words[group & 3], words[(group + 1) & 3]);
    words[group & 3] = vsha256su1q_u32(next, words[(group + 2) & 3], words[(group + 3) & 3]);
    return words[group & 3];
}

KERNEL_INLINE void lane_rounds(struct lane *lane, unsigned group)
{
    const uint32x4_t input =
        add(lane_words(lane, group), vld1q_u32(cret_kernel_constants + 4 * (size_t)group));
    const uint32x4_t first = lane->state[0];
    lane->state[0] = vsha256hq_u32(first, lane->state[1], input);
    lane->state[1] = vsha256h2q_u32(lane->state[1], first, input);
}

#include "base/digest/kernel_lanes.h"

const struct cret_kernel *cret_kernel_arm(void)
{
    return &kernel;
}
#else
const struct cret_kernel *cret_kernel_arm(void)
{
    return NULL;
}
#endif
