/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandatory tests of CSAF 2.1 on revisions (6.1.14 to 6.1.22), and on what a document must have for
 * the profile that it claims (6.1.27). 6.1.27.13 (an affected counterpart of what is fixed) is not
 * made: no answer rests on it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/vers.h"

static enum cret_status refuse(const char *test, const char *where, const char *expected,
                               const char *actual, struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH, "CSAF 2.1 document fails mandatory test %s",
                    test);
    cret_err_where(err, "%s", where);
    cret_err_expected(err, "%s", expected);
    return cret_err_actual(err, "%s", actual != NULL ? actual : "absent");
}

/* Profiles, as bits. */
enum {
    ADVISORY = 1,
    VEX = 2,
    DEPRECATED = 4,
    INFORMATIONAL = 8,
    INCIDENT = 16,
    WITHDRAWN = 32,
    SUPERSEDED = 64,
};

static unsigned profile_of(const char *category)
{
    static const struct {
        const char *category;
        unsigned profile;
    } profiles[] = {{"csaf_security_advisory", ADVISORY},
                    {"csaf_vex", VEX},
                    {"csaf_deprecated_security_advisory", DEPRECATED},
                    {"csaf_informational_advisory", INFORMATIONAL},
                    {"csaf_security_incident_response", INCIDENT},
                    {"csaf_withdrawn", WITHDRAWN},
                    {"csaf_superseded", SUPERSEDED}};
    for (size_t i = 0; i < CRET_LENGTH(profiles); i++) {
        if (strcmp(profiles[i].category, category) == 0) {
            return profiles[i].profile;
        }
    }
    return 0;
}

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && (text == NULL || strcmp(*words, text) != 0)) {
        words++;
    }
    return *words != NULL;
}

/* How many notes or references have one of these categories, and, where they are asked for, this
 * title and a summary with this beginning. */
static size_t count_of(const json_t *list, const char *const *categories, const char *title,
                       const char *beginning)
{
    size_t count = 0;
    CRET_JSON_EACH (one, list) {
        const char *own = cret_json_string(one, "title"), *said = cret_json_string(one, "summary");
        const bool titled = title == NULL || (own != NULL && strcmp(own, title) == 0);
        const bool begun =
            beginning == NULL || (said != NULL && strncmp(said, beginning, strlen(beginning)) == 0);
        count +=
            titled && begun && is_one_of(cret_json_string(one, "category"), categories) ? 1 : 0;
    }
    return count;
}

static const char *const telling[] = {"description", "details", "general", "summary", NULL};
static const char *const describing[] = {"description", NULL};
static const char *const external[] = {"external", NULL};

/* What stands at the top: 6.1.27.1 to 4, 11, 14 to 19. */
static enum cret_status check_document(const json_t *document, unsigned profile,
                                       struct cret_err *err)
{
    const json_t *notes = cret_json_get(document, "document.notes");
    const json_t *references = cret_json_get(document, "document.references");
    const char *language = cret_json_string(document, "document.lang");
    const bool english = language == NULL || strncmp(language, "en", 2) == 0;
    const bool tree = json_object_get(document, "product_tree") != NULL;
    const bool vulnerabilities = json_object_get(document, "vulnerabilities") != NULL;
    const size_t revisions =
        json_array_size(cret_json_get(document, "document.tracking.revision_history"));
    const struct {
        unsigned profiles;
        const char *test, *where, *expected;
        bool holds;
    } rules[] = {
        {INFORMATIONAL | INCIDENT, "6.1.27.1", "#/document/notes", "a note that tells something",
         count_of(notes, telling, NULL, NULL) > 0},
        {INFORMATIONAL | INCIDENT, "6.1.27.2", "#/document/references", "an external reference",
         count_of(references, external, NULL, NULL) > 0},
        {INFORMATIONAL | WITHDRAWN | SUPERSEDED, "6.1.27.3", "#/vulnerabilities",
         "no vulnerabilities", !vulnerabilities},
        {ADVISORY | VEX | DEPRECATED, "6.1.27.4", "#/product_tree", "a product tree", tree},
        {ADVISORY | VEX | DEPRECATED, "6.1.27.11", "#/vulnerabilities", "vulnerabilities",
         vulnerabilities},
        {WITHDRAWN | SUPERSEDED, "6.1.27.14", "#/document/notes", "a note of category description",
         count_of(notes, describing, NULL, NULL) > 0},
        {WITHDRAWN | SUPERSEDED, "6.1.27.15", "#/product_tree", "no product tree", !tree},
        {WITHDRAWN | SUPERSEDED, "6.1.27.16", "#/document/tracking/revision_history",
         "two revisions at least", revisions >= 2},
        {WITHDRAWN, "6.1.27.17", "#/document/notes", "one note \"Reasoning for Withdrawal\"",
         !english || count_of(notes, describing, "Reasoning for Withdrawal", NULL) == 1},
        {SUPERSEDED, "6.1.27.18", "#/document/notes", "one note \"Reasoning for Supersession\"",
         !english || count_of(notes, describing, "Reasoning for Supersession", NULL) == 1},
        {SUPERSEDED, "6.1.27.19", "#/document/references",
         "an external reference \"Superseding Document\"",
         !english || count_of(references, external, NULL, "Superseding Document") > 0}};
    for (size_t i = 0; i < CRET_LENGTH(rules); i++) {
        if ((rules[i].profiles & profile) != 0 && !rules[i].holds) {
            return refuse(rules[i].test, rules[i].where, rules[i].expected, "otherwise", err);
        }
    }
    return CRET_OK;
}

/* One vulnerability: 6.1.27.5 to 8, 12. 9 and 10 need groups (advisory_mandatory.c). */
static enum cret_status check_vulnerability(const json_t *vulnerability, unsigned profile,
                                            struct cret_err *err)
{
    const json_t *status = json_object_get(vulnerability, "product_status");
    const bool affected = json_object_get(status, "known_affected") != NULL;
    const bool any = affected || json_object_get(status, "fixed") != NULL ||
                     json_object_get(status, "known_not_affected") != NULL ||
                     json_object_get(status, "under_investigation") != NULL;
    const struct {
        unsigned profiles;
        const char *test, *where, *expected;
        bool holds;
    } rules[] = {
        {ADVISORY | DEPRECATED, "6.1.27.6", "#/vulnerabilities/product_status", "a product status",
         status != NULL},
        {VEX, "6.1.27.7", "#/vulnerabilities/product_status",
         "fixed, known_affected, known_not_affected or under_investigation", any},
        {VEX, "6.1.27.8", "#/vulnerabilities", "cve or ids",
         json_object_get(vulnerability, "cve") != NULL ||
             json_object_get(vulnerability, "ids") != NULL},
        {ADVISORY, "6.1.27.12", "#/vulnerabilities/product_status", "known_affected", affected},
        {ADVISORY | VEX | DEPRECATED, "6.1.27.5", "#/vulnerabilities/notes", "notes",
         json_object_get(vulnerability, "notes") != NULL}};
    for (size_t i = 0; i < CRET_LENGTH(rules); i++) {
        if ((rules[i].profiles & profile) != 0 && !rules[i].holds) {
            return refuse(rules[i].test, rules[i].where, rules[i].expected, NULL, err);
        }
    }
    return CRET_OK;
}

/* The order of two versions of a document: whole numbers, or semantic versions; UNSURE: both kinds.
 */
static enum cret_vers_relation compare(const char *left, const char *right)
{
    const bool whole = strchr(left, '.') == NULL;
    return whole == (strchr(right, '.') == NULL)
               ? cret_vers_compare(whole ? CRET_SCHEME_NUMBERS : CRET_SCHEME_SEMVER, left, right)
               : CRET_VERS_UNSURE;
}

/* One revision of the history. */
struct revision {
    const char *number, *date;
};

static int compare_revisions(const void *left, const void *right)
{
    const struct revision *one = left, *other = right;
    int order = 0;
    if (cret_scheme_order(CRET_SCHEME_DATETIME, one->date, other->date, &order) && order != 0) {
        return order;
    }
    const enum cret_vers_relation relation = compare(one->number, other->number);
    return relation == CRET_VERS_LOWER ? -1 : relation == CRET_VERS_HIGHER ? 1 : 0;
}

/* 6.1.14, of revisions in the order of their dates: each number is higher than all of earlier
 * dates. The last one of a date has its highest. */
static enum cret_status check_order(const struct revision *list, size_t count, const char *where,
                                    struct cret_err *err)
{
    const char *before = NULL; /* the highest number of earlier dates */
    for (size_t i = 1; i < count; i++) {
        int order = 0;
        if (!cret_scheme_order(CRET_SCHEME_DATETIME, list[i - 1].date, list[i].date, &order)) {
            return refuse("6.1.37", where, CRET_TIME_WORDS, list[i].date, err);
        }
        const bool mixed =
            (strchr(list[i - 1].number, '.') == NULL) != (strchr(list[i].number, '.') == NULL);
        before = order != 0 ? list[i - 1].number : before;
        if (mixed || (before != NULL && compare(before, list[i].number) != CRET_VERS_LOWER)) {
            return refuse("6.1.14", where, "later revisions with higher numbers", list[i].number,
                          err);
        }
    }
    return CRET_OK;
}

/* 6.1.22: each number once. */
static enum cret_status check_numbers(const struct revision *list, size_t count, const char *where,
                                      struct cret_err *err)
{
    json_t *seen = json_object();
    enum cret_status status = seen != NULL ? CRET_OK : cret_err_memory(err);
    for (size_t i = 0; i < count && status == CRET_OK; i++) {
        if (json_object_get(seen, list[i].number) != NULL) {
            status = refuse("6.1.22", where, "every revision once", list[i].number, err);
        } else if (json_object_set_new(seen, list[i].number, json_true()) != 0) {
            status = cret_err_memory(err);
        }
    }
    json_decref(seen);
    return status;
}

/* The number of the newest revision: of the latest date the highest. */
static enum cret_status check_history(const json_t *history, const char **ret_newest,
                                      struct cret_err *err)
{
    const char *where = "#/document/tracking/revision_history";
    const size_t count = json_array_size(history);
    struct revision *list = calloc(count + 1, sizeof(*list));
    if (list == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(history, i);
        list[i] = (struct revision){cret_json_string(one, "number"), cret_json_string(one, "date")};
    }
    enum cret_status status = check_numbers(list, count, where, err);
    if (status == CRET_OK && count > 1) {
        qsort(list, count, sizeof(*list), compare_revisions);
        status = check_order(list, count, where, err);
    }
    *ret_newest = count > 0 ? list[count - 1].number : NULL;
    free(list);
    return status;
}

/* A number of before the first release: "0", "0.x". */
static bool is_zero(const char *version)
{
    return version[0] == '0' && (version[1] == '\0' || version[1] == '.');
}

/* Which revision this is, and how final: 6.1.14 to 22. */
static enum cret_status check_tracking(const json_t *tracking, struct cret_err *err)
{
    const json_t *history = json_object_get(tracking, "revision_history");
    const char *version = cret_json_string(tracking, "version"), *newest = NULL;
    const bool draft = strcmp(cret_json_string(tracking, "status"), "draft") == 0;
    const char *where = "#/document/tracking/version";
    if (check_history(history, &newest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* 6.1.16: build metadata does not count, and of a draft its pre-release neither. */
    const size_t size = strcspn(version, draft ? "-+" : "+");
    if (newest == NULL || strcspn(newest, draft ? "-+" : "+") != size ||
        strncmp(newest, version, size) != 0) {
        return refuse("6.1.16", where, "the newest one of revision_history", version, err);
    }
    if (!draft && is_zero(version)) {
        return refuse("6.1.17", where, "status draft, or a version from 1 on", version, err);
    }
    if (!draft && strchr(version, '-') != NULL && strchr(version, '-') < version + size) {
        return refuse("6.1.20", where, "status draft, or a version that is no pre-release", version,
                      err);
    }
    return CRET_OK;
}

enum cret_status cret_advisory_mandatory_profile(const struct cret_advisory *advisory,
                                                 struct cret_err *err)
{
    const json_t *document = advisory->document;
    const unsigned profile = profile_of(cret_json_string(document, "document.category"));
    if (check_tracking(cret_json_get(document, "document.tracking"), err) != CRET_OK ||
        check_document(document, profile, err) != CRET_OK) {
        return CRET_FAILED;
    }
    CRET_JSON_EACH (vulnerability, json_object_get(document, "vulnerabilities")) {
        if (check_vulnerability(vulnerability, profile, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
