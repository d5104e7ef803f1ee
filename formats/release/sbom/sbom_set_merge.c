/* SPDX-License-Identifier: Apache-2.0 */
/* A set of SPDX documents as one: ids of other documents, and where each element is from. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/sbom/sbom_set.h"

struct merge {
    struct cret_set *set;
    struct cret_sbom *merged;
    struct cret_set_document *from; /* whose elements are taken over */
    bool failed;
};

/* The document that one calls so: DocumentRef-x, of `size` bytes; NULL: none. */
static const struct cret_set_document *called(const struct merge *merge, const char *id,
                                              size_t size)
{
    char *name = cret_text_printf("%.*s", (int)size, id);
    const json_t *number = name != NULL ? json_object_get(merge->from->names, name) : NULL;
    free(name);
    return number != NULL ? &merge->set->list[json_integer_value(number)] : NULL;
}

/* An id of a document as the merged one has it. New reference. */
static json_t *rename_id(const struct merge *merge, const char *id)
{
    const struct cret_set_document *owner = merge->from;
    const char *rest = id, *colon = strchr(id, ':');
    if (strncmp(id, "DocumentRef-", 12) == 0 && colon != NULL) {
        owner = called(merge, id, (size_t)(colon - id));
        if (owner == NULL) {
            return json_string(id); /* which the check of references does not find */
        }
        rest = colon + 1;
    } else if (strncmp(id, "SPDXRef-", 8) != 0) {
        return json_string(id); /* NONE, NOASSERTION */
    }
    return owner->prefix == NULL ? json_string(rest) : json_sprintf("%s:%s", owner->prefix, rest);
}

static void rename_member(struct merge *merge, json_t *object, const char *member)
{
    const char *id = cret_json_string(object, member);
    if (id != NULL) {
        merge->failed |= json_object_set_new(object, member, rename_id(merge, id)) != 0;
    }
}

static void rename_list(struct merge *merge, json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        if (id != NULL) {
            merge->failed |= json_array_set_new(list, i, rename_id(merge, id)) != 0;
        }
    }
}

/* One word of a licence expression: an id of a licence that a document defines bears its name. */
static void rename_word(const struct merge *merge, struct cret_buffer *out, const char *word,
                        size_t size)
{
    const struct cret_set_document *owner = merge->from;
    const char *colon = memchr(word, ':', size);
    const char *rest = word;
    if (colon != NULL && strncmp(word, "DocumentRef-", 12) == 0) {
        owner = called(merge, word, (size_t)(colon - word));
        rest = owner != NULL ? colon + 1 : word;
    }
    if (owner != NULL && owner->prefix != NULL && strncmp(rest, "LicenseRef-", 11) == 0) {
        cret_buffer_printf(out, "%s:", owner->prefix);
    }
    cret_buffer_append(out, rest, (size_t)(word + size - rest));
}

/* A licence expression as the merged document has it. New reference; NULL: memory. */
static json_t *rename_licence(const struct merge *merge, const char *text)
{
    static const char between[] = " \t\r\n()";
    struct cret_buffer out = {0};
    while (*text != '\0') {
        const size_t gap = strspn(text, between);
        const size_t size = strcspn(text + gap, between);
        cret_buffer_append(&out, text, gap);
        rename_word(merge, &out, text + gap, size);
        text += gap + size;
    }
    json_t *made = out.failed ? NULL : json_stringn(out.size > 0 ? out.data : "", out.size);
    cret_buffer_free(&out);
    return made;
}

static void rename_licences(struct merge *merge, json_t *object)
{
    static const char *const members[] = {"licenseConcluded", "licenseDeclared", "licenseId"};
    static const char *const lists[] = {"licenseInfoFromFiles", "licenseInfoInFiles",
                                        "licenseInfoInSnippets"};
    for (size_t i = 0; i < CRET_LENGTH(members); i++) {
        const char *text = cret_json_string(object, members[i]);
        if (text != NULL) {
            merge->failed |=
                json_object_set_new(object, members[i], rename_licence(merge, text)) != 0;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(lists); i++) {
        json_t *list = json_object_get(object, lists[i]);
        for (size_t j = 0; j < json_array_size(list); j++) {
            const char *text = json_string_value(json_array_get(list, j));
            if (text != NULL) {
                merge->failed |= json_array_set_new(list, j, rename_licence(merge, text)) != 0;
            }
        }
    }
}

static void rename_all(struct merge *merge, json_t *object)
{
    static const char *const members[] = {"SPDXID", "spdxElementId", "relatedSpdxElement",
                                          "snippetFromFile"};
    for (size_t i = 0; i < CRET_LENGTH(members); i++) {
        rename_member(merge, object, members[i]);
    }
    rename_list(merge, json_object_get(object, "hasFiles"));
    rename_list(merge, json_object_get(object, "fileDependencies"));
    rename_licences(merge, object);
}

/* For findings: where an element of the merged document is from. */
static void note_origin(struct merge *merge, const char *list, size_t place, size_t before)
{
    char pointer[80];
    snprintf(pointer, sizeof(pointer), "/%s/%zu", list, place);
    merge->failed |=
        json_object_set_new(merge->merged->lines, pointer,
                            json_sprintf("%s, /%s/%zu", merge->from->name, list, before)) != 0;
}

/* The elements of one list of a document, behind those of the others. */
static void take_list(struct merge *merge, const char *name)
{
    json_t *target = json_object_get(merge->merged->json, name);
    json_t *source = json_object_get(merge->from->sbom->json, name);
    const bool own = target == source;
    if (!json_is_array(source)) {
        return;
    }
    if (!json_is_array(target)) {
        target = json_array();
        merge->failed |=
            target == NULL || json_object_set_new(merge->merged->json, name, target) != 0;
    }
    const size_t count = json_array_size(source);
    for (size_t i = 0; i < count && !merge->failed; i++) {
        json_t *element = json_array_get(source, i);
        if (json_is_object(element)) {
            rename_all(merge, element);
        }
        if (!own) {
            merge->failed |= json_array_append(target, element) != 0;
            note_origin(merge, name, json_array_size(target) - 1, i);
        }
    }
}

static void take(struct merge *merge, size_t number)
{
    static const char *const lists[] = {"packages",    "files",
                                        "snippets",    "relationships",
                                        "annotations", "hasExtractedLicensingInfos"};
    merge->from = &merge->set->list[number];
    for (size_t i = 0; i < CRET_LENGTH(lists); i++) {
        take_list(merge, lists[i]);
    }
    if (merge->from->prefix != NULL) {
        merge->failed |= json_object_set_new(merge->merged->documents, merge->from->prefix,
                                             json_string(merge->from->name)) != 0;
    }
}

enum cret_status cret_set_merge(struct cret_set *set, size_t main, struct cret_sbom *merged)
{
    struct merge merge = {.set = set, .merged = merged};
    struct cret_sbom *first = set->list[main].sbom;
    merged->json = json_incref(first->json);
    merged->lines = json_object();
    merged->documents = json_object();
    if (merged->lines == NULL || merged->documents == NULL) {
        return CRET_FAILED;
    }
    merged->kind = first->kind;
    merged->minor = first->minor;
    memcpy(merged->format, first->format, sizeof(merged->format));
    merged->own_packages = json_array_size(json_object_get(first->json, "packages"));
    merge.failed |= json_object_set_new(merged->lines, "", json_string(set->list[main].name)) != 0;
    take(&merge, main);
    rename_list(&merge, json_object_get(merged->json, "documentDescribes"));
    for (size_t i = 0; i < set->count && !merge.failed; i++) {
        if (i != main && set->list[i].reached) {
            take(&merge, i);
        }
    }
    merge.failed |= json_object_del(merged->json, "externalDocumentRefs") != 0 &&
                    json_object_get(merged->json, "externalDocumentRefs") != NULL;
    return merge.failed ? CRET_FAILED : CRET_OK;
}
