/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel for x86-64 with the SHA extensions (Intel SDM volume 2, SHA256RNDS2, SHA256MSG1,
 * SHA256MSG2). Only these functions are compiled for them: the rest of the program runs anywhere.
 */
#include "base/digest/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL_FUNCTION __attribute__((target("sha,sse4.1,ssse3")))
#define KERNEL_INLINE static inline __attribute__((always_inline, target("sha,sse4.1,ssse3")))

/* One message: the state as the instructions want it (ABEF and CDGH, the first letter highest), and
 * the last 16 words of the schedule. */
struct lane {
    __m128i state[2];
    __m128i words[4];
    const uint8_t *data;
};

KERNEL_INLINE __m128i load(const void *from)
{
    return _mm_loadu_si128((const __m128i *)from);
}

KERNEL_INLINE __m128i add(__m128i left, __m128i right)
{
    return _mm_add_epi32(left, right);
}

KERNEL_INLINE void lane_begin(struct lane *lane, const uint32_t *state, const uint8_t *data)
{
    const __m128i cdab = _mm_shuffle_epi32(load(state), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1b);
    lane->state[0] = _mm_alignr_epi8(cdab, efgh, 8);
    lane->state[1] = _mm_blend_epi16(efgh, cdab, 0xf0);
    lane->data = data;
}

KERNEL_INLINE void lane_end(const struct lane *lane, uint32_t *state)
{
    const __m128i feba = _mm_shuffle_epi32(lane->state[0], 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(lane->state[1], 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* The next four words of the schedule: those of the message, then what follows from them. */
KERNEL_INLINE __m128i lane_words(struct lane *lane, unsigned group)
{
    __m128i *const words = lane->words;
    if (group < 4) {
        const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
        words[group] = _mm_shuffle_epi8(load(lane->data + 16 * (size_t)group), big_endian);
        return words[group];
    }
    const __m128i before = words[(group + 3) & 3];
    const __m128i across = _mm_alignr_epi8(before, words[(group + 2) & 3], 4);
    __m128i next = _mm_sha256msg1_epu32(words[group & 3], words[(group + 1) & 3]);
    next = _mm_sha256msg2_epu32(add(next, across), before);
    words[group & 3] = next;
    return next;
}

KERNEL_INLINE void lane_rounds(struct lane *lane, unsigned group)
{
    __m128i *const state = lane->state;
    __m128i input = add(lane_words(lane, group), load(cret_kernel_constants + 4 * (size_t)group));
    state[1] = _mm_sha256rnds2_epu32(state[1], state[0], input);
    input = _mm_shuffle_epi32(input, 0x0e);
    state[0] = _mm_sha256rnds2_epu32(state[0], state[1], input);
}

#include "base/digest/kernel_lanes.h"

const struct cret_kernel *cret_kernel_x86(void)
{
    return &kernel;
}

const struct cret_kernel *cret_kernel_x86_wide(void)
{
    static const struct cret_kernel wide = {.one = one, .two = two, .wide = cret_kernel_avx512};
    return &wide;
}
#else
const struct cret_kernel *cret_kernel_x86(void)
{
    return NULL;
}

const struct cret_kernel *cret_kernel_x86_wide(void)
{
    return NULL;
}
#endif
