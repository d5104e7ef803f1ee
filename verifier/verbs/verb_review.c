/* SPDX-License-Identifier: Apache-2.0 */
/* review: what of that which was accepted once would be refused today, and why. */
#include "console/print.h"
#include "evidence/journal/journal.h"
#include "verifier/review/advised.h"
#include "verifier/review/review.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const char *const fail_levels[] = {"affected", "possible", NULL};

/* What is reviewed: the releases of a journal, or the archives of a folder. */
static enum cret_status collect(struct cret_review *review, const struct cret_options *options,
                                struct cret_err *err)
{
    const char *operand = cret_options_operand(options, 0);
    const char *file = cret_options_value(options, "catalogue");
    bool journal = false;
    if (cret_journal_exists(&journal, operand, err) != CRET_OK ||
        (journal ? cret_review_journal(review, operand, err)
                 : cret_review_folder(review, operand, true, err)) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!journal && review->count == 0) {
        cret_err_usage(err, "there is nothing to review in %s", operand);
        cret_err_expected(err, "a journal, or a folder with archives");
        return cret_err_hint(err, "name the folder that the archives lie in");
    }
    for (size_t i = 0; i < cret_options_count(options, "archives"); i++) {
        if (cret_review_folder(review, cret_options_values(options, "archives")[i], false, err) !=
            CRET_OK) {
            return cret_err_context(err, "--archives");
        }
    }
    if (file == NULL) {
        return CRET_OK;
    }
    struct cret_catalogue *catalogue = NULL;
    const enum cret_status status =
        cret_catalogue_open(&catalogue, file, CRET_CATALOGUE_READ, err) == CRET_OK
            ? cret_review_catalogue(review, catalogue, err)
            : CRET_FAILED;
    cret_catalogue_close(&catalogue);
    return status;
}

static enum cret_status read_advice(struct cret_advice_files *advice,
                                    const struct cret_options *options, struct cret_err *err)
{
    for (size_t i = 0; i < cret_options_count(options, "csaf"); i++) {
        if (cret_advice_files_add(advice, cret_options_values(options, "csaf")[i], err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static int say(const struct cret_options *options, const struct cret_review *review)
{
    const int code = cret_review_code(review, cret_options_value(options, "fail-on"));
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, cret_review_json(review, code), code);
    }
    struct cret_page *page = cret_page_new();
    cret_review_page(page, review, code, cret_options_given(options, "verbose"));
    return cret_print_last(options, &page, code);
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_advice_files advice = {0};
    struct cret_err err = {0};
    if (cret_session_open(&session, options, true, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    struct cret_review review = {.session = &session};
    int code = CRET_ERR_UNDECIDED;
    advice.allow_unconfined = session.allow_unconfined;
    if (read_advice(&advice, options, &err) == CRET_OK) {
        review.advice = advice.count > 0 ? &advice : NULL;
        review.want_sha512 = cret_advised_by_sha512(&advice);
    }
    if (err.class != CRET_ERR_NONE || collect(&review, options, &err) != CRET_OK ||
        cret_review_run(&review, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = say(options, &review);
    }
    cret_review_clear(&review);
    cret_advice_files_clear(&advice);
    cret_session_close(&session);
    return code;
}

static const struct cret_option review_options[] = {
    CRET_OPTION("archives", "DIR",
                "Where the archives of the journal's releases lie; folders below it too. Repeated: "
                "each of them.",
                .repeatable = true, .left_free = true),
    CRET_OPTION(
        "csaf", "FILE|DIR",
        "An advisory (CSAF 2.0 or 2.1) or VEX file, or a folder with such files: releases are "
        "compared with these as well.",
        .repeatable = true),
    CRET_OPTION("fail-on", "LEVEL",
                "Exit with 1 too where a release is surely affected; or where it is, may be, or is "
                "under investigation.",
                .choices = fail_levels, .needs = "csaf"),
    CRET_OPTION_END,
};
static const struct cret_option_group review_group = {"Review", review_options};

const struct cret_verb cret_verb_review = {
    .name = "review",
    .operands = "JOURNAL|DIR",
    .summary = "Say what would be refused today of what was accepted once",
    .help =
        "Verifies the releases that a journal accepted once more, from their archives, under "
        "the trust policy of today, revocation lists (--crl), the end of support, and "
        "advisories (--csaf). Each that would be refused, or has something new, is named with "
        "its reason; new is what the record of then has not. An archive that is not there is "
        "said. Of a folder that is no journal every archive is reviewed, each file by itself, and "
        "what is found is told, new or not: nothing says what was found then; a "
        "folder without any is exit code 2. Exit code 1: one would be refused; 3: one could "
        "not be reviewed, or no accepted release counts.",
    .groups =
        CRET_GROUPS(&review_group, &cret_catalogue_group, &cret_trust_group, &cret_example_group,
                    &cret_confinement_group, &cret_waiver_group, &cret_profile_group,
                    &cret_jobs_group, &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify review /var/lib/cretula/journal --archives "
                              "/srv/releases --trust trust.json --crl vendor.crl --csaf csaf/2026",
                              "cretula-verify review /srv/releases --trust trust.json"),
    .run = act,
};
