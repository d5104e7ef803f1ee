/* SPDX-License-Identifier: Apache-2.0 */
#include "verifier/advise.h"

#include <string.h>

#include "base/json.h"
#include "release/advisory.h"

/* The id of the change that fixes a vulnerability, as the release itself says; NULL: none does. */
static const char *fixing_change(const json_t *manifest, const char *vulnerability)
{
    size_t index, place;
    json_t *change, *cve;
    json_array_foreach(json_object_get(manifest, "changes"), index, change)
    {
        json_array_foreach(json_object_get(change, "cves"), place, cve)
        {
            if (json_is_string(cve) && strcmp(json_string_value(cve), vulnerability) == 0) {
                const char *id = cret_json_string(change, "id");
                return id != NULL ? id : "without an id";
            }
        }
    }
    return NULL;
}

static int add_changes(json_t *matches, const json_t *manifest)
{
    int failed = 0;
    size_t index;
    json_t *match;
    json_array_foreach(matches, index, match)
    {
        const char *change = fixing_change(manifest, cret_json_string(match, "vulnerability"));
        if (change != NULL) {
            failed |= json_object_set_new(match, "change", json_string(change));
        }
    }
    return failed;
}

/* The files of the release are matched as well: every digest was computed. */
static json_t *subjects_with_files(const struct cret_inspection *inspection)
{
    json_t *subjects = json_copy(inspection->subjects);
    json_t *whole = cret_subjects(inspection->manifest, NULL, true);
    if (subjects == NULL || whole == NULL ||
        json_object_set(subjects, "files", json_object_get(whole, "files")) != 0) {
        json_decref(subjects);
        subjects = NULL;
    }
    json_decref(whole);
    return subjects;
}

/* One file: its entry of "documents", or NULL in *ret_entry where it says nothing of the release.
 * Non-zero: memory. */
static int advise_one(const struct cret_inspection *inspection, const struct cret_subject_index *subjects,
                      const struct cret_advice *advice, bool *ret_is_advisory, json_t **ret_entry)
{
    struct cret_advisory *advisory = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    *ret_entry = NULL;
    *ret_is_advisory = false;
    if (cret_advisory_read(&advisory, advice->text, advice->size, advice->name, &err) != CRET_OK) {
        if (err.class != CRET_ERR_REFUSED) {
            return -1;
        }
        *ret_entry = json_pack("{s:s, s:s, s:b, s:s*, s:s*, s:s*}", "file", advice->name, "error", err.what,
                               "faulty", !cret_advisory_is_other(advice->text, advice->size),
                               "where", err.where[0] != '\0' ? err.where : NULL, "expected",
                               err.expected[0] != '\0' ? err.expected : NULL, "actual",
                               err.actual[0] != '\0' ? err.actual : NULL);
        return *ret_entry == NULL;
    }
    *ret_is_advisory = true;
    json_t *matches = cret_advisory_match(advisory, subjects, NULL);
    int failed = matches == NULL || add_changes(matches, inspection->manifest->json) != 0;
    if (!failed && json_array_size(matches) > 0) {
        *ret_entry = json_pack("{s:s, s:s, s:s, s:s, s:O}", "file", advice->name, "id",
                               cret_advisory_id(advisory), "title", cret_advisory_title(advisory),
                               "kind", cret_advisory_kind(advisory), "matches", matches);
        failed = *ret_entry == NULL;
    }
    json_decref(matches);
    cret_advisory_free(&advisory);
    return failed;
}

json_t *cret_advise(const struct cret_inspection *inspection, const struct cret_advice *advice,
                    size_t count)
{
    json_t *documents = json_array();
    json_t *subjects = subjects_with_files(inspection);
    json_int_t read = 0;
    struct cret_subject_index *index = subjects != NULL ? cret_subject_index_new(subjects) : NULL;
    int failed = documents == NULL || index == NULL;
    for (size_t i = 0; i < count && !failed; i++) {
        bool is_advisory = false;
        json_t *entry = NULL;
        failed = advise_one(inspection, index, &advice[i], &is_advisory, &entry);
        read += is_advisory ? 1 : 0;
        if (entry != NULL && json_array_append_new(documents, entry) != 0) {
            failed = 1;
        }
    }
    json_decref(subjects);
    cret_subject_index_free(&index);
    if (failed) {
        json_decref(documents);
        return NULL;
    }
    return json_pack("{s:I, s:I, s:o}", "read", read, "skipped", (json_int_t)count - read,
                     "documents", documents);
}
