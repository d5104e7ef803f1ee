/* SPDX-License-Identifier: Apache-2.0 */
/* OpenEoX core as a lifecycle document of a release. */
#include "release/statements/openeox.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/advisory/vers.h"

/* Far more than six members need. */
#define LARGEST 65536u

/* Members that are dates, and what the manifest calls them. */
static const struct date {
    const char *member, *own;
    bool required;
} dates[] = {
    {"general_availability", "generalAvailability", false},
    {"end_of_sales", "endOfSales", false},
    {"end_of_security_support", "endOfSecuritySupport", true},
    {"end_of_life", "endOfLife", true},
};
enum { AVAILABLE = 0, END_OF_LIFE = 3 };

/* The draft and the published address; those of older drafts are none. */
static const char *const schemas[] = {
    "https://docs.oasis-open.org/openeox/v1.0/schema/core.json",
    "https://docs.oasis-open.org/openeox/eox-core/v1.0/schema/core.json", NULL};

struct checker {
    struct cret_findings *findings;
    const char *path;
    size_t faults;
};

static void fault(struct checker *checker, const char *member, const char *expected,
                  const char *actual, const char *reason)
{
    char where[300];
    snprintf(where, sizeof(where), "%.200s#/%s", checker->path, member);
    checker->faults++;
    cret_findings_add(
        checker->findings, CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where, .expected = expected, .actual = actual}, "%s %s",
        checker->path, reason);
}

bool cret_openeox_wanted(const struct cret_manifest *manifest, size_t entry)
{
    static const char name[] = "openeox.json";
    const char *path = manifest->entries[entry].path;
    const size_t size = strlen(path), end = sizeof(name) - 1;
    return size >= end && strcasecmp(path + size - end, name) == 0 &&
           (size == end || strchr("./", path[size - end - 1]) != NULL) &&
           manifest->entries[entry].size <= LARGEST;
}

static bool is_tba(const char *text)
{
    return strcmp(text, "tba") == 0;
}

/* The schema of the document: six members, three of them always. */
static void check_form(struct checker *checker, const json_t *document)
{
    const char *schema = cret_json_string(document, "$schema");
    size_t known = 0;
    while (schemas[known] != NULL && (schema == NULL || strcmp(schemas[known], schema) != 0)) {
        known++;
    }
    if (schemas[known] == NULL) {
        fault(checker, "$schema", schemas[0], schema != NULL ? schema : "absent",
              "is no OpenEoX core document of a form that is known");
    }
    if (json_object_get(document, "last_updated") == NULL) {
        fault(checker, "last_updated", CRET_TIME_WORDS, "absent", "is no valid OpenEoX document");
    }
    for (size_t i = 0; i < CRET_LENGTH(dates); i++) {
        if (dates[i].required && json_object_get(document, dates[i].member) == NULL) {
            fault(checker, dates[i].member, CRET_TIME_WORDS ", or tba", "absent",
                  "is no valid OpenEoX document");
        }
    }
    CRET_JSON_MEMBERS (key, value, document) {
        bool member = strcmp(key, "$schema") == 0 || strcmp(key, "last_updated") == 0;
        for (size_t i = 0; i < CRET_LENGTH(dates); i++) {
            member = member || strcmp(key, dates[i].member) == 0;
        }
        if (!member || !json_is_string(value)) {
            fault(checker, key, "the members of OpenEoX core, each a text", key,
                  "is no valid OpenEoX document");
        } else if (strcmp(key, "$schema") != 0 && !cret_time_is_strict(json_string_value(value)) &&
                   !(is_tba(json_string_value(value)) && strcmp(key, "last_updated") != 0)) {
            fault(checker, key, CRET_TIME_WORDS, json_string_value(value),
                  "fails mandatory test 7.1.2 of OpenEoX");
        }
    }
}

/* A date of the document; false: absent, or tba. */
static bool read_date(const json_t *document, size_t index, int64_t *ret_seconds)
{
    const char *text = cret_json_string(document, dates[index].member);
    return text != NULL && !is_tba(text) && cret_time_read(ret_seconds, text) == CRET_OK;
}

/* 7.1.1: nothing is after the end of life. 7.1.3: nothing is before general availability. */
static void check_order(struct checker *checker, const json_t *document)
{
    int64_t date = 0, end = 0, start = 0;
    const bool ends = read_date(document, END_OF_LIFE, &end);
    const bool starts = read_date(document, AVAILABLE, &start);
    for (size_t i = 0; i < CRET_LENGTH(dates); i++) {
        if (!read_date(document, i, &date)) {
            continue;
        }
        if (ends && date > end) {
            fault(checker, dates[i].member, "not after end_of_life",
                  cret_json_string(document, dates[i].member),
                  "fails mandatory test 7.1.1 of OpenEoX");
        } else if (starts && date < start) {
            fault(checker, dates[i].member, "not before general_availability",
                  cret_json_string(document, dates[i].member),
                  "fails mandatory test 7.1.3 of OpenEoX");
        }
    }
}

/* What both say, by the instant; "tba" is no date. The number of dates that both have, and of those
 * that the document has alone: with them the checks of the manifest's dates know nothing. */
static size_t compare(struct checker *checker, const json_t *document, const json_t *lifecycle,
                      size_t *ret_alone)
{
    size_t both = 0;
    *ret_alone = 0;
    for (size_t i = 0; i < CRET_LENGTH(dates); i++) {
        const char *said = cret_json_string(document, dates[i].member);
        const char *own = cret_json_string(lifecycle, dates[i].own);
        int64_t one = 0, other = 0;
        const bool date = read_date(document, i, &one);
        *ret_alone += date && own == NULL ? 1 : 0;
        if (said == NULL || own == NULL) {
            continue;
        }
        both++;
        const bool own_date = cret_time_parse(&other, own) == CRET_OK;
        if (date != own_date || (date && one != other)) {
            fault(checker, dates[i].member, own, said, "says another date than the manifest");
        }
    }
    return both;
}

static void check_file(const struct cret_manifest *manifest, size_t entry, const char *text,
                       size_t size, struct cret_findings *findings)
{
    struct checker checker = {.findings = findings, .path = manifest->entries[entry].path};
    json_t *document = NULL;
    struct cret_err err = {0};
    if (text == NULL) {
        cret_findings_add(findings, CRET_CHECK_LIFECYCLE_DATES, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = checker.path}, "%s was not looked at",
                          checker.path);
        return;
    }
    if (cret_json_parse(&document, text, size, CRET_JSON_FOREIGN, CRET_CHECK_LIFECYCLE_DATES,
                        &err) != CRET_OK ||
        !json_is_object(document)) {
        fault(&checker, "", "a JSON object", "other bytes", "is no OpenEoX document");
        json_decref(document);
        return;
    }
    check_form(&checker, document);
    if (checker.faults == 0) {
        check_order(&checker, document);
    }
    if (checker.faults == 0) {
        size_t alone = 0;
        const size_t both =
            compare(&checker, document, json_object_get(manifest->json, "lifecycle"), &alone);
        const bool same = both > 0 && alone == 0;
        if (checker.faults == 0) {
            cret_findings_add(
                findings, CRET_CHECK_LIFECYCLE_DATES,
                same ? CRET_RESULT_PASS : CRET_RESULT_NOT_CHECKED,
                (struct cret_finding_text){.where = checker.path,
                                           .hint = same ? NULL
                                                        : "ask the vendor to say these dates in "
                                                          "the description of the release, too"},
                same ? "%s says the dates of the manifest"
                     : "%s says dates that the manifest does not have",
                checker.path);
        }
    }
    json_decref(document);
}

void cret_openeox_check(const struct cret_manifest *manifest, cret_payload_text text,
                        const void *context, struct cret_findings *findings)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (cret_openeox_wanted(manifest, i)) {
            size_t size = 0;
            const char *bytes = text(context, i, &size);
            check_file(manifest, i, bytes, size, findings);
        }
    }
}
