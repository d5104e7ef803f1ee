/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a kernel that is the same for every processor, as text for kernel_*.c to include
 * once. That file defines before: struct lane with `state`, an array of two vectors, and `data`;
 * the functions lane_begin, lane_end, lane_rounds (four rounds of one message) and add;
 * KERNEL_FUNCTION and KERNEL_INLINE, the attributes that let functions use the instructions.
 */
#ifndef CRET_BASE_KERNEL_LANES_H
#define CRET_BASE_KERNEL_LANES_H

/* Four rounds of each message; `second` may be NULL, which is known when this is compiled. */
KERNEL_INLINE void rounds(struct lane *first, struct lane *second, unsigned group)
{
    lane_rounds(first, group);
    if (second != NULL) {
        lane_rounds(second, group);
    }
}

/* All 64 rounds, written out so that the schedule stays in registers, whatever a compiler thinks
 * of loops. */
KERNEL_INLINE void all_rounds(struct lane *first, struct lane *second)
{
    rounds(first, second, 0);
    rounds(first, second, 1);
    rounds(first, second, 2);
    rounds(first, second, 3);
    rounds(first, second, 4);
    rounds(first, second, 5);
    rounds(first, second, 6);
    rounds(first, second, 7);
    rounds(first, second, 8);
    rounds(first, second, 9);
    rounds(first, second, 10);
    rounds(first, second, 11);
    rounds(first, second, 12);
    rounds(first, second, 13);
    rounds(first, second, 14);
    rounds(first, second, 15);
}

KERNEL_INLINE void lane_next(struct lane *lane, const struct lane *before)
{
    lane->state[0] = add(lane->state[0], before->state[0]);
    lane->state[1] = add(lane->state[1], before->state[1]);
    lane->data += CRET_KERNEL_BLOCK;
}

KERNEL_FUNCTION static void one(uint32_t state[CRET_KERNEL_WORDS], const uint8_t *data,
                                size_t blocks)
{
    struct lane lane;
    lane_begin(&lane, state, data);
    for (; blocks > 0; blocks--) {
        const struct lane before = lane;
        all_rounds(&lane, NULL);
        lane_next(&lane, &before);
    }
    lane_end(&lane, state);
}

KERNEL_FUNCTION static void two(uint32_t first[CRET_KERNEL_WORDS],
                                uint32_t second[CRET_KERNEL_WORDS], const uint8_t *first_data,
                                const uint8_t *second_data, size_t blocks)
{
    struct lane a, b;
    lane_begin(&a, first, first_data);
    lane_begin(&b, second, second_data);
    for (; blocks > 0; blocks--) {
        const struct lane a_before = a, b_before = b;
        all_rounds(&a, &b);
        lane_next(&a, &a_before);
        lane_next(&b, &b_before);
    }
    lane_end(&a, first);
    lane_end(&b, second);
}

static const struct cret_kernel kernel = {.one = one, .two = two};

#endif
