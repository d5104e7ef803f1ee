/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks, codes and copies of RFC 1951. */
#include "package/inflate.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW (1u << 15)
#define INPUT (1u << 14)
#define LENGTHS_MAX 286u
#define DISTANCES_MAX 30u
#define CODE_BITS 15u
#define END_OF_BLOCK 256u

/* A canonical code: how many symbols have each length, and the symbols in order of their codes. */
struct code {
    uint16_t count[CODE_BITS + 1];
    uint16_t symbol[288];
};

struct cret_inflate {
    const struct cret_inflate_ends *ends;
    uint8_t input[INPUT];
    size_t at, got;
    uint32_t bits; /* read, and not used yet; the next one is the lowest */
    unsigned bit_count;
    uint8_t window[WINDOW];
    size_t filled;  /* of the window since it was last written */
    uint64_t total; /* bytes made */
    uint64_t limit;
    struct code lengths, distances;
    struct cret_err *err;
};

static enum cret_status refuse(const struct cret_inflate *inflate, const char *what)
{
    return cret_err_refuse(inflate->err, CRET_CHECK_PACKAGE_ZIP, "deflated data: %s", what);
}

static enum cret_status fill(struct cret_inflate *inflate)
{
    if (inflate->at < inflate->got) {
        return CRET_OK;
    }
    inflate->at = 0;
    return inflate->ends->read(inflate->ends->context, inflate->input, INPUT, &inflate->got,
                               inflate->err);
}

/* The next `count` (at most 16) bits, the first one lowest. */
static enum cret_status take(struct cret_inflate *inflate, unsigned count, uint32_t *ret_value)
{
    while (inflate->bit_count < count) {
        if (fill(inflate) != CRET_OK) {
            return CRET_FAILED;
        }
        if (inflate->got == 0) {
            return refuse(inflate, "it ends too early");
        }
        inflate->bits |= (uint32_t)inflate->input[inflate->at++] << inflate->bit_count;
        inflate->bit_count += 8;
    }
    *ret_value = inflate->bits & ((1u << count) - 1u);
    inflate->bits >>= count;
    inflate->bit_count -= count;
    return CRET_OK;
}

/* Hands over what the window holds; its bytes stay for copies. */
static enum cret_status flush(struct cret_inflate *inflate)
{
    const size_t filled = inflate->filled;
    inflate->filled = 0;
    return filled == 0 ? CRET_OK
                       : inflate->ends->write(inflate->ends->context, inflate->window, filled,
                                              inflate->err);
}

static enum cret_status put(struct cret_inflate *inflate, uint8_t byte)
{
    if (inflate->total == inflate->limit) {
        return refuse(inflate, "it is longer than its entry says");
    }
    inflate->window[inflate->filled++] = byte;
    inflate->total++;
    return inflate->filled < WINDOW ? CRET_OK : flush(inflate);
}

static enum cret_status copy(struct cret_inflate *inflate, uint32_t length, uint32_t distance)
{
    if (distance > inflate->total) {
        return refuse(inflate, "a copy begins before the first byte");
    }
    for (uint32_t i = 0; i < length; i++) {
        const size_t from = (inflate->filled + WINDOW - distance) % WINDOW;
        if (put(inflate, inflate->window[from]) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* Whether these lengths make a code in which every row of bits is a symbol; `single`: or one symbol
 * of one bit alone, or none, which RFC 1951 3.2.7 has for distances. */
static bool make_code(struct code *code, const uint8_t *lengths, size_t count, bool single)
{
    uint16_t offset[CODE_BITS + 2] = {0};
    int32_t left = 1;
    memset(code->count, 0, sizeof(code->count));
    for (size_t i = 0; i < count; i++) {
        code->count[lengths[i]]++;
    }
    const size_t used = count - code->count[0];
    code->count[0] = 0;
    for (unsigned bits = 1; bits <= CODE_BITS; bits++) {
        left = 2 * left - code->count[bits];
        if (left < 0) {
            return false;
        }
        offset[bits + 1] = (uint16_t)(offset[bits] + code->count[bits]);
    }
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] != 0) {
            code->symbol[offset[lengths[i]]++] = (uint16_t)i;
        }
    }
    return left == 0 || (single && (used == 0 || (used == 1 && code->count[1] == 1)));
}

/* The next symbol: codes of one length follow each other, the shorter ones before. */
static enum cret_status decode(struct cret_inflate *inflate, const struct code *code,
                               uint32_t *ret_symbol)
{
    uint32_t value = 0, first = 0, index = 0, bit = 0;
    for (unsigned bits = 1; bits <= CODE_BITS; bits++) {
        if (take(inflate, 1, &bit) != CRET_OK) {
            return CRET_FAILED;
        }
        value = (value << 1) | bit;
        const uint32_t count = code->count[bits];
        if (value - first < count) {
            *ret_symbol = code->symbol[index + value - first];
            return CRET_OK;
        }
        index += count;
        first = (first + count) << 1;
    }
    return refuse(inflate, "bits that are no code");
}

static enum cret_status stored_block(struct cret_inflate *inflate)
{
    uint32_t value = 0, size = 0, inverse = 0;
    if (take(inflate, inflate->bit_count % 8, &value) != CRET_OK) {
        return CRET_FAILED;
    }
    if (value != 0) {
        return refuse(inflate, "bits before a stored block are not zero");
    }
    if (take(inflate, 16, &size) != CRET_OK || take(inflate, 16, &inverse) != CRET_OK) {
        return CRET_FAILED;
    }
    if (size != (~inverse & 0xffffu)) {
        return refuse(inflate, "the length of a stored block");
    }
    for (; size > 0; size--) {
        if (take(inflate, 8, &value) != CRET_OK || put(inflate, (uint8_t)value) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* RFC 1951 3.2.5: lengths and distances are a base and some more bits. */
static enum cret_status length_of(struct cret_inflate *inflate, uint32_t symbol,
                                  uint32_t *ret_length)
{
    uint32_t more = 0;
    if (symbol < 265) {
        *ret_length = symbol - 254;
        return CRET_OK;
    }
    if (symbol == 285) {
        *ret_length = 258;
        return CRET_OK;
    }
    if (symbol > 285) {
        return refuse(inflate, "a length that does not exist");
    }
    const unsigned bits = (unsigned)(symbol - 261) / 4;
    if (take(inflate, bits, &more) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_length = 3 + ((4 + (symbol - 261) % 4) << bits) + more;
    return CRET_OK;
}

static enum cret_status distance_of(struct cret_inflate *inflate, uint32_t *ret_distance)
{
    uint32_t symbol = 0, more = 0;
    if (decode(inflate, &inflate->distances, &symbol) != CRET_OK) {
        return CRET_FAILED;
    }
    if (symbol < 4) {
        *ret_distance = symbol + 1;
        return CRET_OK;
    }
    if (symbol >= DISTANCES_MAX) {
        return refuse(inflate, "a distance that does not exist");
    }
    const unsigned bits = (unsigned)(symbol - 2) / 2;
    if (take(inflate, bits, &more) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_distance = 1 + ((2 + symbol % 2) << bits) + more;
    return CRET_OK;
}

static enum cret_status coded_block(struct cret_inflate *inflate)
{
    for (;;) {
        uint32_t symbol = 0, length = 0, distance = 0;
        if (decode(inflate, &inflate->lengths, &symbol) != CRET_OK) {
            return CRET_FAILED;
        }
        if (symbol == END_OF_BLOCK) {
            return CRET_OK;
        }
        if (symbol < END_OF_BLOCK) {
            if (put(inflate, (uint8_t)symbol) != CRET_OK) {
                return CRET_FAILED;
            }
        } else if (length_of(inflate, symbol, &length) != CRET_OK ||
                   distance_of(inflate, &distance) != CRET_OK ||
                   copy(inflate, length, distance) != CRET_OK) {
            return CRET_FAILED;
        }
    }
}

static enum cret_status fixed_codes(struct cret_inflate *inflate)
{
    uint8_t lengths[288];
    uint8_t distances[32];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    memset(distances, 5, sizeof(distances));
    return make_code(&inflate->lengths, lengths, 288, false) &&
                   make_code(&inflate->distances, distances, 32, false)
               ? CRET_OK
               : refuse(inflate, "the fixed codes");
}

/* The lengths of both codes, which are coded themselves (3.2.7). */
static enum cret_status read_lengths(struct cret_inflate *inflate, uint8_t *lengths, size_t count)
{
    for (size_t i = 0; i < count;) {
        uint32_t symbol = 0, more = 0;
        if (decode(inflate, &inflate->lengths, &symbol) != CRET_OK) {
            return CRET_FAILED;
        }
        if (symbol < 16) {
            lengths[i++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16 && i == 0) {
            return refuse(inflate, "it repeats a length before there is one");
        }
        if (take(inflate, symbol == 16 ? 2 : symbol == 17 ? 3 : 7, &more) != CRET_OK) {
            return CRET_FAILED;
        }
        const size_t times = more + (symbol == 18 ? 11u : 3u);
        if (times > count - i) {
            return refuse(inflate, "more lengths of codes than there are codes");
        }
        memset(lengths + i, symbol == 16 ? lengths[i - 1] : 0, times);
        i += times;
    }
    return CRET_OK;
}

static enum cret_status own_codes(struct cret_inflate *inflate)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[LENGTHS_MAX + DISTANCES_MAX] = {0};
    uint32_t literal = 0, distance = 0, coded = 0, value = 0;
    if (take(inflate, 5, &literal) != CRET_OK || take(inflate, 5, &distance) != CRET_OK ||
        take(inflate, 4, &coded) != CRET_OK) {
        return CRET_FAILED;
    }
    literal += 257;
    distance += 1;
    if (literal > LENGTHS_MAX || distance > DISTANCES_MAX) {
        return refuse(inflate, "more codes than there are");
    }
    for (uint32_t i = 0; i < coded + 4; i++) {
        if (take(inflate, 3, &value) != CRET_OK) {
            return CRET_FAILED;
        }
        lengths[order[i]] = (uint8_t)value;
    }
    if (!make_code(&inflate->lengths, lengths, 19, false)) {
        return refuse(inflate, "the code of the lengths of codes");
    }
    memset(lengths, 0, sizeof(lengths));
    if (read_lengths(inflate, lengths, literal + distance) != CRET_OK) {
        return CRET_FAILED;
    }
    return lengths[END_OF_BLOCK] != 0 && make_code(&inflate->lengths, lengths, literal, false) &&
                   make_code(&inflate->distances, lengths + literal, distance, true)
               ? CRET_OK
               : refuse(inflate, "codes that are not complete");
}

static enum cret_status blocks(struct cret_inflate *inflate)
{
    uint32_t last = 0, kind = 0;
    while (last == 0) {
        if (take(inflate, 1, &last) != CRET_OK || take(inflate, 2, &kind) != CRET_OK) {
            return CRET_FAILED;
        }
        if (kind == 3) {
            return refuse(inflate, "a block of no kind");
        }
        const enum cret_status status =
            kind == 0 ? stored_block(inflate)
            : (kind == 1 ? fixed_codes(inflate) : own_codes(inflate)) == CRET_OK
                ? coded_block(inflate)
                : CRET_FAILED;
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (inflate->bits != 0) {
        return refuse(inflate, "bits behind the last block are not zero");
    }
    if (fill(inflate) != CRET_OK) {
        return CRET_FAILED;
    }
    return inflate->got == 0 ? flush(inflate) : refuse(inflate, "bytes behind the last block");
}

enum cret_status cret_inflate(const struct cret_inflate_ends *ends, uint64_t limit,
                              uint64_t *ret_size, struct cret_err *err)
{
    struct cret_err fault = {0};
    struct cret_inflate *inflate = calloc(1, sizeof(*inflate));
    if (inflate == NULL) {
        return cret_err_memory(err);
    }
    inflate->ends = ends;
    inflate->limit = limit;
    inflate->err = &fault;
    const enum cret_status status = blocks(inflate);
    if (status == CRET_OK) {
        *ret_size = inflate->total;
    } else if (err != NULL) {
        *err = fault;
    }
    free(inflate);
    return status;
}
