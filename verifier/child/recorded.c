/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a manifest, cut where they are long, and what else a board decides by. */
#include "verifier/child/recorded.h"

#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "release/advisory/advisory.h"

/* One part that is being taken over. */
struct taking {
    struct cret_build part;
    size_t entries, bytes, left_out;
};

/* Whether one more entry fits; else it is counted. */
static bool fits(struct taking *taking, const json_t *entry)
{
    const size_t size = json_dumpb(entry, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    if (size == 0) {
        taking->part.failed = true;
        return false;
    }
    if (taking->entries == CRET_LIMIT_RECORD_ENTRIES ||
        size > CRET_LIMIT_RECORD_PART - taking->bytes) {
        taking->left_out++;
        return false;
    }
    taking->entries++;
    taking->bytes += size;
    return true;
}

static void take(struct taking *taking, json_t *entry)
{
    if (fits(taking, entry)) {
        cret_build_add(&taking->part, json_incref(entry));
    }
}

/* What a board must see, whatever else there is. */
static bool comes_first(const json_t *entry)
{
    static const char *const marks[] = {"security", "mustChange", "fixed"};
    for (size_t i = 0; i < CRET_LENGTH(marks); i++) {
        if (json_is_true(json_object_get(entry, marks[i]))) {
            return true;
        }
    }
    return false;
}

/* A list that fits stays in its order; of one that does not, what comes first comes first. */
static struct taking take_list(const json_t *list)
{
    struct taking all = {.part = cret_build_list()}, chosen = {.part = cret_build_list()};
    CRET_JSON_EACH (entry, list) {
        take(&all, entry);
    }
    for (int first = 1; first >= 0 && all.left_out > 0; first--) {
        CRET_JSON_EACH (entry, list) {
            if (comes_first(entry) == (first == 1)) {
                take(&chosen, entry);
            }
        }
    }
    struct taking *const other = all.left_out > 0 ? &all : &chosen;
    json_decref(cret_build_end(&other->part));
    return all.left_out > 0 ? chosen : all;
}

static struct taking take_map(const json_t *map)
{
    struct taking taking = {.part = cret_build_object()};
    CRET_JSON_MEMBERS (key, entry, map) {
        if (fits(&taking, entry)) {
            cret_build_share(&taking.part, key, entry);
        }
    }
    return taking;
}

/* The worse statements before the better ones, those of a kind in the order of files. */
static struct taking take_advice(const json_t *advice)
{
    struct taking taking = {.part = cret_build_list()};
    for (size_t status = 0; cret_advisory_statuses[status] != NULL; status++) {
        CRET_JSON_EACH (entry, advice) {
            const char *word = cret_json_string(entry, "status");
            if (word != NULL && strcmp(word, cret_advisory_statuses[status]) == 0) {
                take(&taking, entry);
            }
        }
    }
    return taking;
}

static void put(struct cret_build *document, struct cret_build *left_out, const char *name,
                struct taking *taking)
{
    if (taking->left_out > 0) {
        struct cret_build object = cret_build_object();
        cret_build_string(&object, "part", name);
        cret_build_integer(&object, "entries", (int64_t)taking->left_out);
        cret_build_add(left_out, cret_build_end(&object));
    }
    cret_build_put(document, name, cret_build_end(&taking->part));
}

/* What was read of an SBOM. */
static void put_sbom(struct cret_build *object, const struct cret_content_sbom *facts)
{
    struct taking taking = take_list(facts->parts);
    const size_t left_out = facts->left_out + taking.left_out;
    cret_build_integer(object, "components", (int64_t)facts->components);
    cret_build_put(object, "parts", cret_build_end(&taking.part));
    if (left_out > 0) {
        cret_build_integer(object, "partsLeftOut", (int64_t)left_out);
    }
}

/* An empty list: the release has none. */
static json_t *describe_sboms(const struct cret_manifest *manifest,
                              const struct cret_content_facts *facts)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_EACH_AT (index, sbom, json_object_get(manifest->json, "sbom")) {
        struct cret_build object = cret_build_object();
        cret_build_share(&object, "file", json_object_get(sbom, "file"));
        cret_build_share(&object, "format", json_object_get(sbom, "format"));
        if (index < CRET_LIMIT_SBOMS && facts->sboms[index].read) {
            put_sbom(&object, &facts->sboms[index]);
        }
        cret_build_add(&list, cret_build_end(&object));
    }
    return cret_build_end(&list);
}

void cret_recorded_parts(struct cret_build *document, const struct cret_manifest *manifest,
                         const struct cret_content_facts *facts)
{
    struct cret_build left_out = cret_build_list();
    for (const struct cret_field *part = cret_manifest_fields; part->name != NULL; part++) {
        const json_t *value = json_object_get(manifest->json, part->name);
        if ((part->flags & CRET_RECORDED) == 0 || value == NULL) {
            continue;
        }
        if (part->kind == CRET_KIND_OBJECTS || part->kind == CRET_KIND_STRINGS) {
            struct taking taking = take_list(value);
            put(document, &left_out, part->name, &taking);
        } else if (part->kind == CRET_KIND_MAP) {
            struct taking taking = take_map(value);
            put(document, &left_out, part->name, &taking);
        } else {
            cret_build_share(document, part->name, value);
        }
    }
    if (facts->advice != NULL) {
        struct taking taking = take_advice(facts->advice);
        put(document, &left_out, "advice", &taking);
    }
    if (facts->provenance != NULL) {
        struct taking taking = take_list(facts->provenance);
        put(document, &left_out, "provenance", &taking);
    }
    cret_build_put(document, "sbom", describe_sboms(manifest, facts));
    json_t *list = cret_build_end(&left_out);
    if (json_array_size(list) > 0) {
        cret_build_put(document, "leftOut", list);
    } else {
        document->failed = document->failed || list == NULL;
        json_decref(list);
    }
}
