/* SPDX-License-Identifier: Apache-2.0 */
/* What an attestation is about, held to the files of a release. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/provenance/provenance.h"
#include "release/provenance/provenance_tail.h"

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

/* Subjects beside files of the same digest that are looked at: enough for the largest build, and
 * for a release of nothing but copies, about which nobody can say which is which, a second. */
enum { MOST_STEPS = 20000000 };

/* Files of the release, by their digest and by the end of their paths. */
struct files {
    const struct cret_manifest *manifest;
    const struct cret_entry **by_digest;
    struct cret_tails by_tail;
    size_t *owned; /* by entry: what its path and the name of a subject of its digest have in common
                      at most */
    size_t steps;
};

static int compare_entries(const void *left, const void *right)
{
    const struct cret_entry *const *a = left, *const *b = right;
    return memcmp((*a)->sha256, (*b)->sha256, CRET_SHA256_BYTES);
}

static void close_files(struct files *files)
{
    free(files->by_digest);
    free(files->by_tail.list);
    free(files->owned);
}

static enum cret_status open_files(struct files *ret_files, const struct cret_manifest *manifest,
                                   struct cret_err *err)
{
    const size_t count = manifest->file_count;
    struct files files = {.manifest = manifest};
    files.by_digest = calloc(count + 1, sizeof(*files.by_digest));
    files.by_tail.list = calloc(count + 1, sizeof(*files.by_tail.list));
    files.owned = calloc(count + 1, sizeof(*files.owned));
    if (files.by_digest == NULL || files.by_tail.list == NULL || files.owned == NULL) {
        close_files(&files);
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        files.by_digest[i] = files.by_tail.list[i] = &manifest->entries[i];
    }
    files.by_tail.count = count;
    qsort(files.by_digest, count, sizeof(*files.by_digest), compare_entries);
    cret_tails_sort(&files.by_tail);
    *ret_files = files;
    return CRET_OK;
}

/* Where the files of this digest begin; beyond: where they end. */
static size_t find_digest(const struct files *files, const uint8_t digest[CRET_SHA256_BYTES],
                          bool beyond)
{
    size_t low = 0, high = files->manifest->file_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(files->by_digest[middle]->sha256, digest, CRET_SHA256_BYTES);
        if (order < 0 || (beyond && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* A subject that can be compared. */
struct subject {
    const char *name, *hex; /* name "": it has none */
    uint8_t digest[CRET_SHA256_BYTES];
    size_t first, end; /* the files of its digest */
};

static bool read_subject(struct subject *ret_subject, const struct files *files, const json_t *json)
{
    const char *name = cret_json_string(json, "name");
    struct subject subject = {.name = name != NULL ? name : "",
                              .hex = cret_json_string(json, "digest.sha256")};
    if (subject.hex == NULL ||
        cret_hex_decode(subject.digest, sizeof(subject.digest), subject.hex) != CRET_OK) {
        return false;
    }
    subject.first = find_digest(files, subject.digest, false);
    subject.end = find_digest(files, subject.digest, true);
    *ret_subject = subject;
    return true;
}

/* How well the names of the files of its digest fit a subject's name at best. owned: is kept. */
static size_t fit_own(struct files *files, const struct subject *subject)
{
    size_t best = 0;
    for (size_t i = subject->first; i < subject->end && files->steps < MOST_STEPS; i++) {
        const struct cret_entry *entry = files->by_digest[i];
        const size_t common = cret_tail_common(entry->path, subject->name);
        size_t *owned = &files->owned[entry - files->manifest->entries];
        best = common > best ? common : best;
        *owned = common > *owned ? common : *owned;
        files->steps++;
    }
    return best;
}

/* The file that a subject's name speaks of, and its digest does not; or NULL. */
static const struct cret_entry *find_other(struct files *files, const struct subject *subject)
{
    const struct cret_manifest *manifest = files->manifest;
    const size_t at = cret_manifest_find(manifest, subject->name);
    size_t first, end;
    if (at < manifest->file_count) {
        const struct cret_entry *entry = &manifest->entries[at];
        const bool same = memcmp(entry->sha256, subject->digest, CRET_SHA256_BYTES) == 0;
        return same ? NULL : entry;
    }
    const size_t common = cret_tails_find(&files->by_tail, subject->name, &first, &end);
    if (fit_own(files, subject) == common) {
        return NULL;
    }
    /* Of another variant of one build it is no fault to be there, where each file that its name
     * could mean is a subject itself, by a name that fits it as well. */
    for (; first < end && files->steps < MOST_STEPS; first++, files->steps++) {
        const struct cret_entry *entry = files->by_tail.list[first];
        if (files->owned[entry - manifest->entries] < common) {
            return entry;
        }
    }
    return NULL;
}

static void add_other(struct cret_findings *findings, const char *where,
                      const struct cret_entry *entry, const struct subject *subject)
{
    char own[CRET_SHA256_HEX];
    cret_hex_encode(own, entry->sha256, CRET_SHA256_BYTES);
    cret_findings_add(
        findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where, .expected = own, .actual = subject->hex},
        "the attestation is about another file of the name %s, as %.200s", entry->path,
        subject->name);
}

/* What became of the subjects of one attestation. */
struct tally {
    size_t matched, faults, comparable;
};

/* The name first: the digest may be that of another file of the release, as where two builds
 * changed places. */
static void match_subject(struct files *files, const struct subject *subject, const char *where,
                          bool *named, struct tally *tally, struct cret_findings *findings)
{
    const struct cret_entry *other = find_other(files, subject);
    tally->comparable++;
    if (other != NULL) {
        if (tally->faults++ < MOST_FAULTS) {
            add_other(findings, where, other, subject);
        }
    } else if (subject->first < subject->end) {
        tally->matched++;
        for (size_t i = subject->first; i < subject->end; i++) {
            bool *flag = &named[files->by_digest[i] - files->manifest->entries];
            if (*flag) {
                break; /* and so all others of this digest */
            }
            *flag = true;
        }
    }
}

static void add_too_many(struct tally *tally, const char *where, struct cret_findings *findings)
{
    tally->faults++;
    cret_findings_add(
        findings, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where, .expected = "subjects that can be told apart"},
        "the attestation and the release have too many files of the same name or the "
        "same content");
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
    struct files files;
    struct tally tally = {0};
    struct subject subject;
    if (open_files(&files, manifest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    CRET_JSON_EACH (json, subjects) {
        if (read_subject(&subject, &files, json)) {
            fit_own(&files, &subject);
        }
    }
    CRET_JSON_EACH (json, subjects) {
        if (read_subject(&subject, &files, json)) {
            match_subject(&files, &subject, where, named, &tally, findings);
        }
    }
    if (files.steps >= MOST_STEPS) {
        add_too_many(&tally, where, findings);
    }
    conclude(&tally, subjects, where, findings);
    close_files(&files);
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
