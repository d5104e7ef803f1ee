/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree of nodes that know where they stand, read through libyaml's events. Only the part
 * of YAML 1.2 that says one thing in one way: no anchors, aliases, tags, merge keys, further
 * documents, or duplicate keys.
 */
#ifndef CRET_SIGNER_YAML_H
#define CRET_SIGNER_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/err.h"

enum cret_node_kind { CRET_NODE_SCALAR, CRET_NODE_SEQUENCE, CRET_NODE_MAPPING };

/* Where a node or a key begins. */
struct cret_mark {
    const char *file;      /* path as it was given; borrowed from whoever read it */
    unsigned line, column; /* from 1; 0 where the place is not in a file (--set) */
};

struct cret_node {
    enum cret_node_kind kind;
    struct cret_mark mark;
    char *text;                  /* scalar: UTF-8 in NFC, without quotes */
    bool plain;                  /* scalar: without quotes, so its kind is the field's */
    struct cret_node **items;    /* sequence: items; mapping: values */
    char **keys;                 /* mapping */
    struct cret_mark *key_marks; /* mapping */
    size_t count, capacity;
};

/*
 * Reads one document. text must outlive nothing; file must outlive the tree. class USAGE, where
 * "file:line:column", for whatever is not in the form above, is nested deeper than
 * CRET_LIMIT_JSON_DEPTH, or is not UTF-8. Trailing line breaks of block scalars are dropped.
 */
CRET_MUST_CHECK enum cret_status cret_yaml_parse(struct cret_node **ret_node, const char *text,
                                                 size_t size, const char *file,
                                                 struct cret_err *err);
void cret_node_free(struct cret_node **node);

/* Makes a node. NULL: out of memory. text may be NULL unless kind is SCALAR; it is copied, in NFC:
 * a name that one editor composed and another decomposed is one name. */
struct cret_node *cret_node_new(enum cret_node_kind kind, const struct cret_mark *mark,
                                const char *text);
/* Adds to a sequence (key NULL) or mapping; owns child in every case. The key must be new. */
CRET_MUST_CHECK enum cret_status cret_node_add(struct cret_node *parent, const char *key,
                                               const struct cret_mark *key_mark,
                                               struct cret_node *child, struct cret_err *err);
/* Index of a key, or SIZE_MAX. */
size_t cret_node_find(const struct cret_node *mapping, const char *key, size_t size);
/* The value of a key, or NULL; also where node is NULL or no mapping. */
struct cret_node *cret_node_get(const struct cret_node *node, const char *key);
/* Takes the value of a key out of a mapping; NULL where it is not there. Caller frees. */
struct cret_node *cret_node_take(struct cret_node *mapping, const char *key);

/* Sets err->where to "file:line:column" of a mark. Returns CRET_FAILED. */
enum cret_status cret_mark_where(struct cret_err *err, const struct cret_mark *mark);

#endif
