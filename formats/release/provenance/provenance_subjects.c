/* SPDX-License-Identifier: Apache-2.0 */
/* What an attestation is about, held to the files of a release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/provenance/provenance.h"

/* Faults of one attestation that are listed one by one. */
enum { MOST_FAULTS = 20 };

size_t cret_provenance_listed(const struct cret_manifest *manifest)
{
    return json_array_size(json_object_get(manifest->json, "provenance"));
}

size_t cret_provenance_file(const struct cret_manifest *manifest, size_t index)
{
    const json_t *entry = json_array_get(json_object_get(manifest->json, "provenance"), index);
    return cret_manifest_find(manifest, cret_json_string(entry, "file"));
}

bool cret_provenance_wanted(const struct cret_manifest *manifest, size_t index)
{
    const size_t entry = cret_provenance_file(manifest, index);
    return index < CRET_LIMIT_ATTESTATIONS && entry < manifest->file_count &&
           manifest->entries[entry].size <= CRET_LIMIT_ATTESTATION_BYTES;
}

/* Files of the release by their digest. */
struct by_digest {
    const struct cret_entry **list;
    size_t count;
};

static int compare_entries(const void *left, const void *right)
{
    const struct cret_entry *const *a = left, *const *b = right;
    return memcmp((*a)->sha256, (*b)->sha256, CRET_SHA256_BYTES);
}

static int compare_digest(const void *key, const void *element)
{
    const struct cret_entry *const *entry = element;
    return memcmp(key, (*entry)->sha256, CRET_SHA256_BYTES);
}

/* The first of those that have this digest; count where none has. */
static size_t find_digest(const struct by_digest *files, const uint8_t digest[CRET_SHA256_BYTES])
{
    const struct cret_entry *const *found =
        bsearch(digest, files->list, files->count, sizeof(*files->list), compare_digest);
    size_t at = found != NULL ? (size_t)(found - files->list) : files->count;
    while (at > 0 && at < files->count &&
           memcmp(files->list[at - 1]->sha256, digest, CRET_SHA256_BYTES) == 0) {
        at--;
    }
    return at;
}

/* Marks each file with that digest; false where there is none. */
static bool mark(const struct by_digest *files, const struct cret_manifest *manifest,
                 const uint8_t digest[CRET_SHA256_BYTES], bool *named)
{
    const size_t first = find_digest(files, digest);
    if (first == files->count) {
        return false;
    }
    const bool again = named[files->list[first] - manifest->entries];
    for (size_t i = first; !again && i < files->count &&
                           memcmp(files->list[i]->sha256, digest, CRET_SHA256_BYTES) == 0;
         i++) {
        named[files->list[i] - manifest->entries] = true;
    }
    return true;
}

/* The file that bears a subject's name; or NULL. */
static const struct cret_entry *bears_name(const struct cret_manifest *manifest, const char *name)
{
    const size_t at = cret_manifest_find(manifest, name);
    return at < manifest->file_count ? &manifest->entries[at] : NULL;
}

static void add_other(struct cret_findings *findings, const char *where,
                      const struct cret_entry *entry, const char *digest)
{
    char own[CRET_SHA256_HEX];
    cret_hex_encode(own, entry->sha256, CRET_SHA256_BYTES);
    cret_findings_add(findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = where, .expected = own, .actual = digest},
                      "the attestation is about another file of the name %s", entry->path);
}

/* What became of the subjects of one attestation. */
struct tally {
    size_t matched, faults, comparable;
};

static void match_subject(const struct by_digest *files, const struct cret_manifest *manifest,
                          const json_t *subject, const char *where, bool *named,
                          struct tally *tally, struct cret_findings *findings)
{
    const char *text = cret_json_string(subject, "digest.sha256");
    uint8_t digest[CRET_SHA256_BYTES];
    if (text == NULL || cret_hex_decode(digest, sizeof(digest), text) != CRET_OK) {
        return;
    }
    tally->comparable++;
    /* The name first: the digest may be that of another file of the release, as where two builds
     * changed places. */
    const struct cret_entry *entry = bears_name(manifest, cret_json_string(subject, "name"));
    if (entry != NULL && memcmp(entry->sha256, digest, CRET_SHA256_BYTES) != 0) {
        if (tally->faults++ < MOST_FAULTS) {
            add_other(findings, where, entry, text);
        }
    } else if (mark(files, manifest, digest, named)) {
        tally->matched++;
    }
}

static void conclude(const struct tally *tally, const json_t *subjects, const char *where,
                     struct cret_findings *findings)
{
    const char *first = cret_json_string(json_array_get(subjects, 0), "digest.sha256");
    const size_t count = json_array_size(subjects);
    if (tally->comparable == 0) {
        cret_findings_add(findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = where,
                                                     .expected = "subjects with a SHA-256",
                                                     .actual = "other digests alone"},
                          "the attestation names its subjects by digests that are not compared");
    } else if (tally->matched == 0 && tally->faults == 0) {
        cret_findings_add(findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = where,
                                                     .expected = "the digest of a file of this "
                                                                 "release",
                                                     .actual = first},
                          "the attestation is about none of the files of this release");
    } else if (tally->faults == 0) {
        cret_findings_add(findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = where},
                          "%zu of %zu %s %s of the release", tally->matched, count,
                          cret_plural(count, "subject", "subjects"),
                          tally->matched == 1 ? "is a file" : "are files");
    }
}

enum cret_status cret_provenance_match(const struct cret_provenance *provenance,
                                       const struct cret_manifest *manifest, const char *where,
                                       bool *named, size_t *ret_matched,
                                       struct cret_findings *findings, struct cret_err *err)
{
    const json_t *subjects = json_object_get(provenance->statement, "subject");
    struct by_digest files = {.count = manifest->file_count};
    struct tally tally = {0};
    size_t index;
    json_t *subject;
    files.list = calloc(files.count + 1, sizeof(*files.list));
    if (files.list == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < files.count; i++) {
        files.list[i] = &manifest->entries[i];
    }
    qsort(files.list, files.count, sizeof(*files.list), compare_entries);
    json_array_foreach(subjects, index, subject)
    {
        match_subject(&files, manifest, subject, where, named, &tally, findings);
    }
    conclude(&tally, subjects, where, findings);
    free(files.list);
    *ret_matched = tally.matched;
    return CRET_OK;
}

static bool is_built(const struct cret_manifest_file *file)
{
    return strcmp(file->role, "firmware") == 0 || strcmp(file->role, "software") == 0;
}

void cret_provenance_cover(const struct cret_manifest *manifest, const bool *named,
                           struct cret_findings *findings)
{
    size_t built = 0, missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (is_built(&manifest->files[i])) {
            built++;
            if (!named[i]) {
                first = missing++ == 0 ? manifest->entries[i].path : first;
            }
        }
    }
    if (missing > 0) {
        cret_findings_add(findings, CRET_CHECK_PROVENANCE_COVERAGE, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = first,
                                                     .expected = "a provenance that names it",
                                                     .actual = "none"},
                          "%zu of %zu firmware and software %s named by no provenance", missing,
                          built, missing == 1 ? "files is" : "files are");
    } else if (built > 0) {
        cret_findings_add(findings, CRET_CHECK_PROVENANCE_COVERAGE, CRET_RESULT_PASS,
                          (struct cret_finding_text){0},
                          "every firmware and software file is named by a provenance");
    }
}
