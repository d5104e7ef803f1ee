/* SPDX-License-Identifier: Apache-2.0 */
/* Giving a run its clock, its policy and its expectations. */
#include "verifier/run/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/command/shared.h"
#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/policy/overlay.h"
#include "verifier/child/waiver_files.h"
#include "verifier/run/clock.h"
#include "verifier/run/profile_file.h"
#include "verifier/run/site.h"
#include "verifier/run/trust_file.h"

static const struct cret_option trust_options[] = {
    CRET_OPTION(
        "anchor", "PEM",
        "Trust anchor: a CA certificate, or a signer's own certificate. Repeated: any of them.",
        .repeatable = true, .excludes = "trust"),
    CRET_OPTION("trust", "FILE", "Trust policy (trust.json): who may sign what.",
                .excludes = "anchor"),
    CRET_OPTION("overlay", "FILE",
                "Site overlay: asks for more than the trust policy does, never for less.",
                .excludes = "anchor"),
    CRET_OPTION("crl", "FILE",
                "Revocation list (PEM or DER) of an issuer of the certificates, besides those of "
                "the trust policy.",
                .repeatable = true),
    CRET_OPTION("at", "TIME",
                "Verify as of this time (RFC 3339, UTC) instead of now. Such a run is marked."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_trust_group = {"Trust", trust_options};

static const struct cret_option expectation_options[] = {
    CRET_OPTION("product", "NAME",
                "Refuse a release of another product. Where NAME holds a slash, say with --vendor "
                "whose product it is."),
    CRET_OPTION("vendor", "NAME", "Refuse a release of another vendor."),
    CRET_OPTION("hardware", "MODEL:REV", "Refuse a release that does not list this hardware."),
    CRET_OPTION("min-sequence", "N", "Refuse a release with a lower sequence."),
    CRET_OPTION(
        "also", "FILE",
        "A document that was given later, for example under a non-disclosure agreement: refuse "
        "unless it is one that the release names by its SHA-256. Repeated: each of them.",
        .repeatable = true),
    CRET_FLAG("backout", "The return to an older release is planned: pass it where the journal "
                         "accepted this very release before."),
    CRET_OPTION("expect-identity", "HEX",
                "Refuse any release but the one whose MANIFEST.json has this SHA-256."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_expectation_group = {"Expectations", expectation_options};

static const struct cret_option waiver_options[] = {
    CRET_OPTION("waivers", "FILE",
                "Signed waivers, with their signatures (FILE.<16 hex digits>.p7s) beside them: "
                "what they cover is WAIVED instead of FAIL. Made with cretula-sign waive.",
                .repeatable = true, .excludes = "anchor"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_waiver_group = {"Waivers", waiver_options};

static const struct cret_option extent_options[] = {
    CRET_FLAG("fast", "Check one digest of each file: the tree digest where there is one. Faster; "
                      "the record says which digests are claimed only."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_extent_group = {"Extent", extent_options};

static const struct cret_option evidence_options[] = {
    CRET_OPTION("record", "DIR", "Write RECORD.json into this folder."),
    CRET_OPTION("report", "FILE",
                "Write the record as a page for people into this new file (HTML, one file), with "
                "the record and its signature in it; also where the verdict is REFUSED. `record "
                "verify` checks the page. For one archive.",
                .left_free = true),
    CRET_FLAG("archive-digest", "Put the SHA-256 of the whole archive file into the record. It is "
                                "read in order for that, with two threads at most."),
    CRET_OPTION("change-id", "TEXT", "The change that this verification is for."),
    CRET_OPTION("planned-at", "TIME",
                "When the change is planned (RFC 3339): the record says whether the release was "
                "verified before.",
                .left_free = true),
    CRET_OPTION("baseline-item", "TEXT",
                "What of the baseline the change departs from, for example 1.1.1.",
                .repeatable = true, .left_free = true),
    CRET_OPTION("asset", "TEXT", "The asset that the release is for."),
    CRET_OPTION("further-asset", "TEXT", "Another asset of the same change, for the record.",
                .repeatable = true, .left_free = true),
    CRET_OPTION("zone", "TEXT", "Its zone or conduit."),
    CRET_OPTION("stage", "STAGE", "Stage of the change.", .choices = cret_record_stages),
    CRET_OPTION("acquired", "TEXT", "How the file came here: channel and medium."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_evidence_group = {"Evidence", evidence_options};

static enum cret_status read_time(struct cret_session *session, const struct cret_options *options,
                                  const struct cret_optional *as_of, struct cret_err *err)
{
    session->system_time = cret_os_now();
    session->request.now = session->system_time;
    const char *at = cret_options_value(options, "at");
    if (at == NULL) {
        session->at_given = as_of->given;
        session->request.now = as_of->given ? as_of->value : session->request.now;
        return CRET_OK;
    }
    if (cret_time_read(&session->request.now, at) != CRET_OK) {
        cret_err_usage(err, "--at: not a time: %s", at);
        return cret_err_expected(err, CRET_TIME_WORDS);
    }
    session->at_given = true;
    return CRET_OK;
}

static enum cret_status read_planned(struct cret_session *session,
                                     const struct cret_options *options, struct cret_err *err)
{
    const char *planned = cret_options_value(options, "planned-at");
    if (planned == NULL) {
        return CRET_OK;
    }
    if (cret_time_read(&session->planned.value, planned) != CRET_OK) {
        cret_err_usage(err, "--planned-at: not a time: %s", planned);
        return cret_err_expected(err, CRET_TIME_WORDS);
    }
    session->planned.given = true;
    return CRET_OK;
}

/* The hint where certificates were given as a trust policy, or a policy as a certificate. */
static enum cret_status hint_other_option(const char *text, struct cret_err *err)
{
    if (text != NULL && strncmp(text, "-----BEGIN ", strlen("-----BEGIN ")) == 0) {
        return cret_err_hint(err,
                             "did you mean --anchor? --trust takes a trust policy (trust.json)");
    }
    if (text == NULL && strstr(err->actual, "JSON") != NULL) {
        return cret_err_hint(err, "did you mean --trust? --anchor takes a certificate");
    }
    return CRET_FAILED;
}

static enum cret_status load_trust(struct cret_session *session, const struct cret_options *options,
                                   bool required, struct cret_err *err)
{
    const char *path = cret_site_value(options, CRET_SITE_TRUST);
    const size_t anchors = cret_options_count(options, "anchor");
    char *text = NULL;
    size_t size = 0;
    if (cret_options_given(options, "foreign-key") ||
        cret_options_given(options, "foreign-signer")) {
        const struct cret_bare_pins bare = {.keys = cret_options_values(options, "foreign-key"),
                                            .key_count = cret_options_count(options, "foreign-key"),
                                            .signer = cret_options_value(options, "foreign-signer"),
                                            .anchors = cret_options_values(options, "anchor"),
                                            .anchor_count = anchors,
                                            .allow_example_keys =
                                                session->request.allow_example_keys};
        return cret_policy_from_pins(&session->policy, &bare, err);
    }
    if (path == NULL && anchors == 0) {
        if (!required) {
            return CRET_OK;
        }
        cret_err_usage(err, "no trust anchor was given: a file can only be accepted by "
                            "comparing it with keys that you trust");
        return cret_err_hint(err, "--anchor VENDOR-ROOT.pem, or --trust trust.json; "
                                  "`show` displays a file without verifying it");
    }
    if (path == NULL) {
        return cret_policy_from_anchors(&session->policy, cret_options_values(options, "anchor"),
                                        anchors, session->request.allow_example_keys,
                                        err) == CRET_OK
                   ? CRET_OK
                   : hint_other_option(NULL, err);
    }
    if (cret_site_read(&text, &size, options, CRET_SITE_TRUST, "", CRET_LIMIT_POLICY_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status =
        cret_policy_parse(&session->policy, text, size, path, session->request.now,
                          session->request.allow_example_keys, err);
    if (status != CRET_OK) {
        cret_trust_file_explain(text, size, path, err);
        status = hint_other_option(text, err);
    }
    free(text);
    session->policy_path = path;
    return status;
}

static enum cret_status load_overlay(struct cret_session *session,
                                     const struct cret_options *options, struct cret_err *err)
{
    const char *path = cret_site_value(options, CRET_SITE_OVERLAY);
    char *text = NULL;
    size_t size = 0;
    if (path == NULL) {
        return CRET_OK;
    }
    if (session->policy == NULL && cret_site_names(options, CRET_SITE_OVERLAY)) {
        return CRET_OK; /* `show` without trust: nothing is judged */
    }
    if (session->policy == NULL) {
        cret_err_usage(err, "--overlay without a trust policy: there is nothing to tighten");
        return cret_err_hint(err, "give --trust FILE too");
    }
    if (cret_site_read(&text, &size, options, CRET_SITE_OVERLAY, "", CRET_LIMIT_POLICY_BYTES,
                       err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        cret_overlay_apply(session->policy, text, size, path, session->request.now, err);
    free(text);
    return status;
}

static enum cret_status load_crls(struct cret_session *session, const struct cret_options *options,
                                  struct cret_err *err)
{
    const size_t count = cret_options_count(options, "crl");
    if (session->policy != NULL) {
        session->policy->as_of = session->at_given;
    }
    if (count > 0 && session->policy == NULL) {
        cret_err_usage(err, "--crl without trust: there is no certificate to look up");
        return cret_err_hint(err, "give --anchor or --trust too");
    }
    return count == 0 ? CRET_OK
                      : cret_policy_add_crls(session->policy, cret_options_values(options, "crl"),
                                             count, err);
}

static enum cret_status load_profile(struct cret_session *session,
                                     const struct cret_options *options, struct cret_err *err)
{
    const struct cret_profile_source source = {.options = options,
                                               .policy = session->policy,
                                               .now = session->request.now,
                                               .allow_example_keys =
                                                   session->request.allow_example_keys};
    return cret_site_value(options, CRET_SITE_PROFILE) != NULL
               ? cret_profile_load(&session->profile, &session->profile_signer, &source, err)
               : CRET_OK;
}

/* Digests only: what the vendor handed over is not read as anything. */
static enum cret_status read_also(struct cret_session *session, const struct cret_options *options,
                                  struct cret_err *err)
{
    const size_t count = cret_options_count(options, "also");
    if (count == 0) {
        return CRET_OK;
    }
    if (cret_options_several(options)) {
        cret_err_usage(err, "--also belongs to one release, and several files were given");
        return cret_err_hint(err, "verify the release that names the document alone");
    }
    session->also = calloc(count, sizeof(*session->also));
    if (session->also == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        session->also[i].name = cret_options_values(options, "also")[i];
        if (cret_file_sha256(session->also[i].sha256, session->also[i].name, err) != CRET_OK) {
            return cret_err_context(err, "--also");
        }
    }
    session->request.also = session->also;
    session->request.also_count = count;
    return CRET_OK;
}

/* A name may hold a slash itself: "A/B" is the product B of A, or a product that is called A/B, and
 * whoever makes up a product of that name must not stand for A. */
static enum cret_status read_product(struct cret_inspect_request *request,
                                     const struct cret_options *options, struct cret_err *err)
{
    request->vendor = cret_options_value(options, "vendor");
    request->product = cret_options_value(options, "product");
    const char *slash = request->product != NULL ? strchr(request->product, '/') : NULL;
    if (slash == NULL || request->vendor != NULL) {
        return CRET_OK;
    }
    cret_err_usage(err,
                   "--product %s can be read in two ways: the product %s of the vendor "
                   "%.*s, or a product that is called %s",
                   request->product, slash + 1, (int)(slash - request->product), request->product,
                   request->product);
    char *before = cret_text_printf("%.*s", (int)(slash - request->product), request->product);
    char *vendor = before != NULL ? cret_shell_word(before) : NULL;
    char *product = cret_shell_word(slash + 1);
    char *whole = cret_shell_word(request->product);
    if (vendor != NULL && product != NULL && whole != NULL) {
        cret_err_hint(err, "say which: --vendor %s --product %s, or --vendor NAME --product %s",
                      vendor, product, whole);
    }
    free(before);
    free(vendor);
    free(product);
    free(whole);
    return CRET_FAILED;
}

static enum cret_status read_expectations(struct cret_session *session,
                                          const struct cret_options *options, struct cret_err *err)
{
    struct cret_inspect_request *request = &session->request;
    if (read_product(request, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    request->hardware = cret_options_value(options, "hardware");
    if (cret_options_optional(&request->minimum_sequence, options, "min-sequence", 0,
                              CRET_LIMIT_JSON_INTEGER, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *identity = cret_options_value(options, "expect-identity");
    if (identity != NULL) {
        if (cret_sha256_read(session->expect_identity, identity) != CRET_OK) {
            cret_err_usage(err, "--expect-identity: not a SHA-256: %s", identity);
            return cret_sha256_expected(err, identity);
        }
        request->expect_identity = session->expect_identity;
    }
    return CRET_OK;
}

static enum cret_status read_extent(struct cret_session *session,
                                    const struct cret_options *options, struct cret_err *err)
{
    struct cret_inspect_request *request = &session->request;
    int64_t jobs = 0;
    if (cret_options_number(&jobs, options, "jobs", 1, CRET_LIMIT_JOBS, (int64_t)cret_os_cores(),
                            err) != CRET_OK) {
        return CRET_FAILED;
    }
    request->jobs = (unsigned)jobs;
    request->hash = cret_hash_choice_of(cret_site_value(options, CRET_SITE_HASH));
    request->fast = cret_options_given(options, "fast");
    request->only = cret_options_values(options, "only");
    request->only_count = cret_options_count(options, "only");
    request->partial = request->only_count > 0;
    request->payload_directory = -1;
    const char *payload = cret_options_value(options, "payload");
    if (payload != NULL &&
        cret_os_open_directory(&session->payload_directory, payload, err) != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        return cret_err_context(err, "--payload");
    }
    request->payload_directory = session->payload_directory;
    return CRET_OK;
}

static enum cret_status load_waivers(struct cret_session *session,
                                     const struct cret_options *options, struct cret_err *err)
{
    const size_t count = cret_options_count(options, "waivers");
    session->request.policy = session->policy;
    session->request.asset = cret_options_value(options, "asset");
    if (count == 0) {
        return CRET_OK;
    }
    if (session->policy == NULL) {
        return cret_err_usage(err, "--waivers needs a trust policy, which says who may waive what");
    }
    return cret_waiver_files_read(&session->waivers, cret_options_values(options, "waivers"), count,
                                  &session->request, err);
}

enum cret_status cret_session_open_as_of(struct cret_session *ret_session,
                                         const struct cret_options *options, bool trust_required,
                                         const struct cret_optional *as_of, struct cret_err *err)
{
    struct cret_session session = {.payload_directory = -1};
    session.request.allow_example_keys = cret_options_given(options, "allow-example-keys");
    session.allow_unconfined = cret_options_given(options, "allow-unconfined");
    if (read_planned(&session, options, err) != CRET_OK ||
        read_time(&session, options, as_of, err) != CRET_OK ||
        read_expectations(&session, options, err) != CRET_OK ||
        read_extent(&session, options, err) != CRET_OK ||
        read_also(&session, options, err) != CRET_OK ||
        load_trust(&session, options, trust_required, err) != CRET_OK ||
        load_overlay(&session, options, err) != CRET_OK ||
        load_crls(&session, options, err) != CRET_OK ||
        load_profile(&session, options, err) != CRET_OK ||
        cret_clock_check(session.system_time, session.policy, err) != CRET_OK ||
        load_waivers(&session, options, err) != CRET_OK ||
        (trust_required && cret_guard_new(&session.guard, options, err) != CRET_OK)) {
        cret_session_close(&session);
        return CRET_FAILED;
    }
    session.request.waivers = session.waivers;
    session.request.profile = session.profile;
    *ret_session = session;
    if (session.request.expect_identity != NULL) {
        ret_session->request.expect_identity = ret_session->expect_identity;
    }
    return CRET_OK;
}

enum cret_status cret_session_open(struct cret_session *ret_session,
                                   const struct cret_options *options, bool trust_required,
                                   struct cret_err *err)
{
    const struct cret_optional now = {.given = false};
    return cret_session_open_as_of(ret_session, options, trust_required, &now, err);
}

void cret_session_close(struct cret_session *session)
{
    cret_guard_free(&session->guard);
    cret_waivers_free(&session->waivers);
    cret_policy_free(&session->policy);
    cret_policy_free(&session->clocks);
    cret_profile_free(&session->profile);
    free(session->also);
    free(session->profile_signer);
    cret_os_close(&session->payload_directory);
}
