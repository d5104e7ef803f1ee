/* SPDX-License-Identifier: Apache-2.0 */
/* Putting a manifest together from a description and its files. */
#include "signer/release/draft.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "signer/release/key_text.h"

/*
 * Release date: release.date of the description, else SOURCE_DATE_EPOCH, else now. class USAGE for
 * a SOURCE_DATE_EPOCH that is no time.
 */
static enum cret_status release_date(int64_t *ret_date, const struct cret_description *description,
                                     struct cret_err *err)
{
    const char *text = cret_json_string(description->json, "release.date");
    const char *epoch = cret_os_environment("SOURCE_DATE_EPOCH");
    if (text != NULL) {
        return cret_time_parse(ret_date, text) == CRET_OK
                   ? CRET_OK
                   : cret_err_usage(err, "release.date is not a time");
    }
    if (epoch == NULL) {
        *ret_date = cret_os_now();
        return CRET_OK;
    }
    const size_t digits = strspn(epoch, "0123456789");
    errno = 0;
    const long long seconds = strtoll(epoch, NULL, 10);
    if (digits == 0 || epoch[digits] != '\0' || errno != 0 || seconds >= CRET_LIMIT_DATE) {
        cret_err_usage(err, "SOURCE_DATE_EPOCH is not a number of seconds since 1970");
        return cret_err_actual(err, "%s", epoch);
    }
    *ret_date = seconds;
    return CRET_OK;
}

/* "#/files/7/role" of the manifest is "#/files/2/role" of the description that named the file.
 * Caller frees; NULL: out of memory, or nothing to change. */
static char *described_pointer(const struct cret_draft *draft, const char *where)
{
    static const char prefix[] = "#/files/";
    if (where == NULL || strncmp(where, prefix, sizeof(prefix) - 1) != 0) {
        return NULL;
    }
    char *rest = NULL;
    const unsigned long index = strtoul(where + sizeof(prefix) - 1, &rest, 10);
    if (index >= draft->files.count || draft->files.described[index] == SIZE_MAX) {
        return NULL;
    }
    return cret_text_printf("%s%zu%s", prefix, draft->files.described[index], rest);
}

/* Moves findings on the manifest to the list of the caller. */
static void pass_on(const struct cret_draft *draft, const struct cret_findings *found,
                    struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *one = cret_findings_at(found, i);
        char *where = described_pointer(draft, one->where);
        cret_findings_add(findings, one->check, one->result,
                          (struct cret_finding_text){.where = where != NULL ? where : one->where,
                                                     .expected = one->expected,
                                                     .actual = one->actual,
                                                     .hint = one->hint},
                          "%s", one->reason);
        free(where);
    }
}

/* SHA256SUMS and MANIFEST.json from the digests that the entries have, and the manifest read back.
 * Faults of the draft are findings. */
static enum cret_status make_manifest(struct cret_draft *draft, struct cret_findings *findings,
                                      struct cret_err *err)
{
    struct cret_release_files *files = &draft->files;
    struct cret_entry *checksums = &files->entries[files->checksums];
    struct cret_findings *found = cret_findings_new();
    struct cret_err fault = {0};
    enum cret_status status = CRET_FAILED;
    free(draft->text);
    draft->text = NULL;
    cret_manifest_free(&draft->manifest);
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (cret_manifest_write(&draft->text, &draft->text_size, draft->completed, files->entries,
                            files->files, files->count, err) != CRET_OK) {
        goto out;
    }
    if (checksums->size != draft->checksums_size) {
        cret_err_undecided(err, "internal error: " CRET_CHECKSUMS_PATH " changed its size");
        goto out;
    }
    if (cret_manifest_parse_unverified(&draft->manifest, (const uint8_t *)draft->text,
                                       draft->text_size, found, &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        goto out;
    }
    pass_on(draft, found, findings);
    if (draft->manifest == NULL && !cret_findings_failed(findings)) {
        cret_err_reclass(&fault, CRET_ERR_REFUSED);
        cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
    }
    status = CRET_OK;
out:
    cret_findings_free(&found);
    return status;
}

/* The text of SHA256SUMS, and its own digests. */
static enum cret_status make_checksums(struct cret_draft *draft, struct cret_err *err)
{
    struct cret_release_files *files = &draft->files;
    struct cret_entry *entry = &files->entries[files->checksums];
    free(draft->checksums);
    draft->checksums = NULL;
    if (cret_manifest_checksums_text(&draft->checksums, &draft->checksums_size, files->entries,
                                     files->count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    files->inputs[files->checksums].path = NULL;
    files->inputs[files->checksums].data = (const uint8_t *)draft->checksums;
    return cret_sha256(entry->sha256, draft->checksums, draft->checksums_size, err);
}

enum cret_status cret_draft_make(struct cret_draft **ret_draft,
                                 const struct cret_description *description,
                                 const struct cret_collect_request *request, bool every_fault,
                                 struct cret_findings *findings, struct cret_err *err)
{
    struct cret_draft *draft = calloc(1, sizeof(*draft));
    struct cret_collect_request collect = *request;
    enum cret_status status = CRET_FAILED;
    if (draft == NULL) {
        return cret_err_memory(err);
    }
    draft->description = description;
    collect.description = description;
    collect.findings = every_fault ? findings : NULL;
    if (release_date(&draft->date, description, err) != CRET_OK ||
        cret_collect(&draft->collection, &collect, err) != CRET_OK) {
        goto out;
    }
    draft->completed = cret_description_complete(description, draft->date);
    if (draft->completed == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_release_files_make(&draft->files, draft->collection, description, err) != CRET_OK) {
        goto out;
    }
    /* References to files that could not be collected would only repeat those faults. */
    if (!cret_findings_failed(findings)) {
        if (make_checksums(draft, err) != CRET_OK ||
            make_manifest(draft, findings, err) != CRET_OK) {
            goto out;
        }
    }
    status = CRET_OK;
out:
    if (status != CRET_OK) {
        cret_draft_free(&draft);
        return CRET_FAILED;
    }
    *ret_draft = draft;
    return CRET_OK;
}

void cret_draft_free(struct cret_draft **draft)
{
    if (draft == NULL || *draft == NULL) {
        return;
    }
    cret_manifest_free(&(*draft)->manifest);
    cret_release_files_free(&(*draft)->files);
    cret_collection_free(&(*draft)->collection);
    json_decref((*draft)->completed);
    free((*draft)->holds_key);
    free((*draft)->checksums);
    free((*draft)->text);
    free(*draft);
    *draft = NULL;
}

/* Files are looked at while they are hashed: reading them once more would take longer than both. */
static void look(void *context, size_t entry, const uint8_t *data, size_t size)
{
    struct cret_draft *draft = context;
    draft->holds_key[entry] = cret_key_text_holds(data, size);
}

/* Everything but SHA256SUMS, in one pass: its text is made of the digests of the others. */
static enum cret_status write_others(struct cret_draft *draft, const struct cret_draft_write *job,
                                     struct cret_err *err)
{
    struct cret_release_files *files = &draft->files;
    const size_t before = files->checksums, behind = files->count - before - 1;
    struct cret_entry *entries = calloc(files->count, sizeof(*entries));
    struct cret_input *inputs = calloc(files->count, sizeof(*inputs));
    enum cret_status status = CRET_FAILED;
    free(draft->holds_key);
    draft->holds_key = calloc(files->count, sizeof(*draft->holds_key));
    if (entries == NULL || inputs == NULL || draft->holds_key == NULL) {
        cret_err_memory(err);
        goto out;
    }
    memcpy(entries, files->entries, before * sizeof(*entries));
    memcpy(entries + before, files->entries + before + 1, behind * sizeof(*entries));
    memcpy(inputs, files->inputs, before * sizeof(*inputs));
    memcpy(inputs + before, files->inputs + before + 1, behind * sizeof(*inputs));
    struct cret_payload_write write = {
        .entries = entries,
        .inputs = inputs,
        .count = files->count - 1,
        .fd = job->fd,
        .seconds = draft->date,
        .jobs = job->jobs,
        .hash = job->hash,
        .context = job->context,
        .progress = job->progress,
        .look = look,
        .look_context = draft,
    };
    status = cret_payload_write(&write, err);
    if (status == CRET_OK) {
        memcpy(files->entries, entries, before * sizeof(*entries));
        memcpy(files->entries + before + 1, entries + before, behind * sizeof(*entries));
    }
out:
    free(entries);
    free(inputs);
    return status;
}

/* The predicted manifest with its digests. It was read back and judged before the payload was read;
 * only digests differ, and whoever signs the text reads all of it. */
static enum cret_status complete_manifest(struct cret_draft *draft, struct cret_err *err)
{
    const struct cret_release_files *files = &draft->files;
    const size_t predicted = draft->text_size;
    if (draft->manifest == NULL) {
        return cret_err_undecided(err, "internal error: the manifest was not judged");
    }
    free(draft->text);
    draft->text = NULL;
    if (cret_manifest_write(&draft->text, &draft->text_size, draft->completed, files->entries,
                            files->files, files->count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (draft->text_size != predicted ||
        files->entries[files->checksums].size != draft->checksums_size) {
        return cret_err_undecided(err,
                                  "internal error: the manifest differs from the predicted one");
    }
    return cret_manifest_take_digests(draft->manifest, files->entries, files->count, draft->text,
                                      draft->text_size, err);
}

enum cret_status cret_draft_write(struct cret_draft *draft, const struct cret_draft_write *job,
                                  uint64_t *ret_end, struct cret_err *err)
{
    struct cret_release_files *files = &draft->files;
    uint64_t end = 0;
    draft->hash = job->hash;
    if (cret_layout_payload(files->entries, files->count, job->start, &end, err) != CRET_OK ||
        write_others(draft, job, err) != CRET_OK || make_checksums(draft, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_payload_write write = {
        .entries = &files->entries[files->checksums],
        .inputs = &files->inputs[files->checksums],
        .count = 1,
        .fd = job->fd,
        .seconds = draft->date,
        .jobs = 1,
        .hash = job->hash,
    };
    if (cret_payload_write(&write, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (complete_manifest(draft, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_end = end;
    return CRET_OK;
}
