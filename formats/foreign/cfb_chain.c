/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of a compound file: whose each sector is, and what lies in none. */
#include "foreign/cfb_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t cret_cfb_u32(const uint8_t *data)
{
    return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
           (uint32_t)data[3] << 24;
}

enum cret_status cret_cfb_refuse(uint64_t at, struct cret_err *err, const char *format, ...)
{
    char words[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s", words);
    return cret_err_where(err, "byte %llu", (unsigned long long)at);
}

/* The header takes the place of one sector, of whichever size. */
uint64_t cret_cfb_sector_at(const struct cret_cfb *cfb, uint32_t sector)
{
    return ((uint64_t)sector + 1) * cfb->sectors.unit;
}

/* Where a unit of whichever space lies. */
static uint64_t unit_at(const struct cret_cfb *cfb, const struct cret_cfb_space *space,
                        uint32_t unit)
{
    if (space == &cfb->sectors) {
        return cret_cfb_sector_at(cfb, unit);
    }
    const uint64_t at = (uint64_t)unit * space->unit;
    return cret_cfb_sector_at(cfb, cfb->mini_sectors[at / cfb->sectors.unit]) +
           at % cfb->sectors.unit;
}

const struct cret_cfb_space *cret_cfb_space_of(const struct cret_cfb *cfb, uint64_t size)
{
    return size < CRET_CFB_CUTOFF ? &cfb->minis : &cfb->sectors;
}

enum cret_status cret_cfb_slack_add(struct cret_cfb *cfb, enum cret_cfb_slack_kind kind,
                                    uint64_t at, uint64_t bytes, struct cret_err *err)
{
    struct cret_cfb_slack *slack = &cfb->slack[kind];
    bool zero = false;
    if (bytes == 0) {
        return CRET_OK;
    }
    if (cret_foreign_zero(&zero, cfb->file, at, bytes, "a part that no stream holds", err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    uint64_t *first = zero ? &slack->zero_at : &slack->other_at;
    uint64_t *sum = zero ? &slack->zero_bytes : &slack->other_bytes;
    *first = *sum == 0 ? at : *first;
    *sum += bytes;
    return CRET_OK;
}

/* Whether the first `count` units of a chain have this one. */
static bool is_before(const struct cret_cfb_space *space, uint32_t start, uint32_t count,
                      uint32_t unit)
{
    uint32_t at = start;
    for (uint32_t i = 0; i < count; i++, at = space->next[at]) {
        if (at == unit) {
            return true;
        }
    }
    return false;
}

/* What of a chain's unit lies behind the stream's last byte. */
static enum cret_status take_end(struct cret_cfb *cfb, const struct cret_cfb_space *space,
                                 uint32_t unit, uint64_t begins, uint64_t size,
                                 struct cret_err *err)
{
    const uint64_t used = begins >= size ? 0 : size - begins;
    return used >= space->unit
               ? CRET_OK
               : cret_cfb_slack_add(cfb, CRET_CFB_SLACK_END, unit_at(cfb, space, unit) + used,
                                    space->unit - used, err);
}

enum cret_status cret_cfb_claim(struct cret_cfb *cfb, const struct cret_cfb_space *space,
                                uint32_t start, uint64_t size, const char *what,
                                uint32_t *ret_count, struct cret_err *err)
{
    uint32_t count = 0, unit = start;
    uint64_t last = 0;
    for (; unit != CRET_CFB_END; unit = space->next[unit], count++) {
        if (unit >= space->count) {
            return cret_cfb_refuse(last, err, "the chain of %s goes to a sector that is not there",
                                   what);
        }
        last = unit_at(cfb, space, unit);
        if (space->owned[unit]) {
            return cret_cfb_refuse(last, err,
                                   is_before(space, start, count, unit)
                                       ? "the chain of %s is a loop"
                                       : "%s has a sector that belongs to something else",
                                   what);
        }
        space->owned[unit] = 1;
        if (take_end(cfb, space, unit, (uint64_t)count * space->unit, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if ((uint64_t)count * space->unit < size) {
        return cret_cfb_refuse(last, err, "the chain of %s ends before its size", what);
    }
    if (ret_count != NULL) {
        *ret_count = count;
    }
    return CRET_OK;
}

/* Behind this one nothing is in use. */
static uint32_t find_last(const struct cret_cfb_space *space)
{
    uint32_t last = space->count;
    while (last > 0 && !space->owned[last - 1]) {
        last--;
    }
    return last;
}

enum cret_status cret_cfb_check_units(struct cret_cfb *cfb, const struct cret_cfb_space *space,
                                      struct cret_err *err)
{
    const uint32_t last = find_last(space);
    for (uint32_t unit = 0; unit < space->count; unit++) {
        const uint64_t at = unit_at(cfb, space, unit);
        if (space->owned[unit]) {
            continue;
        }
        if (space->next[unit] != CRET_CFB_FREE) {
            return cret_cfb_refuse(at, err, "a sector is in use, and no stream has it");
        }
        if (cret_cfb_slack_add(cfb,
                               unit >= last && space == &cfb->sectors ? CRET_CFB_SLACK_BEHIND
                                                                      : CRET_CFB_SLACK_FREE,
                               at, space->unit, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* Where a walk over a stream is: at a byte of the stream, in a unit of its chain. */
struct walk {
    const struct cret_cfb_space *space;
    uint32_t unit;
    uint64_t done, size;
};

static struct walk begin(const struct cret_cfb *cfb, const struct cret_cfb_entry *stream)
{
    return (struct walk){cret_cfb_space_of(cfb, stream->size), stream->start, 0, stream->size};
}

/* The next part that lies in one piece. False: the stream is at its end. */
static bool next_run(const struct cret_cfb *cfb, struct walk *walk, uint64_t *ret_at,
                     uint64_t *ret_bytes)
{
    const struct cret_cfb_space *space = walk->space;
    const uint64_t left = walk->size - walk->done;
    uint64_t bytes = space->unit;
    if (left == 0) {
        return false;
    }
    *ret_at = unit_at(cfb, space, walk->unit);
    walk->unit = space->next[walk->unit];
    while (bytes < left && unit_at(cfb, space, walk->unit) == *ret_at + bytes) {
        bytes += space->unit;
        walk->unit = space->next[walk->unit];
    }
    *ret_bytes = bytes < left ? bytes : left;
    walk->done += *ret_bytes;
    return true;
}

enum cret_status cret_cfb_hash(const struct cret_cfb *cfb, const struct cret_cfb_entry *stream,
                               struct cret_foreign_hash *hash, struct cret_err *err)
{
    struct walk walk = begin(cfb, stream);
    uint64_t at = 0, bytes = 0;
    while (next_run(cfb, &walk, &at, &bytes)) {
        if (cret_foreign_hash_part(hash, cfb->file, at, bytes, "a stream", err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_cfb_load(uint8_t **ret_data, const struct cret_cfb *cfb,
                               const struct cret_cfb_entry *stream, size_t most, const char *what,
                               struct cret_err *err)
{
    struct walk walk = begin(cfb, stream);
    uint64_t at = 0, bytes = 0;
    if (stream->size > most) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM, "%s is too large", what);
        return cret_err_expected(err, "at most %zu bytes", most);
    }
    uint8_t *data = malloc((size_t)stream->size + 1);
    if (data == NULL) {
        return cret_err_memory(err);
    }
    while (next_run(cfb, &walk, &at, &bytes)) {
        if (cret_foreign_read(cfb->file, at, data + (walk.done - bytes), (size_t)bytes, what,
                              err) != CRET_OK) {
            free(data);
            return CRET_FAILED;
        }
    }
    data[stream->size] = 0;
    *ret_data = data;
    return CRET_OK;
}

enum cret_status cret_cfb_slack_of(struct cret_cfb *cfb, const struct cret_cfb_entry *stream,
                                   uint64_t from, enum cret_cfb_slack_kind kind,
                                   struct cret_err *err)
{
    struct walk walk = begin(cfb, stream);
    uint64_t at = 0, bytes = 0;
    while (next_run(cfb, &walk, &at, &bytes)) {
        const uint64_t begins = walk.done - bytes, skipped = from > begins ? from - begins : 0;
        if (skipped < bytes &&
            cret_cfb_slack_add(cfb, kind, at + skipped, bytes - skipped, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
