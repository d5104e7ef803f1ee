/* SPDX-License-Identifier: Apache-2.0 */
/* review: its answer as JSON (review/1) and as a page. */
#include <string.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/review/review.h"
#include "verifier/review/said.h"

/* Releases on a page that is to be one screen, and reasons of each. */
#define SHOWN 12u
#define REASONS 2u

static const char *const nows[] = {"ACCEPTED", "ACCEPTED WITH WAIVERS", "REFUSED", CRET_REVIEW_NOT,
                                   NULL};
static const char *const results[] = {"FAIL",     "WARN",          "NOT_CHECKED",
                                      "ADVISORY", CRET_REVIEW_NOT, NULL};

static const struct cret_field reason_fields[] = {
    CRET_ROW_TOKEN("check", 0, "The check (docs/spec/checks.md)."),
    CRET_ROW_ENUM("result", CRET_REQUIRED, results, "What was found."),
    CRET_ROW_TEXT("reason", CRET_REQUIRED, "In words."),
    CRET_ROW_END,
};

static const struct cret_field then_fields[] = {
    CRET_ROW_COUNT("line", CRET_REQUIRED, "The line of the journal."),
    CRET_ROW_STRING("time", CRET_REQUIRED, CRET_FORMAT_ANY_TIME, "Its time."),
    CRET_ROW_ENUM("verdict", CRET_REQUIRED, cret_said_verdicts, "The verdict of then."),
    CRET_ROW_TEXT("asset", 0, "The asset."),
    CRET_ROW_END,
};

static const struct cret_field release_fields[] = {
    CRET_ROW_SHA256("identity", 0,
                    "SHA-256 of its MANIFEST.json; absent where its archive does not say it."),
    CRET_ROW_OBJECT("release", 0, cret_said_release_fields, "What it is."),
    CRET_ROW_TEXT("archive", 0, "Where its archive was found; of a folder the file, always."),
    CRET_ROW_OBJECT("then", 0, then_fields, "When it was accepted; absent without a journal."),
    CRET_ROW_ENUM("now", CRET_REQUIRED, nows, "The verdict of today."),
    CRET_ROW_BOOLEAN(
        "notCompared", 0,
        "true: not all of it was compared with the advisories (`advisories` says what)."),
    CRET_ROW_OBJECTS(
        "reasons", CRET_REQUIRED, reason_fields,
        "Every failure; of warnings those that the record of then has not, or all where "
        "there is none."),
    CRET_ROW_END,
};

static const struct cret_field count_fields[] = {
    CRET_ROW_COUNT("releases", CRET_REQUIRED, "All."),
    CRET_ROW_COUNT("refused", CRET_REQUIRED, "That would be refused today."),
    CRET_ROW_COUNT("noted", CRET_REQUIRED,
                   "Accepted, with something that was not so when the journal accepted them."),
    CRET_ROW_COUNT("warned", CRET_REQUIRED,
                   "Of no journal: accepted, with something to say, new or not."),
    CRET_ROW_COUNT("notReviewed", CRET_REQUIRED, "That could not be verified."),
    CRET_ROW_COUNT("uncounted", CRET_REQUIRED,
                   "Lines of the journal that say accepted, and do not count (example keys, --at, "
                   "not finished)."),
    CRET_ROW_END,
};

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "review/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_OBJECT("trust", CRET_REQUIRED, cret_said_trust_fields, "Under which trust."),
    CRET_ROW_OBJECT("counts", CRET_REQUIRED, count_fields, "How many."),
    CRET_ROW_OBJECTS("releases", CRET_REQUIRED, release_fields, "Each release.",
                     .maximum = CRET_LIMIT_JSON_INTEGER),
    CRET_ROW_END,
};

const struct cret_file_format cret_review_format = {
    .purpose = "review/1",
    .words = "answer of review",
    .file = "cretula-verify review --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

static json_t *release_json(const struct cret_reviewed *one)
{
    struct cret_build json = cret_build_object();
    if (one->has_identity) {
        cret_build_sha256(&json, "identity", one->identity);
    }
    cret_build_share(&json, "release", one->release);
    cret_build_text(&json, "archive", one->archive);
    cret_build_share(&json, "then", one->then);
    cret_build_string(&json, "now", one->now);
    cret_build_flag(&json, "notCompared", one->partial);
    cret_build_share(&json, "reasons", one->reasons);
    return cret_build_end(&json);
}

json_t *cret_review_json(const struct cret_review *review, int code)
{
    struct cret_build json = cret_build_object(), counts = cret_build_object(),
                      releases = cret_build_list();
    cret_build_integer(&counts, "releases", (int64_t)review->count);
    cret_build_integer(&counts, "refused", (int64_t)review->refused);
    cret_build_integer(&counts, "noted", (int64_t)review->noted);
    cret_build_integer(&counts, "warned", (int64_t)review->warned);
    cret_build_integer(&counts, "notReviewed", (int64_t)review->not_reviewed);
    cret_build_integer(&counts, "uncounted", (int64_t)review->uncounted);
    for (size_t i = 0; i < review->count; i++) {
        cret_build_add(&releases, release_json(&review->list[i]));
    }
    cret_build_string(&json, "cretula", cret_review_format.purpose);
    cret_build_integer(&json, "exitCode", code);
    cret_build_put(&json, "trust", cret_said_trust(review->session, NULL));
    cret_build_put(&json, "counts", cret_build_end(&counts));
    cret_build_put(&json, "releases", cret_build_end(&releases));
    return cret_build_end(&json);
}

/* "Vendor Product 1.2 (line 3, ACCEPTED)"; without a journal with the name of the file. */
static void name_release(struct cret_buffer *text, const struct cret_reviewed *one)
{
    if (one->release != NULL) {
        cret_buffer_printf(text, "%s %s %s", cret_piece_text(one->release, "vendor"),
                           cret_piece_text(one->release, "product"),
                           cret_piece_text(one->release, "version"));
    }
    if (one->then != NULL) {
        cret_buffer_printf(text, " (line %lld, %s)",
                           (long long)cret_json_integer(one->then, "line", 0),
                           cret_piece_text(one->then, "verdict"));
    } else if (one->archive != NULL) {
        cret_buffer_printf(text, "%s%s", one->release != NULL ? ", " : "", one->archive);
    }
}

static void put_release(struct cret_page *page, const struct cret_reviewed *one, bool verbose)
{
    const bool fine = strncmp(one->now, "ACCEPTED", strlen("ACCEPTED")) == 0;
    struct cret_buffer text = {0};
    name_release(&text, one);
    cret_page_toned(page, fine ? CRET_TONE_PLAIN : CRET_TONE_BAD, one->now, "%s",
                    cret_page_words(page, &text));
    cret_buffer_free(&text);
    CRET_JSON_EACH_AT (index, reason, one->reasons) {
        if (index < REASONS || verbose) {
            const char *check = cret_piece_text(reason, "check");
            cret_page_row(page, "", "%s %s%s%s", cret_piece_text(reason, "result"), check,
                          check[0] != '\0' ? ": " : "", cret_piece_text(reason, "reason"));
        }
    }
    if (!verbose && json_array_size(one->reasons) > REASONS) {
        cret_page_row(page, "", "and %zu more (--verbose)",
                      json_array_size(one->reasons) - REASONS);
    }
}

static void put_verdict(struct cret_page *page, const struct cret_review *review, int code)
{
    struct cret_buffer text = {0};
    const bool then = review->count > 0 && review->list[0].then != NULL; /* a journal was named */
    const char *word = code == (int)CRET_ERR_REFUSED ? then ? "CHANGED" : "NOT ALL ACCEPTED"
                       : code != 0                   ? "NOT ALL REVIEWED"
                       : then                        ? "STILL ACCEPTED"
                                                     : "ACCEPTED TODAY";
    if (review->count == 0) {
        word = "NOTHING REVIEWED";
        cret_buffer_printf(&text, "the journal has no accepted release that counts");
    } else {
        cret_buffer_printf(&text,
                           "%zu %s: %zu would be refused today, %zu accepted with %s, "
                           "%zu not reviewed",
                           review->count, cret_plural(review->count, "release", "releases"),
                           review->refused, then ? review->noted : review->warned,
                           then ? "something new" : "findings", review->not_reviewed);
    }
    cret_page_verdict(page,
                      code == 0                       ? CRET_TONE_GOOD
                      : code == (int)CRET_ERR_REFUSED ? CRET_TONE_BAD
                                                      : CRET_TONE_CAUTION,
                      word, "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
    cret_said_qualify(page, review->session, NULL);
    if (review->warned > 0) {
        cret_page_row(page, "findings",
                      "which of them are new is not known: a folder does not say what was found "
                      "when its releases were accepted; a journal does");
    }
    if (review->uncounted > 0) {
        cret_page_row(page, "journal",
                      "%zu accepted %s and %s not reviewed (example keys, --at, or not finished)",
                      review->uncounted,
                      cret_plural(review->uncounted, "line does not count", "lines do not count"),
                      cret_plural(review->uncounted, "was", "were"));
    }
}

void cret_review_page(struct cret_page *page, const struct cret_review *review, int code,
                      bool verbose)
{
    size_t shown = 0, told = 0, partial = 0;
    put_verdict(page, review, code);
    for (size_t i = 0; i < review->count; i++) {
        const struct cret_reviewed *one = &review->list[i];
        partial += one->partial ? 1u : 0u;
        told += json_array_size(one->reasons) > 0 ? 1u : 0u;
        if (verbose || (json_array_size(one->reasons) > 0 && shown < SHOWN)) {
            put_release(page, one, verbose);
            shown++;
        }
    }
    if (!verbose && shown < told) {
        cret_page_row(page, "", "and %zu more (--verbose)", told - shown);
    }
    if (review->advice == NULL) {
        cret_page_row(page, "advisories", "not asked (--csaf)");
    } else if (partial > 0) {
        cret_page_row(page, "advisories",
                      "of %zu %s not everything was compared "
                      "(cretula-verify advisories says what)",
                      partial, cret_plural(partial, "release", "releases"));
    }
}
