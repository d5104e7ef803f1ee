/* SPDX-License-Identifier: Apache-2.0 */
/* Putting a manifest together, and the checks that need no key. */
#include "signer/release/content.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "release/sbom/sbom.h"
#include "signer/release/payload.h"

enum cret_status cret_content_date(int64_t *ret_date, const struct cret_description *description,
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
static char *described_pointer(const struct cret_content *content, const char *where)
{
    static const char prefix[] = "#/files/";
    if (where == NULL || strncmp(where, prefix, sizeof(prefix) - 1) != 0) {
        return NULL;
    }
    char *rest = NULL;
    const unsigned long index = strtoul(where + sizeof(prefix) - 1, &rest, 10);
    if (index >= content->files.count || content->files.described[index] == SIZE_MAX) {
        return NULL;
    }
    return cret_text_printf("%s%zu%s", prefix, content->files.described[index], rest);
}

/* Moves findings on the manifest to the list of the caller. */
static void pass_on(const struct cret_content *content, const struct cret_findings *found,
                    struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *one = cret_findings_at(found, i);
        char *where = described_pointer(content, one->where);
        cret_findings_add(findings, one->check, one->result, where != NULL ? where : one->where,
                          one->expected, one->actual, one->hint, "%s", one->reason);
        free(where);
    }
}

/* SHA256SUMS and MANIFEST.json from the digests that the entries have, and the manifest read back.
 * Faults of the content are findings. */
static enum cret_status make_manifest(struct cret_content *content, struct cret_findings *findings,
                                      struct cret_err *err)
{
    struct cret_release_files *files = &content->files;
    struct cret_entry *checksums = &files->entries[files->checksums];
    struct cret_findings *found = cret_findings_new();
    struct cret_err fault;
    enum cret_status status = CRET_FAILED;
    cret_err_clear(&fault);
    free(content->text);
    content->text = NULL;
    cret_manifest_free(&content->manifest);
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (cret_manifest_write(&content->text, &content->text_size, content->completed, files->entries,
                            files->files, files->count, err) != CRET_OK) {
        goto out;
    }
    if (checksums->size != content->checksums_size) {
        cret_err_undecided(err, "internal error: " CRET_CHECKSUMS_PATH " changed its size");
        goto out;
    }
    if (cret_manifest_parse_unverified(&content->manifest, (const uint8_t *)content->text,
                                       content->text_size, found, &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        goto out;
    }
    pass_on(content, found, findings);
    if (content->manifest == NULL && !cret_content_failed(findings)) {
        cret_err_reclass(&fault, CRET_ERR_REFUSED);
        cret_findings_add_err(findings, CRET_RESULT_FAIL, &fault);
    }
    status = CRET_OK;
out:
    cret_findings_free(&found);
    return status;
}

/* The text of SHA256SUMS, and its own digests. */
static enum cret_status make_checksums(struct cret_content *content, struct cret_err *err)
{
    struct cret_release_files *files = &content->files;
    struct cret_entry *entry = &files->entries[files->checksums];
    free(content->checksums);
    content->checksums = NULL;
    if (cret_manifest_checksums_text(&content->checksums, &content->checksums_size, files->entries,
                                     files->count, err) != CRET_OK) {
        return CRET_FAILED;
    }
    files->inputs[files->checksums].path = NULL;
    files->inputs[files->checksums].data = (const uint8_t *)content->checksums;
    return cret_sha256(entry->sha256, content->checksums, content->checksums_size, err);
}

enum cret_status cret_content_make(struct cret_content **ret_content,
                                   const struct cret_description *description,
                                   const struct cret_collect_request *request, bool every_fault,
                                   struct cret_findings *findings, struct cret_err *err)
{
    struct cret_content *content = calloc(1, sizeof(*content));
    struct cret_collect_request collect = *request;
    enum cret_status status = CRET_FAILED;
    if (content == NULL) {
        return cret_err_memory(err);
    }
    content->description = description;
    collect.description = description;
    collect.findings = every_fault ? findings : NULL;
    if (cret_content_date(&content->date, description, err) != CRET_OK ||
        cret_collect(&content->collection, &collect, err) != CRET_OK) {
        goto out;
    }
    content->completed = cret_description_complete(description, content->date);
    if (content->completed == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (cret_release_files_make(&content->files, content->collection, description, err) !=
        CRET_OK) {
        goto out;
    }
    /* References to files that could not be collected would only repeat those faults. */
    if (!cret_content_failed(findings)) {
        if (make_checksums(content, err) != CRET_OK ||
            make_manifest(content, findings, err) != CRET_OK) {
            goto out;
        }
    }
    status = CRET_OK;
out:
    if (status != CRET_OK) {
        cret_content_free(&content);
        return CRET_FAILED;
    }
    *ret_content = content;
    return CRET_OK;
}

void cret_content_free(struct cret_content **content)
{
    if (content == NULL || *content == NULL) {
        return;
    }
    cret_manifest_free(&(*content)->manifest);
    cret_release_files_free(&(*content)->files);
    cret_collection_free(&(*content)->collection);
    json_decref((*content)->completed);
    free((*content)->checksums);
    free((*content)->text);
    free(*content);
    *content = NULL;
}

/* Everything but SHA256SUMS, in one pass: its text is made of the digests of the others. */
static enum cret_status write_others(struct cret_content *content,
                                     const struct cret_content_write *job, struct cret_err *err)
{
    struct cret_release_files *files = &content->files;
    const size_t before = files->checksums, behind = files->count - before - 1;
    struct cret_entry *entries = calloc(files->count, sizeof(*entries));
    struct cret_input *inputs = calloc(files->count, sizeof(*inputs));
    enum cret_status status = CRET_FAILED;
    if (entries == NULL || inputs == NULL) {
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
        .seconds = content->date,
        .jobs = job->jobs,
        .context = job->context,
        .progress = job->progress,
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

enum cret_status cret_content_write(struct cret_content *content,
                                    const struct cret_content_write *job, uint64_t *ret_end,
                                    struct cret_err *err)
{
    struct cret_release_files *files = &content->files;
    const size_t predicted = content->text_size;
    struct cret_findings *findings = NULL;
    uint64_t end = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_layout_payload(files->entries, files->count, job->start, &end, err) != CRET_OK ||
        write_others(content, job, err) != CRET_OK || make_checksums(content, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_payload_write write = {
        .entries = &files->entries[files->checksums],
        .inputs = &files->inputs[files->checksums],
        .count = 1,
        .fd = job->fd,
        .seconds = content->date,
        .jobs = 1,
    };
    if (cret_payload_write(&write, err) != CRET_OK) {
        return CRET_FAILED;
    }
    findings = cret_findings_new();
    if (findings == NULL) {
        return cret_err_memory(err);
    }
    if (make_manifest(content, findings, err) != CRET_OK) {
        goto out;
    }
    if (content->text_size != predicted || cret_content_failed(findings)) {
        cret_err_undecided(err, "internal error: the manifest differs from the predicted one");
        goto out;
    }
    *ret_end = end;
    status = CRET_OK;
out:
    cret_findings_free(&findings);
    return status;
}

enum cret_status cret_content_check(const struct cret_content *content,
                                    struct cret_findings *findings, struct cret_err *err)
{
    size_t entry = 0, size = 0;
    char *text = NULL;
    enum cret_status status = CRET_FAILED;
    struct cret_err fault;
    struct cret_payload payload;
    cret_err_clear(&fault);
    cret_payload_init(&payload, content);
    if (json_object_get(content->completed, "sbom") == NULL) {
        return CRET_OK;
    }
    if (cret_sbom_wanted(content->manifest, &entry) &&
        cret_payload_read_text(&text, &size, content, entry, CRET_LIMIT_PARSED_FILE_BYTES, err) !=
            CRET_OK) {
        goto out;
    }
    const struct cret_payload_reader reader = cret_payload_reader(&payload);
    if (cret_sbom_check_payload(content->manifest, text, size, &reader, NULL, findings, &fault) !=
            CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        goto out;
    }
    status = CRET_OK;
out:
    cret_payload_clear(&payload);
    free(text);
    return status;
}

bool cret_content_failed(const struct cret_findings *findings)
{
    if (cret_findings_broken(findings)) {
        return true;
    }
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        if (cret_findings_at(findings, i)->result == CRET_RESULT_FAIL) {
            return true;
        }
    }
    return false;
}
