/* SPDX-License-Identifier: Apache-2.0 */
/* A run settled before the first archive is read: what it cannot begin with. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../engine/packed.h"
#include "scene.h"
#include "verifier/run/session.h"

static struct pki_entity vendor;
static struct scene_run run;
static struct cret_session session;

static void write_policy(const char *name, const char *issued)
{
    char *pem = pki_pem(&vendor);
    json_t *json = json_pack(
        "{s:s, s:s, s:i, s:s, s:[{s:s, s:[s], s:[{s:s, s:{s:s, s:s}}], s:[{s:s, s:[s]}]}]}",
        "cretula", "trust/1", "name", "Plant", "version", 1, "issued", issued, "scopes", "vendor",
        "ACME", "products", "PLC", "signers", "name", "R", "anchor", "type", "certificate", "pem",
        pem, "roles", "role", "release", "signers", "R");
    char *text = json_dumps(json, 0);
    scene_write(name, text);
    scene_write("a.pem", pem);
    free(text);
    free(pem);
    json_decref(json);
}

static void setup(void)
{
    scene_enter();
    vendor = pki_leaf("Vendor", NULL);
    write_policy("t.json", "2025-01-01T00:00:00Z");
    scene_write("doc.pdf", "a document");
    scene_write("list.pem", "no list");
    scene_write("overlay.json", "{\"cretula\": \"overlay/1\", \"name\": \"Site\"}");
    memset(&session, 0, sizeof(session));
    session.payload_directory = -1;
}

static void teardown(void)
{
    cret_session_close(&session);
    scene_end(&run);
    pki_clear(&vendor);
    scene_leave();
}

TestSuite(session, .init = setup, .fini = teardown);

static enum cret_err_class open_session(const char *const *words, bool trust_required)
{
    cret_session_close(&session);
    memset(&session, 0, sizeof(session));
    session.payload_directory = -1;
    scene_end(&run);
    cr_assert_eq(scene_begin(&run, words), CRET_ERR_NONE, "%s", run.err.what);
    return cret_session_open(&session, run.options, trust_required, &run.err) == CRET_OK
               ? CRET_ERR_NONE
               : run.err.class;
}

#define TRUST "--trust", "t.json"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *words[12];
    const char *says; /* NULL: it begins */
} rows[] = {
    {{"check", "x", TRUST}, NULL},
    {{"check", "x", "--anchor", "a.pem"}, NULL},
    /* lesson 5: no key is no answer. */
    {{"check", "x"}, "no trust anchor was given"},
    {{"check", "x", "--trust", "missing.json"}, "missing.json"},
    {{"check", "x", "--trust", "doc.pdf"}, "doc.pdf"},
    {{"check", "x", "--anchor", "missing.pem"}, "missing.pem"},
    {{"check", "x", "--anchor", "doc.pdf"}, ""},
    {{"check", "x", TRUST, "--at", "yesterday"}, "--at: not a time"},
    {{"check", "x", TRUST, "--at", "2026-01-01T00:00:00Z"}, NULL},
    {{"check", "x", TRUST, "--product", "ACME/PLC"}, "can be read in two ways"},
    {{"check", "x", TRUST, "--product", "ACME/PLC", "--vendor", "ACME"}, NULL},
    {{"check", "x", TRUST, "--min-sequence", "-1"}, "--min-sequence"},
    {{"check", "x", TRUST, "--min-sequence", "1e3"}, "--min-sequence"},
    {{"check", "x", TRUST, "--min-sequence", "0"}, NULL},
    {{"check", "x", TRUST, "--expect-identity", "0123"}, "--expect-identity: not a SHA-256"},
    {{"check", "x", TRUST, "--expect-identity", SHA}, NULL},
    {{"check", "x", TRUST, "--jobs", "0"}, "--jobs"},
    {{"check", "x", TRUST, "--payload", "missing"}, "--payload"},
    {{"check", "x", TRUST, "--payload", "."}, NULL},
    {{"check", "x", TRUST, "--also", "doc.pdf"}, NULL},
    {{"check", "x", "y", TRUST, "--also", "doc.pdf"}, "--also belongs to one release"},
    {{"check", "x", TRUST, "--overlay", "missing.json"}, "missing.json"},
    {{"check", "x", TRUST, "--overlay", "doc.pdf"}, "doc.pdf"},
    {{"check", "x", TRUST, "--overlay", "overlay.json"}, NULL},
    {{"check", "x", TRUST, "--crl", "list.pem"}, "list.pem"},
    {{"check", "x", TRUST, "--profile", "missing.json"}, "missing.json"},
    {{"check", "x", TRUST, "--profile", "doc.pdf"}, "doc.pdf"},
    {{"check", "x", TRUST, "--tpm"}, "--station"},
    {{"check", "x", TRUST, "--waivers", "missing.json"}, "--waivers"},
    {{"check", "x", TRUST, "--waivers", "doc.pdf"}, NULL}, /* kept, and not honoured */
};

Test(session, what_a_run_cannot_begin_with)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const enum cret_err_class class = open_session(rows[i].words, true);
        cr_expect_eq(class, rows[i].says == NULL ? CRET_ERR_NONE : CRET_ERR_USAGE, "%zu: %s", i,
                     run.err.what);
        if (rows[i].says != NULL) {
            cr_expect(strstr(run.err.what, rows[i].says) != NULL ||
                          strstr(run.err.where, rows[i].says) != NULL,
                      "%s is not in: %s (%s)", rows[i].says, run.err.what, run.err.where);
            cr_expect_null(session.policy);
        }
    }
}

Test(session, a_file_for_another_option_is_told)
{
    static const struct {
        const char *words[5], *hint;
    } mistaken[] = {
        {{"check", "x", "--trust", "a.pem"}, "did you mean --anchor?"},
        {{"check", "x", "--anchor", "t.json"}, "did you mean --trust?"},
    };
    for (size_t i = 0; i < CRET_LENGTH(mistaken); i++) {
        cr_expect_eq(open_session(mistaken[i].words, true), CRET_ERR_USAGE);
        cr_expect_not_null(strstr(run.err.hint, mistaken[i].hint), "%s", run.err.hint);
    }
    cr_expect_eq(open_session(WORDS("check", "x", "--trust", "doc.pdf"), true), CRET_ERR_USAGE);
    cr_expect_null(strstr(run.err.hint, "--anchor"), "%s", run.err.hint);
    cr_expect_eq(open_session(WORDS("check", "x", "--anchor", "doc.pdf"), true), CRET_ERR_USAGE);
    cr_expect_null(strstr(run.err.hint, "--trust"), "%s", run.err.hint);
}

Test(session, a_document_that_cannot_be_read)
{
    cr_expect_eq(open_session(WORDS("check", "x", TRUST, "--also", "missing.pdf"), true),
                 CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(run.err.what, "--also"), "%s", run.err.what);
}

Test(session, what_is_asked_for_reaches_the_inspection)
{
    cr_assert_eq(open_session(WORDS("check", "x", TRUST, "--product", "PLC", "--hardware", "A:1",
                                    "--min-sequence", "7", "--expect-identity", SHA, "--fast",
                                    "--only", "docs", "--asset", "PLC 7", "--also", "doc.pdf"),
                              true),
                 CRET_ERR_NONE, "%s", run.err.what);
    const struct cret_inspect_request *request = &session.request;
    cr_expect_str_eq(request->product, "PLC");
    cr_expect_str_eq(request->hardware, "A:1");
    cr_expect_str_eq(request->asset, "PLC 7");
    cr_expect(request->minimum_sequence.given && request->minimum_sequence.value == 7);
    cr_expect_eq(request->expect_identity, session.expect_identity, "of this session, not a copy");
    cr_expect_eq(request->expect_identity[1], 0x23);
    cr_expect(request->fast);
    cr_expect(request->partial);
    cr_expect_eq(request->only_count, 1);
    cr_expect_eq(request->also_count, 1);
    cr_expect_eq(request->policy, session.policy);
    cr_expect_eq(request->payload_directory, -1);
    cr_expect_not(request->allow_example_keys);
    cr_expect_not(session.at_given);
    cr_expect_eq(request->now, session.system_time);
}

Test(session, another_time_is_marked)
{
    cr_assert_eq(open_session(WORDS("check", "x", TRUST, "--at", "2026-01-01T00:00:00Z"), true),
                 CRET_ERR_NONE, "%s", run.err.what);
    cr_expect(session.at_given);
    cr_expect_eq(session.request.now, PKI_NOW);
    cr_expect_neq(session.system_time, PKI_NOW);
    cr_expect(session.policy->as_of, "lists are judged so too");
}

/* Only the clock itself: --at repairs no clock. */
Test(session, a_clock_before_the_policy_is_wrong)
{
    write_policy("late.json", "2999-01-01T00:00:00Z");
    cr_expect_eq(open_session(WORDS("check", "x", "--trust", "late.json"), true),
                 CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(run.err.what, "clock of this machine is wrong"), "%s", run.err.what);
    cr_expect_eq(
        open_session(WORDS("check", "x", "--trust", "late.json", "--at", "2999-01-02T00:00:00Z"),
                     true),
        CRET_ERR_UNDECIDED);
}

/* `show` needs no trust; then nothing that would be judged by it is taken either. */
Test(session, without_trust)
{
    cr_assert_eq(open_session(WORDS("show", "x"), false), CRET_ERR_NONE, "%s", run.err.what);
    cr_expect_null(session.policy);
    cr_expect_null(session.guard);
    cr_expect_eq(open_session(WORDS("show", "x", "--crl", "list.pem"), false), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "--crl without trust"), "%s", run.err.what);
    cr_expect_eq(open_session(WORDS("show", "x", "--overlay", "overlay.json"), false),
                 CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "nothing to tighten"), "%s", run.err.what);
    cr_expect_eq(open_session(WORDS("check", "x", "--waivers", "doc.pdf"), false), CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "needs a trust policy"), "%s", run.err.what);
}
