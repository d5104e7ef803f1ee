/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what is to be found again: archives in a child, records and journals by their readers. */
#include "verifier/review/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/journal/journal.h"
#include "evidence/record/record_read.h"
#include "verifier/review/indexed.h"
#include "verifier/review/said.h"
#include "verifier/run/subject.h"

/* One operand on its way into the catalogue. */
struct work {
    struct cret_catalogue *catalogue;
    const struct cret_session *session;
    const char *path; /* as given */
    struct cret_catalogue_source source;
    struct cret_gathered gathered;
};

static enum cret_status add_item(struct work *work, const struct cret_catalogue_item *item,
                                 struct cret_err *err)
{
    work->gathered.items++;
    return cret_catalogue_add_item(work->catalogue, work->source.id, item, err);
}

/* A digest in hex; false where there is none. */
static bool read_digest(uint8_t ret_digest[CRET_SHA256_BYTES], const json_t *object,
                        const char *name)
{
    const char *hex = cret_json_string(object, name);
    return hex != NULL && cret_hex_decode(ret_digest, CRET_SHA256_BYTES, hex) == CRET_OK;
}

/* Objects of a list that have a name and perhaps a digest. */
static enum cret_status add_list(struct work *work, const json_t *list, const char *kind,
                                 const char *const names[3], struct cret_err *err)
{
    CRET_JSON_EACH (one, list) {
        uint8_t digest[CRET_SHA256_BYTES];
        const json_t *size = json_object_get(one, "size");
        const json_t *purls = json_object_get(one, "purl");
        const struct cret_catalogue_item item = {
            .kind = kind,
            .path = cret_json_string(one, names[0]),
            .name = names[1] != NULL ? cret_json_string(one, names[1]) : NULL,
            .version = names[2] != NULL ? cret_json_string(one, names[2]) : NULL,
            .purl = json_string_value(json_array_get(purls, 0)),
            .size = {.given = json_is_integer(size), .value = json_integer_value(size)},
            .sha256 = read_digest(digest, one, "sha256") ? digest : NULL,
        };
        if (item.path != NULL && add_item(work, &item, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* One of a document's titles: the English one, else the first. */
static const char *title_of(const json_t *document)
{
    const json_t *titles = json_object_get(document, "title");
    const char *english = cret_json_string(titles, "en");
    if (english != NULL) {
        return english;
    }
    CRET_JSON_MEMBERS (key, title, titles) {
        if (json_is_string(title)) {
            return json_string_value(title);
        }
    }
    return "a document without a title";
}

static enum cret_status add_documents(struct work *work, const json_t *list, struct cret_err *err)
{
    CRET_JSON_EACH (one, list) {
        uint8_t digest[CRET_SHA256_BYTES];
        const struct cret_catalogue_item item = {
            .kind = "document",
            .path = title_of(one),
            .version = cret_json_string(one, "version"),
            .sha256 = read_digest(digest, one, "sha256") ? digest : NULL,
        };
        if (add_item(work, &item, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status add_gaps(struct work *work, const json_t *gaps, struct cret_err *err)
{
    CRET_JSON_EACH (gap, gaps) {
        const char *path = cret_json_string(gap, "path"), *why = cret_json_string(gap, "why");
        work->gathered.gaps++;
        if (cret_catalogue_add_gap(work->catalogue, work->source.id, path != NULL ? path : "",
                                   why != NULL ? why : "", err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* What a release says of itself, wherever that stands. */
static void name_release(struct cret_catalogue_source *source, const json_t *document)
{
    const json_t *sequence = cret_json_get(document, "release.sequence");
    source->vendor = cret_json_string(document, "product.vendor");
    source->product = cret_json_string(document, "product.name");
    source->version = cret_json_string(document, "release.version");
    source->sequence = (struct cret_optional){.given = json_is_integer(sequence),
                                              .value = json_integer_value(sequence)};
}

static enum cret_status add_identity(struct work *work, struct cret_err *err)
{
    const struct cret_catalogue_item item = {
        .kind = "manifest", .path = "MANIFEST.json", .sha256 = work->source.identity};
    return work->source.has_identity ? add_item(work, &item, err) : CRET_OK;
}

static enum cret_status add_outcome(struct work *work, const struct cret_outcome *outcome,
                                    struct cret_err *err)
{
    static const char *const components[] = {"name", NULL, "version"};
    static const char *const nested[] = {"path", NULL, NULL};
    const json_t *document = outcome->document;
    if (add_identity(work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < outcome->file_count; i++) {
        const struct cret_record_file *file = &outcome->files[i];
        const struct cret_catalogue_item item = {
            .kind = "file",
            .path = file->path,
            .name = file->original,
            .size = {.given = true, .value = (int64_t)file->size},
            .sha256 = file->sha256};
        if (add_item(work, &item, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return add_list(work, cret_json_get(document, "contents.nested"), "nested", nested, err) ==
                       CRET_OK &&
                   add_documents(work, json_object_get(document, "documents"), err) == CRET_OK &&
                   add_list(work, cret_json_get(document, "advised.subjects.components"),
                            "component", components, err) == CRET_OK &&
                   add_gaps(work, cret_json_get(document, "contents.gaps"), err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* Everything of one source, or nothing. */
static enum cret_status store(struct work *work, const void *what,
                              enum cret_status (*add)(struct work *work, const void *what,
                                                      struct cret_err *err),
                              struct cret_err *err)
{
    char *absolute = cret_os_absolute(work->path);
    if (absolute == NULL) {
        return cret_err_memory(err);
    }
    work->source.path = absolute;
    enum cret_status status = cret_catalogue_begin(work->catalogue, err);
    if (status == CRET_OK) {
        status = cret_catalogue_add_source(work->catalogue, &work->source, err) == CRET_OK &&
                         add(work, what, err) == CRET_OK &&
                         cret_catalogue_commit(work->catalogue, err) == CRET_OK
                     ? CRET_OK
                     : CRET_FAILED;
        if (status != CRET_OK) {
            cret_catalogue_rollback(work->catalogue);
        }
    }
    free(absolute);
    return status;
}

static enum cret_status store_release(struct work *work, const void *what, struct cret_err *err)
{
    const struct cret_subject *subject = what;
    return add_outcome(work, subject->outcome, err) == CRET_OK &&
                   (!cret_catalogue_is_kept(work->catalogue) ||
                    cret_indexed_keep(work->catalogue, work->source.id, subject, work->session,
                                      err) == CRET_OK)
               ? CRET_OK
               : CRET_FAILED;
}

/* An archive, or a manifest alone, which nothing vouches for. */
static enum cret_status gather_release(struct work *work, struct cret_err *err)
{
    struct cret_session session = *work->session; /* which asks for the SBOM's components too */
    struct cret_subject subject = {0};
    const struct cret_child_job wanted = {
        .want_files = true,
        .want_contents = true,
        .want_sha512 = cret_catalogue_is_kept(work->catalogue), /* advisories may name it */
        .alone = true};
    session.request.want_subjects = true;
    if (cret_subject_open(&subject, &session, work->path, &wanted, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_outcome *outcome = subject.outcome;
    struct cret_catalogue_source *source = &work->source;
    source->kind = work->gathered.kind = subject.alone ? "manifest" : "archive";
    source->has_identity = outcome->has_identity;
    memcpy(source->identity, outcome->identity, CRET_SHA256_BYTES);
    source->verified = subject.verified;
    source->verdict = cret_verdict_name(outcome->verdict);
    name_release(source, outcome->document);
    work->gathered.words = cret_said_release_words(outcome->document);
    const enum cret_status status = store(work, &subject, store_release, err);
    cret_subject_close(&subject);
    return status;
}

static enum cret_status store_record(struct work *work, const void *what, struct cret_err *err)
{
    static const char *const files[] = {"path", "originalName", NULL};
    const struct cret_record_copy *record = what;
    const struct cret_catalogue_item item = {
        .kind = "record",
        .path = CRET_RECORD_NAME,
        .size = {.given = true, .value = (int64_t)record->size},
        .sha256 = record->digest};
    return add_item(work, &item, err) == CRET_OK && add_identity(work, err) == CRET_OK &&
                   add_list(work, cret_json_get(record->json, "what.files"), "file", files, err) ==
                       CRET_OK &&
                   add_documents(work, cret_json_get(record->json, "what.documents"), err) ==
                       CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

/* What a record says that it is about; not under whose trust it was made. */
static void name_record(struct cret_catalogue_source *source, const struct cret_record_copy *record)
{
    const json_t *what = json_object_get(record->json, "what");
    source->kind = "record";
    source->has_identity = read_digest(source->identity, what, "identity");
    source->verdict = cret_verdict_name(record->verdict);
    source->policy = NULL;
    source->has_policy_sha256 = false;
    name_release(source, what);
}

/* A record is taken for what it says; whether it is genuine, `record verify` finds out. */
static enum cret_status gather_record(struct work *work, struct cret_err *err)
{
    struct cret_record_copy record = {0};
    if (cret_record_read(&record, work->path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    name_record(&work->source, &record);
    work->gathered.kind = work->source.kind;
    work->gathered.words = cret_said_release_words(json_object_get(record.json, "what"));
    const enum cret_status status = store(work, &record, store_record, err);
    cret_record_copy_clear(&record);
    return status;
}

static enum cret_status store_line(struct work *work, const struct cret_journal_entry *entry,
                                   struct cret_err *err)
{
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    const struct cret_catalogue_line line = {
        .number = entry->number,
        .time = entry->time,
        .kind = cret_journal_kind_name(entry->kind),
        .verdict = run ? cret_verdict_name(entry->verdict) : NULL,
        .asset = entry->asset,
        .stage = entry->stage,
        .change_id = entry->change_id,
        .counts = run && cret_journal_accepted(entry),
        .identity = entry->has_identity ? entry->identity : NULL};
    const struct cret_catalogue_item item = {
        .kind = "record", .path = CRET_RECORD_NAME, .sha256 = entry->record};
    return cret_catalogue_add_line(work->catalogue, work->source.id, &line, err) == CRET_OK &&
                   (!entry->has_record || add_item(work, &item, err) == CRET_OK)
               ? CRET_OK
               : CRET_FAILED;
}

/* The record of a line as a source of its own, as if it had been named; only what the line knows.
 */
static enum cret_status store_line_record(struct work *work, const struct cret_journal *journal,
                                          const struct cret_journal_entry *run,
                                          struct cret_err *err)
{
    struct cret_record_copy record = {0};
    struct work one = {.catalogue = work->catalogue, .source = work->source};
    struct cret_file_info info;
    struct cret_err why = {0};
    bool exists = false;
    char line[32];
    char *path = cret_journal_record_path(journal, run);
    char *absolute = path != NULL ? cret_os_absolute(path) : NULL;
    enum cret_status status = absolute != NULL ? CRET_OK : cret_err_memory(err);
    if (status == CRET_OK && cret_os_stat_path(&info, &exists, path, &why) == CRET_OK && exists &&
        cret_record_read(&record, path, &why) == CRET_OK &&
        memcmp(record.digest, run->record, CRET_SHA256_BYTES) == 0) {
        one.source.path = absolute;
        one.source.size = info.size;
        one.source.modified_ns = info.modified_ns;
        name_record(&one.source, &record);
        status = cret_catalogue_add_source(one.catalogue, &one.source, err) == CRET_OK
                     ? store_record(&one, &record, err)
                     : CRET_FAILED;
    } else if (status == CRET_OK && (status = cret_err_fault(err)) == CRET_OK) {
        work->gathered.gaps++;
        snprintf(line, sizeof(line), "line %lld", (long long)run->number);
        status =
            cret_catalogue_add_gap(work->catalogue, work->source.id, line,
                                   "its record is not in the journal as the line knows it", err);
    }
    cret_record_copy_clear(&record);
    free(absolute);
    free(path);
    return status;
}

static enum cret_status store_journal(struct work *work, const void *what, struct cret_err *err)
{
    const struct cret_journal *journal = what;
    for (size_t i = 0; i < cret_journal_count(journal); i++) {
        work->gathered.items++;
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        if (store_line(work, entry, err) != CRET_OK ||
            (entry->kind == CRET_JOURNAL_RUN && entry->has_record &&
             store_line_record(work, journal, entry, err) != CRET_OK)) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status gather_journal(struct work *work, struct cret_err *err)
{
    struct cret_journal *journal = NULL;
    if (cret_journal_open(&journal, work->path, CRET_JOURNAL_READ, NULL, err) != CRET_OK) {
        return CRET_FAILED;
    }
    work->source.kind = work->gathered.kind = "journal";
    work->source.policy = NULL;
    work->source.has_policy_sha256 = false;
    work->gathered.words =
        cret_text_printf("%zu %s", cret_journal_count(journal),
                         cret_plural(cret_journal_count(journal), "line", "lines"));
    const enum cret_status status = store(work, journal, store_journal, err);
    cret_journal_free(&journal);
    return status;
}

/* Whether a file begins as a record does: with a brace, and not as a manifest. What it is, its
 * reader finds out. */
static enum cret_status begins_as_record(int fd, bool *ret_record, struct cret_err *err)
{
    char start[64] = "";
    size_t got = 0;
    if (cret_os_pread(fd, start, sizeof(start) - 1, 0, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_record = got > 0 && start[0] == '{' && strstr(start, CRET_MANIFEST_PURPOSE) == NULL;
    return CRET_OK;
}

static enum cret_status gather_file(struct work *work, struct cret_err *err)
{
    struct cret_file_info info;
    bool record = false;
    int fd = -1;
    if (cret_os_open_file(&fd, work->path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_FAILED;
    if (cret_os_stat_fd(&info, fd, err) == CRET_OK &&
        begins_as_record(fd, &record, err) == CRET_OK) {
        work->source.size = info.size;
        work->source.modified_ns = info.modified_ns;
        status = record ? gather_record(work, err) : gather_release(work, err);
    }
    cret_os_close(&fd);
    return status;
}

enum cret_status cret_gather(struct cret_gathered *ret_gathered, struct cret_catalogue *catalogue,
                             const struct cret_session *session, const char *path,
                             struct cret_err *err)
{
    const struct cret_policy *policy = session->policy;
    struct work work = {.catalogue = catalogue, .session = session, .path = path};
    struct cret_file_info info;
    bool exists = false;
    work.source.added = session->system_time;
    work.source.as_of = (struct cret_optional){.given = session->at_given && policy != NULL,
                                               .value = session->request.now};
    work.source.example_keys = policy != NULL && session->request.allow_example_keys;
    if (policy != NULL) {
        work.source.policy = policy->name;
        work.source.has_policy_sha256 = !policy->bare_anchor;
        memcpy(work.source.policy_sha256, policy->digest, CRET_SHA256_BYTES);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK ||
        (exists && info.kind == CRET_KIND_DIRECTORY ? gather_journal(&work, err)
                                                    : gather_file(&work, err)) != CRET_OK) {
        free(work.gathered.words);
        return CRET_FAILED;
    }
    *ret_gathered = work.gathered;
    return CRET_OK;
}

enum cret_status cret_gather_folder(struct cret_targets *ret_targets, bool *ret_folder,
                                    const char *path, struct cret_err *err)
{
    bool journal = false;
    *ret_targets = (struct cret_targets){0};
    *ret_folder = cret_os_is_folder(path);
    if (!*ret_folder) {
        return CRET_OK;
    }
    if (cret_journal_exists(&journal, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_folder = !journal;
    if (journal) {
        return CRET_OK;
    }
    if (cret_targets_add_folder(ret_targets, path, err) == CRET_OK) {
        return CRET_OK;
    }
    if (err->class == CRET_ERR_USAGE) {
        cret_err_usage(err, "there is neither an archive nor a journal in this folder");
        cret_err_expected(err, "files whose names end with .tar, or the folder of a journal");
        cret_err_hint(err, "name the archives themselves, or the folder that they are in");
    }
    return CRET_FAILED;
}
