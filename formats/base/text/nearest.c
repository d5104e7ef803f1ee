/* SPDX-License-Identifier: Apache-2.0 */
/* Folding of names, their Levenshtein distance, and how far is still near. */
#include "base/text/nearest.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Empty where the name is too long. */
static void fold(char out[CRET_NEAREST_BYTES], const char *name)
{
    size_t size = 0;
    for (; *name != '\0' && size < CRET_NEAREST_BYTES - 1; name++) {
        if (strchr("_- ", *name) == NULL) {
            out[size++] = (char)tolower((unsigned char)*name);
        }
    }
    out[*name == '\0' ? size : 0] = '\0';
}

static size_t distance(const char *left, const char *right)
{
    size_t row[CRET_NEAREST_BYTES], width = strlen(right);
    for (size_t j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (size_t i = 0; left[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            const size_t replaced = diagonal + (left[i] == right[j] ? 0u : 1u);
            const size_t shorter = row[j] < row[j + 1] ? row[j] : row[j + 1];
            diagonal = row[j + 1];
            row[j + 1] = shorter + 1 < replaced ? shorter + 1 : replaced;
        }
    }
    return row[width];
}

void cret_nearest_begin(struct cret_nearest *nearest, const char *text)
{
    fold(nearest->text, text);
    nearest->name = NULL;
    nearest->distance = SIZE_MAX;
}

void cret_nearest_consider(struct cret_nearest *nearest, const char *name)
{
    char folded[CRET_NEAREST_BYTES];
    fold(folded, name);
    const size_t third = strlen(nearest->text) / 3, farthest = third > 2 ? third : 2;
    const size_t found = distance(nearest->text, folded);
    if (found < nearest->distance && found <= farthest && folded[0] != '\0' &&
        found * 2 <= strlen(folded)) {
        nearest->name = name;
        nearest->distance = found;
    }
}

const char *cret_nearest(const char *text, const char *const *names)
{
    struct cret_nearest nearest;
    cret_nearest_begin(&nearest, text);
    for (; *names != NULL; names++) {
        cret_nearest_consider(&nearest, *names);
    }
    return nearest.name;
}
