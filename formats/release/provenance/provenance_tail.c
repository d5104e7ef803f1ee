/* SPDX-License-Identifier: Apache-2.0 */
/* The longest common tail of names, found by order instead of one by one. */
#include "release/provenance/provenance_tail.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool divides(char letter)
{
    return letter == '/' || letter == '\\';
}

struct segment {
    const char *text;
    size_t size; /* 0: there is no more */
};

/* The last segment of what lies before *end, which moves to its begin. */
static struct segment take(const char *name, size_t *end)
{
    for (;;) {
        while (*end > 0 && divides(name[*end - 1])) {
            --*end;
        }
        const size_t last = *end;
        while (*end > 0 && !divides(name[*end - 1])) {
            --*end;
        }
        const struct segment segment = {name + *end, last - *end};
        if (segment.size != 1 || segment.text[0] != '.') {
            return segment;
        }
    }
}

static int compare_segments(struct segment left, struct segment right)
{
    const size_t size = left.size < right.size ? left.size : right.size;
    const int order = strncasecmp(left.text, right.text, size);
    return order != 0 ? order : (left.size > right.size) - (left.size < right.size);
}

/* The order of two names, and what they have in common. */
static int compare_names(const char *left, const char *right, size_t *ret_common)
{
    size_t left_end = strlen(left), right_end = strlen(right);
    for (*ret_common = 0;; ++*ret_common) {
        const struct segment one = take(left, &left_end), other = take(right, &right_end);
        const int order = compare_segments(one, other);
        if (order != 0 || one.size == 0) {
            return order;
        }
    }
}

size_t cret_tail_common(const char *left, const char *right)
{
    size_t common;
    compare_names(left, right, &common);
    return common;
}

static int compare_entries(const void *left, const void *right)
{
    const struct cret_entry *const *a = left, *const *b = right;
    size_t common;
    return compare_names((*a)->path, (*b)->path, &common);
}

void cret_tails_sort(struct cret_tails *files)
{
    qsort(files->list, files->count, sizeof(*files->list), compare_entries);
}

/* The first from `low` on that is not before the name, or, `beyond` it, has less than `most` in
 * common with it: all that have it stand together. */
static size_t bound(const struct cret_tails *files, const char *name, size_t low, bool beyond,
                    size_t most)
{
    size_t high = files->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        size_t common;
        const int order = compare_names(files->list[middle]->path, name, &common);
        if (beyond ? common >= most : order < 0 && common < most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t cret_tails_find(const struct cret_tails *files, const char *name, size_t *ret_first,
                       size_t *ret_end)
{
    const size_t at = bound(files, name, 0, false, SIZE_MAX);
    const size_t before = at > 0 ? cret_tail_common(files->list[at - 1]->path, name) : 0;
    const size_t after = at < files->count ? cret_tail_common(files->list[at]->path, name) : 0;
    const size_t most = before > after ? before : after;
    *ret_first = *ret_end = at;
    if (most > 0) {
        *ret_first = bound(files, name, 0, false, most);
        *ret_end = bound(files, name, *ret_first, true, most);
    }
    return most;
}
