/* SPDX-License-Identifier: Apache-2.0 */
/* The index of what a release has, by identifiers, names and words. */
#include "release/advisory/advisory_targets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/identifier/cpe.h"
#include "release/identifier/purl.h"

/* FNV-1a, 64 bits: no secret depends on it, and whatever it finds is compared. */
static uint64_t hash_bytes(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    }
    return hash;
}

uint64_t cret_key_hash(enum cret_key key, const char *text)
{
    return hash_bytes((0xcbf29ce484222325u ^ (uint64_t)key) * 0x100000001b3u, text);
}

uint64_t cret_digest_hash(const char *algorithm, const char *value)
{
    char plain[200];
    size_t size = 0;
    for (; *algorithm != '\0' && size < 20; algorithm++) {
        if (isalnum((unsigned char)*algorithm) != 0) {
            plain[size++] = (char)tolower((unsigned char)*algorithm);
        }
    }
    plain[size++] = ':';
    for (; *value != '\0' && size + 1 < sizeof(plain); value++) {
        plain[size++] = (char)tolower((unsigned char)*value);
    }
    plain[size] = '\0';
    return cret_key_hash(CRET_KEY_DIGEST, plain);
}

static int compare_entries(const void *left, const void *right)
{
    const struct cret_index_entry *one = left, *other = right;
    return one->hash != other->hash ? (one->hash > other->hash ? 1 : -1)
                                    : (one->target > other->target) - (one->target < other->target);
}

const struct cret_index_entry *cret_index_find(const struct cret_subject_index *index,
                                               uint64_t hash, size_t *ret_count)
{
    size_t low = 0, high = index->index_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (index->index[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t count = 0;
    while (low + count < index->index_count && index->index[low + count].hash == hash) {
        count++;
    }
    *ret_count = count;
    return &index->index[low];
}

static int add_key(struct cret_subject_index *index, uint64_t hash, size_t target)
{
    if (index->index_count == index->index_capacity) {
        const size_t capacity = index->index_capacity > 0 ? 2 * index->index_capacity : 256;
        struct cret_index_entry *grown =
            reallocarray(index->index, capacity, sizeof(*index->index));
        if (grown == NULL) {
            return -1;
        }
        index->index = grown;
        index->index_capacity = capacity;
    }
    index->index[index->index_count++] =
        (struct cret_index_entry){.hash = hash, .target = (uint32_t)target};
    return 0;
}

/* A member that is a text or an array of texts. */
static const char *text_at(const json_t *value, size_t index)
{
    return json_is_array(value) ? json_string_value(json_array_get(value, index))
           : index == 0         ? json_string_value(value)
                                : NULL;
}

static size_t text_count(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : json_is_string(value) ? 1 : 0;
}

static int read_identifiers(struct cret_subject_index *index, size_t at)
{
    struct cret_target *target = &index->list[at];
    const json_t *purls = json_object_get(target->json, "purl");
    const json_t *cpes = json_object_get(target->json, "cpe");
    int failed = 0;
    target->purls = calloc(text_count(purls) + 1, sizeof(*target->purls));
    target->cpes = calloc(text_count(cpes) + 1, sizeof(*target->cpes));
    if (target->purls == NULL || target->cpes == NULL) {
        return -1;
    }
    for (size_t i = 0; i < text_count(purls); i++) {
        struct cret_purl *purl =
            text_at(purls, i) != NULL ? cret_purl_read(text_at(purls, i)) : NULL;
        if (purl != NULL) {
            target->purls[target->purl_count++] = purl;
            failed |= add_key(index, cret_key_hash(CRET_KEY_PURL, cret_purl_name(purl)), at);
        }
    }
    for (size_t i = 0; i < text_count(cpes); i++) {
        struct cret_cpe *cpe = text_at(cpes, i) != NULL ? cret_cpe_read(text_at(cpes, i)) : NULL;
        if (cpe != NULL) {
            target->cpes[target->cpe_count++] = cpe;
            char folded[256];
            cret_cpe_folded_product(cpe, folded);
            failed |= add_key(index, cret_key_hash(CRET_KEY_CPE, folded), at);
        }
    }
    return failed;
}

static int read_name(struct cret_subject_index *index, size_t at, const char *name)
{
    struct cret_target *target = &index->list[at];
    if (name == NULL) {
        return 0;
    }
    target->name = cret_name_read(name);
    if (target->name == NULL) {
        return -1;
    }
    /* The root component has no vendor of its own to compare: the product itself stands for it. */
    if (target->kind == CRET_TARGET_ROOT) {
        return 0;
    }
    int failed =
        add_key(index, cret_key_hash(CRET_KEY_SQUEEZED, cret_name_squeezed(target->name)), at);
    for (size_t i = 0; i < target->name->count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++) {
            again = again || target->name->words[j] == target->name->words[i] ||
                    strcmp(cret_name_word(target->name, j), cret_name_word(target->name, i)) == 0;
        }
        failed |=
            !again &&
            add_key(index, cret_key_hash(CRET_KEY_WORD, cret_name_word(target->name, i)), at) != 0;
    }
    return failed;
}

/* Digests of a file or component, under the names that the SBOM gives to algorithms. */
static int read_digests(struct cret_subject_index *index, size_t at)
{
    const json_t *json = index->list[at].json;
    const char *const names[] = {"sha256", "sha512"};
    int failed = 0;
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const char *value = cret_json_string(json, names[i]);
        failed |= value != NULL && add_key(index, cret_digest_hash(names[i], value), at) != 0;
    }
    CRET_JSON_EACH (digest, json_object_get(json, "digests")) {
        failed |= add_key(index,
                          cret_digest_hash(cret_json_string(digest, "algorithm"),
                                           cret_json_string(digest, "value")),
                          at) != 0;
    }
    return failed;
}

static char *label_of(enum cret_target_kind kind, const char *name, const char *version)
{
    switch (kind) {
    case CRET_TARGET_PRODUCT:
    case CRET_TARGET_ROOT:
        return cret_text_printf("the product");
    case CRET_TARGET_FILE:
        return cret_text_printf("file %.280s", name);
    case CRET_TARGET_COMPONENT:
        break;
    }
    return cret_text_printf("component %.180s%s%.80s", name != NULL ? name : "without a name",
                            version != NULL ? " " : "", version != NULL ? version : "");
}

static int add_target(struct cret_subject_index *index, enum cret_target_kind kind,
                      const json_t *json)
{
    const size_t at = index->count++;
    struct cret_target *target = &index->list[at];
    const char *name = cret_json_string(json, kind == CRET_TARGET_FILE ? "path" : "name");
    *target = (struct cret_target){
        .kind = kind, .json = json, .version = cret_json_string(json, "version")};
    target->label = label_of(kind, name, target->version);
    if (target->label == NULL || read_digests(index, at) != 0) {
        return -1;
    }
    if (kind == CRET_TARGET_FILE) {
        return 0;
    }
    const char *reference = cret_json_string(json, "ref");
    int failed =
        reference != NULL && add_key(index, cret_key_hash(CRET_KEY_REF, reference), at) != 0;
    return failed | read_identifiers(index, at) | read_name(index, at, name);
}

static int read_product(struct cret_subject_index *index)
{
    const char *vendor = cret_json_string(index->subjects, "vendor");
    const json_t *models = json_object_get(index->subjects, "models");
    index->models = calloc(json_array_size(models) + 1, sizeof(*index->models));
    index->vendor = cret_name_read(vendor != NULL ? vendor : "");
    int failed = index->models == NULL || index->vendor == NULL;
    CRET_JSON_EACH (model, models) {
        if (!failed && json_is_string(model)) {
            index->models[index->model_count] = cret_model_read(json_string_value(model));
            failed |= index->models[index->model_count] == NULL;
            index->model_count += failed ? 0 : 1;
        }
    }
    return failed || add_target(index, CRET_TARGET_PRODUCT, index->subjects) != 0;
}

struct cret_subject_index *cret_subject_index_new(json_t *subjects)
{
    struct cret_subject_index *index = calloc(1, sizeof(*index));
    if (index == NULL) {
        return NULL;
    }
    const json_t *components = json_object_get(subjects, "components");
    const json_t *files = json_object_get(subjects, "files");
    index->subjects = json_incref(subjects);
    index->components = json_array_size(components);
    index->files = json_array_size(files);
    const size_t most = 1 + index->components + index->files;
    index->list = calloc(most, sizeof(*index->list));
    int failed = index->list == NULL || read_product(index) != 0;
    CRET_JSON_EACH (json, components) {
        const bool root = cret_json_boolean(json, "root", false);
        failed =
            failed || add_target(index, root ? CRET_TARGET_ROOT : CRET_TARGET_COMPONENT, json) != 0;
    }
    CRET_JSON_EACH (json, files) {
        failed = failed || add_target(index, CRET_TARGET_FILE, json) != 0;
    }
    if (failed) {
        cret_subject_index_free(&index);
        return NULL;
    }
    qsort(index->index, index->index_count, sizeof(*index->index), compare_entries);
    return index;
}

static void free_target(struct cret_target *target)
{
    for (size_t i = 0; i < target->purl_count; i++) {
        cret_purl_free(&target->purls[i]);
    }
    for (size_t i = 0; i < target->cpe_count; i++) {
        cret_cpe_free(&target->cpes[i]);
    }
    free(target->purls);
    free(target->cpes);
    cret_name_free(&target->name);
    free(target->label);
}

void cret_subject_index_free(struct cret_subject_index **index)
{
    if (index == NULL || *index == NULL) {
        return;
    }
    for (size_t i = 0; i < (*index)->count; i++) {
        free_target(&(*index)->list[i]);
    }
    for (size_t i = 0; i < (*index)->model_count; i++) {
        cret_name_free(&(*index)->models[i]);
    }
    free((*index)->models);
    cret_name_free(&(*index)->vendor);
    free((*index)->list);
    free((*index)->index);
    json_decref((*index)->subjects);
    free(*index);
    *index = NULL;
}
