/* SPDX-License-Identifier: Apache-2.0 */
/* Archives in the payload: bounded, never ambiguous, and what is found is what is listed. */
#include <string.h>

#include "../fuzz.h"
#include "release/nested/nested.h"

static enum cret_status read_part(void *context, uint64_t offset, void *data, size_t size,
                                  size_t *ret_got, struct cret_err *err)
{
    (void)err;
    const struct fuzz_part *input = context;
    const size_t left = offset < input->size ? input->size - (size_t)offset : 0;
    *ret_got = size < left ? size : left;
    if (*ret_got > 0) {
        memcpy(data, input->data + offset, *ret_got);
    }
    return CRET_OK;
}

/* The first member that was listed, and how many there were. */
struct listed {
    char path[200];
    uint64_t size, bytes;
    uint8_t sha256[CRET_SHA256_BYTES];
    size_t members, gaps;
};

static enum cret_status member(void *context, const char *path, uint64_t size,
                               const uint8_t sha256[CRET_SHA256_BYTES], struct cret_err *err)
{
    (void)err;
    struct listed *listed = context;
    if (listed->members++ == 0 && strlen(path) < sizeof(listed->path)) {
        strcpy(listed->path, path);
        listed->size = size;
        memcpy(listed->sha256, sha256, CRET_SHA256_BYTES);
    }
    listed->bytes += size;
    return CRET_OK;
}

static enum cret_status gap(void *context, const char *path, const char *why, struct cret_err *err)
{
    (void)path;
    (void)err;
    FUZZ_HOLD(why != NULL && why[0] != '\0');
    ((struct listed *)context)->gaps++;
    return CRET_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part input = {data, size};
    struct listed listed = {.path = "bin/sh"};
    const struct cret_nested_input file = {
        .read = read_part, .context = &input, .size = size, .name = "fuzz.tar.gz"};
    const struct cret_nested_listener listener = {.member = member, .gap = gap, .context = &listed};
    const struct cret_nested_limits limits = {
        .depth = 3, .members = 200, .slack = 1u << 20, .ratio = 50, .inner = 256u << 10};
    enum cret_nested_outcome outcome = CRET_NESTED_UNSUPPORTED;
    char detail[CRET_NESTED_DETAIL] = "";
    struct cret_err err;
    cret_err_clear(&err);
    FUZZ_HOLD(cret_nested_list(&file, &limits, &listener, &err) == CRET_OK);
    FUZZ_HOLD(listed.members <= limits.members);
    FUZZ_HOLD(listed.bytes <= (limits.slack + limits.ratio * size + (1u << 24)) * limits.depth);
    struct cret_nested_want want = {.path = listed.path};
    cret_err_clear(&err);
    if (cret_nested_read(&file, &limits, &want, 1, &outcome, detail, &err) != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    } else if (outcome == CRET_NESTED_READ && listed.gaps == 0 && listed.members > 0 &&
               want.found == 1) {
        FUZZ_HOLD(want.size == listed.size);
        FUZZ_HOLD(memcmp(want.sha256, listed.sha256, CRET_SHA256_BYTES) == 0);
    }
    return 0;
}
