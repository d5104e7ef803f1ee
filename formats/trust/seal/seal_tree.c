/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of a seal, and hash trees over groups of them (RFC 4998 4.2). */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/library.h"
#include "trust/seal/seal_parts.h"

/* What is at one place of a level. */
struct node {
    struct cret_seal_hash hash;
};

struct cret_seal_tree {
    const struct cret_digest_algorithm *algorithm;
    struct node **levels; /* leaves first; owned */
    size_t *sizes;
    size_t level_count;
    size_t *leaves;                /* of each group: its place among the leaves */
    struct cret_seal_hash *hashes; /* of all groups, one after another */
    size_t *begins;                /* of each group, and the end of the last */
    size_t group_count;
};

enum { LEVELS = 64 };

enum cret_status cret_seal_hash_runs(struct cret_seal_hash *ret_hash,
                                     const struct cret_digest_algorithm *algorithm,
                                     const struct cret_bytes *runs, size_t count,
                                     struct cret_err *err)
{
    struct cret_seal_hash hash;
    unsigned length = 0;
    memset(&hash, 0, sizeof(hash));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good =
        context != NULL && cret_library_done(EVP_DigestInit_ex(context, algorithm->md(), NULL));
    for (size_t i = 0; good && i < count; i++) {
        good = runs[i].size == 0 ||
               cret_library_done(EVP_DigestUpdate(context, runs[i].data, runs[i].size));
    }
    good = good && cret_library_done(EVP_DigestFinal_ex(context, hash.value, &length)) &&
           length == algorithm->size;
    EVP_MD_CTX_free(context);
    if (!good) {
        return cret_err_memory(err);
    }
    *ret_hash = hash;
    return CRET_OK;
}

enum cret_status cret_seal_digest(struct cret_seal_hash *ret_hash,
                                  const struct cret_digest_algorithm *algorithm,
                                  struct cret_bytes bytes, struct cret_err *err)
{
    return cret_seal_hash_runs(ret_hash, algorithm, &bytes, 1, err);
}

/* Binary ascending (4.2.1): unsigned, over the whole length, which is the same for all. */
static int ascending(const void *left, const void *right)
{
    const struct cret_bytes *a = left, *b = right;
    return memcmp(a->data, b->data, a->size);
}

enum cret_status cret_seal_hash_node(struct cret_seal_hash *ret_hash,
                                     const struct cret_digest_algorithm *algorithm,
                                     struct cret_bytes *values, size_t count, struct cret_err *err)
{
    if (count == 1) {
        struct cret_seal_hash hash;
        memset(&hash, 0, sizeof(hash));
        memcpy(hash.value, values[0].data, algorithm->size);
        *ret_hash = hash;
        return CRET_OK;
    }
    qsort(values, count, sizeof(*values), ascending);
    return cret_seal_hash_runs(ret_hash, algorithm, values, count, err);
}

static int by_hash(const void *left, const void *right)
{
    const struct node *a = left, *b = right;
    return memcmp(a->hash.value, b->hash.value, sizeof(a->hash.value));
}

void cret_seal_tree_free(struct cret_seal_tree **tree)
{
    if (tree == NULL || *tree == NULL) {
        return;
    }
    for (size_t i = 0; (*tree)->levels != NULL && i < LEVELS; i++) {
        free((*tree)->levels[i]);
    }
    free((*tree)->levels);
    free((*tree)->sizes);
    free((*tree)->leaves);
    free((*tree)->hashes);
    free((*tree)->begins);
    free(*tree);
    *tree = NULL;
}

static enum cret_status make_room(struct cret_seal_tree *tree, const struct cret_seal_group *groups,
                                  size_t count, struct cret_err *err)
{
    size_t hashes = 0;
    for (size_t i = 0; i < count; i++) {
        hashes += groups[i].count;
    }
    tree->levels = calloc(LEVELS, sizeof(struct node *));
    tree->sizes = calloc(LEVELS, sizeof(*tree->sizes));
    tree->leaves = calloc(count, sizeof(*tree->leaves));
    tree->hashes = calloc(hashes, sizeof(*tree->hashes));
    tree->begins = calloc(count + 1, sizeof(*tree->begins));
    if (tree->levels == NULL || tree->sizes == NULL || tree->leaves == NULL ||
        tree->hashes == NULL || tree->begins == NULL) {
        return cret_err_memory(err);
    }
    tree->levels[0] = calloc(count, sizeof(struct node));
    if (tree->levels[0] == NULL) {
        return cret_err_memory(err);
    }
    tree->group_count = count;
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        tree->begins[i] = next;
        memcpy(&tree->hashes[next], groups[i].hashes, groups[i].count * sizeof(*tree->hashes));
        next += groups[i].count;
    }
    tree->begins[count] = next;
    return CRET_OK;
}

/* The leaf of a group: of one, its digest; of several, the digest of theirs in ascending order. */
static enum cret_status leaf_of(struct cret_seal_hash *ret_hash, const struct cret_seal_tree *tree,
                                size_t group, struct cret_err *err)
{
    struct cret_bytes values[CRET_LIMIT_SEAL_OBJECTS];
    const size_t begin = tree->begins[group], count = tree->begins[group + 1] - begin;
    for (size_t i = 0; i < count; i++) {
        values[i] = (struct cret_bytes){tree->hashes[begin + i].value, tree->algorithm->size};
    }
    return cret_seal_hash_node(ret_hash, tree->algorithm, values, count, err);
}

/* Leaves in ascending order, equal ones once. */
static enum cret_status place_leaves(struct cret_seal_tree *tree, struct cret_err *err)
{
    struct node *leaves = tree->levels[0];
    struct cret_seal_hash *own = calloc(tree->group_count, sizeof(*own));
    enum cret_status status = own != NULL ? CRET_OK : cret_err_memory(err);
    size_t kept = 0;
    for (size_t i = 0; status == CRET_OK && i < tree->group_count; i++) {
        status = leaf_of(&own[i], tree, i, err);
        leaves[i].hash = own[i];
    }
    if (status != CRET_OK) {
        free(own);
        return CRET_FAILED;
    }
    qsort(leaves, tree->group_count, sizeof(*leaves), by_hash);
    for (size_t i = 0; i < tree->group_count; i++) {
        if (kept == 0 || by_hash(&leaves[i], &leaves[kept - 1]) != 0) {
            leaves[kept++] = leaves[i];
        }
    }
    for (size_t i = 0; i < tree->group_count; i++) {
        const struct node key = {.hash = own[i]};
        const struct node *found = bsearch(&key, leaves, kept, sizeof(*leaves), by_hash);
        tree->leaves[i] = (size_t)(found - leaves);
    }
    tree->sizes[0] = kept;
    tree->level_count = 1;
    free(own);
    return CRET_OK;
}

/* Two by two; what is left over goes up as it is. */
static enum cret_status add_level(struct cret_seal_tree *tree, struct cret_err *err)
{
    const struct node *below = tree->levels[tree->level_count - 1];
    const size_t count = tree->sizes[tree->level_count - 1];
    struct node *above = calloc((count + 1) / 2, sizeof(*above));
    if (above == NULL) {
        return cret_err_memory(err);
    }
    tree->levels[tree->level_count] = above;
    for (size_t i = 0; i < count; i += 2) {
        struct cret_bytes pair[] = {
            {below[i].hash.value, tree->algorithm->size},
            {below[i + 1 < count ? i + 1 : i].hash.value, tree->algorithm->size}};
        if (cret_seal_hash_node(&above[i / 2].hash, tree->algorithm, pair, i + 1 < count ? 2 : 1,
                                err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    tree->sizes[tree->level_count++] = (count + 1) / 2;
    return CRET_OK;
}

enum cret_status cret_seal_tree_make(struct cret_seal_tree **ret_tree,
                                     const struct cret_digest_algorithm *algorithm,
                                     const struct cret_seal_group *groups, size_t count,
                                     struct cret_err *err)
{
    if (count == 0 || count > CRET_LIMIT_SEALED) {
        cret_err_usage(err, "a seal of %zu things", count);
        return cret_err_expected(err, "1 to %u", CRET_LIMIT_SEALED);
    }
    for (size_t i = 0; i < count; i++) {
        if (groups[i].count == 0 || groups[i].count > CRET_LIMIT_SEAL_OBJECTS) {
            cret_err_usage(err, "a seal of %zu files together", groups[i].count);
            return cret_err_expected(err, "1 to %u", CRET_LIMIT_SEAL_OBJECTS);
        }
    }
    struct cret_seal_tree *tree = calloc(1, sizeof(*tree));
    if (tree == NULL) {
        return cret_err_memory(err);
    }
    tree->algorithm = algorithm;
    enum cret_status status = make_room(tree, groups, count, err);
    if (status == CRET_OK) {
        status = place_leaves(tree, err);
    }
    while (status == CRET_OK && tree->sizes[tree->level_count - 1] > 1) {
        status = add_level(tree, err);
    }
    if (status != CRET_OK) {
        cret_seal_tree_free(&tree);
        return CRET_FAILED;
    }
    *ret_tree = tree;
    return CRET_OK;
}

const struct cret_seal_hash *cret_seal_tree_root(const struct cret_seal_tree *tree)
{
    return &tree->levels[tree->level_count - 1][0].hash;
}

const struct cret_digest_algorithm *cret_seal_tree_algorithm(const struct cret_seal_tree *tree)
{
    return tree->algorithm;
}

/* The first list has the group's digests; a group of one shares it with its first neighbour
 * (4.2.2). Then the neighbour at each level. */
enum cret_status cret_seal_tree_path(struct cret_seal_path *ret_path,
                                     const struct cret_seal_tree *tree, size_t group,
                                     struct cret_err *err)
{
    const size_t begin = tree->begins[group], count = tree->begins[group + 1] - begin;
    struct cret_seal_path path = {.values = calloc(count + LEVELS, sizeof(*path.values))};
    size_t place = tree->leaves[group], next = count;
    if (path.values == NULL) {
        return cret_err_memory(err);
    }
    memcpy(path.values, &tree->hashes[begin], count * sizeof(*path.values));
    path.counts[0] = count;
    path.list_count = 1;
    for (size_t i = 0; i + 1 < tree->level_count; i++, place /= 2) {
        const size_t neighbour = place ^ 1;
        if (neighbour >= tree->sizes[i]) {
            continue;
        }
        path.values[next++] = tree->levels[i][neighbour].hash;
        if (path.list_count == 1 && path.counts[0] == 1) {
            path.counts[0] = 2;
        } else {
            path.counts[path.list_count++] = 1;
        }
    }
    if (path.list_count == 1 && path.counts[0] == 1) {
        path.list_count = 0;
    }
    *ret_path = path;
    return CRET_OK;
}
