/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories and VEX files that come with a release. */
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/advisory/advisory.h"
#include "release/advisory/coverage.h"
#include "release/manifest/manifest_internal.h"

static bool has_role(const struct cret_manifest *manifest, size_t entry, const char *role)
{
    return manifest->files[entry].role != NULL && strcmp(manifest->files[entry].role, role) == 0;
}

bool cret_advisories_wanted(const struct cret_manifest *manifest, size_t entry)
{
    return manifest->entries[entry].size <= CRET_LIMIT_PARSED_FILE_BYTES &&
           (has_role(manifest, entry, "vex") || has_role(manifest, entry, "advisory"));
}

/* advisories[]: the digest is that of the file. An advisory without a file in the release is looked
 * for by its digest only when somebody has it. */
static void check_digests(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    size_t compared = 0;
    bool wrong = false;
    CRET_JSON_EACH_AT (index, advisory, json_object_get(manifest->json, "advisories")) {
        const char *digest = cret_json_string(advisory, "digest");
        const char *file = cret_json_string(advisory, "file");
        const struct cret_entry *entry =
            file != NULL ? cret_manifest_entry(manifest->entries, manifest->file_count, file)
                         : NULL;
        if (digest == NULL || entry == NULL) {
            continue;
        }
        char actual[CRET_SHA256_HEX], where[64];
        cret_hex_encode(actual, entry->sha256, CRET_SHA256_BYTES);
        compared++;
        if (strcmp(actual, digest) != 0) {
            snprintf(where, sizeof(where), "#/advisories/%zu/digest", index);
            cret_findings_add(findings, CRET_CHECK_ADVISORY_DIGEST, CRET_RESULT_FAIL,
                              (struct cret_finding_text){
                                  .where = where,
                                  .expected = actual,
                                  .actual = digest,
                                  .hint =
                                      "correct the digest, or put the advisory it belongs to in "
                                      "place of the file"},
                              "advisory %s is not the file that the manifest names for it",
                              cret_json_string(advisory, "id"));
            wrong = true;
        }
    }
    if (compared > 0 && !wrong) {
        cret_findings_add(findings, CRET_CHECK_ADVISORY_DIGEST, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = "#/advisories"},
                          "%zu listed advisories have the digest given", compared);
    }
}

/* The entry of advisories[] that names a file; or NULL. */
static const json_t *listing(const struct cret_manifest *manifest, const char *path)
{
    CRET_JSON_EACH (advisory, json_object_get(manifest->json, "advisories")) {
        const char *file = cret_json_string(advisory, "file");
        if (file != NULL && strcmp(file, path) == 0) {
            return advisory;
        }
    }
    return NULL;
}

/* What one file was compared with. */
struct scope {
    enum cret_check_id check;
    const json_t *gaps; /* release/advisory/coverage.h */
    struct cret_advisory_facts facts;
};

/* The first statement that cannot be relied on; or NULL. */
static const json_t *find_doubt(const json_t *matches)
{
    CRET_JSON_EACH (match, matches) {
        if (json_object_get(match, "doubt") != NULL) {
            return match;
        }
    }
    return NULL;
}

/* Statements about what we surely have, or surely have not: nothing is left unread. Else what was
 * not compared, and NOT_CHECKED: never a PASS over it. */
static void add_spoken(const struct cret_advisory *advisory, const json_t *matches,
                       const char *path, const struct scope *scope, struct cret_findings *findings)
{
    const json_t *first = json_array_get(matches, 0);
    const size_t others = scope->facts.about_others;
    char gaps[600], rest[720] = "";
    const bool partial = cret_coverage_words(gaps, sizeof(gaps), scope->gaps) && others > 0;
    if (others > 0) {
        snprintf(rest, sizeof(rest),
                 "; %zu about nothing that is here; compared: the product, %zu %s, %zu %s%s%s%s",
                 others, scope->facts.files, cret_plural(scope->facts.files, "file", "files"),
                 scope->facts.components,
                 cret_plural(scope->facts.components, "component", "components"),
                 partial ? " (" : "", partial ? gaps : "", partial ? ")" : "");
    }
    cret_findings_add(
        findings, scope->check, partial ? CRET_RESULT_NOT_CHECKED : CRET_RESULT_PASS,
        (struct cret_finding_text){
            .where = path,
            .hint = partial ? "compare these statements with the components by other means; ask "
                              "the vendor for one SBOM with all of them"
                            : NULL},
        "%s (%s) speaks of this release: %s, %s by %s; %zu %s%s", path,
        cret_advisory_kind(advisory), cret_json_string(first, "subject"),
        cret_json_string(first, "status"), cret_json_string(first, "by"), scope->facts.statements,
        cret_plural(scope->facts.statements, "statement", "statements"), rest);
}

static void check_match(const struct cret_advisory *advisory, const json_t *matches,
                        const char *path, const struct scope *scope, struct cret_findings *findings)
{
    const enum cret_check_id check = scope->check;
    char gaps[600];
    const bool partial = cret_coverage_words(gaps, sizeof(gaps), scope->gaps);
    const json_t *first = json_array_get(matches, 0);
    const char *strength = cret_json_string(first, "match");
    if (cret_advisory_taken_back(advisory) != NULL) {
        cret_findings_add(findings, check, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = path,
                                                     .expected = "an advisory that holds",
                                                     .actual = cret_advisory_title(advisory)},
                          "%s is %s: what its earlier revisions said holds no more", path,
                          cret_advisory_taken_back(advisory));
    } else if (first == NULL) {
        cret_findings_add(
            findings, check, CRET_RESULT_FAIL,
            (struct cret_finding_text){
                .where = path,
                .expected =
                    "this product or one of its components, by hash, purl, CPE or reference",
                .actual = cret_advisory_title(advisory)},
            "%s does not speak of this release, as far as it was compared%s%s%s", path,
            partial ? " (" : "", partial ? gaps : "", partial ? ")" : "");
    } else if (find_doubt(matches) != NULL) {
        const json_t *match = find_doubt(matches);
        char actual[200];
        snprintf(actual, sizeof(actual), "%.60s, %.80s: %.40s",
                 cret_json_string(match, "vulnerability"), cret_json_string(match, "subject"),
                 cret_json_string(match, "status"));
        cret_findings_add(
            findings, check, CRET_RESULT_FAIL,
            (struct cret_finding_text){
                .where = path,
                .expected = "one status for one thing, and a reason for \"not affected\"",
                .actual = actual},
            "%s speaks of this release, but %s", path, cret_json_string(match, "doubt"));
    } else if (strcmp(strength, "sure") != 0) {
        cret_findings_add(findings, check, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = path,
                                                     .expected = "a hash, purl, CPE or reference",
                                                     .actual = cret_json_string(first, "because"),
                                                     .hint = "compare product and version by hand"},
                          "%s is only a possible match with this release", path);
    } else {
        add_spoken(advisory, matches, path, scope, findings);
    }
}

static void check_id(const struct cret_manifest *manifest, const struct cret_advisory *advisory,
                     const char *path, struct cret_findings *findings)
{
    const char *id = cret_json_string(listing(manifest, path), "id");
    if (id != NULL && strcmp(id, cret_advisory_id(advisory)) != 0) {
        cret_findings_add(findings, CRET_CHECK_ADVISORY_MATCH, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = path, .expected = id, .actual = cret_advisory_id(advisory)},
                          "%s is another advisory than the manifest lists", path);
    }
}

struct subjects {
    json_t *json;
    struct cret_subject_index *index;
    struct cret_build said;
};

/* What a person is told of each match. */
static void tell(struct cret_build *said, const json_t *matches, const char *path)
{
    static const char *const keys[] = {"vulnerability", "subject", "status", "match",
                                       "because",       "stated",  "doubt"};
    CRET_JSON_EACH (match, matches) {
        struct cret_build entry = cret_build_object();
        cret_build_text(&entry, "file", path);
        for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
            cret_build_text(&entry, keys[i], cret_json_string(match, keys[i]));
        }
        cret_build_add(said, cret_build_end(&entry));
    }
}

/* One file. CRET_FAILED: memory. */
static enum cret_status check_file(const struct cret_manifest *manifest, size_t entry,
                                   struct subjects *subjects, const char *text, size_t size,
                                   struct cret_findings *findings, struct cret_err *err)
{
    const char *path = manifest->entries[entry].path;
    const enum cret_check_id check =
        has_role(manifest, entry, "vex") ? CRET_CHECK_VEX_MATCH : CRET_CHECK_ADVISORY_MATCH;
    struct cret_advisory *advisory = NULL;
    struct cret_err fault = {0};
    if (text == NULL) {
        cret_findings_add(findings, check, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = path},
                          "%s was not looked at: too large, or not read", path);
        return CRET_OK;
    }
    if (cret_advisory_read(&advisory, text, size, path, &fault) != CRET_OK) {
        if (fault.class != CRET_ERR_REFUSED) {
            *err = fault;
            return CRET_FAILED;
        }
        fault.check = check;
        cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
        return CRET_OK;
    }
    struct scope scope = {
        .check = check, .gaps = json_object_get(subjects->json, "gaps"), .facts = {0}};
    json_t *matches = cret_advisory_match(advisory, subjects->index, &scope.facts);
    if (matches != NULL) {
        check_match(advisory, matches, path, &scope, findings);
        check_id(manifest, advisory, path, findings);
        tell(&subjects->said, matches, path);
    }
    cret_advisory_free(&advisory);
    if (matches == NULL) {
        return cret_err_memory(err);
    }
    json_decref(matches);
    return CRET_OK;
}

static enum cret_status subjects_open(struct subjects *subjects,
                                      const struct cret_manifest *manifest,
                                      const struct cret_sboms *sboms, struct cret_err *err)
{
    if (subjects->index != NULL) {
        return CRET_OK;
    }
    subjects->said = cret_build_list();
    subjects->json = cret_subjects(manifest, sboms, true);
    subjects->index = subjects->json != NULL ? cret_subject_index_new(subjects->json) : NULL;
    return subjects->index != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_status cret_advisories_check(const struct cret_manifest *manifest,
                                       const struct cret_sboms *sboms, cret_payload_text text,
                                       const void *context, struct cret_findings *findings,
                                       json_t **ret_said, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    struct subjects subjects = {0};
    json_t *said = NULL;
    check_digests(manifest, findings);
    for (size_t i = 0; i < manifest->file_count && status == CRET_OK; i++) {
        if (!has_role(manifest, i, "vex") && !has_role(manifest, i, "advisory")) {
            continue;
        }
        size_t size = 0;
        const char *bytes = text(context, i, &size);
        status = subjects_open(&subjects, manifest, sboms, err);
        if (status == CRET_OK) {
            status = check_file(manifest, i, &subjects, bytes, size, findings, err);
        }
    }
    if (subjects.said.json != NULL) {
        said = cret_build_end(&subjects.said);
        status = said != NULL || status != CRET_OK ? status : cret_err_memory(err);
    }
    cret_subject_index_free(&subjects.index);
    json_decref(subjects.json);
    if (status == CRET_OK) {
        *ret_said = said;
    } else {
        json_decref(said);
    }
    return status;
}
