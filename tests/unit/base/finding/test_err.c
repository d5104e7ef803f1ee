/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/finding/err.h"
#include "base/text/text.h"

Test(err, setting_fills_class_check_and_sentence_and_fails)
{
    struct cret_err err = {0};
    cr_assert_eq(cret_err_refuse(&err, CRET_CHECK_FILE_DIGESTS, "%s is wrong", "x"), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_FILE_DIGESTS);
    cr_assert_str_eq(err.what, "x is wrong");
    cr_assert_eq(cret_err_usage(&err, "usage"), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE);
    cr_assert_eq(err.check, CRET_CHECK_NONE);
    cr_assert_eq(cret_err_undecided(&err, "undecided"), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_eq(cret_err_memory(&err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_neq(err.hint[0], '\0');
}

Test(err, setting_replaces_everything_that_was_there)
{
    struct cret_err err = {0};
    cret_err_refuse(&err, CRET_CHECK_FILE_PATHS, "first");
    cret_err_where(&err, "there");
    cret_err_expected(&err, "one");
    cret_err_actual(&err, "two");
    cret_err_hint(&err, "three");
    cr_assert_str_eq(err.where, "there");
    cr_assert_str_eq(err.expected, "one");
    cr_assert_str_eq(err.actual, "two");
    cr_assert_str_eq(err.hint, "three");
    cret_err_usage(&err, "second");
    cr_assert_str_eq(err.where, "");
    cr_assert_str_eq(err.expected, "");
    cr_assert_str_eq(err.actual, "");
    cr_assert_str_eq(err.hint, "");
    cret_err_clear(&err);
    cr_assert_eq(err.class, CRET_ERR_NONE);
    cr_assert_str_eq(err.what, "");
}

Test(err, null_is_allowed_everywhere)
{
    cret_err_clear(NULL);
    cr_assert_eq(cret_err_refuse(NULL, CRET_CHECK_NONE, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_usage(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_undecided(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_memory(NULL), CRET_FAILED);
    cr_assert_eq(cret_err_where(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_expected(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_actual(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_hint(NULL, "x"), CRET_FAILED);
    cr_assert_eq(cret_err_context(NULL, "x"), CRET_FAILED);
}

Test(err, context_comes_first_and_outermost)
{
    struct cret_err err = {0};
    cret_err_undecided(&err, "the disk is full");
    cret_err_context(&err, "writing %s", "a.tar");
    cret_err_context(&err, "pack");
    cr_assert_str_eq(err.what, "pack: writing a.tar: the disk is full");
}

Test(err, arguments_may_lie_in_the_error_itself)
{
    struct cret_err err = {0};
    cret_err_undecided(&err, "inner");
    cret_err_hint(&err, "help");
    cret_err_refuse(&err, CRET_CHECK_FILE_PATHS, "outer (%s; %s)", err.what, err.hint);
    cr_assert_str_eq(err.what, "outer (inner; help)");
    cret_err_context(&err, "%s", err.what);
    cr_assert_str_eq(err.what, "outer (inner; help): outer (inner; help)");
    cret_err_where(&err, "%s", "w");
    cret_err_where(&err, "[%s]", err.where);
    cr_assert_str_eq(err.where, "[w]");
}

/* Whatever the alignment of the cut, no half character stays. */
Test(err, long_texts_are_cut_between_characters)
{
    static const char *const characters[] = {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x92"};
    struct cret_err err = {0};
    for (size_t i = 0; i < 4; i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[4096] = "";
            memset(text, 'x', shift);
            while (strlen(text) < 3000) {
                strcat(text, characters[i]);
            }
            cret_err_undecided(&err, "%s", text);
            cr_assert(cret_utf8_valid(err.what, strlen(err.what)));
            cr_assert_geq(strlen(err.what), sizeof(err.what) - 4);
            cret_err_hint(&err, "%s", text);
            cr_assert(cret_utf8_valid(err.hint, strlen(err.hint)));
            cret_err_undecided(&err, "%.*s", 600, "y");
            cret_err_context(&err, "%s", text);
            cr_assert(cret_utf8_valid(err.what, strlen(err.what)));
            cr_assert_lt(strlen(err.what), sizeof(err.what));
        }
    }
}
