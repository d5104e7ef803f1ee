/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb gets of what a site names: descriptors of what nobody else can change. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../trust/pki.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "scene.h"
#include "verifier/run/trust_file.h"

static struct scene_run run;
static char *text;
static size_t size;

static void teardown(void)
{
    free(text);
    scene_end(&run);
    scene_leave();
}

TestSuite(site_files, .init = scene_enter, .fini = teardown);

/* A run of check with a site that names file "named" of the folder as `field`. */
static void begin_named(const char *field, bool list)
{
    char site[512];
    snprintf(site, sizeof(site), "{\"cretula\": \"site/1\", \"%s\": %s\"%s\"%s}", field,
             list ? "[" : "", scene_path("named"), list ? "]" : "");
    scene_write("site.json", site);
    cr_assert_eq(scene_begin(&run, WORDS("check", "x", "--config", scene_path("site.json"))),
                 CRET_ERR_NONE, "%s", run.err.what);
}

static enum cret_err_class read_item(enum cret_site_item item, const char *suffix, size_t cap)
{
    free(text);
    text = (char *)1;
    cret_err_clear(&run.err);
    if (cret_site_read(&text, &size, run.options, item, suffix, cap, &run.err) == CRET_OK) {
        return CRET_ERR_NONE;
    }
    cr_expect_null(text);
    return run.err.class;
}

Test(site_files, a_named_file_that_nobody_else_can_change)
{
    scene_write("named", "policy");
    begin_named("trust", false);
    cr_assert_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_eq(size, 6);
    cr_expect_arr_eq(text, "policy", 6);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 5), CRET_ERR_USAGE, "too large: no such file");
    cr_expect_not_null(strstr(run.err.where, "named"), "%s", run.err.where);
    cr_assert_eq(chmod("named", 0664), 0);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "rests on"), "%s", run.err.what);
    cr_assert_eq(unlink("named"), 0);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_USAGE, "it is not there");
    cr_assert_eq(symlink("site.json", "named"), 0);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_USAGE, "it leads elsewhere");
}

Test(site_files, what_lies_beside_may_be_missing)
{
    scene_write("named", "profile");
    begin_named("profile", false);
    cr_expect_eq(read_item(CRET_SITE_PROFILE, ".p7s", 100), CRET_ERR_NONE);
    cr_expect_null(text);
    scene_write("named.p7s", "CMS");
    cr_expect_eq(read_item(CRET_SITE_PROFILE, ".p7s", 100), CRET_ERR_NONE);
    cr_expect_eq(size, 3);
    cr_assert_eq(chmod("named.p7s", 0666), 0);
    cr_expect_eq(read_item(CRET_SITE_PROFILE, ".p7s", 100), CRET_ERR_USAGE);
}

/* Who gives an option answers for its path. */
Test(site_files, a_file_that_an_option_names)
{
    scene_write("given", "policy");
    cr_assert_eq(chmod("given", 0666), 0);
    cr_assert_eq(scene_begin(&run, WORDS("check", "x", "--trust", "given")), CRET_ERR_NONE);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_eq(read_item(CRET_SITE_TRUST, ".p7s", 100), CRET_ERR_NONE);
    cr_expect_null(text);
    cr_expect_eq(read_item(CRET_SITE_OVERLAY, "", 100), CRET_ERR_NONE);
    cr_expect_null(text, "nobody names one");
    cr_assert_eq(unlink("given"), 0);
    cr_expect_eq(read_item(CRET_SITE_TRUST, "", 100), CRET_ERR_USAGE);
}

/* ---- the journal ---- */

static enum cret_err_class ask_journal(void)
{
    const char *folder = NULL;
    cret_err_clear(&run.err);
    if (cret_site_journal(&folder, run.options, &run.err) == CRET_OK) {
        cr_expect_str_eq(folder, scene_path("named"));
        return CRET_ERR_NONE;
    }
    cr_expect_null(folder);
    return run.err.class;
}

Test(site_files, a_journal_that_nobody_else_can_change)
{
    begin_named("journal", false);
    cr_expect_eq(ask_journal(), CRET_ERR_NONE, "it is not there yet");
    cr_assert_eq(mkdir("named", 0755), 0);
    cr_expect_eq(ask_journal(), CRET_ERR_NONE, "%s", run.err.what);
    scene_write("named/journal.jsonl", "{}\n");
    cr_expect_eq(ask_journal(), CRET_ERR_NONE, "%s", run.err.what);
    cr_assert_eq(chmod("named/journal.jsonl", 0646), 0);
    cr_expect_eq(ask_journal(), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "the site's journal"), "%s", run.err.what);
    cr_expect_not_null(strstr(run.err.hint, "journalAccount"), "%s", run.err.hint);
    cr_assert_eq(chmod("named/journal.jsonl", 0644) + chmod("named", 0777), 0);
    cr_expect_eq(ask_journal(), CRET_ERR_USAGE);
}

Test(site_files, a_journal_of_an_option_is_its_givers)
{
    const char *folder = NULL;
    cr_assert_eq(mkdir("j", 0700) + chmod("j", 0777), 0);
    cr_assert_eq(scene_begin(&run, WORDS("check", "x", "--journal", "j")), CRET_ERR_NONE);
    cr_expect_eq(cret_site_journal(&folder, run.options, &run.err), CRET_OK, "%s", run.err.what);
    cr_expect_str_eq(folder, "j");
}

/* ---- whoever may have signed records ---- */

Test(site_files, recorders_are_those_that_it_names)
{
    struct cret_policy *policy = NULL;
    struct pki_entity recorder = pki_leaf("Recorder", NULL);
    char *pem = pki_pem(&recorder);
    scene_write("named", pem);
    begin_named("recordAnchors", true);
    cr_assert_eq(cret_site_recorders(&policy, run.options, false, &run.err), CRET_OK, "%s",
                 run.err.what);
    cr_expect(policy->bare_anchor);
    cr_expect_eq(policy->scopes[0].signer_count, 1);
    cret_policy_free(&policy);
    cr_assert_eq(chmod("named", 0664), 0);
    cr_expect_eq(cret_site_recorders(&policy, run.options, false, &run.err), CRET_FAILED);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
    scene_write("named", "no certificate");
    cr_expect_eq(cret_site_recorders(&policy, run.options, false, &run.err), CRET_FAILED);
    cr_expect_str_eq(run.err.where, scene_path("named"));
    cr_expect_not_null(strstr(run.err.what, "recordAnchors"), "%s", run.err.what);
    cr_expect_not_null(strstr(run.err.what, "named contains no PEM block"), "%s", run.err.what);
    cr_expect_null(strstr(run.err.what, "/proc"), "%s", run.err.what);
    cr_expect_null(policy);
    free(pem);
    pki_clear(&recorder);
}

/* Of so many files one has descriptor N, and the last one a descriptor that begins with N. */
Test(site_files, the_file_at_fault_is_named_among_many)
{
    struct cret_policy *policy = NULL;
    struct pki_entity recorder = pki_leaf("Recorder", NULL);
    char *pem = pki_pem(&recorder);
    struct cret_buffer site = {0};
    cret_buffer_printf(&site, "{\"cretula\": \"site/1\", \"recordAnchors\": [");
    for (int i = 0; i < 90; i++) {
        char name[32];
        snprintf(name, sizeof(name), "good%d", i);
        scene_write(name, pem);
        cret_buffer_printf(&site, "\"%s\", ", scene_path(name));
    }
    scene_write("bad", "no certificate");
    cret_buffer_printf(&site, "\"%s\"]}", scene_path("bad"));
    cr_assert_not(site.failed);
    scene_write("site.json", site.data);
    cr_assert_eq(scene_begin(&run, WORDS("check", "x", "--config", scene_path("site.json"))),
                 CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_eq(cret_site_recorders(&policy, run.options, false, &run.err), CRET_FAILED);
    cr_expect_not_null(strstr(run.err.what, "/bad contains no PEM block"), "%s", run.err.what);
    cr_expect_null(strstr(run.err.what, "/good"), "%s", run.err.what);
    cret_buffer_free(&site);
    free(pem);
    pki_clear(&recorder);
}

Test(site_files, recorders_of_an_option)
{
    struct cret_policy *policy = NULL;
    cr_assert_eq(scene_begin(&run, WORDS("record", "verify", "r", "--anchor", "missing.pem")),
                 CRET_ERR_NONE);
    cr_expect_eq(cret_site_recorders(&policy, run.options, false, &run.err), CRET_FAILED);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
}

/* ---- replacing the trust policy ---- */

static enum cret_err_class replace(const char *name)
{
    struct cret_held *held = NULL;
    cret_err_clear(&run.err);
    if (cret_trust_file_hold(&held, name, &run.err) == CRET_OK) {
        const enum cret_status status =
            cret_site_replace_trust(run.options, held, "new", 3, &run.err);
        cret_held_close(&held);
        if (status == CRET_OK) {
            return CRET_ERR_NONE;
        }
    }
    return run.err.class;
}

static void expect_content(const char *name, const char *expected)
{
    char content[32] = "";
    FILE *file = fopen(name, "r");
    cr_assert_not_null(file);
    cr_assert_not_null(fgets(content, sizeof(content), file));
    fclose(file);
    cr_expect_str_eq(content, expected);
}

Test(site_files, a_policy_is_replaced_as_a_whole_or_not)
{
    scene_write("named", "old");
    begin_named("trust", false);
    cr_assert_eq(chmod("named", 0664), 0);
    cr_expect_eq(replace(scene_path("named")), CRET_ERR_USAGE);
    expect_content("named", "old");
    cr_assert_eq(chmod("named", 0644), 0);
    cr_expect_eq(replace(scene_path("named")), CRET_ERR_NONE, "%s", run.err.what);
    expect_content("named", "new");
}
