/* SPDX-License-Identifier: Apache-2.0 */
/* What --tpm asks for before a TPM is asked. What a TPM answers is in tests/e2e/tpm. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/system/file.h"
#include "scene.h"
#include "verifier/run/tpm_guard.h"

#define STATION CRET_SOURCE_DIR "/tests/vectors/tpm/station.json"
#define SECRET "0123456789abcdef0123456789abcdef"

static struct scene_run run;
static struct cret_guard *guard;

static void setup(void)
{
    char *text = NULL;
    size_t size = 0;
    scene_enter();
    if (!cret_tpm_built_in()) {
        cr_skip_test("a build without TPM");
    }
    cr_assert_eq(cret_file_read(&text, &size, STATION, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK);
    scene_write("s.json", text);
    scene_write("auth", SECRET);
    cr_assert_eq(chmod("auth", 0600), 0);
    free(text);
}

static void teardown(void)
{
    cret_guard_free(&guard);
    scene_end(&run);
    scene_leave();
}

TestSuite(tpm_guard, .init = setup, .fini = teardown);

static enum cret_err_class settle(const char *const *words)
{
    cret_guard_free(&guard);
    scene_end(&run);
    cr_assert_eq(scene_begin(&run, words), CRET_ERR_NONE, "%s", run.err.what);
    return cret_guard_new(&guard, run.options, &run.err) == CRET_OK ? CRET_ERR_NONE : run.err.class;
}

#define ASKED "check", "x", "--tpm", "--station", "s.json", "--journal-auth", "auth"

Test(tpm_guard, is_there_where_it_is_asked_for)
{
    cr_expect_eq(settle(WORDS("check", "x")), CRET_ERR_NONE);
    cr_expect_null(guard);
    cr_expect_null(cret_guard_witness(guard));
    cr_assert_eq(settle(WORDS(ASKED)), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_not_null(cret_guard_witness(guard));
    cr_assert_eq(settle(WORDS("check", "x", "--tpm-verify", "--station", "s.json")), CRET_ERR_NONE,
                 "%s", run.err.what);
    cr_expect_not_null(guard);
    cr_expect_null(cret_guard_witness(guard));
}

Test(tpm_guard, what_is_missing_is_named)
{
    static const struct {
        const char *words[8], *says;
    } rows[] = {
        {{"check", "x", "--tpm"}, "--station is missing"},
        {{"check", "x", "--station", "s.json"}, "--station does nothing without --tpm"},
        {{"check", "x", "--tcti", "mssim"}, "--tcti does nothing without --tpm"},
        {{"check", "x", "--journal-auth", "auth"}, "--journal-auth does nothing without --tpm"},
        {{"check", "x", "--tpm", "--station", "auth"}, "station"},
    };
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        cr_expect_eq(settle(rows[i].words), CRET_ERR_USAGE, "%s", rows[i].says);
        cr_expect_not_null(strstr(run.err.what, rows[i].says), "%s", run.err.what);
        cr_expect_null(guard);
    }
}

Test(tpm_guard, a_secret_that_is_none)
{
    cr_assert_eq(chmod("auth", 0640), 0);
    cr_expect_eq(settle(WORDS(ASKED)), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "others may read"), "%s", run.err.what);
    scene_write("auth", "0123456789abcdef0123456789abcde");
    cr_assert_eq(chmod("auth", 0600), 0);
    cr_expect_eq(settle(WORDS(ASKED)), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "is not the authorization"), "%s", run.err.what);
    scene_write("auth", SECRET "0");
    cr_assert_eq(chmod("auth", 0600), 0);
    cr_expect_neq(settle(WORDS(ASKED)), CRET_ERR_NONE);
    cr_expect_null(guard);
}

Test(tpm_guard, a_run_with_a_tpm_needs_policy_and_journal)
{
    struct cret_policy bare = {.bare_anchor = true}, policy = {.bare_anchor = false};
    struct cret_journal *journal = NULL;
    cr_expect_eq(cret_guard_before(NULL, NULL, NULL, &journal, &run.err), CRET_OK);
    cr_assert_eq(settle(WORDS(ASKED)), CRET_ERR_NONE, "%s", run.err.what);
    const struct {
        const struct cret_policy *policy;
        const char *folder, *says;
    } rows[] = {
        {NULL, "j", "--tpm needs a trust policy"},
        {&bare, "j", "--tpm needs a trust policy"},
        {&policy, NULL, "--tpm needs a journal"},
    };
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        cret_err_clear(&run.err);
        cr_expect_eq(cret_guard_before(guard, rows[i].folder, rows[i].policy, &journal, &run.err),
                     CRET_FAILED);
        cr_expect_eq(run.err.class, CRET_ERR_USAGE);
        cr_expect_not_null(strstr(run.err.what, rows[i].says), "%s", run.err.what);
        cr_expect_null(journal);
    }
}
