/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken of a process that made seals: as many as there are items, and all of its bytes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/apart.h"
#include "trust/cms/timestamp_exchange.h"
#include "verifier/verbs/seal_making.h"

#define ITEMS 3u

static const struct {
    const char *json;  /* NULL: none */
    const char *bytes; /* NULL: none */
    size_t first;
} malformed[] = {
    {NULL, "abc", 0},
    {"{\"sizes\": [1, 1, 1]}", NULL, 0},
    {"{}", "abc", 0},
    {"{\"sizes\": []}", "abc", 0},
    {"{\"sizes\": {\"a\": 3}}", "abc", 0},
    {"{\"sizes\": [1, 1]}", "abc", 0},
    {"{\"sizes\": [1, 1, 2]}", "abc", 0},
    {"{\"sizes\": [0, 1, 2]}", "abc", 0},
    {"{\"sizes\": [-1, 1, 3]}", "abc", 0},
    {"{\"sizes\": [\"3\"]}", "abc", 0},
    {"{\"sizes\": [16777217]}", "abc", 0},
    {"{\"sizes\": [1, 1, 1, 0]}", "abc", 0},
    {"{\"sizes\": [1, 1, 1]}", "abc", 1},
};

static enum cret_status take(struct cret_seal_item items[ITEMS], size_t *next, const char *json,
                             const char *bytes, size_t first, struct cret_err *err)
{
    struct cret_seal_batch batch = {.items = items, .count = ITEMS};
    struct cret_apart_told told = {.json = json != NULL ? json_loads(json, 0, NULL) : NULL};
    memset(items, 0, ITEMS * sizeof(*items));
    if (bytes != NULL) {
        told.files[0].data = strdup(bytes);
        told.files[0].size = strlen(bytes);
    }
    const enum cret_status status = cret_seal_made_take(next, &batch, first, &told, err);
    cret_apart_clear(&told);
    return status;
}

static void clear(struct cret_seal_item items[ITEMS])
{
    for (size_t i = 0; i < ITEMS; i++) {
        free(items[i].made);
    }
}

Test(seal_making, as_many_seals_as_items_and_all_bytes)
{
    struct cret_seal_item items[ITEMS];
    struct cret_err err = {0};
    size_t next = 0;
    cr_assert_eq(take(items, &next, "{\"sizes\": [1, 2]}", "abc", 1, &err), CRET_OK);
    cr_expect_eq(next, 3);
    cr_expect_null(items[0].made);
    cr_expect(items[1].made_size == 1 && memcmp(items[1].made, "a", 1) == 0);
    cr_expect(items[2].made_size == 2 && memcmp(items[2].made, "bc", 2) == 0);
    clear(items);
    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        next = 7;
        cret_err_clear(&err);
        cr_expect_eq(
            take(items, &next, malformed[i].json, malformed[i].bytes, malformed[i].first, &err),
            CRET_FAILED, "%zu", i);
        cr_expect_eq(err.class, CRET_ERR_UNDECIDED, "%zu", i);
        cr_expect_eq(next, 7);
        clear(items);
    }
}

/* What is not whole, or begins otherwise, is none; nor is nothing. */
Test(seal_making, a_request_has_the_one_form)
{
    static const uint8_t digest[32] = {7};
    struct cret_apart_told told = {.json = NULL};
    struct cret_err err = {0};
    uint8_t *der = NULL;
    char *taken = NULL;
    size_t size = 0, taken_size = 7;
    cr_assert_eq(
        cret_timestamp_request_for(&der, &size, cret_digest_by_name("sha256"), digest, &err),
        CRET_OK);
    for (size_t i = 0; i <= size; i++) { /* i == size: as it is */
        cret_err_clear(&err);
        told.files[0].data = malloc(size);
        cr_assert_not_null(told.files[0].data);
        memcpy(told.files[0].data, der, size);
        told.files[0].size = size;
        if (i == 0) {
            told.files[0].data[0] ^= 1;
        } else if (i < size) {
            told.files[0].size = i;
        }
        const enum cret_status status = cret_seal_request_take(&taken, &taken_size, &told, &err);
        cr_expect_eq(status, i == size ? CRET_OK : CRET_FAILED, "%zu", i);
        cr_expect_eq(err.class, i == size ? CRET_ERR_NONE : CRET_ERR_UNDECIDED, "%zu", i);
        cr_expect_eq(taken_size, i == size ? size : 7, "%zu", i);
        cret_apart_clear(&told);
    }
    cr_expect_eq(memcmp(taken, der, size), 0);
    cr_expect_eq(cret_seal_request_take(&taken, &taken_size, &told, &err), CRET_FAILED);
    free(taken);
    free(der);
}
