/* SPDX-License-Identifier: Apache-2.0 */
/* Which fields name a file or another entry, and whether that is there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"

/* Which fields name something else in the manifest. "[]" stands for every element of an array,
 * "{}" for every member of an object. */
static const struct {
    const char *pattern;
    enum cret_manifest_target target;
} references[] = {
    {"adoption.published[].file", CRET_TARGET_FILE},
    {"adoption.foreignSignatures[].file", CRET_TARGET_FILE},
    {"prerequisites[].document", CRET_TARGET_DOCUMENT},
    {"testAdvice[].document", CRET_TARGET_DOCUMENT},
    {"qualification.document", CRET_TARGET_DOCUMENT},
    {"securityProperties[].document", CRET_TARGET_DOCUMENT},
    {"declarationOfConformity.file", CRET_TARGET_FILE},
    {"updateSettings.document", CRET_TARGET_DOCUMENT},
    {"integratorInformation.document", CRET_TARGET_DOCUMENT},
    {"changes[].document", CRET_TARGET_DOCUMENT},
    {"newRisks[].document", CRET_TARGET_DOCUMENT},
    {"knownIssues[].document", CRET_TARGET_DOCUMENT},
    {"advisories[].file", CRET_TARGET_FILE},
    {"claims[].certificate", CRET_TARGET_DOCUMENT},
    {"documents[].file", CRET_TARGET_FILE},
    {"topics{}.documents[]", CRET_TARGET_DOCUMENT},
    {"sbom[].file", CRET_TARGET_FILE},
    {"sbom[].binds[].file", CRET_TARGET_FILE},
    {"provenance[].file", CRET_TARGET_FILE},
};

/* One walk along one pattern. */
struct walk {
    const char *pattern;
    enum cret_manifest_target target;
    cret_manifest_visitor visitor;
    void *context;
    struct cret_err *err;
};

static enum cret_status walk_step(const struct walk *walk, json_t *json, const char *rest,
                                  const char *pointer);

/* One level down: below `name` under pointer. */
static enum cret_status walk_child(const struct walk *walk, json_t *child, const char *rest,
                                   const char *pointer, const char *name)
{
    struct cret_buffer below = {0};
    cret_buffer_append(&below, pointer, strlen(pointer));
    cret_json_pointer_push(&below, name);
    if (below.failed) {
        cret_buffer_free(&below);
        return cret_err_memory(walk->err);
    }
    const enum cret_status status = walk_step(walk, child, rest, below.data);
    cret_buffer_free(&below);
    return status;
}

static enum cret_status walk_array(const struct walk *walk, json_t *array, const char *rest,
                                   const char *pointer)
{
    CRET_JSON_EACH_AT (index, element, array) {
        char name[24];
        snprintf(name, sizeof(name), "%zu", index);
        if (walk_child(walk, element, rest, pointer, name) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status walk_map(const struct walk *walk, json_t *map, const char *rest,
                                 const char *pointer)
{
    CRET_JSON_MEMBERS (key, member, map) {
        if (walk_child(walk, member, rest, pointer, key) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static enum cret_status walk_step(const struct walk *walk, json_t *json, const char *rest,
                                  const char *pointer)
{
    if (rest[0] == '\0') {
        return json_is_string(json) ? walk->visitor(walk->context, walk->target, pointer,
                                                    walk->pattern, json, walk->err)
                                    : CRET_OK;
    }
    if (strncmp(rest, "[]", 2) == 0) {
        return walk_array(walk, json, rest + 2, pointer);
    }
    if (strncmp(rest, "{}", 2) == 0) {
        return walk_map(walk, json, rest + 2, pointer);
    }
    rest += rest[0] == '.' ? 1 : 0;
    char name[32];
    const size_t size = strcspn(rest, ".[{");
    if (size >= sizeof(name)) {
        return cret_err_undecided(walk->err, "a name in the table of references is too long");
    }
    memcpy(name, rest, size);
    name[size] = '\0';
    json_t *child = json_object_get(json, name);
    return child != NULL ? walk_child(walk, child, rest + size, pointer, name) : CRET_OK;
}

enum cret_status cret_manifest_each_reference(json_t *manifest, cret_manifest_visitor visitor,
                                              void *context, struct cret_err *err)
{
    for (size_t i = 0; i < CRET_LENGTH(references); i++) {
        const struct walk walk = {
            .pattern = references[i].pattern,
            .target = references[i].target,
            .visitor = visitor,
            .context = context,
            .err = err,
        };
        if (walk_step(&walk, manifest, references[i].pattern, "#") != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

struct resolver {
    const struct cret_manifest *manifest;
    json_t *documents; /* object: every id of every document */
    struct cret_findings *findings;
};

static enum cret_status resolve(void *context, enum cret_manifest_target target,
                                const char *pointer, const char *pattern, json_t *value,
                                struct cret_err *err)
{
    (void)pattern;
    (void)err;
    const struct resolver *resolver = context;
    const struct cret_manifest *manifest = resolver->manifest;
    const char *name = json_string_value(value);
    if (target == CRET_TARGET_FILE) {
        if (cret_manifest_entry(manifest->entries, manifest->file_count, name) == NULL) {
            cret_findings_add(
                resolver->findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
                (struct cret_finding_text){.where = pointer,
                                           .expected = "the path of a file that files[] lists",
                                           .actual = name,
                                           .hint = "correct the path, or add the file to files"},
                "the release has no file %s", name);
        }
    } else if (json_object_get(resolver->documents, name) == NULL) {
        cret_findings_add(
            resolver->findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
            (struct cret_finding_text){.where = pointer,
                                       .expected = "an id of one of documents[]",
                                       .actual = name,
                                       .hint = "correct the id, or add the document to documents"},
            "the release has no document %s", name);
    }
    return CRET_OK;
}

enum cret_status cret_manifest_check_references(const struct cret_manifest *manifest,
                                                struct cret_findings *findings,
                                                struct cret_err *err)
{
    struct resolver resolver = {
        .manifest = manifest, .documents = json_object(), .findings = findings};
    enum cret_status status = CRET_FAILED;
    if (resolver.documents == NULL) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH (document, json_object_get(manifest->json, "documents")) {
        CRET_JSON_EACH (id, json_object_get(document, "ids")) {
            if (json_object_set_new(resolver.documents, cret_json_string(id, "id"), json_true()) !=
                0) {
                cret_err_memory(err);
                goto out;
            }
        }
    }
    if (cret_manifest_each_reference(manifest->json, resolve, &resolver, err) != CRET_OK) {
        goto out;
    }
    status = CRET_OK;

out:
    json_decref(resolver.documents);
    return status;
}
