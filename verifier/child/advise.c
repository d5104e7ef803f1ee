/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the child that parses advisories, and reading what it answers. */
#include "verifier/child/advise.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "release/advisory/advisory.h"
#include "verifier/child/advise_revisions.h"

/* One release in the child. */
struct release {
    const json_t *changes;
    struct cret_subject_index *index;
    json_t **entries; /* for each file: what is told of it; NULL: nothing */
    struct tally {
        size_t silent, of_vendor, other_products, other_versions, components, files;
    } tally;
    bool has_sbom;
    json_t *gaps; /* borrowed */
};

/* One file: its place among the revisions of its document; NULL where it is none. */
struct run {
    const struct cret_advice *advice;
    size_t count;
    struct release *releases;
    size_t release_count;
    json_t **revisions;
    size_t *newest, *against; /* verifier/child/advise_revisions.h */
    size_t read;
};

json_t *cret_advise_subjects(const struct cret_inspection *inspection)
{
    json_t *subjects = json_copy(inspection->facts.subjects);
    json_t *whole = cret_subjects(inspection->manifest, NULL, true);
    json_t *changes = json_object_get(inspection->manifest->json, "changes");
    /* The files of the release are matched as well: every digest was computed. */
    if (subjects == NULL || whole == NULL ||
        json_object_set(subjects, "files", json_object_get(whole, "files")) != 0) {
        json_decref(subjects);
        subjects = NULL;
    }
    json_decref(whole);
    return subjects != NULL ? json_pack("{s:o, s:O*}", "subjects", subjects, "changes", changes)
                            : NULL;
}

/* The id of the change that fixes a vulnerability, as the release itself says; NULL: none does. */
static const char *fixing_change(const json_t *changes, const char *vulnerability)
{
    CRET_JSON_EACH (change, changes) {
        CRET_JSON_EACH (cve, json_object_get(change, "cves")) {
            if (json_is_string(cve) && strcmp(json_string_value(cve), vulnerability) == 0) {
                const char *id = cret_json_string(change, "id");
                return id != NULL ? id : "without an id";
            }
        }
    }
    return NULL;
}

static int add_changes(json_t *matches, const json_t *changes)
{
    int failed = 0;
    CRET_JSON_EACH (match, matches) {
        const char *change = fixing_change(changes, cret_json_string(match, "vulnerability"));
        if (change != NULL) {
            failed |= json_object_set_new(match, "change", json_string(change));
        }
    }
    return failed;
}

/* One document for one release. Non-zero: memory. */
static int match_release(const struct cret_advisory *advisory, const char *file,
                         struct release *release, json_t **ret_entry)
{
    struct cret_advisory_facts facts = {0};
    json_t *matches = cret_advisory_match(advisory, release->index, &facts);
    int failed = matches == NULL || add_changes(matches, release->changes) != 0;
    release->tally.components = facts.components;
    release->tally.files = facts.files;
    const char *taken_back = cret_advisory_taken_back(advisory);
    if (!failed && (json_array_size(matches) > 0 || taken_back != NULL)) {
        *ret_entry = json_pack(
            "{s:s, s:s, s:s, s:s, s:s*, s:s*, s:O}", "file", file, "id", cret_advisory_id(advisory),
            "title", cret_advisory_title(advisory), "kind", cret_advisory_kind(advisory), "state",
            cret_advisory_state(advisory), "taken back", taken_back, "matches", matches);
        failed = *ret_entry == NULL;
    } else if (!failed) {
        release->tally.silent++;
        release->tally.of_vendor += facts.same_vendor ? 1 : 0;
        release->tally.other_products += facts.same_vendor && facts.other_versions == 0 ? 1 : 0;
        release->tally.other_versions += facts.other_versions > 0 ? 1 : 0;
    }
    json_decref(matches);
    return failed;
}

/* A file that is no advisory that can be judged: the same for every release. */
static int note_fault(struct run *run, size_t file, const struct cret_err *err)
{
    const struct cret_advice *advice = &run->advice[file];
    const struct cret_foreign *foreign = cret_advisory_foreign(advice->text, advice->size);
    json_t *entry = json_pack(
        "{s:s, s:s, s:b, s:s*, s:s*, s:s*, s:s*, s:s*}", "file", advice->name, "error", err->what,
        "faulty", foreign == NULL, "where", err->where[0] != '\0' ? err->where : NULL, "expected",
        err->expected[0] != '\0' ? err->expected : NULL, "actual",
        err->actual[0] != '\0' ? err->actual : NULL, "kind", foreign != NULL ? foreign->name : NULL,
        "way", err->hint[0] != '\0' ? err->hint : NULL);
    if (entry != NULL && foreign != NULL &&
        json_object_set_new(entry, "silent", json_boolean(foreign->silent && !advice->named)) !=
            0) {
        json_decref(entry);
        entry = NULL;
    }
    for (size_t i = 0; i < run->release_count && entry != NULL; i++) {
        run->releases[i].entries[file] = json_incref(entry);
    }
    const int failed = entry == NULL;
    json_decref(entry);
    return failed;
}

static int advise_file(struct run *run, size_t file)
{
    const struct cret_advice *advice = &run->advice[file];
    struct cret_advisory *advisory = NULL;
    struct cret_err err = {0};
    if (cret_advisory_read(&advisory, advice->text, advice->size, advice->name, &err) != CRET_OK) {
        return err.class != CRET_ERR_REFUSED || note_fault(run, file, &err) != 0;
    }
    run->read++;
    run->revisions[file] = cret_advisory_revision(advisory);
    int failed = run->revisions[file] == NULL;
    for (size_t i = 0; i < run->release_count && !failed; i++) {
        failed = match_release(advisory, advice->name, &run->releases[i],
                               &run->releases[i].entries[file]) != 0;
    }
    cret_advisory_free(&advisory);
    return failed;
}

/* What is told of one file of one release; new reference, or NULL in *ret_entry for nothing. */
static int tell(const struct run *run, const struct release *release, size_t file,
                json_t **ret_entry)
{
    json_t *entry = release->entries[file];
    const size_t newest = run->newest[file];
    if (run->against[file] != file) {
        *ret_entry = json_pack("{s:s, s:s, s:b, s:s, s:s}", "file", run->advice[file].name, "error",
                               "two documents claim to be the same revision, and differ", "faulty",
                               1, "expected", "one document for each revision", "actual",
                               run->advice[run->against[file]].name);
        return *ret_entry == NULL;
    }
    *ret_entry = json_incref(entry);
    if (entry == NULL || newest == file) {
        return 0;
    }
    *ret_entry = json_pack("{s:s, s:O*, s:s}", "file", run->advice[file].name, "id",
                           json_object_get(entry, "id"), "replaced by", run->advice[newest].name);
    json_decref(entry);
    return *ret_entry == NULL;
}

static json_t *conclude(const struct run *run, const struct release *release)
{
    json_t *documents = json_array();
    size_t older = 0, judged = run->read;
    int failed = documents == NULL;
    for (size_t i = 0; i < run->count && !failed; i++) {
        json_t *entry = NULL;
        failed = tell(run, release, i, &entry);
        older += run->newest[i] != i ? 1 : 0;
        judged -= run->against[i] != i ? 1 : 0;
        if (!failed && entry != NULL) {
            failed = json_array_append_new(documents, entry);
        }
    }
    if (failed) {
        json_decref(documents);
        return NULL;
    }
    const struct tally *tally = &release->tally;
    return json_pack(
        "{s:I, s:I, s:I, s:{s:I, s:I, s:b}, s:{s:I, s:I, s:I, s:I}, s:o, s:O*}", "read",
        (json_int_t)judged, "skipped", (json_int_t)(run->count - judged), "older",
        (json_int_t)older, "compared", "components", (json_int_t)tally->components, "files",
        (json_int_t)tally->files, "sbom", release->has_sbom, "silent", "documents",
        (json_int_t)tally->silent, "ofVendor", (json_int_t)tally->of_vendor, "otherProducts",
        (json_int_t)tally->other_products, "otherVersions", (json_int_t)tally->other_versions,
        "documents", documents, "gaps", release->gaps);
}

/* As all pages count them: neither the product itself nor files. */
static size_t count_components(const json_t *components)
{
    size_t count = 0;
    CRET_JSON_EACH (one, components) {
        count +=
            json_object_get(one, "root") == NULL && json_object_get(one, "file") == NULL ? 1u : 0u;
    }
    return count;
}

static int open_run(struct run *run, const json_t *releases)
{
    run->release_count = json_array_size(releases);
    run->releases = calloc(run->release_count + 1, sizeof(*run->releases));
    run->revisions = calloc(run->count + 1, sizeof(json_t *));
    run->newest = calloc(run->count + 1, sizeof(*run->newest));
    run->against = calloc(run->count + 1, sizeof(*run->against));
    if (run->releases == NULL || run->revisions == NULL || run->newest == NULL ||
        run->against == NULL) {
        return -1;
    }
    for (size_t i = 0; i < run->release_count; i++) {
        struct release *release = &run->releases[i];
        const json_t *one = json_array_get(releases, i);
        json_t *subjects = json_object_get(one, "subjects");
        release->changes = json_object_get(one, "changes");
        release->gaps = json_object_get(subjects, "gaps");
        release->has_sbom = json_object_get(subjects, "components") != NULL;
        release->entries = calloc(run->count + 1, sizeof(json_t *));
        release->index = cret_subject_index_new(subjects);
        if (release->entries == NULL || release->index == NULL) {
            return -1;
        }
        release->tally.components = count_components(json_object_get(subjects, "components"));
        release->tally.files = json_array_size(json_object_get(subjects, "files"));
    }
    return 0;
}

/* What the child tells: that the work goes on, and one document for each release. */
enum { FRAME_COUNT = CRET_ADVISE_RELEASE + 1 };

static const struct cret_frame_kind kinds[FRAME_COUNT] = {
    [CRET_ADVISE_WORK] = {.bytes = 8}, /* u64 documents read */
    [CRET_ADVISE_RELEASE] = {CRET_LIMIT_DOCUMENT_BYTES, CRET_ADVISE_TOGETHER, true},
};
const struct cret_frame_protocol cret_advise_frames = {
    .kinds = kinds, .count = FRAME_COUNT, .bytes_in_all = 8ull * CRET_LIMIT_DOCUMENT_BYTES};

/* Between two frames that say that the work goes on. */
#define WORK_MS 500u

struct job {
    const json_t *releases;
    const struct cret_advice *advice;
    size_t count;
};

static int tell_work(int out, size_t done, uint64_t *told)
{
    const uint64_t now = cret_os_monotonic_ms();
    struct cret_buffer body = {0};
    struct cret_err err = {0};
    if (now - *told < WORK_MS) {
        return 0;
    }
    *told = now;
    cret_frame_put_u64(&body, done);
    return cret_frame_send(&cret_advise_frames, out, CRET_ADVISE_WORK, &body, &err) != CRET_OK;
}

static int tell_release(int out, const struct run *run, const struct release *release)
{
    json_t *advised = conclude(run, release);
    struct cret_buffer body = {0};
    struct cret_err err = {0};
    char *text = NULL;
    size_t size = 0;
    int failed = advised == NULL || cret_json_print(&text, &size, advised, &err) != CRET_OK;
    if (!failed) {
        cret_buffer_append(&body, text, size);
        failed =
            cret_frame_send(&cret_advise_frames, out, CRET_ADVISE_RELEASE, &body, &err) != CRET_OK;
    }
    free(text);
    json_decref(advised);
    return failed;
}

/* The child: each document once; then one frame for each release. What is left over goes with the
 * process. */
static int child_main(void *context, int in, int out)
{
    const struct job *job = context;
    struct run run = {.advice = job->advice, .count = job->count};
    uint64_t told = cret_os_monotonic_ms();
    cret_os_close(&in); /* it takes no orders */
    int failed = open_run(&run, job->releases);
    for (size_t i = 0; i < run.count && !failed; i++) {
        failed = advise_file(&run, i) != 0 || tell_work(out, i + 1, &told) != 0;
    }
    failed =
        failed || cret_advise_revisions(run.revisions, run.count, run.newest, run.against) != 0;
    for (size_t i = 0; i < run.release_count && !failed; i++) {
        failed = tell_release(out, &run, &run.releases[i]);
    }
    return failed;
}

/* One frame. */
static enum cret_status take(struct cret_frame_reader *reader, json_t *list, size_t count,
                             uint64_t *done)
{
    json_t *advised = NULL;
    if (reader->type == CRET_ADVISE_WORK) {
        const uint64_t now = cret_frame_get_u64(reader);
        if (cret_frame_done(reader) != CRET_OK) {
            return CRET_FAILED;
        }
        if (now > *done) {
            *done = now;
            cret_frame_alive(reader);
        }
        return CRET_OK;
    }
    if (json_array_size(list) == count ||
        cret_json_parse(&advised, (const char *)reader->body, reader->size, CRET_JSON_STRICT,
                        CRET_CHECK_ADVISORY_MATCH, NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    return json_array_append_new(list, advised) == 0 ? CRET_OK : CRET_FAILED;
}

/* The parent: one document for each release, and nothing else. */
static enum cret_status receive(json_t *list, size_t count, int fd, struct cret_err *err)
{
    struct cret_frame_reader reader;
    uint64_t done = 0;
    enum cret_status status = CRET_FAILED;
    cret_frame_reader_init(&reader, &cret_advise_frames, fd, &cret_patience_default);
    for (;;) {
        bool end = false;
        if (cret_frame_receive(&reader, &end, err) != CRET_OK) {
            break;
        }
        if (end) {
            status = json_array_size(list) == count
                         ? CRET_OK
                         : cret_err_undecided(err, "the process that reads advisories ended early");
            break;
        }
        if (take(&reader, list, count, &done) != CRET_OK) {
            cret_err_undecided(err, "the process that reads advisories sent a malformed result");
            break;
        }
    }
    cret_frame_reader_clear(&reader);
    return status;
}

enum cret_status cret_advise_with(json_t **ret_advice, const json_t *releases,
                                  const struct cret_process_work *work, struct cret_err *err)
{
    struct cret_process *process = NULL;
    json_t *list = json_array();
    if (list == NULL) {
        return cret_err_memory(err);
    }
    if (cret_process_start(&process, work, err) != CRET_OK) {
        json_decref(list);
        return CRET_FAILED;
    }
    enum cret_status status =
        receive(list, json_array_size(releases), cret_process_results(process), err);
    struct cret_err ended = {0};
    if (cret_process_end(&process, status == CRET_OK ? CRET_LIMIT_END_MS : 0, &ended) != CRET_OK &&
        status == CRET_OK) {
        *err = ended;
        status = CRET_FAILED;
    }
    if (status != CRET_OK) {
        cret_err_hint(err, "run it again; if it happens again, give the advisories one by one "
                           "to see which one it is");
        json_decref(list);
        return CRET_FAILED;
    }
    *ret_advice = list;
    return CRET_OK;
}

enum cret_status cret_advise(json_t **ret_advice, const json_t *releases,
                             const struct cret_advice *advice, size_t count, bool allow_unconfined,
                             struct cret_err *err)
{
    struct job job = {.releases = releases, .advice = advice, .count = count};
    const struct cret_process_work work = {
        .run = child_main,
        .context = &job,
        .bounds = {.reads_below = -1, .writes_below = -1, .allow_unconfined = allow_unconfined}};
    return cret_advise_with(ret_advice, releases, &work, err);
}
