/* SPDX-License-Identifier: Apache-2.0 */
/* The steps from a description to a finished archive. */
#include "signer/release/publish.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/path.h"
#include "container/ustar.h"
#include "signer/release/intended.h"

/* ECDSA values differ by a few bytes in size; signing again nearly always gives the same number of
 * 512-byte blocks. Where it never does, the payload is written again behind the longer front. */
#define SIGN_ATTEMPTS 16u
#define LAYOUT_ATTEMPTS 4u

/* One run. */
struct cret_publishing {
    const struct cret_publish_request *request;
    const struct cret_key *key;
    struct cret_publication *publication;
    struct cret_intake_job job;
    struct cret_intake *intake;
    struct cret_spool *spool;
    struct cret_output *output;
    struct cret_signature signature; /* data owned */
    struct cret_findings *findings;
};

static enum cret_status refuse_content(const struct cret_publishing *publish, struct cret_err *err)
{
    const size_t faults = cret_findings_total(publish->findings, CRET_RESULT_FAIL);
    if (cret_findings_whole(publish->findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "nothing was signed: the release has %zu %s",
                    faults, cret_plural(faults, "fault", "faults"));
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

enum cret_status cret_publish_name(char **ret_name, const struct cret_description *description,
                                   const char *out, struct cret_err *err)
{
    if (out == NULL) {
        return default_name(ret_name, description, err);
    }
    *ret_name = strdup(out);
    return *ret_name != NULL ? CRET_OK : cret_err_memory(err);
}

/* Signs `size` bytes; the result is in publish->signature and publication->signature. */
static enum cret_status sign(struct cret_publishing *publish, const void *text, size_t size,
                             struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    const struct cret_sign_request sign_request = {
        .key = publish->key,
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
static enum cret_status try_key(struct cret_publishing *publish, struct cret_err *err)
{
    static const char text[] = "cretula: does this key sign?";
    return sign(publish, text, sizeof(text) - 1, err);
}

/* Without a key (prepare) the archive has no signature yet. */
static size_t signature_count(const struct cret_publishing *publish)
{
    return publish->key != NULL ? 1 : 0;
}

static enum cret_status contradiction(struct cret_err *err)
{
    return cret_err_undecided(err, "the reading process contradicts itself");
}

static uint64_t front_size(const struct cret_publishing *publish)
{
    return cret_layout_front_size(publish->publication->content->text_size, &publish->signature,
                                  signature_count(publish));
}

/* Payload, the checks on it, and a signature that fits in front of it. */
static enum cret_status write_and_sign(struct cret_publishing *publish, struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    struct cret_publication *publication = publish->publication;
    for (unsigned layout = 0; layout < LAYOUT_ATTEMPTS; layout++) {
        cret_reading_free(&publication->content);
        if (cret_intake_read(publish->intake, publish->signature.size, request->progress,
                             request->context, publish->findings, &publication->content,
                             err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (publication->content == NULL) {
            return refuse_content(publish, err);
        }
        const struct cret_reading *content = publication->content;
        if (cret_intended_secrets(content->manifest, request->secrets, request->secret_count,
                                  err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (publish->key == NULL) {
            return front_size(publish) == content->start ? CRET_OK : contradiction(err);
        }
        for (unsigned attempt = 0; attempt < SIGN_ATTEMPTS; attempt++) {
            if (sign(publish, content->text, content->text_size, err) != CRET_OK) {
                return CRET_FAILED;
            }
            if (request->detached || front_size(publish) == content->start) {
                return CRET_OK;
            }
        }
    }
    return cret_err_undecided(err, "the key's signatures never have the same size twice");
}

static enum cret_status write_front(struct cret_publishing *publish, struct cret_err *err)
{
    const struct cret_reading *content = publish->publication->content;
    const int fd = cret_output_fd(publish->output);
    uint64_t size = 0;
    const struct cret_front front = {.manifest = (uint8_t *)content->text,
                                     .manifest_size = content->text_size,
                                     .seconds = content->date,
                                     .signatures = &publish->signature,
                                     .signature_count = signature_count(publish)};
    if (cret_front_write(fd, &front, &size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t last = publish->request->detached ? size : content->end;
    if (cret_archive_end(fd, last, err) != CRET_OK) {
        return CRET_FAILED;
    }
    publish->publication->size = last + 2 * CRET_BLOCK;
    return CRET_OK;
}

/* Errors of writing know a descriptor only; people need the name. */
static enum cret_status name_output(const struct cret_publishing *publish, struct cret_err *err)
{
    if (err != NULL && err->class == CRET_ERR_UNDECIDED && err->where[0] == '\0') {
        cret_err_where(err, "%s", publish->publication->out);
    }
    return CRET_FAILED;
}

static enum cret_status run(struct cret_publishing *publish, struct cret_err *err)
{
    if (publish->key != NULL && try_key(publish, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (write_and_sign(publish, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (write_front(publish, err) != CRET_OK) {
        return name_output(publish, err);
    }
    if (cret_intake_check(publish->intake, err) != CRET_OK ||
        cret_intake_end(&publish->intake, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return publish->request->together ? CRET_OK : cret_output_commit(&publish->output, err);
}

struct cret_output *cret_publish_output(struct cret_publishing *publishing)
{
    struct cret_output *output = publishing->publication == NULL ? publishing->output : NULL;
    publishing->output = output != NULL ? NULL : publishing->output;
    return output;
}

enum cret_status cret_publish(struct cret_publication **ret_publication,
                              struct cret_publishing *publishing, const struct cret_key *key,
                              struct cret_findings *findings, struct cret_err *err)
{
    publishing->key = key;
    publishing->findings = findings;
    if ((key != NULL) != (publishing->request->certificate != NULL)) {
        return cret_err_undecided(err, "internal error: a key without its certificate");
    }
    if (run(publishing, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_publication = publishing->publication;
    publishing->publication = NULL;
    return CRET_OK;
}

static enum cret_status begin(struct cret_publishing *publish, struct cret_err *err)
{
    const struct cret_publish_request *request = publish->request;
    struct cret_publication *publication = publish->publication;
    if (cret_publish_name(&publication->out, request->description, request->out, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_output_open(&publish->output, publication->out, 0644, CRET_OUTPUT_REPLACE, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    /* Made here, so that it goes away whatever becomes of the other process. */
    if (!request->detached && cret_collect_expands(request->description) &&
        cret_spool_open(&publish->spool, publication->out, err) != CRET_OK) {
        return CRET_FAILED;
    }
    publish->job = (struct cret_intake_job){
        .description = request->description,
        .fd = cret_output_fd(publish->output),
        .out = publication->out,
        .old_fd = request->force ? -1 : cret_output_old_fd(publish->output),
        .strict_names = request->strict_names,
        .detached = request->detached,
        .allow_example_keys = request->allow_example_keys,
        .allow_unconfined = request->allow_unconfined,
        .previous = request->previous,
        .inputs = request->inputs,
        .input_count = request->input_count,
        .others = request->others,
        .other_count = request->other_count,
        .certificate = request->certificate,
        .spool = publish->spool,
        .jobs = request->jobs,
        .hash = request->hash,
        .paths = request->paths,
        .path_count = request->path_count,
        .foreign = request->foreign,
        .description_name = request->description_name,
        .sets = request->sets,
        .set_count = request->set_count,
    };
    return cret_intake_start(&publish->intake, &publish->job, err);
}

enum cret_status cret_publish_begin(struct cret_publishing **ret_publishing,
                                    const struct cret_publish_request *request,
                                    struct cret_err *err)
{
    struct cret_publishing *publishing = calloc(1, sizeof(*publishing));
    if (publishing == NULL) {
        return cret_err_memory(err);
    }
    publishing->request = request;
    publishing->publication = calloc(1, sizeof(*publishing->publication));
    if (publishing->publication == NULL || begin(publishing, err) != CRET_OK) {
        const bool memory = publishing->publication == NULL;
        cret_publish_end(&publishing);
        return memory ? cret_err_memory(err) : CRET_FAILED;
    }
    *ret_publishing = publishing;
    return CRET_OK;
}

struct cret_intake *cret_publish_intake(struct cret_publishing *publishing)
{
    return publishing->intake;
}

void cret_publish_end(struct cret_publishing **publishing)
{
    struct cret_err ignored;
    if (publishing == NULL || *publishing == NULL) {
        return;
    }
    if (cret_intake_end(&(*publishing)->intake, &ignored) != CRET_OK) {
        cret_err_clear(&ignored); /* whoever published has looked */
    }
    cret_output_discard(&(*publishing)->output);
    cret_spool_free(&(*publishing)->spool);
    cret_publication_free(&(*publishing)->publication);
    free((*publishing)->signature.data);
    free(*publishing);
    *publishing = NULL;
}

void cret_publication_free(struct cret_publication **publication)
{
    if (publication == NULL || *publication == NULL) {
        return;
    }
    cret_reading_free(&(*publication)->content);
    cret_cms_free(&(*publication)->signature);
    free((*publication)->out);
    free(*publication);
    *publication = NULL;
}
