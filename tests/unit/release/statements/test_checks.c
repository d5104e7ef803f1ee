/* SPDX-License-Identifier: Apache-2.0 */
/* Lifecycle, upgrade, document and topic checks: a table of cases with expected findings. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"
#include "release/statements/checks.h"
#include "release/statements/version.h"

#define NOW "2026-11-23T00:00:00Z"

/* One manifest fragment (release 4.2.0) and what one check must say of it. */
static const struct {
    const char *json;
    const char *hardware;
    enum cret_check_id check;
    enum cret_result result;
    const char *where; /* JSON pointer of the first finding of that check, or NULL */
} cases[] = {
    {"{}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_NOT_CHECKED,
     "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'endOfSecuritySupport':'tba'}}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT,
     CRET_RESULT_NOT_CHECKED, "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'endOfSecuritySupport':'2026-11-23T00:00:00Z'}}", NULL,
     CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_FAIL, "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'endOfSecuritySupport':'2026-11-23T00:00:01Z'}}", NULL,
     CRET_CHECK_LIFECYCLE_SUPPORT, CRET_RESULT_PASS, NULL},
    /* A month or a day is over when the next one begins. */
    {"{'lifecycle':{'endOfSecuritySupport':'2026-10'}}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT,
     CRET_RESULT_FAIL, "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'endOfSecuritySupport':'2026-11'}}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT,
     CRET_RESULT_PASS, NULL},
    {"{'lifecycle':{'endOfSecuritySupport':'2026-11-22'}}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT,
     CRET_RESULT_FAIL, "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'endOfSecuritySupport':'2026-11-23'}}", NULL, CRET_CHECK_LIFECYCLE_SUPPORT,
     CRET_RESULT_PASS, NULL},
    {"{'lifecycle':{'endOfSecuritySupport':'2027-02-01T00:00:00Z','endOfLife':'2027-01'}}", NULL,
     CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_FAIL, "#/lifecycle/endOfLife"},
    {"{'lifecycle':{'endOfSecuritySupport':'2027-01-31T23:59:59Z','endOfLife':'2027-01'}}", NULL,
     CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_PASS, NULL},
    /* These releases are of 1970-01-01: ten years end with 1979. */
    {"{'release':{'type':'security'},'lifecycle':{'updateAvailableUntil':'1979-12-30'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_FAIL, "#/lifecycle/updateAvailableUntil"},
    {"{'release':{'type':'emergency'},'lifecycle':{'updateAvailableUntil':'1979-11'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_FAIL, "#/lifecycle/updateAvailableUntil"},
    {"{'release':{'type':'security'},'lifecycle':{'updateAvailableUntil':'1979-12'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_PASS, NULL},
    {"{'release':{'type':'feature'},'lifecycle':{'updateAvailableUntil':'1971-01',"
     "'endOfSecuritySupport':'1970-12'}}",
     NULL, CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_PASS, NULL},
    {"{'lifecycle':{'updateAvailableUntil':'2029-12-15','endOfSecuritySupport':'2029-12'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_FAIL, "#/lifecycle/updateAvailableUntil"},
    {"{'lifecycle':{'updateAvailableUntil':'2029-12','endOfSecuritySupport':'2030-01-02'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_FAIL, "#/lifecycle/updateAvailableUntil"},
    {"{'lifecycle':{'updateAvailableUntil':'2029-12','endOfSecuritySupport':'2029-12'}}", NULL,
     CRET_CHECK_LIFECYCLE_UPDATES, CRET_RESULT_PASS, NULL},
    {"{'release':{'type':'security'},'changes':[{'security':true},{'security':false}]}", NULL,
     CRET_CHECK_RELEASE_SEPARATE, CRET_RESULT_FAIL, "#/changes/1"},
    {"{'release':{'type':'security'},'changes':[{'security':true},{'security':true}]}", NULL,
     CRET_CHECK_RELEASE_SEPARATE, CRET_RESULT_PASS, NULL},
    {"{'release':{'type':'security','combinedBecause':'x'},'changes':[{'security':false}]}", NULL,
     CRET_CHECK_RELEASE_SEPARATE, CRET_RESULT_PASS, NULL},
    {"{'lifecycle':{'endOfSales':'2027-01-01T00:00:00Z','endOfLife':'2026-12-31T00:00:00Z'}}", NULL,
     CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_FAIL, "#/lifecycle/endOfLife"},
    {"{'lifecycle':{'generalAvailability':'2027-01-01T00:00:00Z','endOfSales':'tba',"
     "'endOfSecuritySupport':'2026-12-31T00:00:00Z'}}",
     NULL, CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_FAIL, "#/lifecycle/endOfSecuritySupport"},
    {"{'lifecycle':{'lastUpdated':'2026-11-24T00:00:00Z'}}", NULL, CRET_CHECK_LIFECYCLE_DATES,
     CRET_RESULT_FAIL, "#/lifecycle/lastUpdated"},
    {"{'lifecycle':{'endOfSales':'2026-01-01T00:00:00Z','endOfLife':'2026-01-01T00:00:00Z'}}", NULL,
     CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_PASS, NULL},
    {"{'release':{'supersedes':['4.1.0','4.2.0']}}", NULL, CRET_CHECK_RELEASE_UPGRADE,
     CRET_RESULT_FAIL, "#/release/supersedes/1"},
    {"{'release':{'supersedes':['4.10.0']}}", NULL, CRET_CHECK_RELEASE_UPGRADE, CRET_RESULT_FAIL,
     "#/release/supersedes/0"},
    {"{'release':{'minUpgradeFrom':'4.2.0'}}", NULL, CRET_CHECK_RELEASE_UPGRADE, CRET_RESULT_FAIL,
     "#/release/minUpgradeFrom"},
    {"{'release':{'minUpgradeFrom':'4.0.0','supersedes':['4.1.9']}}", NULL,
     CRET_CHECK_RELEASE_UPGRADE, CRET_RESULT_PASS, NULL},
    {"{'documents':[{'title':{'en':'Guide'},'appliesTo':{'releases':[{'version':'4.1.0'}]}}]}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_FAIL, "#/documents/0/appliesTo/releases"},
    {"{'documents':[{},{'title':{'en':'Guide'},'appliesTo':{'releases':[{'from':'4.3','to':'5'}]}}]"
     "}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_FAIL, "#/documents/1/appliesTo/releases"},
    {"{'documents':[{'title':{'en':'Guide'},'appliesTo':{'releases':[{'version':'1'},{'from':'4.0',"
     "'to':'4.99'}]}}]}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_PASS, NULL},
    {"{'hardware':[{'model':'A'}],'documents':[{'title':{'en':'Guide'},'appliesTo':{'hardware':[{'"
     "model':'B'}]}}]}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_FAIL, "#/documents/0/appliesTo/hardware"},
    {"{'hardware':[{'model':'A','revisionFrom':'C5'}],'documents':[{'title':{'en':'Guide'},'"
     "appliesTo':{'hardware':"
     "[{'model':'A','revisionTo':'C4'}]}}]}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_FAIL, "#/documents/0/appliesTo/hardware"},
    {"{'hardware':[{'model':'A'}],'documents':[{'title':{'en':'Guide'},'appliesTo':{'hardware':[{'"
     "model':'A'}]}}]}",
     NULL, CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_PASS, NULL},
    {"{'hardware':[{'model':'A'}],'documents':[{'title':{'en':'Guide'},'appliesTo':{'hardware':[{'"
     "model':'A',"
     "'revisionFrom':'C2','revisionTo':'C9'}]}}]}",
     "A:C10", CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_FAIL, "#/documents/0/appliesTo/hardware"},
    {"{'hardware':[{'model':'A'}],'documents':[{'title':{'en':'Guide'},'appliesTo':{'hardware':[{'"
     "model':'A',"
     "'revisionFrom':'C2','revisionTo':'C10'}]}}]}",
     "A:C9", CRET_CHECK_DOCUMENT_APPLIES, CRET_RESULT_PASS, NULL},
    {"{'documents':[{'title':{'en':'Guide'},'reviewBy':'2026-11-22'}]}", NULL,
     CRET_CHECK_DOCUMENT_REVIEW, CRET_RESULT_FAIL, "#/documents/0/reviewBy"},
    {"{'documents':[{'title':{'en':'Guide'},'reviewBy':'2026-11-23'}]}", NULL,
     CRET_CHECK_DOCUMENT_REVIEW, CRET_RESULT_PASS, NULL},
    {"{'topics':{'S3':{}}}", NULL, CRET_CHECK_TOPICS_ANSWERED, CRET_RESULT_FAIL, "#/topics/S5"},
    {"{'topics':{'S5':{}}}", NULL, CRET_CHECK_TOPICS_ANSWERED, CRET_RESULT_FAIL, "#/topics/S3"},
    {"{'topics':{'S3':{},'S5':{}}}", NULL, CRET_CHECK_TOPICS_ANSWERED, CRET_RESULT_PASS, NULL},
    {"{'product':{'role':'plc'},'topics':{'S3':{},'S5':{}}}", NULL, CRET_CHECK_TOPICS_ANSWERED,
     CRET_RESULT_FAIL, "#/topics/S9"},
};

/* The words and the default severity of each fault in the table, by check and beginning of the
 * pointer. */
static const struct {
    enum cret_check_id check;
    const char *where;
    const char *name; /* the stable id */
    enum cret_severity severity;
    const char *reason;
} faults[] = {
    {CRET_CHECK_LIFECYCLE_SUPPORT, "#/lifecycle/endOfSecuritySupport", "lifecycle.support",
     CRET_SEVERITY_WARN, "security support has ended"},
    {CRET_CHECK_LIFECYCLE_DATES, "#/lifecycle/lastUpdated", "lifecycle.dates", CRET_SEVERITY_WARN,
     "the lifecycle was updated in the future"},
    {CRET_CHECK_LIFECYCLE_DATES, "#/lifecycle/", "lifecycle.dates", CRET_SEVERITY_WARN,
     "the dates of the lifecycle are out of order"},
    {CRET_CHECK_LIFECYCLE_UPDATES, "#/lifecycle/updateAvailableUntil", "lifecycle.updates",
     CRET_SEVERITY_WARN, NULL},
    {CRET_CHECK_RELEASE_SEPARATE, "#/changes/1", "release.separate", CRET_SEVERITY_WARN,
     "the security release holds 1 change that concerns no security"},
    {CRET_CHECK_RELEASE_UPGRADE, "#/release/supersedes/", "release.upgrade", CRET_SEVERITY_WARN,
     "a release cannot supersede itself or a newer one"},
    {CRET_CHECK_RELEASE_UPGRADE, "#/release/minUpgradeFrom", "release.upgrade", CRET_SEVERITY_WARN,
     "nothing can be upgraded from this version to this release"},
    {CRET_CHECK_DOCUMENT_APPLIES, "#/documents/0/appliesTo/releases", "document.applies",
     CRET_SEVERITY_FAIL, "the document 'Guide' does not apply to this release"},
    {CRET_CHECK_DOCUMENT_APPLIES, "#/documents/1/appliesTo/releases", "document.applies",
     CRET_SEVERITY_FAIL, "the document 'Guide' does not apply to this release"},
    {CRET_CHECK_DOCUMENT_APPLIES, "#/documents/0/appliesTo/hardware", "document.applies",
     CRET_SEVERITY_FAIL, "the document 'Guide' does not apply to this hardware"},
    {CRET_CHECK_DOCUMENT_REVIEW, "#/documents/0/reviewBy", "document.review", CRET_SEVERITY_WARN,
     "the document 'Guide' was due for review"},
    {CRET_CHECK_TOPICS_ANSWERED, "#/topics/S3", "topics.answered", CRET_SEVERITY_WARN,
     "topic S3 is not answered: a"},
    {CRET_CHECK_TOPICS_ANSWERED, "#/topics/S5", "topics.answered", CRET_SEVERITY_WARN,
     "topic S5 is not answered: b"},
    {CRET_CHECK_TOPICS_ANSWERED, "#/topics/S9", "topics.answered", CRET_SEVERITY_WARN,
     "topic S9 is not answered: c"},
};

static void expect_words(const struct cret_finding *finding)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (finding->check == faults[i].check &&
            strncmp(finding->where, faults[i].where, strlen(faults[i].where)) == 0) {
            if (faults[i].reason != NULL) { /* else there are several */
                cr_expect_str_eq(finding->reason, faults[i].reason);
            }
            cr_expect_str_eq(cret_check_get(finding->check)->name, faults[i].name);
            cr_expect_eq(cret_check_get(finding->check)->severity, faults[i].severity);
            cr_expect_not_null(finding->expected);
            /* Whoever reads it is told what to do. */
            cr_expect_not_null(cret_check_hint(finding->check, CRET_READER_OWNER, finding->hint));
            cr_expect_not_null(cret_check_hint(finding->check, CRET_READER_SIGNER, finding->hint));
            return;
        }
    }
    cr_expect_fail("no words are known for %s", finding->where);
}

static const char profile_text[] =
    "{\"cretula\":\"profile/1\",\"name\":\"t\",\"version\":1,\"topics\":["
    "{\"id\":\"S3\",\"title\":\"a\"},{\"id\":\"S5\",\"title\":\"b\"},"
    "{\"id\":\"S9\",\"title\":\"c\",\"roles\":[\"plc\"]}]}";

/* The cases are easier to read with single quotes. */
static json_t *parse(const char *text)
{
    char copy[1024];
    cr_assert_lt(strlen(text), sizeof(copy));
    strcpy(copy, text);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    json_t *json = json_loads(copy, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    return json;
}

Test(checks, table)
{
    struct cret_profile *profile = NULL;
    int64_t now = 0;
    cr_assert_eq(cret_profile_parse(&profile, profile_text, strlen(profile_text), "t", NULL),
                 CRET_OK);
    cr_assert_eq(cret_time_parse(&now, NOW), CRET_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        const struct cret_manifest manifest = {.json = parse(cases[i].json), .version = "4.2.0"};
        const struct cret_release_context context = {
            .now = now, .hardware = cases[i].hardware, .profile = profile};
        cret_release_check(&manifest, &context, findings);
        const struct cret_finding *first = NULL;
        for (size_t k = 0; k < cret_findings_count(findings) && first == NULL; k++) {
            const struct cret_finding *finding = cret_findings_at(findings, k);
            first = finding->check == cases[i].check ? finding : NULL;
        }
        cr_assert_not_null(first, "%s", cases[i].json);
        cr_expect_eq(first->result, cases[i].result, "%s", cases[i].json);
        if (cases[i].where != NULL) {
            cr_expect_str_eq(first->where, cases[i].where, "%s", cases[i].json);
        }
        if (first->result == CRET_RESULT_FAIL) {
            expect_words(first);
        }
        json_decref(manifest.json);
        cret_findings_free(&findings);
    }
    cret_profile_free(&profile);
}

Test(checks, without_a_profile_no_topic_is_asked_for)
{
    struct cret_findings *findings = cret_findings_new();
    const struct cret_manifest manifest = {.json = parse("{}"), .version = "1"};
    const struct cret_release_context context = {.now = 0};
    cret_release_check(&manifest, &context, findings);
    cr_assert_eq(cret_findings_tally(findings, CRET_CHECK_TOPICS_ANSWERED, CRET_RESULT_FAIL), 0);
    json_decref(manifest.json);
    cret_findings_free(&findings);
}

/* A feature release may hold what it likes, and what the vendor does not promise is not held to
 * anything. */
Test(checks, what_is_not_said_is_not_judged)
{
    static const char *const silent[] = {
        "{'release':{'type':'feature'},'changes':[{'security':false}]}",
        "{'release':{'type':'security'}}",
        "{'release':{'type':'feature'},'lifecycle':{'updateAvailableUntil':'1971-01'}}",
        ("{'release':{'type':'feature'},'lifecycle':{'updateAvailableUntil':'1971-01',"
         "'endOfSecuritySupport':'tba'}}"),
        "{'release':{'type':'security'},'lifecycle':{'updateAvailableUntil':'tba'}}"};
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        const struct cret_manifest manifest = {.json = parse(silent[i]), .version = "1"};
        const struct cret_release_context context = {.now = 0};
        cret_release_check(&manifest, &context, findings);
        for (size_t k = 0; k < cret_findings_count(findings); k++) {
            const enum cret_check_id check = cret_findings_at(findings, k)->check;
            cr_expect(check != CRET_CHECK_LIFECYCLE_UPDATES && check != CRET_CHECK_RELEASE_SEPARATE,
                      "%s", silent[i]);
        }
        json_decref(manifest.json);
        cret_findings_free(&findings);
    }
}

/* Ten years from a leap day end with its month. */
Test(checks, an_update_of_a_leap_day_stays_until_the_month_ends)
{
    static const struct {
        const char *until;
        enum cret_result result;
    } rows[] = {{"2034-02-27", CRET_RESULT_FAIL}, {"2034-02-28", CRET_RESULT_PASS}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        struct cret_manifest manifest = {.version = "1"};
        const struct cret_release_context context = {.now = 0};
        cr_assert_eq(cret_time_parse(&manifest.date, "2024-02-29T08:00:00Z"), CRET_OK);
        manifest.json = json_pack("{s:{s:s},s:{s:s}}", "release", "type", "security", "lifecycle",
                                  "updateAvailableUntil", rows[i].until);
        cret_release_check(&manifest, &context, findings);
        cr_expect_eq(cret_findings_tally(findings, CRET_CHECK_LIFECYCLE_UPDATES, rows[i].result), 1,
                     "%s", rows[i].until);
        json_decref(manifest.json);
        cret_findings_free(&findings);
    }
}

Test(checks, profiles_are_strict)
{
    static const char *const bad[] = {
        "",
        "{}",
        "{\"cretula\":\"trust/1\",\"name\":\"t\",\"version\":1,\"topics\":[]}",
        "{\"cretula\":\"profile/1\",\"name\":\"t\",\"version\":1,\"topics\":[],\"more\":1}",
        "{\"cretula\":\"profile/1\",\"name\":\"t\",\"version\":1,\"topics\":[],"
        "\"severities\":{\"file.digests\":\"warn\"}}",
        "{\"cretula\":\"profile/1\",\"name\":\"t\",\"version\":1,\"topics\":[],"
        "\"severities\":{\"no.such\":\"warn\"}}",
        "{\"cretula\":\"profile/1\",\"name\":\"x\",\"version\":1,\"topics\":[],"
        "\"severities\":{\"document.also\":\"fail\"}}",
        "{\"cretula\":\"profile/1\",\"name\":\"t\",\"version\":1,\"topics\":[],"
        "\"severities\":{\"claims.hygiene\":\"off\"}}"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct cret_profile *profile = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_assert_neq(cret_profile_parse(&profile, bad[i], strlen(bad[i]), "t", &err), CRET_OK,
                      "%s", bad[i]);
        cr_assert_eq(err.class, CRET_ERR_USAGE);
        cr_assert_null(profile);
    }
}

/* However the severities came into a policy or profile: what a row lets nobody set stays a FAIL. */
Test(checks, severities_reach_only_rows_that_let_them)
{
    enum cret_severity policy[CRET_CHECK_COUNT] = {CRET_SEVERITY_IGNORE};
    struct cret_profile raised = {.name = "raised"}, lowered = {.name = "lowered"};
    for (int id = 0; id < CRET_CHECK_COUNT; id++) {
        raised.has_severity[id] = lowered.has_severity[id] = true;
        raised.severities[id] = CRET_SEVERITY_FAIL;
    }
    for (int id = CRET_CHECK_NONE; id < CRET_CHECK_COUNT; id++) {
        const struct cret_check *row = cret_check_get((enum cret_check_id)id);
        const enum cret_result table = row->severity == CRET_SEVERITY_FAIL ? CRET_RESULT_FAIL
                                       : row->severity == CRET_SEVERITY_WARN
                                           ? CRET_RESULT_WARN
                                           : CRET_RESULT_NOT_CHECKED;
        const bool settable = row->set_by == CRET_SET_BY_POLICY;
        cr_expect_eq(cret_profile_result(NULL, NULL, row->id), table, "%s", row->name);
        cr_expect_eq(cret_profile_result(&lowered, NULL, row->id), table, "%s", row->name);
        cr_expect_eq(cret_profile_result(&lowered, policy, row->id),
                     settable ? CRET_RESULT_NOT_CHECKED : table, "%s", row->name);
        cr_expect_eq(cret_profile_result(&raised, policy, row->id),
                     row->set_by == CRET_SET_BY_NOBODY ? table : CRET_RESULT_FAIL, "%s", row->name);
        cr_expect(row->set_by != CRET_SET_BY_NOBODY || table == CRET_RESULT_FAIL, "%s", row->name);
    }
}

Test(checks, versions_compare_as_people_number_them)
{
    static const struct {
        const char *left, *right;
        enum cret_order order;
    } pairs[] = {
        {"1", "1.2", CRET_ORDER_LOWER},
        {"1.2", "1.10", CRET_ORDER_LOWER},
        {"2.0", "010", CRET_ORDER_LOWER},
        {"C2", "C10", CRET_ORDER_LOWER},
        {"C2", "D1", CRET_ORDER_LOWER},
        {"B", "C", CRET_ORDER_LOWER},
        {"b", "C", CRET_ORDER_UNSURE},
        {"B", "R1", CRET_ORDER_UNSURE},
        {"1.02", "1.2", CRET_ORDER_SAME},
        {"1.2", "1.2.0", CRET_ORDER_SAME},
        {"v1.2", "1.2", CRET_ORDER_SAME},
        {"2.0-rc1", "2.0", CRET_ORDER_LOWER},
        {"2.0-rc1", "2.0-rc2", CRET_ORDER_LOWER},
        {"2.0-rc9", "2.0-rc10", CRET_ORDER_LOWER},
        {"2.0-beta2", "2.0-rc1", CRET_ORDER_LOWER},
        {"2.0-alpha", "2.0-beta", CRET_ORDER_LOWER},
        {"2.0.0-rc.1", "2.0", CRET_ORDER_LOWER},
        {"2.0-rc1", "2.0.1", CRET_ORDER_LOWER},
        {"2.0", "2.0.1-rc1", CRET_ORDER_LOWER},
        {"2.0~rc1", "2.0", CRET_ORDER_LOWER},
        {"1.9", "2.0-rc1", CRET_ORDER_LOWER},
        {"4.2", "4.2-SP1", CRET_ORDER_LOWER},
        {"4.2 SP1", "4.2 SP3", CRET_ORDER_LOWER},
        {"4.2-rc1", "4.2-SP1", CRET_ORDER_LOWER},
        {"1.1.1", "1.1.1k", CRET_ORDER_UNSURE},
        {"1.1.1k", "1.1.1m", CRET_ORDER_LOWER},
        {"12", "R12", CRET_ORDER_UNSURE},
        {"1.2+build7", "1.2", CRET_ORDER_UNSURE},
        {"2.0-1", "2.0", CRET_ORDER_UNSURE},
        {"2.0-field", "2.0", CRET_ORDER_UNSURE},
        {"2024.1", "FW23", CRET_ORDER_UNSURE},
        {"", "1", CRET_ORDER_UNSURE},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        const enum cret_order back =
            pairs[i].order == CRET_ORDER_LOWER ? CRET_ORDER_HIGHER : pairs[i].order;
        cr_assert_eq(cret_version_order(pairs[i].left, pairs[i].right), pairs[i].order, "%s %s",
                     pairs[i].left, pairs[i].right);
        cr_assert_eq(cret_version_order(pairs[i].right, pairs[i].left), back, "%s %s",
                     pairs[i].right, pairs[i].left);
    }
    cr_assert_eq(cret_version_within("4", "5", NULL), CRET_WITHIN_OUTSIDE);
    cr_assert_eq(cret_version_within("4", NULL, NULL), CRET_WITHIN_INSIDE);
    cr_assert_eq(cret_version_within("4", "3", "5"), CRET_WITHIN_INSIDE);
    cr_assert_eq(cret_version_within("4b", "3", "R5"), CRET_WITHIN_UNSURE);
    cr_assert_eq(cret_version_within("4b", "5", "R5"), CRET_WITHIN_OUTSIDE);
}

static enum cret_result result_of(const struct cret_manifest *manifest, enum cret_check_id check)
{
    struct cret_findings *findings = cret_findings_new();
    const struct cret_release_context context = {.now = 0};
    enum cret_result result = CRET_RESULT_COUNT;
    cret_release_check(manifest, &context, findings);
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->check == check) {
            cr_assert_eq(result, CRET_RESULT_COUNT, "two findings: %s", finding->reason);
            result = finding->result;
        }
    }
    cret_findings_free(&findings);
    return result;
}

/* A topic and the document that answers it say the same of each other. */
Test(checks, a_topic_is_answered_by_a_document_that_lists_it)
{
    static const struct {
        const char *topics, *documents;
        enum cret_result result; /* COUNT: nothing is said */
    } answers[] = {
        {"{'S5':{'status':'documented','documents':['D']}}",
         "[{'ids':[{'id':'D'}],'topics':['S3','S5']}]", CRET_RESULT_COUNT},
        {"{'S5':{'status':'documented','documents':['D']}}",
         "[{'ids':[{'id':'D'}],'topics':['S3']}]", CRET_RESULT_FAIL},
        {"{'S5':{'status':'documented','documents':['D']}}", "[{'ids':[{'id':'D'}]}]",
         CRET_RESULT_FAIL},
        {"{'S5':{'status':'documented','documents':['D','E']}}",
         "[{'ids':[{'id':'D'}],'topics':['S5']},{'ids':[{'id':'X'},{'id':'E'}],'topics':['S5']}]",
         CRET_RESULT_COUNT},
        {"{'S5':{'status':'notProvided','reason':'r'}}", "[{'ids':[{'id':'D'}]}]",
         CRET_RESULT_COUNT},
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct cret_manifest manifest = {.json = json_object(), .version = "1"};
        json_object_set_new(manifest.json, "topics", parse(answers[i].topics));
        json_object_set_new(manifest.json, "documents", parse(answers[i].documents));
        cr_assert_eq(result_of(&manifest, CRET_CHECK_TOPICS_ANSWERED), answers[i].result, "%s %s",
                     answers[i].topics, answers[i].documents);
        json_decref(manifest.json);
    }
}

/* What a release says of its order is held where the order is sure, and a question elsewhere. */
static const struct {
    const char *version, *release;
    enum cret_result result;
} upgrades[] = {
    {"2.0", "{'supersedes':['2.0-rc1','1.9'],'minUpgradeFrom':'1.10'}", CRET_RESULT_PASS},
    {"2.0-rc1", "{'supersedes':['2.0']}", CRET_RESULT_FAIL},
    {"2.0", "{'supersedes':['2.0']}", CRET_RESULT_FAIL},
    {"2.0", "{'minUpgradeFrom':'2.0.1-rc1'}", CRET_RESULT_FAIL},
    {"FW23", "{'supersedes':['R22']}", CRET_RESULT_NOT_CHECKED},
    {"FW23", "{'minUpgradeFrom':'2022'}", CRET_RESULT_NOT_CHECKED},
};
static const struct {
    const char *version, *document;
    enum cret_result result;
} ranges[] = {
    {"2.0", "{'releases':[{'from':'2.0-rc1','to':'2.1'}]}", CRET_RESULT_PASS},
    {"2.0-rc1", "{'releases':[{'from':'2.0'}]}", CRET_RESULT_FAIL},
    {"2.0", "{'releases':[{'from':'R1','to':'R3'}]}", CRET_RESULT_NOT_CHECKED},
    {"2.0", "{'releases':[{'from':'R1'},{'version':'2.0'}]}", CRET_RESULT_PASS},
    {"2.0", "{'hardware':[{'model':'M','revisionFrom':'R1'}]}", CRET_RESULT_NOT_CHECKED},
    {"2.0", "{'hardware':[{'model':'M','revisionFrom':'C'}]}", CRET_RESULT_FAIL},
    {"2.0", "{'hardware':[{'model':'M','revisionTo':'B'}]}", CRET_RESULT_PASS},
};

Test(checks, an_order_that_is_not_sure_is_a_question)
{
    for (size_t i = 0; i < sizeof(upgrades) / sizeof(upgrades[0]); i++) {
        struct cret_manifest manifest = {.json = json_object(), .version = upgrades[i].version};
        json_object_set_new(manifest.json, "release", parse(upgrades[i].release));
        cr_assert_eq(result_of(&manifest, CRET_CHECK_RELEASE_UPGRADE), upgrades[i].result, "%s",
                     upgrades[i].release);
        json_decref(manifest.json);
    }
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        struct cret_manifest manifest = {.json = parse("{'hardware':[{'model':'M',"
                                                       "'revisionFrom':'B','revisionTo':'B'}],"
                                                       "'documents':[{}]}"),
                                         .version = ranges[i].version};
        json_object_set_new(json_array_get(json_object_get(manifest.json, "documents"), 0),
                            "appliesTo", parse(ranges[i].document));
        cr_assert_eq(result_of(&manifest, CRET_CHECK_DOCUMENT_APPLIES), ranges[i].result, "%s",
                     ranges[i].document);
        json_decref(manifest.json);
    }
}

/* Adopted files: what the owner compared is compared again. */
static const struct {
    const char *json;
    enum cret_result result;
    const char *where, *reason;
} adoptions[] = {
    {"{}", CRET_RESULT_NOT_CHECKED, "#/adoption",
     "the owner had nothing to compare the files with"},
    {"{'foreignSignatures':[{'file':'a.asc','result':'good'}]}", CRET_RESULT_NOT_CHECKED,
     "#/adoption", "compared with a foreign signature by the owner, which is not checked here"},
    {"{'published':[{'file':'fw.bin','sha256':'"
     "1111111111111111111111111111111111111111111111111111111111111111'}]}",
     CRET_RESULT_PASS, NULL, "1 of 1 file has the SHA-256 that the vendor published"},
    {"{'published':[{'file':'fw.bin','sha256':'"
     "1111111111111111111111111111111111111111111111111111111111111112'}]}",
     CRET_RESULT_FAIL, "#/adoption/published/0/sha256",
     "an adopted file is not the one whose digest the vendor published"},
    {"{'published':[{'file':'other.bin','sha256':'"
     "1111111111111111111111111111111111111111111111111111111111111111'}]}",
     CRET_RESULT_FAIL, "#/adoption/published/0/sha256",
     "an adopted file is not the one whose digest the vendor published"},
};

Test(checks, what_an_owner_compared_is_compared_again)
{
    struct cret_entry entries[2] = {{.path = "SHA256SUMS"}, {.path = "fw.bin"}};
    memset(entries[1].sha256, 0x11, sizeof(entries[1].sha256));
    for (size_t i = 0; i < sizeof(adoptions) / sizeof(adoptions[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        struct cret_manifest manifest = {.json = json_object(),
                                         .version = "1",
                                         .adopted = true,
                                         .entries = entries,
                                         .file_count = 2};
        const struct cret_release_context context = {.now = 0};
        json_object_set_new(manifest.json, "adoption", parse(adoptions[i].json));
        cret_release_check(&manifest, &context, findings);
        const struct cret_finding *found = NULL;
        for (size_t k = 0; k < cret_findings_count(findings); k++) {
            const struct cret_finding *finding = cret_findings_at(findings, k);
            found = finding->check == CRET_CHECK_RELEASE_ADOPTION ? finding : found;
        }
        cr_assert_not_null(found, "case %zu", i);
        cr_expect_eq(found->result, adoptions[i].result, "case %zu", i);
        cr_expect_str_eq(found->reason, adoptions[i].reason);
        if (adoptions[i].where != NULL) {
            cr_expect_str_eq(found->where, adoptions[i].where);
        }
        json_decref(manifest.json);
        cret_findings_free(&findings);
    }
}
