/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns that Windows' programs read, beside those of this system's C library. */
#include <criterion/criterion.h>
#include <fnmatch.h>

#include "base/finding/attributes.h"

int cret_windows_fnmatch(const char *pattern, const char *name, int flags);

static const char *const patterns[] = {"",       ".env",  ".env.*", "*.key.pem", "._*",
                                       "*~",     "**",    "*",      ".*.sw[op]", "core.[0-9]*",
                                       "[a-c]x", "[ac-]", "a*b*c",  "*ab",       "[0-9][0-9]*.a",
                                       "x*[yz]", "*.*.*", "aa*aa"};
static const char *const names[] = {
    "",      ".env",   ".env.", ".env.local", "env",     "a.key.pem", ".key.pem", "a.key.pe",
    "._x",   "x._x",   "a~",    "~",          "~a",      ".a.swp",    ".a.swo",   ".a.swx",
    "a.swp", "core.1", "core.", "core.x",     "core.12", "ax",        "bx",       "dx",
    "a",     "-",      "c",     "b",          "abc",     "aXbYc",     "ab",       "aab",
    "abab",  "12.a",   "1.a",   "99xx.a",     "xy",      "xaz",       "xzy!",     "a.b.c",
    "a.b",   "..",     "aa",    "aaa",        "aaaa",    "\xc3\xbc~"};

Test(fnmatch_of_windows, answers_as_this_system)
{
    unsigned matches = 0;
    for (size_t i = 0; i < CRET_LENGTH(patterns); i++) {
        for (size_t k = 0; k < CRET_LENGTH(names); k++) {
            const bool here = fnmatch(patterns[i], names[k], 0) == 0;
            cr_expect_eq(cret_windows_fnmatch(patterns[i], names[k], 0) == 0, here, "%s of %s",
                         patterns[i], names[k]);
            matches += here ? 1 : 0;
        }
    }
    cr_expect_gt(matches, 100);
}
