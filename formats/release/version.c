/* SPDX-License-Identifier: Apache-2.0 */
#include "release/version.h"

#include <string.h>

#include "base/json.h"

#define DIGITS "0123456789"

/* Two runs of digits as numbers; both are moved behind their run. */
static int compare_numbers(const char **left, const char **right)
{
    *left += strspn(*left, "0");
    *right += strspn(*right, "0");
    const size_t left_size = strspn(*left, DIGITS);
    const size_t right_size = strspn(*right, DIGITS);
    int order = (left_size > right_size) - (left_size < right_size);
    if (order == 0) {
        order = memcmp(*left, *right, left_size);
    }
    *left += left_size;
    *right += right_size;
    return order;
}

int cret_version_compare(const char *left, const char *right)
{
    while (*left != '\0' && *right != '\0') {
        if (strspn(left, DIGITS) > 0 && strspn(right, DIGITS) > 0) {
            const int order = compare_numbers(&left, &right);
            if (order != 0) {
                return order;
            }
            continue;
        }
        if (*left != *right) {
            return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
        }
        left++;
        right++;
    }
    return (*left != '\0') - (*right != '\0');
}

bool cret_version_within(const char *version, const char *from, const char *to)
{
    return (from == NULL || cret_version_compare(version, from) >= 0) &&
           (to == NULL || cret_version_compare(version, to) <= 0);
}

/* One split of "MODEL:REVISION"; revision NULL: none was said. */
static bool entry_matches(const json_t *entry, const char *model, size_t model_size,
                          const char *revision)
{
    const char *const names[] = {cret_json_string(entry, "model"), cret_json_string(entry, "sku")};
    bool named = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        named = named || (names[i] != NULL && strlen(names[i]) == model_size &&
                          memcmp(names[i], model, model_size) == 0);
    }
    const char *from = cret_json_string(entry, "revisionFrom");
    const char *to = cret_json_string(entry, "revisionTo");
    if (!named) {
        return false;
    }
    return revision == NULL ? from == NULL && to == NULL : cret_version_within(revision, from, to);
}

bool cret_hardware_covers(const json_t *entry, const char *hardware)
{
    if (entry_matches(entry, hardware, strlen(hardware), NULL)) {
        return true;
    }
    for (const char *colon = strchr(hardware, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        if (entry_matches(entry, hardware, (size_t)(colon - hardware), colon + 1)) {
            return true;
        }
    }
    return false;
}
