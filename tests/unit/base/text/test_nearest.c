/* SPDX-License-Identifier: Apache-2.0 */
/* Which name a mistyped text most likely means. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/nearest.h"

static const char *const names[] = {"json", "chain", "allow-example-keys", "buildId", "ca", NULL};

static const struct {
    const char *text, *nearest; /* NULL: none is near */
} cases[] = {
    {"json", "json"},
    {"jsno", "json"},
    {"JSON", "json"},
    {"chian", "chain"},
    {"build_id", "buildId"},
    {"allow-exmple-kees", "allow-example-keys"},
    {"j", NULL},
    {"xy", NULL},
    {"change-of-everything", NULL},
    {"", NULL},
    {"c", "ca"},
};

Test(nearest, of_each_text)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *found = cret_nearest(cases[i].text, names);
        cr_assert_eq(found == NULL, cases[i].nearest == NULL, "%s: %s", cases[i].text,
                     found != NULL ? found : "none");
        cr_assert(found == NULL || strcmp(found, cases[i].nearest) == 0, "%s: %s", cases[i].text,
                  found);
    }
}

Test(nearest, long_names_are_not_compared)
{
    char text[2 * CRET_NEAREST_BYTES];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    const char *const same[] = {text, NULL};
    cr_assert_null(cret_nearest(text, same));
    cr_assert_null(cret_nearest(text, names));
    cr_assert_null(cret_nearest("json", same));
}
