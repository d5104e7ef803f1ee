/* SPDX-License-Identifier: Apache-2.0 */
/* Members of two manifests: objects field by field, lists entry by entry, each by what names it. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/diff/diff_internal.h"

enum { KEYS = 3 };

/* What asks for more than to be read. */
enum { ADDED = 1, REMOVED = 2, CHANGED = 4 };

/* One member. An object has no keys: its fields are its entries. A list of texts has one key "". */
struct member {
    const char *section, *path;
    const char *keys[KEYS]; /* what names an entry, the first two together; see one_key */
    bool one_key;           /* the first of the keys that is there names it */
    unsigned attention;
    const char *skip; /* a field of an object that is told elsewhere; or NULL */
};

static const struct member members[] = {
    {"risks", "newRisks", {"id", "summary"}, true, ADDED, NULL},
    {"issues", "knownIssues", {"id", "summary"}, true, ADDED, NULL},
    {"rollback", "release.rollback", {NULL}, false, ADDED | REMOVED | CHANGED, NULL},
    {"settings", "settings", {"name"}, true, ADDED | REMOVED | CHANGED, NULL},
    {"deprecated", "deprecated", {"setting"}, true, ADDED, NULL},
    {"interfaces", "interfaces", {"protocol", "port"}, false, ADDED | CHANGED, NULL},
    {"services", "externalServices", {"service"}, true, ADDED, NULL},
    {"changes", "changes", {"id", "summary"}, true, 0, NULL},
    {"release", "release", {NULL}, false, 0, "rollback"},
    {"restart", "restart", {NULL}, false, 0, NULL},
    {"hardware", "hardware", {"model", "sku"}, false, REMOVED | CHANGED, NULL},
    {"product", "product", {NULL}, false, CHANGED, NULL},
    {"prerequisites", "prerequisites", {"summary"}, true, ADDED, NULL},
    {"compatibility", "compatibility", {"kind", "name"}, false, REMOVED | CHANGED, NULL},
    {"tests", "testAdvice", {"summary"}, true, 0, NULL},
    {"qualification", "qualification", {NULL}, false, CHANGED, NULL},
    {"claims", "claims", {"standard", "scope"}, false, REMOVED | CHANGED, NULL},
    {"responsibilities", "responsibilities", {"party", "item"}, false, ADDED, NULL},
    {"assumptions", "assumptions", {""}, true, ADDED, NULL},
    {"threats", "outOfScopeThreats", {""}, true, ADDED, NULL},
    {"gaps", "notAddressed", {""}, true, ADDED, NULL},
    {"adoption", "adoption", {NULL}, false, CHANGED, NULL},
    {"advisories", "advisories", {"id"}, true, 0, NULL},
    {"contacts", "contacts", {NULL}, false, 0, NULL},
    {"manufacturer", "manufacturer", {NULL}, false, CHANGED, NULL},
    {"purpose", "intendedPurpose", {NULL}, false, CHANGED, NULL},
    {"purpose", "securityEnvironment", {NULL}, false, CHANGED, NULL},
    {"purpose", "essentialFunctions", {""}, true, REMOVED, NULL},
    {"purpose", "securityProperties", {"summary"}, true, REMOVED, NULL},
    {"misuse", "foreseeableMisuse", {"summary"}, true, ADDED, NULL},
    {"conformity", "declarationOfConformity", {NULL}, false, CHANGED, NULL},
    {"conformity", "technicalFile", {NULL}, false, 0, NULL},
    {"updates", "updateSettings", {NULL}, false, CHANGED, NULL},
    {"integrator", "integratorInformation", {NULL}, false, CHANGED, NULL},
};

/* Members of the root that are told by the heading, by other files, or are the form itself. */
static const char *const told[] = {"cretula",   "notice", "checksums", "lifecycle",
                                   "documents", "topics", "files",     NULL};
/* Fields of `release` that the heading tells. */
static const char *const heading[] = {"version", "sequence", "date", NULL};

static bool listed(const char *const *names, const char *name)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What names an entry; NULL in the buffer: memory. */
static void name_entry(struct cret_buffer *out, const struct member *member, const json_t *entry)
{
    if (json_is_string(entry)) {
        cret_buffer_printf(out, "%s", json_string_value(entry));
        return;
    }
    for (size_t i = 0; i < KEYS && member->keys[i] != NULL; i++) {
        const char *text = cret_json_string(entry, member->keys[i]);
        if (text != NULL) {
            cret_buffer_printf(out, "%s%s", out->size > 0 ? ", " : "", text);
            if (member->one_key) {
                return;
            }
        }
    }
}

/* Makes the name of an entry its own: the second of one name is "name (2)". Non-zero: memory. */
static int number_name(struct cret_buffer *name, json_t *seen)
{
    const char *plain = name->data != NULL ? name->data : "";
    const json_int_t before = json_integer_value(json_object_get(seen, plain));
    if (name->failed || json_object_set_new(seen, plain, json_integer(before + 1)) != 0) {
        return -1;
    }
    if (before > 0) {
        cret_buffer_printf(name, " (%" JSON_INTEGER_FORMAT ")", before + 1);
    }
    return name->failed ? -1 : 0;
}

/* Entries of a list by name; several of one name are counted. NULL: memory. */
static json_t *index_list(const struct member *member, const json_t *list)
{
    json_t *names = json_object(), *seen = json_object();
    bool failed = names == NULL || seen == NULL;
    CRET_JSON_EACH (entry, list) {
        struct cret_buffer name = {0};
        name_entry(&name, member, entry);
        failed |= number_name(&name, seen) != 0 ||
                  json_object_set(names, name.data != NULL ? name.data : "", entry) != 0;
        cret_buffer_free(&name);
    }
    json_decref(seen);
    if (failed) {
        json_decref(names);
        return NULL;
    }
    return names;
}

/* Fields that differ between two entries, or objects. */
static json_t *compare_fields(const json_t *was, const json_t *is, const struct member *member)
{
    json_t *details = cret_diff_details();
    CRET_JSON_MEMBERS (key, value, is) {
        if (member->skip == NULL || strcmp(member->skip, key) != 0) {
            cret_diff_detail_json(&details, key, json_object_get(was, key), value);
        }
    }
    CRET_JSON_MEMBERS (key, value, was) {
        if (json_object_get(is, key) == NULL &&
            (member->skip == NULL || strcmp(member->skip, key) != 0)) {
            cret_diff_detail_json(&details, key, value, NULL);
        }
    }
    return details;
}

/* Whether a field is a part of the entry's name. */
static bool names_it(const struct member *member, const json_t *entry, const char *field)
{
    for (size_t i = 0; i < KEYS && member->keys[i] != NULL; i++) {
        if (strcmp(member->keys[i], field) == 0) {
            return true;
        }
        if (member->one_key && cret_json_string(entry, member->keys[i]) != NULL) {
            return false; /* a key before this one names it */
        }
    }
    return false;
}

/* An entry that is there in one release alone, with all that it says beside its name. */
static void add_one_sided(struct cret_diff_run *run, const struct member *member,
                          const char *subject, const json_t *entry, bool added)
{
    json_t *details = cret_diff_details();
    const char *note = NULL;
    CRET_JSON_MEMBERS (key, value, entry) {
        if (names_it(member, entry, key)) {
            continue;
        }
        if (strcmp(key, "summary") == 0) {
            note = json_string_value(value);
        } else if (!json_is_false(value)) {
            cret_diff_detail_json(&details, key, added ? NULL : value, added ? value : NULL);
        }
    }
    run->differences.failed |= details == NULL;
    cret_diff_add(run, &(struct cret_difference){
                           .section = member->section,
                           .change = added ? "added" : "removed",
                           .subject = subject,
                           .details = details,
                           .note = note,
                           .attention = (member->attention & (added ? ADDED : REMOVED)) != 0});
}

static void compare_lists(struct cret_diff_run *run, const struct member *member, const json_t *was,
                          const json_t *is)
{
    json_t *before = index_list(member, was), *after = index_list(member, is);
    run->differences.failed |= before == NULL || after == NULL;
    CRET_JSON_MEMBERS (name, entry, after) {
        const json_t *old_entry = json_object_get(before, name);
        if (old_entry == NULL) {
            add_one_sided(run, member, name, entry, true);
        } else if (!json_equal(old_entry, entry)) {
            cret_diff_add(
                run, &(struct cret_difference){.section = member->section,
                                               .change = "changed",
                                               .subject = name,
                                               .details = compare_fields(old_entry, entry, member),
                                               .attention = (member->attention & CHANGED) != 0});
        }
    }
    CRET_JSON_MEMBERS (name, entry, before) {
        if (json_object_get(after, name) == NULL) {
            add_one_sided(run, member, name, entry, false);
        }
    }
    json_decref(before);
    json_decref(after);
}

/* An object: each of its fields that differs. */
static void compare_objects(struct cret_diff_run *run, const struct member *member,
                            const json_t *was, const json_t *is)
{
    json_t *fields = compare_fields(was, is, member);
    run->differences.failed |= fields == NULL;
    CRET_JSON_EACH (field, fields) {
        const char *name = cret_json_string(field, "field");
        if (strcmp(member->path, "release") == 0 && listed(heading, name)) {
            continue;
        }
        const bool there = json_object_get(field, "old") != NULL;
        const bool here = json_object_get(field, "new") != NULL;
        json_t *details = cret_diff_details();
        if (details != NULL && json_array_append(details, field) != 0) {
            json_decref(details);
            details = NULL;
        }
        run->differences.failed |= details == NULL;
        cret_diff_add(run,
                      &(struct cret_difference){.section = member->section,
                                                .change = !there  ? "added"
                                                          : !here ? "removed"
                                                                  : "changed",
                                                .subject = name,
                                                .details = details,
                                                .attention = (member->attention & CHANGED) != 0});
    }
    json_decref(fields);
}

/* A text of the root: told by its name. */
static void compare_texts(struct cret_diff_run *run, const struct member *member, const json_t *was,
                          const json_t *is)
{
    json_t *details = cret_diff_details();
    if (was == NULL ? is == NULL : is != NULL && json_equal(was, is)) {
        json_decref(details);
        return;
    }
    cret_diff_detail_json(&details, member->path, was, is);
    run->differences.failed |= details == NULL;
    cret_diff_add(run, &(struct cret_difference){.section = member->section,
                                                 .change = was == NULL  ? "added"
                                                           : is == NULL ? "removed"
                                                                        : "changed",
                                                 .subject = member->path,
                                                 .details = details,
                                                 .attention = (member->attention & CHANGED) != 0});
}

/* Whether one date is surely before the other: a month ends with its last day. */
static bool is_shorter(const char *is, const char *was)
{
    struct cret_time_span old = {0}, new = {0};
    return cret_time_span_parse(&old, was) == CRET_OK &&
           cret_time_span_parse(&new, is) == CRET_OK && new.end < old.end;
}

/* Dates of OpenEoX; "tba" is none. */
static void compare_lifecycle(struct cret_diff_run *run)
{
    static const struct member member = {.section = "lifecycle", .path = "lifecycle"};
    json_t *fields = compare_fields(cret_json_get(run->old->manifest, "lifecycle"),
                                    cret_json_get(run->new->manifest, "lifecycle"), &member);
    run->differences.failed |= fields == NULL;
    CRET_JSON_EACH (field, fields) {
        const char *name = cret_json_string(field, "field");
        const char *was = cret_json_string(field, "old"), *is = cret_json_string(field, "new");
        const bool end =
            strncmp(name, "endOf", 5) == 0 || strcmp(name, "updateAvailableUntil") == 0;
        const bool dates =
            was != NULL && is != NULL && end && strcmp(was, "tba") != 0 && strcmp(is, "tba") != 0;
        const bool shorter = dates && is_shorter(is, was);
        json_t *details = cret_diff_details();
        cret_diff_detail(&details, name, was, is);
        run->differences.failed |= details == NULL;
        cret_diff_add(
            run, &(struct cret_difference){.section = "lifecycle",
                                           .change = shorter       ? "shortened"
                                                     : dates       ? "extended"
                                                     : was == NULL ? "added"
                                                     : is == NULL  ? "removed"
                                                                   : "changed",
                                           .subject = name,
                                           .details = details,
                                           /* A date that was promised and is not there any more. */
                                           .attention = shorter || (end && was != NULL && !dates)});
    }
    json_decref(fields);
}

/* Whatever no row of the table speaks of is told by its name. */
static void compare_others(struct cret_diff_run *run, const json_t *left, const json_t *right,
                           bool both)
{
    CRET_JSON_MEMBERS (key, value, left) {
        const json_t *other = json_object_get(right, key);
        bool row = listed(told, key);
        for (size_t i = 0; i < CRET_LENGTH(members); i++) {
            row |= strcmp(members[i].path, key) == 0;
        }
        if (!row && (other != NULL ? both && !json_equal(value, other) : true)) {
            json_t *details = cret_diff_details();
            cret_diff_detail_json(&details, key, both ? other : value, both ? value : NULL);
            run->differences.failed |= details == NULL;
            cret_diff_add(run, &(struct cret_difference){.section = "other",
                                                         .change = other != NULL ? "changed"
                                                                   : both        ? "added"
                                                                                 : "removed",
                                                         .subject = key,
                                                         .details = details});
        }
    }
}

void cret_diff_members(struct cret_diff_run *run)
{
    for (size_t i = 0; i < CRET_LENGTH(members); i++) {
        const struct member *member = &members[i];
        const json_t *was = cret_json_get(run->old->manifest, member->path);
        const json_t *is = cret_json_get(run->new->manifest, member->path);
        if (json_is_string(was) || json_is_string(is)) {
            compare_texts(run, member, was, is);
        } else if (member->keys[0] == NULL) {
            compare_objects(run, member, was, is);
        } else {
            compare_lists(run, member, was, is);
        }
    }
    compare_lifecycle(run);
    compare_others(run, run->new->manifest, run->old->manifest, true);
    compare_others(run, run->old->manifest, run->new->manifest, false);
}
