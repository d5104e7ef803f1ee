/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/output.h"
#include "base/path.h"
#include "container/ustar.h"
#include "signer/existing.h"
#include "signer/intended.h"
#include "signer/overwrite.h"
#include "signer/previous.h"
#include "signer/selfcheck.h"
#include "signer/statements.h"

/* ECDSA values differ by a few bytes in size; signing again nearly always gives the same number of
 * 512-byte blocks. Where it never does, the payload is written again behind the longer front. */
#define SIGN_ATTEMPTS 16u
#define LAYOUT_ATTEMPTS 4u

/* One run. */
struct publish {
    const struct cret_publish_request *request;
    struct cret_publication *publication;
    struct cret_manifest *previous;
    struct cret_output *output;
    struct cret_signature signature; /* data owned */
    struct cret_findings *findings;
};

static enum cret_status refuse_content(const struct publish *publish, struct cret_err *err)
{
    size_t faults = 0;
    for (size_t i = 0; i < cret_findings_count(publish->findings); i++) {
        faults += cret_findings_at(publish->findings, i)->result == CRET_RESULT_FAIL ? 1u : 0u;
    }
    if (cret_findings_broken(publish->findings)) {
        return cret_err_undecided(err, "too many findings to list, or out of memory");
    }
    (void)cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM,
                          "nothing was signed: the release has %zu fault%s", faults,
                          faults == 1 ? "" : "s");
    return cret_err_hint(err,
                         "correct what is listed above; cretula-sign lint checks without keys");
}

/* "<product>-<version>.cretula.tar" in characters that every system takes. */
static enum cret_status default_name(char **ret_name, const struct cret_description *description,
                                     struct cret_err *err)
{
    char *name =
        cret_text_printf("%s-%s.cretula.tar", cret_json_string(description->json, "product.name"),
                         cret_json_string(description->json, "release.version"));
    if (name == NULL) {
        return cret_err_memory(err);
    }
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '/' ? '_' : *c;
    }
    const enum cret_status status = cret_path_map(ret_name, name, err);
    free(name);
    return status;
}

static enum cret_status refuse_overwriting(const char *out, const char *input, struct cret_err *err)
{
    (void)cret_err_usage(err, "the output would replace one of its inputs");
    (void)cret_err_where(err, "%s", out);
    (void)cret_err_actual(err, "%s", input);
    return cret_err_hint(err, "choose another --out");
}

/* Whether path is the very file that `out` is now. Paths that cannot be looked at are not: they
 * fail where they are read. */
static enum cret_status check_input(const struct cret_file_info *existing, const char *out,
                                    const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, NULL) == CRET_OK && exists &&
        info.device == existing->device && info.inode == existing->inode) {
        return refuse_overwriting(out, path, err);
    }
    return CRET_OK;
}

/* The output must be none of the files that this run reads. */
static enum cret_status check_inputs(const struct publish *publish, const char *out,
                                     struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    const struct cret_description *description = request->description;
    const struct cret_collection *collection = publish->publication->content->collection;
    struct cret_file_info existing;
    bool exists = false;
    if (cret_os_stat_path(&existing, &exists, out, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = CRET_OK;
    for (size_t i = 0; exists && status == CRET_OK && i < collection->count; i++) {
        if (collection->files[i].device == existing.device &&
            collection->files[i].inode == existing.inode) {
            status = refuse_overwriting(out, collection->files[i].input, err);
        }
    }
    for (size_t i = 0; exists && status == CRET_OK && i < request->input_count; i++) {
        status = check_input(&existing, out, request->inputs[i], err);
    }
    for (size_t i = 0; exists && status == CRET_OK && i < description->name_count; i++) {
        status = check_input(&existing, out, description->names[i], err);
    }
    /* Sources once more: an archive that is expanded is not among the collected files. */
    size_t index;
    json_t *entry;
    json_array_foreach(json_object_get(description->json, "files"), index, entry)
    {
        char *pointer = cret_text_printf("#/files/%zu/source", index);
        if (!exists || status != CRET_OK || pointer == NULL) {
            free(pointer);
            break;
        }
        const struct cret_mark mark = cret_description_locate(description, pointer);
        char *path = cret_description_resolve(&mark, cret_json_string(entry, "source"));
        status = path != NULL ? check_input(&existing, out, path, err) : cret_err_memory(err);
        free(path);
        free(pointer);
    }
    return status;
}

/* Signs `size` bytes; the result is in publish->signature and publication->signature. */
static enum cret_status sign(struct publish *publish, const void *text, size_t size,
                             struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    const struct cret_sign_request sign_request = {
        .key = request->key,
        .certificate = request->certificate,
        .chain = request->chain,
        .chain_count = request->chain_count,
        .meaning = request->meaning,
        .has_signing_time = !request->no_signing_time,
        .signing_time = cret_os_now(),
        .allow_example_keys = request->allow_example_keys,
    };
    free(publish->signature.data);
    publish->signature.data = NULL;
    cret_cms_free(&publish->publication->signature);
    if (cret_key_sign(&publish->signature.data, &publish->signature.size, &sign_request, text, size,
                      err) != CRET_OK ||
        cret_cms_parse(&publish->publication->signature, publish->signature.data,
                       publish->signature.size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_cms_member_name(publish->publication->signature, publish->signature.name);
    return CRET_OK;
}

/* Usage is settled before the first file is read: the key can sign, with this certificate, and the
 * size of what it makes is known. */
static enum cret_status try_key(struct publish *publish, struct cret_err *err)
{
    static const char text[] = "cretula: does this key sign?";
    return sign(publish, text, sizeof(text) - 1, err);
}

/* Everything about the content that is known without reading payload. */
static enum cret_status prepare(struct publish *publish, struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    struct cret_publication *publication = publish->publication;
    const struct cret_collect_request collect = {
        .strict_names = request->strict_names,
        .no_expansion = request->detached,
        .spool_beside = publication->out,
    };
    if (cret_content_make(&publication->content, request->description, &collect, false,
                          publish->findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (request->previous != NULL) {
        if (cret_previous_read(&publish->previous, request->previous, err) != CRET_OK) {
            return cret_err_context(err, "--previous");
        }
        if (publication->content->manifest != NULL) {
            cret_previous_check_release(publish->previous, publication->content->manifest,
                                        publish->findings);
        }
    }
    if (cret_content_failed(publish->findings)) {
        return refuse_content(publish, err);
    }
    return check_inputs(publish, publication->out, err);
}

/* Without a key (prepare) the archive has no signature yet. */
static size_t signature_count(const struct publish *publish)
{
    return publish->request->key != NULL ? 1 : 0;
}

static uint64_t front_size(const struct publish *publish)
{
    return cret_layout_front_size(publish->publication->content->text_size, &publish->signature,
                                  signature_count(publish));
}

/* Payload, the checks that need its digests, and a signature that fits in front of it. *ret_end:
 * of the payload. */
static enum cret_status write_and_sign(struct publish *publish, uint64_t *ret_end,
                                       struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    struct cret_content *content = publish->publication->content;
    for (unsigned layout = 0; layout < LAYOUT_ATTEMPTS; layout++) {
        const uint64_t start = front_size(publish);
        const struct cret_content_write job = {
            .fd = request->detached ? -1 : cret_output_fd(publish->output),
            .start = start,
            .jobs = request->jobs,
            .progress = request->progress,
            .context = request->context,
        };
        if (cret_content_write(content, &job, ret_end, err) != CRET_OK ||
            cret_intended_secrets(content, request->secrets, request->secret_count, err) !=
                CRET_OK ||
            cret_content_check(content, publish->findings, err) != CRET_OK ||
            cret_statements_check(content, NULL, publish->findings, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (publish->previous != NULL &&
            cret_previous_check_documents(publish->previous, content->manifest, publish->findings,
                                          err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (cret_content_failed(publish->findings)) {
            return refuse_content(publish, err);
        }
        if (request->key == NULL) {
            return CRET_OK;
        }
        for (unsigned attempt = 0; attempt < SIGN_ATTEMPTS; attempt++) {
            if (sign(publish, content->text, content->text_size, err) != CRET_OK) {
                return CRET_FAILED;
            }
            if (request->detached || front_size(publish) == start) {
                return CRET_OK;
            }
        }
    }
    return cret_err_undecided(err, "the key's signatures never have the same size twice");
}

static enum cret_status write_front(struct publish *publish, uint64_t end, struct cret_err *err)
{
    struct cret_content *content = publish->publication->content;
    const int fd = cret_output_fd(publish->output);
    uint64_t size = 0;
    if (cret_front_write(fd, (const uint8_t *)content->text, content->text_size,
                         &publish->signature, signature_count(publish), content->date, &size,
                         err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t last = publish->request->detached ? size : end;
    if (cret_archive_end(fd, last, err) != CRET_OK) {
        return CRET_FAILED;
    }
    publish->publication->size = last + 2 * CRET_BLOCK;
    return CRET_OK;
}

/* Errors of writing know a descriptor only; people need the name. */
static enum cret_status name_output(const struct publish *publish, struct cret_err *err)
{
    if (err != NULL && err->class == CRET_ERR_UNDECIDED && err->where[0] == '\0') {
        (void)cret_err_where(err, "%s", publish->publication->out);
    }
    return CRET_FAILED;
}

/* Without a signature: framing, manifest and payload, as the verifier reads them. */
static enum cret_status check_unsigned(const struct publish *publish, struct cret_err *err)
{
    struct cret_existing *existing = NULL;
    const struct cret_existing_work work = {
        .payload_directory = -1, .fast = true, .jobs = publish->request->jobs};
    enum cret_status status =
        cret_existing_from_fd(&existing, cret_output_fd(publish->output), err);
    if (status == CRET_OK && !existing->detached) {
        status = cret_existing_verify(existing, &work, err);
    }
    if (status == CRET_OK &&
        memcmp(existing->manifest->identity, publish->publication->content->manifest->identity,
               CRET_SHA256_BYTES) != 0) {
        status = cret_err_undecided(err, "the finished archive holds another manifest");
    }
    cret_existing_free(&existing);
    if (status != CRET_OK) {
        err->class = CRET_ERR_UNDECIDED;
        return cret_err_context(err, "the finished archive does not verify, and was not published");
    }
    return CRET_OK;
}

static enum cret_status check_output(const struct publish *publish, struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    const struct cret_selfcheck check = {
        .fd = cret_output_fd(publish->output),
        .certificate = request->certificate,
        .manifest = publish->publication->content->manifest,
        .detached = request->detached,
        .payload_directory = -1,
        .any_meaning = publish->publication->content->manifest->adopted,
        .allow_example_keys = request->allow_example_keys,
        .jobs = request->jobs,
    };
    return request->key != NULL ? cret_selfcheck(&check, err) : check_unsigned(publish, err);
}

static enum cret_status check_overwriting(const struct publish *publish, struct cret_err *err)
{
    const int old_fd = cret_output_old_fd(publish->output);
    if (old_fd < 0 || publish->request->force) {
        return CRET_OK;
    }
    return cret_overwrite_check(old_fd, publish->publication->out,
                                publish->publication->content->manifest->identity,
                                signature_count(publish) > 0 ? publish->signature.name : NULL, err);
}

static enum cret_status run(struct publish *publish, struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    struct cret_publication *publication = publish->publication;
    uint64_t end = 0;
    if (request->out != NULL) {
        publication->out = strdup(request->out);
        if (publication->out == NULL) {
            return cret_err_memory(err);
        }
    } else if (default_name(&publication->out, request->description, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((request->key != NULL && try_key(publish, err) != CRET_OK) ||
        cret_output_open(&publish->output, publication->out, 0644, CRET_OUTPUT_REPLACE, err) != CRET_OK ||
        prepare(publish, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (write_and_sign(publish, &end, err) != CRET_OK ||
        write_front(publish, end, err) != CRET_OK) {
        return name_output(publish, err);
    }
    if (check_overwriting(publish, err) != CRET_OK || check_output(publish, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_output_commit(&publish->output, err);
}

enum cret_status cret_publish(struct cret_publication **ret_publication,
                              const struct cret_publish_request *request,
                              struct cret_findings *findings, struct cret_err *err)
{
    struct publish publish = {.request = request, .findings = findings};
    publish.publication = calloc(1, sizeof(*publish.publication));
    if (publish.publication == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = run(&publish, err);
    cret_output_discard(&publish.output);
    free(publish.signature.data);
    cret_manifest_free(&publish.previous);
    if (status != CRET_OK) {
        cret_publication_free(&publish.publication);
        return CRET_FAILED;
    }
    *ret_publication = publish.publication;
    return CRET_OK;
}

void cret_publication_free(struct cret_publication **publication)
{
    if (publication == NULL || *publication == NULL) {
        return;
    }
    cret_content_free(&(*publication)->content);
    cret_cms_free(&(*publication)->signature);
    free((*publication)->out);
    free(*publication);
    *publication = NULL;
}
