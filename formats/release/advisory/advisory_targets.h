/* SPDX-License-Identifier: Apache-2.0 */
/* What a release has that statements can mean: the product, components, files; taken apart once,
 * and found by what they have in common with a statement. */
#ifndef CRET_RELEASE_ADVISORY_TARGETS_H
#define CRET_RELEASE_ADVISORY_TARGETS_H

#include <jansson.h>

#include "release/advisory/advisory.h"
#include "release/advisory/advisory_names.h"
#include "release/identifier/identifier.h"

enum cret_target_kind {
    CRET_TARGET_PRODUCT,
    CRET_TARGET_ROOT,
    CRET_TARGET_COMPONENT,
    CRET_TARGET_FILE
};

struct cret_target {
    enum cret_target_kind kind;
    const json_t *json;
    const char *version; /* NULL: not known */
    char *label;         /* "the product", "component openssl 3.5.4", "file x" */
    struct cret_name *name;
    struct cret_purl **purls;
    struct cret_cpe **cpes;
    size_t purl_count, cpe_count;
};

/* The kinds of keys that targets are found by. */
enum cret_key {
    CRET_KEY_WORD,
    CRET_KEY_SQUEEZED,
    CRET_KEY_PURL,
    CRET_KEY_CPE,
    CRET_KEY_DIGEST,
    CRET_KEY_REF
};

struct cret_index_entry {
    uint64_t hash;
    uint32_t target;
};

struct cret_subject_index {
    json_t *subjects;
    struct cret_target *list; /* the product first */
    size_t count;
    struct cret_name *vendor;
    struct cret_name **models;
    size_t model_count;
    struct cret_index_entry *index; /* by hash */
    size_t index_count, index_capacity;
    size_t components, files;
};

uint64_t cret_key_hash(enum cret_key key, const char *text);
/* The targets of a key: a piece of the index, of *ret_count entries. Different texts can share a
 * hash: compare. */
const struct cret_index_entry *cret_index_find(const struct cret_subject_index *index,
                                               uint64_t hash, size_t *ret_count);
/* The key of a digest: the algorithm without its spelling, and the value in lower case. */
uint64_t cret_digest_hash(const char *algorithm, const char *value);

#endif
