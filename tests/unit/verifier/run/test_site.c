/* SPDX-License-Identifier: Apache-2.0 */
/* The site configuration: what is refused as one, and what it makes of a command line. What needs
 * other users is in tests/e2e/operator/test_site.py. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scene.h"

TestSuite(site, .init = scene_enter, .fini = scene_leave);

#define SITE(fields) "{\"cretula\": \"site/1\"" fields "}"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void expect_words(const struct cret_err *err, const char *what, const char *where)
{
    cr_expect_not_null(strstr(err->what, what), "%s is not in: %s", what, err->what);
    cr_expect_not_null(strstr(err->where, where), "%s is not in: %s", where, err->where);
}

static const struct {
    const char *text, *what, *where;
} faults[] = {
    {"", "is empty", "site.json"},
    {"{", "not valid JSON", "site.json"},
    {"[]", "site configuration", "site.json"},
    {"{}", "site configuration", "site.json"},
    {"{\"cretula\": \"trust/1\"}", "", "#/cretula"},
    {SITE(", \"cretula\": \"site/1\""), "duplicate", "site.json"},
    {SITE(", \"trusts\": \"/a\""), "", "#/trusts"},
    {SITE(", \"tpm\": \"true\""), "", "#/tpm"},
    {SITE(", \"mandatory\": [\"trust\"]"), "", "#/mandatory/0"},
    {SITE(", \"recordAnchors\": []"), "", "#/recordAnchors"},
    {SITE(", \"trust\": \"trust.json\""), "relative path", "#/trust"},
    {SITE(", \"overlay\": \"./o.json\""), "relative path", "#/overlay"},
    {SITE(", \"profile\": \"p.json\""), "relative path", "#/profile"},
    {SITE(", \"journal\": \"journal\""), "relative path", "#/journal"},
    {SITE(", \"station\": \"s.json\""), "relative path", "#/station"},
    {SITE(", \"station\": \"/s.json\", \"journalAuth\": \"a\""), "relative path", "#/journalAuth"},
    {SITE(", \"recordAnchors\": [\"/a.pem\", \"b.pem\"]"), "relative path", "#/recordAnchors"},
    {SITE(", \"tpm\": true"), "`station` is missing", "#/tpm"},
    {SITE(", \"tcti\": \"mssim\""), "`station` is missing", "#/tcti"},
    {SITE(", \"journalAuth\": \"/a\""), "`station` is missing", "#/journalAuth"},
    {SITE(", \"profileSha256\": \"" SHA "\""), "pins a profile", "#/profileSha256"},
    {SITE(", \"journalAccount\": \"no such user\""), "does not have", "#/journalAccount"},
    {SITE(", \"journalAccount\": \"4294967295\""), "does not have", "#/journalAccount"},
    {SITE(", \"journalAccount\": \"-1\""), "does not have", "#/journalAccount"},
};

Test(site, each_fault_is_a_configuration_error)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct scene_run run;
        scene_write("site.json", faults[i].text);
        cr_expect_eq(scene_begin(&run, WORDS("check", "--config", scene_path("site.json"), "x")),
                     CRET_ERR_USAGE, "%s", faults[i].text);
        expect_words(&run.err, faults[i].what, faults[i].where);
        scene_end(&run);
    }
}

/* Any file of root's will do: it is contradicted before it is read. */
Test(site, the_machines_own_is_not_exchanged)
{
    const char *const own = "/etc/passwd";
    struct scene_run run;
    struct cret_site *site = NULL;
    scene_write("site.json", SITE(""));
    cr_assert_eq(scene_begin(&run, WORDS("check", "x", "--config", scene_path("site.json"))),
                 CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_eq(cret_site_bind(&site, run.options, own, &run.err), CRET_FAILED);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
    expect_words(&run.err, "--config contradicts this machine's own /etc/passwd", "");
    cr_expect_null(site);
    scene_end(&run);
    cr_assert_eq(scene_begin(&run, WORDS("check", "x")), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_eq(cret_site_bind(&site, run.options, own, &run.err), CRET_FAILED);
    expect_words(&run.err, "site configuration", own);
    scene_end(&run);
}

Test(site, a_file_that_others_could_change_decides_nothing)
{
    struct scene_run run;
    const char *const words[] = {"check", "--config", scene_path("site.json"), "x", NULL};
    cr_expect_eq(scene_begin(&run, words), CRET_ERR_USAGE, "it is not there");
    scene_end(&run);
    scene_write("site.json", SITE(""));
    cr_expect_eq(scene_begin(&run, words), CRET_ERR_NONE, "%s", run.err.what);
    scene_end(&run);
    static const mode_t modes[] = {0664, 0646};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(chmod("site.json", modes[i]), 0);
        cr_expect_eq(scene_begin(&run, words), CRET_ERR_USAGE);
        expect_words(&run.err, "can be changed by others", "site.json");
        scene_end(&run);
    }
    cr_assert_eq(rename("site.json", "other.json") + symlink("other.json", "site.json"), 0);
    cr_assert_eq(chmod("other.json", 0644), 0);
    cr_expect_eq(scene_begin(&run, words), CRET_ERR_USAGE);
    expect_words(&run.err, "symbolic link", "site.json");
    scene_end(&run);
}

/* What decides nothing for a verb cannot hold it up. */
Test(site, a_verb_that_no_site_binds_goes_on)
{
    struct scene_run run;
    cr_expect_eq(scene_begin(&run, WORDS("explain", "archive.framing")), CRET_ERR_NONE);
    cr_expect_null(cret_site_digest(run.options));
    scene_end(&run);
}

Test(site, without_one_the_options_decide)
{
    struct scene_run run;
    cr_assert_eq(scene_begin(&run, WORDS("check", "--trust", "t.json", "--allow-example-keys",
                                         "--at", "2026-01-01T00:00:00Z", "x")),
                 CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_null(cret_site_digest(run.options));
    cr_expect_not(cret_site_names(run.options, CRET_SITE_TRUST));
    cr_expect_str_eq(cret_site_value(run.options, CRET_SITE_TRUST), "t.json");
    cr_expect_null(cret_site_value(run.options, CRET_SITE_JOURNAL));
    cr_expect_not(cret_site_asks_tpm(run.options));
    cr_expect_null(cret_site_profile_digest(run.options));
    cr_expect_not(cret_site_names_recorders(run.options));
    scene_end(&run);
}

Test(site, what_it_names)
{
    struct scene_run run;
    scene_write("site.json",
                SITE(", \"trust\": \"/a/trust.json\", \"station\": \"/b/station.json\", \"tpm\": "
                     "true, \"profile\": \"/p.json\", \"profileSha256\": \"" SHA
                     "\", \"recordAnchors\": [\"/r.pem\"], \"journalAccount\": \"root\""));
    cr_assert_eq(scene_begin(&run, WORDS("check", "--config", scene_path("site.json"), "x")),
                 CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_not_null(cret_site_digest(run.options));
    cr_expect_str_eq(cret_site_value(run.options, CRET_SITE_TRUST), "/a/trust.json");
    cr_expect(cret_site_asks_tpm(run.options));
    cr_expect_eq(cret_site_profile_digest(run.options)[1], 0x23);
    cr_expect(cret_site_names_recorders(run.options));
    /* What it leaves out of a TPM that it names has its default, and is nobody else's to say. */
    cr_expect_str_eq(cret_site_value(run.options, CRET_SITE_JOURNAL_AUTH), "/b/journal.auth");
    cr_expect(cret_site_names(run.options, CRET_SITE_TCTI));
    scene_end(&run);
}

/* ---- options ---- */

#define AT "--at", "2026-01-01T00:00:00Z"

static const struct {
    const char *site;
    const char *words[9];
    const char *refused; /* words of the refusal; NULL: the run goes on */
} lines[] = {
    {", \"trust\": \"/t.json\"", {"check", "x", "--trust", "/t.json"}, NULL},
    {", \"trust\": \"/t.json\"", {"check", "x", "--trust", "/other.json"}, "another --trust"},
    {", \"trust\": \"/t.json\"", {"check", "x", "--anchor", "/a.pem"}, "--anchor"},
    {"", {"check", "x", "--anchor", "/a.pem"}, NULL},
    {", \"overlay\": \"/o.json\"",
     {"check", "x", "--trust", "/t", "--overlay", "/u"},
     "another --overlay"},
    {"", {"check", "x", "--trust", "/t", "--overlay", "/u"}, NULL},
    {", \"profile\": \"/p.json\"", {"check", "x", "--profile", "/q.json"}, "another --profile"},
    {", \"journal\": \"/j\"", {"check", "x", "--journal", "/k"}, "another --journal"},
    {", \"journal\": \"/j\"", {"check", "x", "--journal", "/j"}, NULL},
    {", \"journal\": \"/j\"",
     {"journal", "note", "/k", "--line", "1", "--stage", "deployed"},
     "another journal"},
    {", \"journal\": \"/j\"",
     {"journal", "note", "/j", "--line", "1", "--stage", "deployed"},
     NULL},
    {", \"journal\": \"/j\"", {"journal", "close", "/k"}, "another journal"},
    {"", {"journal", "close", "/k"}, NULL},
    /* A TPM is the site's to name. */
    {"", {"check", "x", "--tpm", "--station", "/s.json"}, "--station"},
    {"", {"check", "x", "--tcti", "mssim"}, "--tcti"},
    {", \"station\": \"/s.json\"", {"check", "x", "--tcti", "mssim"}, "another --tcti"},
    {", \"station\": \"/s.json\"", {"check", "x", "--station", "/t.json"}, "another --station"},
    {", \"station\": \"/s.json\"",
     {"journal", "verify", "/j", "--journal-auth", "/x"},
     "another --journal-auth"},
    {", \"station\": \"/s.json\"",
     {"journal", "verify", "/j", "--journal-auth", "/journal.auth"},
     NULL},
    {", \"station\": \"/s.json\", \"tpm\": true",
     {"journal", "verify", "/j", "--head", SHA},
     "--head"},
    {", \"station\": \"/s.json\"", {"journal", "verify", "/j", "--head", SHA}, NULL},
    /* Another time only where the site lets it; published keys never. */
    {"", {"check", "x", AT}, "--at"},
    {", \"allowAt\": false", {"check", "x", AT}, "--at"},
    {", \"allowAt\": true", {"check", "x", AT}, NULL},
    {", \"allowAt\": true", {"check", "x", "--allow-example-keys"}, "--allow-example-keys"},
    {"", {"trust", "lint", "/t.json", "--allow-example-keys"}, "--allow-example-keys"},
    /* Whoever signed a record. */
    {", \"trust\": \"/t.json\"", {"record", "verify", "r", "--anchor", "/a.pem"}, "--anchor"},
    {", \"recordAnchors\": [\"/a.pem\"]", {"record", "verify", "r", "--anchor", "/a.pem"}, NULL},
    {", \"recordAnchors\": [\"/a.pem\"]",
     {"record", "verify", "r", "--anchor", "/a.pem", "--anchor", "/b.pem"},
     "--anchor"},
    {"", {"record", "verify", "r", "--anchor", "/a.pem"}, NULL},
    /* Of runs about releases only. */
    {", \"mandatory\": [\"asset\"]", {"check", "x"}, "--asset mandatory"},
    {", \"mandatory\": [\"asset\", \"zone\"]",
     {"check", "x", "--asset", "PLC"},
     "--zone mandatory"},
    {", \"mandatory\": [\"asset\"]", {"check", "x", "--asset", "PLC"}, NULL},
    {", \"mandatory\": [\"asset\"]",
     {"journal", "note", "/j", "--line", "1", "--stage", "deployed"},
     "--asset mandatory"},
    {", \"mandatory\": [\"product\"]", {"trust", "lint", "/t.json"}, NULL},
};

Test(site, an_option_only_repeats_what_it_decided)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct scene_run run;
        char text[256];
        const char *words[12] = {NULL};
        size_t count = 0;
        snprintf(text, sizeof(text), "{\"cretula\": \"site/1\"%s}", lines[i].site);
        scene_write("site.json", text);
        for (; lines[i].words[count] != NULL; count++) {
            words[count] = lines[i].words[count];
        }
        words[count++] = "--config";
        words[count] = scene_path("site.json");
        const enum cret_err_class class = scene_begin(&run, words);
        cr_expect_eq(class, lines[i].refused == NULL ? CRET_ERR_NONE : CRET_ERR_USAGE,
                     "%s with %s: %s", words[0], lines[i].site, run.err.what);
        if (lines[i].refused != NULL) {
            cr_expect_not_null(strstr(run.err.what, lines[i].refused), "%s is not in: %s",
                               lines[i].refused, run.err.what);
        }
        scene_end(&run);
    }
}
