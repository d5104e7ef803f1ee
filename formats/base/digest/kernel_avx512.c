/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wide kernel for x86-64 with AVX-512 (F and BW): sixteen messages at once, one in each 32-bit
 * lane of the registers, by the formulas of FIPS 180-4, 4.1.2 and 6.2.2 as they stand. Only these
 * functions are compiled for it: the rest of the program runs anywhere.
 */
#include "base/digest/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define KERNEL_FUNCTION __attribute__((target("avx512f,avx512bw")))
#define KERNEL_INLINE static inline __attribute__((always_inline, target("avx512f,avx512bw")))

/* Truth tables of three bits for VPTERNLOGD: exclusive or, Ch, Maj. */
#define PARITY 0x96
#define CHOOSE 0xca
#define MAJORITY 0xe8

KERNEL_INLINE __m512i add(__m512i left, __m512i right)
{
    return _mm512_add_epi32(left, right);
}

KERNEL_INLINE __m512i parity(__m512i a, __m512i b, __m512i c)
{
    return _mm512_ternarylogic_epi32(a, b, c, PARITY);
}

/* The functions of FIPS 180-4, (4.4) to (4.7). */
KERNEL_INLINE __m512i sum_0(__m512i x)
{
    return parity(_mm512_ror_epi32(x, 2), _mm512_ror_epi32(x, 13), _mm512_ror_epi32(x, 22));
}

KERNEL_INLINE __m512i sum_1(__m512i x)
{
    return parity(_mm512_ror_epi32(x, 6), _mm512_ror_epi32(x, 11), _mm512_ror_epi32(x, 25));
}

KERNEL_INLINE __m512i sigma_0(__m512i x)
{
    return parity(_mm512_ror_epi32(x, 7), _mm512_ror_epi32(x, 18), _mm512_srli_epi32(x, 3));
}

KERNEL_INLINE __m512i sigma_1(__m512i x)
{
    return parity(_mm512_ror_epi32(x, 17), _mm512_ror_epi32(x, 19), _mm512_srli_epi32(x, 10));
}

/* Word `row` of each message's block into words[row]: a matrix of 16 rows of 16 words, turned. */
KERNEL_INLINE void load_words(__m512i *words, const uint8_t *const *data)
{
    const __m512i big_endian =
        _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
    __m512i rows[16], pairs[16];
    for (size_t i = 0; i < 16; i++) {
        rows[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(data[i]), big_endian);
    }
    for (size_t i = 0; i < 16; i += 2) {
        pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (size_t i = 0; i < 16; i += 4) {
        rows[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
        rows[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
        rows[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        rows[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    for (size_t i = 0; i < 4; i++) {
        const __m512i low = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0x44);
        const __m512i high = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0xee);
        const __m512i low_after = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0x44);
        const __m512i high_after = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0xee);
        words[i] = _mm512_shuffle_i32x4(low, low_after, 0x88);
        words[i + 4] = _mm512_shuffle_i32x4(low, low_after, 0xdd);
        words[i + 8] = _mm512_shuffle_i32x4(high, high_after, 0x88);
        words[i + 12] = _mm512_shuffle_i32x4(high, high_after, 0xdd);
    }
}

/* Word t of the schedule, from the sixteen before it. */
KERNEL_INLINE __m512i schedule(__m512i *words, size_t t)
{
    if (t >= 16) {
        words[t % 16] = add(add(words[t % 16], words[(t + 9) % 16]),
                            add(sigma_0(words[(t + 1) % 16]), sigma_1(words[(t + 14) % 16])));
    }
    return words[t % 16];
}

/* Round t. The eight working variables stay where they are; which of them is "a" moves instead. */
KERNEL_INLINE void one_round(__m512i *v, __m512i *words, size_t t)
{
    const size_t a = (64 - t) % 8, b = (a + 1) % 8, c = (a + 2) % 8, d = (a + 3) % 8;
    const size_t e = (a + 4) % 8, f = (a + 5) % 8, g = (a + 6) % 8, h = (a + 7) % 8;
    const __m512i constant = _mm512_set1_epi32((int)cret_kernel_constants[t]);
    const __m512i input = add(v[h], add(schedule(words, t), constant));
    const __m512i first =
        add(input, add(sum_1(v[e]), _mm512_ternarylogic_epi32(v[e], v[f], v[g], CHOOSE)));
    const __m512i second = add(sum_0(v[a]), _mm512_ternarylogic_epi32(v[a], v[b], v[c], MAJORITY));
    v[d] = add(v[d], first);
    v[h] = add(first, second);
}

/* Eight rounds, written out: every index is known when this is compiled. */
KERNEL_INLINE void eight_rounds(__m512i *v, __m512i *words, size_t t)
{
    one_round(v, words, t);
    one_round(v, words, t + 1);
    one_round(v, words, t + 2);
    one_round(v, words, t + 3);
    one_round(v, words, t + 4);
    one_round(v, words, t + 5);
    one_round(v, words, t + 6);
    one_round(v, words, t + 7);
}

KERNEL_INLINE void compress(__m512i *state, const uint8_t *const *data)
{
    __m512i words[16], v[8];
    load_words(words, data);
    memcpy(v, state, sizeof(v));
    eight_rounds(v, words, 0);
    eight_rounds(v, words, 8);
    eight_rounds(v, words, 16);
    eight_rounds(v, words, 24);
    eight_rounds(v, words, 32);
    eight_rounds(v, words, 40);
    eight_rounds(v, words, 48);
    eight_rounds(v, words, 56);
    for (size_t i = 0; i < 8; i++) {
        state[i] = add(state[i], v[i]);
    }
}

KERNEL_FUNCTION void cret_kernel_avx512(uint32_t state[CRET_KERNEL_WORDS][CRET_KERNEL_LANES],
                                        const uint8_t *const *data, size_t blocks)
{
    __m512i registers[CRET_KERNEL_WORDS];
    const uint8_t *at[CRET_KERNEL_LANES];
    memcpy(at, data, sizeof(at));
    for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
        registers[i] = _mm512_loadu_si512(state[i]);
    }
    for (; blocks > 0; blocks--) {
        compress(registers, at);
        for (size_t i = 0; i < CRET_KERNEL_LANES; i++) {
            at[i] += CRET_KERNEL_BLOCK;
        }
    }
    for (size_t i = 0; i < CRET_KERNEL_WORDS; i++) {
        _mm512_storeu_si512(state[i], registers[i]);
    }
}
#endif
