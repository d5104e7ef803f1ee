/* SPDX-License-Identifier: Apache-2.0 */
/* Dates of a product's life, and what its security releases hold, as findings. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/statements/checks_internal.h"

/* For how long an update stays available at least (Regulation (EU) 2024/2847, Article 13(9)). */
#define AVAILABLE_YEARS 10

void cret_checker_fault(struct cret_checker *checker, const char *expected, const char *actual,
                        const char *hint, const char *reason, const char *pointer_format, ...)
{
    char pointer[256];
    va_list arguments;
    va_start(arguments, pointer_format);
    vsnprintf(pointer, sizeof(pointer), pointer_format, arguments);
    va_end(arguments);
    checker->faults++;
    cret_findings_add(checker->findings, checker->check, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .where = pointer, .expected = expected, .actual = actual, .hint = hint},
                      "%s%s%s%s", checker->document != NULL ? "the document '" : "",
                      checker->document != NULL ? checker->document : "",
                      checker->document != NULL ? "' " : "", reason);
}

void cret_checker_finish(const struct cret_checker *checker, const char *reason)
{
    if (checker->faults == 0) {
        cret_findings_add(checker->findings, checker->check, CRET_RESULT_PASS,
                          (struct cret_finding_text){0}, "%s", reason);
    }
}

/* A date of `lifecycle`; false where it is absent or "tba". */
static bool lifecycle_date(const json_t *lifecycle, const char *key, struct cret_time_span *ret)
{
    const char *text = cret_json_string(lifecycle, key);
    return text != NULL && cret_time_span_parse(ret, text) == CRET_OK;
}

/* A month or a day is over when the next one begins. */
static void check_support(const json_t *lifecycle, int64_t now, struct cret_findings *findings)
{
    struct cret_time_span date = {0};
    const char *text = cret_json_string(lifecycle, "endOfSecuritySupport");
    if (!lifecycle_date(lifecycle, "endOfSecuritySupport", &date)) {
        cret_findings_add(
            findings, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){.where = "#/lifecycle/endOfSecuritySupport", .actual = text},
            "the vendor does not say when security support ends");
        return;
    }
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_LIFECYCLE_SUPPORT};
    if (now >= date.end) {
        char at[32];
        cret_time_format(at, now);
        cret_checker_fault(&checker, at, text, NULL, "security support has ended",
                           "#/lifecycle/endOfSecuritySupport");
    }
    cret_checker_finish(&checker, "security support has not ended");
}

/* Whether the whole of the later date lies before the first moment of the earlier one. */
static bool out_of_order(const struct cret_time_span *before, const struct cret_time_span *date)
{
    return date->end < before->from || (date->end == before->from && date->end != date->from);
}

static void check_dates(const json_t *lifecycle, int64_t now, struct cret_findings *findings)
{
    static const char *const order[] = {"generalAvailability", "endOfSales", "endOfSecuritySupport",
                                        "endOfLife"};
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_LIFECYCLE_DATES};
    const char *before = NULL;
    struct cret_time_span earlier = {0}, date = {0};
    if (lifecycle == NULL) {
        return;
    }
    for (size_t i = 0; i < CRET_LENGTH(order); i++) {
        if (!lifecycle_date(lifecycle, order[i], &date)) {
            continue;
        }
        if (before != NULL && out_of_order(&earlier, &date)) {
            char expected[96];
            snprintf(expected, sizeof(expected), "not before %s", before);
            cret_checker_fault(&checker, expected, cret_json_string(lifecycle, order[i]),
                               "correct one of the two dates",
                               "the dates of the lifecycle are out of order", "#/lifecycle/%s",
                               order[i]);
        }
        before = order[i];
        earlier = date;
    }
    if (lifecycle_date(lifecycle, "lastUpdated", &date) && date.from > now) {
        cret_checker_fault(&checker, "not in the future",
                           cret_json_string(lifecycle, "lastUpdated"), "correct the date",
                           "the lifecycle was updated in the future", "#/lifecycle/lastUpdated");
    }
    cret_checker_finish(&checker, "the dates of the lifecycle are in order");
}

static bool is_type(const struct cret_manifest *manifest, const char *type)
{
    const char *own = cret_json_string(manifest->json, "release.type");
    return own != NULL && strcmp(own, type) == 0;
}

/* The first moment by which an update of that date may be gone; one of 29 February on the first of
 * March. */
static int64_t available_until(int64_t date)
{
    struct cret_calendar wanted = {0};
    char text[32];
    int year = 0, month = 0, day = 0;
    int64_t until = date;
    cret_time_format(text, date);
    if (sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3) {
        return until;
    }
    const bool leap = month == 2 && day == 29;
    wanted = (struct cret_calendar){
        .year = year + AVAILABLE_YEARS, .month = leap ? 3 : month, .day = leap ? 1 : day};
    return cret_time_of(&until, &wanted) == CRET_OK ? until : date;
}

/* What the vendor promises, held to ten years, and to the support that it promises beside. */
static void check_updates(const struct cret_manifest *manifest, const json_t *lifecycle,
                          struct cret_findings *findings)
{
    static const char where[] = "#/lifecycle/updateAvailableUntil";
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_LIFECYCLE_UPDATES};
    struct cret_time_span until = {0}, support = {0};
    const char *text = cret_json_string(lifecycle, "updateAvailableUntil");
    char least[32];
    if (!lifecycle_date(lifecycle, "updateAvailableUntil", &until)) {
        return;
    }
    const int64_t years = available_until(manifest->date);
    const bool security = is_type(manifest, "security") || is_type(manifest, "emergency");
    const bool supported = lifecycle_date(lifecycle, "endOfSecuritySupport", &support);
    if (security && until.end < years) {
        cret_time_format(least, years);
        least[10] = '\0';
        cret_checker_fault(&checker, least, text, "keep it available longer, or correct the date",
                           "the update will be gone within ten years of its release", "%s", where);
    }
    /* Support of a month lasts until its end, as it does where it is asked whether it ended. */
    if (supported && until.end < support.end) {
        cret_checker_fault(&checker, cret_json_string(lifecycle, "endOfSecuritySupport"), text,
                           "keep it available until the support ends, or correct one of the dates",
                           "the update will be gone before security support ends", "%s", where);
    }
    if (!supported && !security) {
        return; /* there is nothing that it could be held to */
    }
    cret_checker_finish(&checker, supported ? "the release stays available as long as its support"
                                            : "the release stays available for ten years");
}

/* Whoever installs a security release at once takes what else is in it without a test. */
static void check_separate(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_RELEASE_SEPARATE};
    const json_t *changes = cret_json_get(manifest->json, "changes");
    const char *because = cret_json_string(manifest->json, "release.combinedBecause");
    size_t others = 0, first = 0;
    if (!is_type(manifest, "security") || json_array_size(changes) == 0) {
        return;
    }
    CRET_JSON_EACH_AT (index, change, changes) {
        if (!json_is_true(json_object_get(change, "security"))) {
            first = others++ == 0 ? index : first;
        }
    }
    if (others > 0 && because == NULL) {
        char reason[120];
        snprintf(reason, sizeof(reason), "the security release holds %zu %s that %s no security",
                 others, cret_plural(others, "change", "changes"),
                 cret_plural(others, "concerns", "concern"));
        cret_checker_fault(&checker, "security changes only",
                           cret_json_string(json_array_get(changes, first), "summary"), NULL,
                           reason, "#/changes/%zu", first);
    }
    cret_checker_finish(&checker,
                        others > 0 ? "the release says why security and other changes come together"
                                   : "the security release changes nothing else");
}

void cret_release_check_lifecycle(const struct cret_manifest *manifest, int64_t now,
                                  struct cret_findings *findings)
{
    const json_t *lifecycle = cret_json_get(manifest->json, "lifecycle");
    check_support(lifecycle, now, findings);
    check_dates(lifecycle, now, findings);
    check_updates(manifest, lifecycle, findings);
    check_separate(manifest, findings);
}
