/* SPDX-License-Identifier: Apache-2.0 */
/* The process that reads a release and its SBOM, and completes it. */
#include "signer/verbs/sbom_completion.h"

#include <stdlib.h>
#include <string.h>

#include "base/command/version.h"
#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/nested/nested.h"
#include "release/sbom/sbom_vex.h"

#define READ_BYTES (256u << 10)

static struct cret_sbom_place place_of(const struct cret_completion *run)
{
    const struct cret_sbom_place place = {run->draft->manifest, run->place};
    return place;
}

/* Collects and hashes the files of the release. */
static enum cret_status read_release(struct cret_completion *run, struct cret_apart_told *told,
                                     struct cret_err *err)
{
    const struct cret_collect_request collect = {
        .strict_names = cret_options_given(run->options, "strict-names"),
        .spool_beside = CRET_COMPLETION_SPOOL,
        .spool = run->spool,
    };
    const struct cret_draft_write job = {.fd = -1,
                                         .jobs = run->jobs,
                                         .hash = run->hash,
                                         .progress = cret_apart_progress,
                                         .context = told};
    uint64_t end = 0;
    if (cret_draft_make(&run->draft, run->description, &collect, true, told->findings, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_findings_failed(told->findings)) {
        return cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "the release has faults");
    }
    return cret_draft_write(run->draft, &job, &end, err);
}

/* Digests of a payload file. */
static enum cret_status hash_file(struct cret_completion *run, size_t entry,
                                  struct cret_sbom_bound *bound, struct cret_err *err)
{
    const struct cret_payload_reader reader = cret_payload_reader(&run->payload);
    struct cret_sha512 *hash = NULL;
    enum cret_status status = CRET_FAILED;
    uint8_t *data = malloc(READ_BYTES);
    uint64_t offset = 0;
    size_t got = 0;
    if (data == NULL) {
        return cret_err_memory(err);
    }
    if (cret_sha512_new(&hash, err) != CRET_OK) {
        goto out;
    }
    do {
        if (reader.read(reader.context, entry, offset, data, READ_BYTES, &got, err) != CRET_OK) {
            goto out;
        }
        cret_sha512_update(hash, data, got);
        if (offset == 0) {
            bound->nature = cret_nature_of(data, got);
        }
        offset += got;
    } while (got > 0);
    memcpy(bound->sha256, run->draft->manifest->entries[entry].sha256, CRET_SHA256_BYTES);
    status = cret_sha512_final(hash, bound->sha512, err);
out:
    cret_sha512_free(&hash);
    free(data);
    return status;
}

struct range {
    struct cret_payload_reader reader;
    size_t entry;
};

static enum cret_status read_range(void *context, uint64_t offset, void *data, size_t size,
                                   size_t *ret_got, struct cret_err *err)
{
    const struct range *range = context;
    return range->reader.read(range->reader.context, range->entry, offset, data, size, ret_got,
                              err);
}

/* Digests of a file inside an archive of the payload. */
static enum cret_status hash_member(struct cret_completion *run, size_t entry, const char *member,
                                    struct cret_sbom_bound *bound, struct cret_err *err)
{
    const struct cret_entry *file = &run->draft->manifest->entries[entry];
    const struct cret_nested_limits limits = cret_nested_default_limits();
    struct range range = {.reader = cret_payload_reader(&run->payload), .entry = entry};
    const struct cret_nested_input input = {
        .read = read_range, .context = &range, .size = file->size, .name = file->path};
    struct cret_nested_want want = {.path = member};
    enum cret_nested_outcome outcome = CRET_NESTED_UNSUPPORTED;
    char detail[CRET_NESTED_DETAIL] = "";
    if (cret_nested_read(&input, &limits, &want, 1, &outcome, detail, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (outcome != CRET_NESTED_READ) {
        return cret_err_refuse(err, CRET_CHECK_SBOM_NESTED, "%s cannot be looked into: %s",
                               file->path, detail);
    }
    if (want.found != 1 || want.others > 0) {
        return cret_err_refuse(err, CRET_CHECK_SBOM_BINDING, "%s holds %zu %s%s %s", file->path,
                               want.found, cret_plural(want.found, "file", "files"),
                               want.others > 0 ? " and links or folders" : "", member);
    }
    memcpy(bound->sha256, want.sha256, sizeof(want.sha256));
    memcpy(bound->sha512, want.sha512, sizeof(want.sha512));
    return CRET_OK;
}

/* The file that is the product where no bind says so: the only one with the role firmware. */
static size_t only_firmware(const struct cret_manifest *manifest)
{
    size_t found = manifest->file_count;
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (manifest->files[i].role != NULL && strcmp(manifest->files[i].role, "firmware") == 0) {
            if (found < manifest->file_count) {
                return manifest->file_count;
            }
            found = i;
        }
    }
    return found;
}

static enum cret_status hash_bound(struct cret_completion *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->draft->manifest;
    const struct cret_sbom_place place = place_of(run);
    const json_t *binds = json_object_get(cret_sbom_entry(&place), "binds");
    run->bound = calloc(json_array_size(binds) + 1, sizeof(*run->bound));
    if (run->bound == NULL) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH (bind, binds) {
        struct cret_sbom_bound *bound = &run->bound[run->bound_count++];
        const char *member = cret_json_string(bind, "member");
        const size_t entry = cret_manifest_find(manifest, cret_json_string(bind, "file"));
        bound->component = cret_json_string(bind, "component");
        bound->file = cret_path_name(member != NULL ? member : cret_json_string(bind, "file"));
        if ((member != NULL ? hash_member(run, entry, member, bound, err)
                            : hash_file(run, entry, bound, err)) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    const size_t firmware = only_firmware(manifest);
    run->has_root = firmware < manifest->file_count;
    if (!run->has_root) {
        return CRET_OK;
    }
    run->bound[run->bound_count].file = cret_path_name(manifest->entries[firmware].path);
    return hash_file(run, firmware, &run->bound[run->bound_count], err);
}

/* The SBOM itself is completed in place; any other file that was read is no output. */
static void see_in_place(struct cret_completion *run, const char *path)
{
    const struct cret_collection *collection = run->draft->collection;
    for (size_t i = 0; run->has_old && i < collection->count; i++) {
        const struct cret_collected *file = &collection->files[i];
        if (strcmp(file->path, path) == 0 && file->device == run->old.device &&
            file->inode == run->old.inode) {
            run->in_place = true;
        }
    }
}

/* The SBOM as it is now. Its faults are what is going to be completed. */
static enum cret_status read_sbom(struct cret_completion *run, struct cret_err *err)
{
    const struct cret_sbom_place place = place_of(run);
    const char *format = cret_json_string(cret_sbom_entry(&place), "format");
    const char *file = cret_json_string(cret_sbom_entry(&place), "file");
    struct cret_findings *found = cret_findings_new();
    char *text = NULL;
    size_t size = 0, entry = 0;
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (!cret_sbom_wanted(&place, &entry)) {
        cret_err_usage(err, "the SBOM is too large to be parsed");
    } else if (cret_payload_read_text(&text, &size, run->draft, entry, CRET_LIMIT_PARSED_FILE_BYTES,
                                      err) == CRET_OK) {
        status = cret_sbom_read(&run->sbom, text, size, file, format, found, err);
        see_in_place(run, run->draft->files.entries[entry].path);
    }
    free(text);
    cret_findings_free(&found);
    return status;
}

/* As text that every reader of it takes, the one that it was read by too. */
static enum cret_status print_within(char **ret_text, size_t *ret_size, const json_t *json,
                                     struct cret_err *err)
{
    free(*ret_text);
    *ret_text = NULL;
    if (cret_json_print_within(ret_text, ret_size, json, CRET_LIMIT_PARSED_FILE_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    if (*ret_size > CRET_LIMIT_PARSED_FILE_BYTES) {
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM,
                        "completed, it would have %zu bytes, more than are read", *ret_size);
        return cret_err_expected(err, "at most 128 MiB: split the SBOM");
    }
    return CRET_OK;
}

static enum cret_status print_sbom(struct cret_completion *run, struct cret_err *err)
{
    return print_within(&run->text, &run->size, cret_sbom_json(run->sbom), err);
}

/* The completed SBOM as a reader finds it: the root that was made is one of its components. */
static enum cret_status read_again(struct cret_completion *run, struct cret_err *err)
{
    const struct cret_sbom_place place = place_of(run);
    const char *file = cret_json_string(cret_sbom_entry(&place), "file");
    struct cret_findings *found = cret_findings_new();
    struct cret_sbom *sbom = NULL;
    enum cret_status status = CRET_FAILED;
    if (found == NULL) {
        return cret_err_memory(err);
    }
    if (print_sbom(run, err) == CRET_OK) {
        status = cret_sbom_read(&sbom, run->text, run->size, file, NULL, found, err);
    }
    if (status == CRET_OK) {
        cret_sbom_free(&run->sbom);
        run->sbom = sbom;
    }
    cret_findings_free(&found);
    return status;
}

/* The SBOM without its vulnerabilities, and these as a document of their own, which names the SBOM
 * by its digest. */
static enum cret_status take_vex(struct cret_completion *run, const struct cret_sbom_facts *facts,
                                 struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    json_t *vex = NULL;
    if (read_again(run, err) != CRET_OK ||
        cret_sbom_vex_take(&vex, run->sbom, facts, run->changes, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = print_sbom(run, err);
    if (status == CRET_OK && vex != NULL) {
        status = cret_sha256(digest, run->text, run->size, err);
        if (status == CRET_OK && cret_sbom_vex_seal(vex, digest) != 0) {
            status = cret_err_memory(err);
        }
        status = status == CRET_OK ? print_within(&run->vex_text, &run->vex_size, vex, err)
                                   : CRET_FAILED;
    }
    json_decref(vex);
    return status;
}

static enum cret_status complete(struct cret_completion *run, struct cret_err *err)
{
    const struct cret_manifest *manifest = run->draft->manifest;
    char date[32];
    cret_time_format(date, run->draft->date);
    const struct cret_sbom_facts facts = {
        .vendor = manifest->vendor,
        .product = manifest->product,
        .version = manifest->version,
        .purl = cret_json_string(manifest->json, "product.purl"),
        .cpe = cret_json_string(manifest->json, "product.cpe"),
        .date = date,
        .contact = cret_json_string(manifest->json, "contacts.securityContact"),
        .tool_version = cret_version,
        .bound = run->bound,
        .bound_count = run->bound_count,
        .root = run->has_root ? &run->bound[run->bound_count] : NULL,
    };
    if (cret_sbom_complete(run->sbom, &facts, &run->changes, err) != CRET_OK ||
        read_again(run, err) != CRET_OK ||
        cret_sbom_declare(run->sbom, &facts, run->changes, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_options_given(run->options, "vex") ? take_vex(run, &facts, err)
                                                   : print_sbom(run, err);
}

/* What is still wrong, by the verifier's own check. */
static enum cret_status check_result(struct cret_completion *run, struct cret_findings *findings,
                                     struct cret_err *err)
{
    const struct cret_payload_reader reader = cret_payload_reader(&run->payload);
    const struct cret_sbom_place place = place_of(run);
    struct cret_err fault = {0};
    if (cret_sbom_check_payload(&place, run->text, run->size, &reader, NULL, findings, &fault) !=
            CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        return CRET_FAILED;
    }
    return CRET_OK;
}

enum cret_status cret_completion_read(void *context, struct cret_apart_told *told,
                                      struct cret_err *err)
{
    struct cret_completion *run = context;
    if (read_release(run, told, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_payload_init(&run->payload, run->draft);
    if (read_sbom(run, err) != CRET_OK || hash_bound(run, err) != CRET_OK ||
        complete(run, err) != CRET_OK || check_result(run, told->findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    told->json =
        json_pack("{s:O, s:I, s:b}", "changes", run->changes, "vulnerabilities",
                  (json_int_t)cret_sbom_vex_count(run->sbom), "inPlace", run->in_place ? 1 : 0);
    told->files[0].data = run->text;
    told->files[0].size = run->size;
    told->files[1].data = run->vex_text;
    told->files[1].size = run->vex_size;
    return told->json != NULL ? CRET_OK : cret_err_memory(err);
}
