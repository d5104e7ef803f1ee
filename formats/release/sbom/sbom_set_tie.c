/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of a set held to each other: by namespace and checksum, none missing, none beside. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest/digest.h"
#include "base/digest/sha1.h"
#include "base/text/json.h"
#include "release/sbom/sbom_set.h"

#define NOBODY SIZE_MAX

struct tie {
    struct cret_set *set;
    struct cret_findings *findings;
    size_t *faults;
    json_t *prefixes; /* that are taken */
    size_t *queue;    /* documents that were reached, in that order */
    size_t queued;
    struct cret_err *err;
};

/* One run over a document of the set, for findings. */
static struct cret_shape_run begin(const struct tie *tie, const char *place)
{
    const struct cret_shape_run run = {.findings = tie->findings,
                                       .check = CRET_CHECK_SBOM_FORM,
                                       .file = place,
                                       .faults = *tie->faults};
    return run;
}

static enum cret_status end(const struct tie *tie, struct cret_shape_run *run)
{
    const bool failed = run->at.failed;
    *tie->faults = run->faults;
    cret_json_cursor_clear(&run->at);
    return failed ? cret_err_memory(tie->err) : CRET_OK;
}

static const json_t *references(const struct cret_set_document *document)
{
    return document->sbom != NULL ? json_object_get(document->sbom->json, "externalDocumentRefs")
                                  : NULL;
}

static size_t number_of(const struct tie *tie, const char *space)
{
    const json_t *number = space != NULL ? json_object_get(tie->set->namespaces, space) : NULL;
    return number != NULL ? (size_t)json_integer_value(number) : NOBODY;
}

static enum cret_status note_namespaces(struct tie *tie)
{
    for (size_t i = 0; i < tie->set->count; i++) {
        const struct cret_set_document *document = &tie->set->list[i];
        const char *space = document->sbom != NULL
                                ? cret_json_string(document->sbom->json, "documentNamespace")
                                : NULL;
        const size_t before = number_of(tie, space);
        struct cret_shape_run run = begin(tie, document->place);
        if (before != NOBODY) {
            cret_shape_fault(&run, "documentNamespace", "a namespace that no other document has",
                             space, "%s has the same namespace", tie->set->list[before].name);
        } else if (space != NULL && json_object_set_new(tie->set->namespaces, space,
                                                        json_integer((json_int_t)i)) != 0) {
            run.at.failed = true;
        }
        if (end(tie, &run) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static const char *const algorithms[] = {"SHA1", "SHA256", "SHA512"};

/* Computed once: one large document may be referred to a million times. */
static enum cret_status compute(const struct tie *tie, struct cret_set_document *document,
                                size_t algorithm)
{
    static const size_t sizes[] = {CRET_SHA1_BYTES, CRET_SHA256_BYTES, CRET_SHA512_BYTES};
    uint8_t digest[CRET_SHA512_BYTES];
    if (document->digests[algorithm] != NULL) {
        return CRET_OK;
    }
    const enum cret_status status =
        algorithm == 0   ? cret_sha1(digest, document->text, document->size, tie->err)
        : algorithm == 1 ? cret_sha256(digest, document->text, document->size, tie->err)
                         : cret_sha512(digest, document->text, document->size, tie->err);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    char *text = malloc(2 * sizes[algorithm] + 1);
    if (text == NULL) {
        return cret_err_memory(tie->err);
    }
    cret_hex_encode(text, digest, sizes[algorithm]);
    document->digests[algorithm] = text;
    return CRET_OK;
}

/* Whether the bytes of a document have a digest; *ret_known: whether its algorithm is computed. */
static enum cret_status has_digest(const struct tie *tie, struct cret_set_document *document,
                                   const char *algorithm, const char *value, bool *ret_known,
                                   bool *ret_same)
{
    *ret_known = *ret_same = false;
    for (size_t i = 0; i < CRET_LENGTH(algorithms); i++) {
        if (strcmp(algorithms[i], algorithm) == 0) {
            if (compute(tie, document, i) != CRET_OK) {
                return CRET_FAILED;
            }
            *ret_known = true;
            *ret_same = strcasecmp(document->digests[i], value) == 0;
        }
    }
    return CRET_OK;
}

/* The checksum of a reference to a document. */
static enum cret_status check_digest(const struct tie *tie, struct cret_shape_run *run,
                                     const json_t *reference, struct cret_set_document *document)
{
    const char *algorithm = cret_json_string(reference, "checksum.algorithm");
    const char *value = cret_json_string(reference, "checksum.checksumValue");
    bool known = false, same = false;
    if (algorithm == NULL || value == NULL) {
        cret_shape_fault(run, "checksum", "algorithm and checksumValue", "absent",
                         "nothing ties %s to this document", document->name);
        return CRET_OK;
    }
    if (has_digest(tie, document, algorithm, value, &known, &same) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!known) {
        cret_shape_fault(run, "checksum", "SHA1, SHA256 or SHA512", algorithm,
                         "the checksum of %s is not computed here", document->name);
    } else if (!same) {
        cret_shape_fault(run, "checksum", value, "another digest",
                         "%s is not the document that this one refers to: it was altered",
                         document->name);
    }
    return CRET_OK;
}

/* The name that a document has in the merged one: as the first that refers to it calls it. */
static bool take_prefix(struct tie *tie, struct cret_set_document *document, const char *id)
{
    char *name = strdup(id);
    /* From where the last one of that id was found: all documents may be called alike. */
    json_int_t next = json_integer_value(json_object_get(tie->prefixes, id));
    while (name != NULL && json_object_get(tie->prefixes, name) != NULL) {
        next = next < 2 ? 2 : next + 1;
        free(name);
        name = cret_text_printf("%s-%lld", id, (long long)next);
    }
    document->prefix = name;
    return name != NULL && json_object_set_new(tie->prefixes, name, json_integer(1)) == 0 &&
           (next == 0 || json_object_set_new(tie->prefixes, id, json_integer(next)) == 0);
}

/* One reference of a reached document. */
static enum cret_status follow(struct tie *tie, struct cret_shape_run *run,
                               struct cret_set_document *from, const json_t *reference)
{
    const char *id = cret_json_string(reference, "externalDocumentId");
    const char *space = cret_json_string(reference, "spdxDocument");
    const size_t number = number_of(tie, space);
    if (id == NULL || space == NULL || strncmp(id, "DocumentRef-", 12) != 0) {
        cret_shape_fault(run, id == NULL ? "externalDocumentId" : "spdxDocument",
                         "DocumentRef- with an identifier, and the namespace of a document", id,
                         "the reference to another document is not complete");
        return CRET_OK;
    }
    if (json_object_get(from->names, id) != NULL) {
        cret_shape_fault(run, "externalDocumentId", "an id that no other reference has", id,
                         "two references have the same id");
        return CRET_OK;
    }
    if (number == NOBODY) {
        cret_shape_fault(run, "spdxDocument", "the namespace of a document of the set", space,
                         "the document %s is missing in the set", id);
        return CRET_OK;
    }
    struct cret_set_document *document = &tie->set->list[number];
    if (!document->reached) {
        document->reached = true;
        tie->queue[tie->queued++] = number;
        run->at.failed = run->at.failed || !take_prefix(tie, document, id);
    }
    run->at.failed = run->at.failed ||
                     json_object_set_new(from->names, id, json_integer((json_int_t)number)) != 0;
    return check_digest(tie, run, reference, document);
}

static enum cret_status follow_all(struct tie *tie, struct cret_set_document *from)
{
    struct cret_shape_run run = begin(tie, from->place);
    enum cret_status status = CRET_OK;
    cret_json_enter(&run.at, "externalDocumentRefs");
    CRET_JSON_EACH_AT (index, reference, references(from)) {
        const size_t mark = cret_json_enter_index(&run.at, index);
        if (status == CRET_OK) {
            status = follow(tie, &run, from, reference);
        }
        cret_json_leave(&run.at, mark);
    }
    return end(tie, &run) == CRET_OK ? status : CRET_FAILED;
}

/* The one that no other refers to; of several, the one that refers to most. */
static size_t find_main(struct tie *tie)
{
    struct cret_set *set = tie->set;
    size_t main = NOBODY, most = 0;
    for (size_t i = 0; i < set->count; i++) {
        CRET_JSON_EACH (reference, references(&set->list[i])) {
            const size_t number = number_of(tie, cret_json_string(reference, "spdxDocument"));
            if (number != NOBODY && number != i) {
                set->list[number].referred = true;
            }
        }
    }
    for (size_t i = 0; i < set->count; i++) {
        const size_t size = json_array_size(references(&set->list[i]));
        if (set->list[i].sbom != NULL && !set->list[i].referred &&
            (main == NOBODY || size > most)) {
            main = i;
            most = size;
        }
    }
    return main;
}

static enum cret_status check_extras(const struct tie *tie)
{
    for (size_t i = 0; i < tie->set->count; i++) {
        const struct cret_set_document *document = &tie->set->list[i];
        struct cret_shape_run run = begin(tie, document->place);
        if (document->sbom != NULL && !document->reached) {
            cret_shape_fault(&run, NULL, "a document that another one of the set refers to",
                             document->name,
                             "nothing in the set leads to this document; take it out");
        }
        if (end(tie, &run) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* One line of the index that Yocto adds. */
static enum cret_status check_listed(const struct tie *tie, struct cret_shape_run *run,
                                     const json_t *listed)
{
    const char *sum = cret_json_string(listed, "sha1");
    const char *name = cret_json_string(listed, "filename");
    const size_t number = number_of(tie, cret_json_string(listed, "documentNamespace"));
    bool known = false, same = false;
    if (number == NOBODY || sum == NULL) {
        cret_shape_fault(run, NULL, "documentNamespace and sha1 of a document of the set", name,
                         "the index lists what the set does not have");
        return CRET_OK;
    }
    if (has_digest(tie, &tie->set->list[number], "SHA1", sum, &known, &same) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!same) {
        cret_shape_fault(run, "sha1", sum, "another digest",
                         "%s is not the document that the index lists: it was altered",
                         tie->set->list[number].name);
    }
    return CRET_OK;
}

static enum cret_status check_index(const struct tie *tie, const struct cret_set_document *document)
{
    struct cret_shape_run run = begin(tie, document->place);
    enum cret_status status = CRET_OK;
    struct cret_err fault = {0};
    json_t *json = NULL;
    if (cret_json_parse(&json, document->text, document->size, CRET_JSON_FOREIGN,
                        CRET_CHECK_SBOM_FORM, &fault) != CRET_OK) {
        if (fault.class != CRET_ERR_REFUSED) {
            *tie->err = fault;
            return CRET_FAILED;
        }
        cret_shape_fault(&run, NULL, "the list of documents that Yocto writes", NULL,
                         "the index is no JSON");
    } else if (!json_is_array(json_object_get(json, "documents"))) {
        cret_shape_fault(&run, "documents", "a list of documents", NULL,
                         "the index lists no documents");
    }
    cret_json_enter(&run.at, "documents");
    CRET_JSON_EACH_AT (index, listed, json_object_get(json, "documents")) {
        const size_t mark = cret_json_enter_index(&run.at, index);
        if (status == CRET_OK) {
            status = check_listed(tie, &run, listed);
        }
        cret_json_leave(&run.at, mark);
    }
    json_decref(json);
    return end(tie, &run) == CRET_OK ? status : CRET_FAILED;
}

static enum cret_status tie_all(struct tie *tie, size_t main)
{
    tie->set->list[main].reached = true;
    tie->queue[tie->queued++] = main;
    for (size_t i = 0; i < tie->queued; i++) {
        if (follow_all(tie, &tie->set->list[tie->queue[i]]) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    for (size_t i = 0; i < tie->set->count; i++) {
        if (tie->set->list[i].index && check_index(tie, &tie->set->list[i]) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return check_extras(tie);
}

enum cret_status cret_set_tie(struct cret_set *set, size_t *ret_main,
                              struct cret_findings *findings, size_t *faults, struct cret_err *err)
{
    struct tie tie = {.set = set,
                      .findings = findings,
                      .faults = faults,
                      .prefixes = json_object(),
                      .queue = calloc(set->count, sizeof(*tie.queue)),
                      .err = err};
    enum cret_status status = CRET_FAILED;
    if (tie.prefixes == NULL || tie.queue == NULL) {
        cret_err_memory(err);
    } else if (note_namespaces(&tie) == CRET_OK) {
        const size_t main = find_main(&tie);
        if (main == NOBODY) {
            cret_err_refuse(err, CRET_CHECK_SBOM_FORM,
                            "%s has no document that stands above the others", set->file);
            cret_err_hint(err, "add the document of the image, which refers to all others");
            cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        } else {
            *ret_main = main;
            status = tie_all(&tie, main);
        }
    }
    json_decref(tie.prefixes);
    free(tie.queue);
    return status;
}
