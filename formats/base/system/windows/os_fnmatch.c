/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of shells, which Windows' C library lacks. Nothing here is of Windows: the unit tests
 * hold it against the fnmatch() of the system that they run on, under another name. */
#include <fnmatch.h>

#include <stdbool.h>
#include <string.h>

/* One character of a name against one of a pattern, or a set in brackets: what follows in the
 * pattern; NULL: they do not match. */
static const char *match_one(const char *pattern, char one)
{
    if (*pattern != '[') {
        return *pattern == one ? pattern + 1 : NULL;
    }
    bool found = false;
    for (pattern++; *pattern != ']' && *pattern != '\0'; pattern++) {
        const char first = *pattern;
        if (pattern[1] == '-' && pattern[2] != ']' && pattern[2] != '\0') {
            pattern += 2;
        }
        found = found || (one >= first && one <= *pattern);
    }
    return found && *pattern == ']' ? pattern + 1 : NULL;
}

/* The last * takes as little as it can, and more where what follows does not fit. */
int fnmatch(const char *pattern, const char *name, int flags)
{
    const char *star = NULL, *taken = NULL;
    (void)flags;
    while (*name != '\0') {
        const char *next = *pattern != '*' ? match_one(pattern, *name) : NULL;
        if (*pattern == '*') {
            star = pattern++;
            taken = name;
        } else if (next != NULL) {
            pattern = next;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++taken;
        } else {
            return 1;
        }
    }
    pattern += strspn(pattern, "*");
    return *pattern == '\0' ? 0 : 1;
}
