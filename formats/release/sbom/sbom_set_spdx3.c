/* SPDX-License-Identifier: Apache-2.0 */
/* A set of SPDX 3 documents as one: what one of them imports is what another defines, and has the
 * digest that the import gives. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "release/sbom/sbom_set.h"
#include "release/sbom/sbom_spdx3.h"

/* Documents that define the same again, and are looked at. */
#define MOST_OWNERS 64u

struct join {
    struct cret_set *set;
    struct cret_sbom *merged;
    struct cret_findings *findings;
    size_t *faults;
    json_t *owners; /* id: the numbers of the documents that define it */
    json_t *graph;  /* of all */
    json_t *places; /* id: its place there */
    bool failed;    /* memory */
};

/* A fault at the SpdxDocument of one of the documents. */
static void fault(struct join *join, const struct cret_set_document *document, const char *expected,
                  const char *actual, const char *reason, const char *name)
{
    struct cret_shape_run run = {.findings = join->findings,
                                 .check = CRET_CHECK_SBOM_FORM,
                                 .file = document->place,
                                 .faults = *join->faults};
    const size_t mark = cret_json_enter(&run.at, CRET_SPDX3_GRAPH);
    cret_json_enter_index(&run.at, document->sbom->spdx3->document_place);
    cret_shape_fault(&run, NULL, expected, actual, "%s %s", name, reason);
    cret_json_leave(&run.at, mark);
    join->failed |= run.at.failed;
    *join->faults = run.faults;
    cret_json_cursor_clear(&run.at);
}

static bool is_blank(const char *id)
{
    return id != NULL && strncmp(id, "_:", 2) == 0;
}

/* Names of one document alone get its number. */
static bool number_blanks(json_t *json, size_t number)
{
    const char *key;
    size_t index;
    json_t *value;
    bool failed = false;
    if (is_blank(json_string_value(json))) {
        char *name = cret_text_printf("_:%zu-%s", number, json_string_value(json) + 2);
        failed = name == NULL || json_string_set(json, name) != 0;
        free(name);
    }
    json_object_foreach(json, key, value)
    {
        failed |= number_blanks(value, number);
    }
    json_array_foreach(json, index, value)
    {
        failed |= number_blanks(value, number);
    }
    return failed;
}

static const char *id_of(const json_t *object)
{
    const char *id = cret_json_string(object, "spdxId");
    return id != NULL ? id : cret_json_string(object, "@id");
}

/* Which documents define what: several may, where they say the same. */
static void note_owners(struct join *join, size_t number)
{
    const struct cret_spdx3_list *elements = &join->set->list[number].sbom->spdx3->elements;
    for (size_t i = 0; i < elements->count; i++) {
        const char *id = elements->list[i].id;
        json_t *numbers = json_object_get(join->owners, id);
        if (is_blank(id) || json_array_size(numbers) == MOST_OWNERS) {
            continue;
        }
        if (numbers == NULL) {
            numbers = json_array();
            join->failed |= json_object_set_new(join->owners, id, numbers) != 0;
        }
        join->failed |= json_array_append_new(numbers, json_integer((json_int_t)number)) != 0;
    }
}

/* The digest of a document as hex, computed once; NULL: memory. */
static const char *digest_of(struct join *join, struct cret_set_document *document, bool wide)
{
    uint8_t digest[CRET_SHA512_BYTES];
    struct cret_err err = {0};
    char **text = &document->digests[wide ? 2 : 1];
    if (*text == NULL &&
        (wide ? cret_sha512(digest, document->text, document->size, &err)
              : cret_sha256(digest, document->text, document->size, &err)) == CRET_OK) {
        *text = malloc(2 * CRET_SHA512_BYTES + 1);
        if (*text != NULL) {
            cret_hex_encode(*text, digest, wide ? CRET_SHA512_BYTES : CRET_SHA256_BYTES);
        }
    }
    join->failed |= *text == NULL;
    return *text;
}

/* Whether the bytes of a document have all digests that an import gives; *ret_known: whether one is
 * of those that are computed here. */
static bool has_digest(struct join *join, struct cret_set_document *document, const json_t *map,
                       bool *ret_known)
{
    bool same = true;
    size_t index;
    json_t *hash;
    *ret_known = false;
    json_array_foreach(json_object_get(map, "verifiedUsing"), index, hash)
    {
        const char *algorithm = cret_json_string(hash, "algorithm");
        const char *value = cret_json_string(hash, "hashValue");
        const bool wide = algorithm != NULL && strcmp(algorithm, "sha512") == 0;
        if (value != NULL && algorithm != NULL && (wide || strcmp(algorithm, "sha256") == 0)) {
            const char *own = digest_of(join, document, wide);
            *ret_known = true;
            same = same && own != NULL && strcasecmp(own, value) == 0;
        }
    }
    return *ret_known && same;
}

/* The document of the set that an import means: of several that define it the one that has its
 * digest, else the first. NULL: nobody else defines it, or no digest is given and the document does
 * so itself. *ret_right: it has the digest, or none is given: the signature of the release covers
 * all of the tar. *ret_known: one was compared. */
static struct cret_set_document *owner_of(struct join *join,
                                          const struct cret_set_document *document, const char *id,
                                          const json_t *map, bool *ret_right, bool *ret_known)
{
    const bool given = json_object_get(map, "verifiedUsing") != NULL;
    struct cret_set_document *found = NULL;
    bool own = false;
    *ret_right = *ret_known = false;
    CRET_JSON_EACH (number, json_object_get(join->owners, id)) {
        struct cret_set_document *other = &join->set->list[json_integer_value(number)];
        bool known = false;
        own = own || other == document;
        if (other == document || *ret_right) {
            continue;
        }
        *ret_right = !given || has_digest(join, other, map, &known);
        *ret_known = *ret_known || known;
        found = found == NULL || *ret_right ? other : found;
    }
    return own && !given ? NULL : found;
}

/* What a document imports: the documents of the set that define it are referred to. What nobody in
 * the set defines stays an import, which is a gap. */
static void follow(struct join *join, struct cret_set_document *document)
{
    const char *id;
    json_t *map;
    json_object_foreach(document->sbom->spdx3->imports, id, map)
    {
        bool right = false, known = false;
        struct cret_set_document *other = owner_of(join, document, id, map, &right, &known);
        if (other == NULL) {
            continue;
        }
        other->referred = true;
        if (!right) {
            fault(join, document, "the SHA-256 or SHA-512 of the document that is meant", id,
                  known ? "is another one than the import says"
                        : "is imported with no digest that is computed here",
                  other->name);
        }
    }
}

/* The one that no other imports from; of several, which is a fault, the first. */
static size_t find_main(const struct join *join)
{
    size_t found = 0;
    while (found < join->set->count && join->set->list[found].referred) {
        found++;
    }
    return found;
}

/* What the main document leads to, over any number of others; the rest are faults. */
static void find_reached(struct join *join, size_t main)
{
    size_t *queue = calloc(join->set->count + 1, sizeof(*queue));
    size_t count = 0;
    if (queue == NULL) {
        join->failed = true;
        return;
    }
    join->set->list[main].reached = true;
    queue[count++] = main;
    for (size_t i = 0; i < count; i++) {
        const char *id;
        json_t *map;
        json_object_foreach(join->set->list[queue[i]].sbom->spdx3->imports, id, map)
        {
            bool right, known;
            struct cret_set_document *other =
                owner_of(join, &join->set->list[queue[i]], id, map, &right, &known);
            if (other != NULL && !other->reached) {
                other->reached = true;
                queue[count++] = (size_t)(other - join->set->list);
            }
        }
    }
    for (size_t i = 0; i < join->set->count; i++) {
        if (!join->set->list[i].reached) {
            fault(join, &join->set->list[i], "a document that the main one imports from",
                  join->set->list[i].name, "leads to nothing of this document",
                  join->set->list[main].name);
        }
    }
    free(queue);
}

/* Whether two objects say the same, whoever wrote it down and when: documents define again what
 * they share. */
static bool say_the_same(struct join *join, const json_t *left, const json_t *right)
{
    json_t *one = json_copy((json_t *)(uintptr_t)left),
           *other = json_copy((json_t *)(uintptr_t)right);
    join->failed |= one == NULL || other == NULL;
    if (one != NULL && other != NULL) {
        json_object_del(one, "creationInfo");
        json_object_del(other, "creationInfo");
    }
    const bool same = json_equal(one, other) == 1;
    json_decref(one);
    json_decref(other);
    return same;
}

/* An object of a document in the graph of all. */
static void take_object(struct join *join, size_t number, size_t place, json_t *object)
{
    const char *id = id_of(object);
    const json_t *before = id != NULL ? json_object_get(join->places, id) : NULL;
    if (before != NULL) {
        const json_t *other = json_array_get(join->graph, (size_t)json_integer_value(before));
        if (!say_the_same(join, other, object)) {
            fault(join, &join->set->list[number], "one content for one id", id,
                  "defines the same id, and says something else", "another document");
        }
        return;
    }
    const size_t now = json_array_size(join->graph);
    char pointer[80];
    snprintf(pointer, sizeof(pointer), "/" CRET_SPDX3_GRAPH "/%zu", now);
    join->failed |=
        (id != NULL && json_object_set_new(join->places, id, json_integer((json_int_t)now)) != 0) ||
        json_array_append(join->graph, object) != 0 ||
        json_object_set_new(join->merged->lines, pointer,
                            json_sprintf("%s, /" CRET_SPDX3_GRAPH "/%zu",
                                         join->set->list[number].name, place)) != 0;
}

/* The main document's imports that are left: of all, those that nobody defines. */
static void settle_imports(struct join *join, json_t *main)
{
    json_t *left = json_array();
    json_t *seen = json_object();
    for (size_t i = 0; i < join->set->count; i++) {
        const char *id;
        json_t *map;
        json_object_foreach(join->set->list[i].sbom->spdx3->imports, id, map)
        {
            if (json_object_get(join->owners, id) == NULL && json_object_get(seen, id) == NULL) {
                join->failed |= json_object_set_new(seen, id, json_true()) != 0 ||
                                json_array_append(left, map) != 0;
            }
        }
    }
    join->failed |= left == NULL || seen == NULL;
    if (json_array_size(left) > 0) {
        join->failed |= json_object_set(main, "import", left) != 0;
    } else {
        json_object_del(main, "import");
    }
    json_decref(left);
    json_decref(seen);
}

static void merge(struct join *join, size_t main)
{
    const struct cret_set_document *first = &join->set->list[main];
    struct cret_sbom *merged = join->merged;
    settle_imports(join, (json_t *)(uintptr_t)first->sbom->spdx3->document);
    for (size_t pass = 0; pass < join->set->count + 1; pass++) {
        const size_t i = pass == 0 ? main : pass - 1;
        struct cret_set_document *one = &join->set->list[i];
        size_t index;
        json_t *object;
        if (pass > 0 && i == main) {
            continue;
        }
        json_array_foreach(json_object_get(one->sbom->json, CRET_SPDX3_GRAPH), index, object)
        {
            if (i == main || object != one->sbom->spdx3->document) {
                take_object(join, i, index, object);
            }
        }
        if (i != main) {
            join->failed |=
                json_object_set_new(merged->documents, one->name, json_string(one->name)) != 0;
        }
    }
    merged->json =
        json_pack("{s:O, s:O}", "@context", json_object_get(first->sbom->json, "@context"),
                  CRET_SPDX3_GRAPH, join->graph);
    merged->kind = first->sbom->kind;
    merged->minor = first->sbom->minor;
    memcpy(merged->format, first->sbom->format, sizeof(merged->format));
    join->failed |= merged->json == NULL ||
                    json_object_set_new(merged->lines, "", json_string(first->name)) != 0;
}

enum cret_status cret_set_join_spdx3(struct cret_set *set, struct cret_sbom *merged,
                                     struct cret_findings *findings, size_t *faults,
                                     struct cret_err *err)
{
    struct join join = {.set = set,
                        .merged = merged,
                        .findings = findings,
                        .faults = faults,
                        .owners = json_object(),
                        .graph = json_array(),
                        .places = json_object()};
    size_t main = SIZE_MAX;
    merged->lines = json_object();
    merged->documents = json_object();
    join.failed = join.owners == NULL || join.graph == NULL || join.places == NULL ||
                  merged->lines == NULL || merged->documents == NULL;
    for (size_t i = 0; i < set->count && !join.failed; i++) {
        note_owners(&join, i);
    }
    for (size_t i = 0; i < set->count && !join.failed; i++) {
        follow(&join, &set->list[i]);
    }
    main = join.failed ? SIZE_MAX : find_main(&join);
    if (main < set->count) {
        find_reached(&join, main);
    }
    for (size_t i = 0; i < set->count && !join.failed; i++) {
        join.failed |= number_blanks(set->list[i].sbom->json, i);
    }
    if (main < set->count && !join.failed) {
        merge(&join, main);
    }
    json_decref(join.owners);
    json_decref(join.graph);
    json_decref(join.places);
    if (join.failed) {
        return cret_err_memory(err);
    }
    if (main >= set->count) {
        cret_err_refuse(err, CRET_CHECK_SBOM_FORM, "%s has no main document", set->file);
        cret_err_expected(err, "one document that no other imports from");
        cret_findings_add_err(findings, CRET_RESULT_FAIL, err);
        return CRET_FAILED;
    }
    return CRET_OK;
}
