/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to formats/release: what the parser and the writer of the manifest share. */
#ifndef CRET_RELEASE_MANIFEST_INTERNAL_H
#define CRET_RELEASE_MANIFEST_INTERNAL_H

#include "release/manifest/manifest.h"

/* Faults of files[] that are listed one by one; the rest is only counted. */
#define CRET_MANIFEST_FAULTS 1000u

/* manifest_strings.c: many small strings that are freed together. */
CRET_MUST_CHECK enum cret_status cret_manifest_strings_new(struct cret_manifest_strings **ret);
void cret_manifest_strings_free(struct cret_manifest_strings **strings);
/* A copy; NULL when memory is exhausted. */
const char *cret_manifest_strings_add(struct cret_manifest_strings *strings, const char *text);
/* A copy that repeated values share, for values with few variants. */
const char *cret_manifest_strings_share(struct cret_manifest_strings *strings, const char *text);

/*
 * manifest_files.c: where files[] lies in a manifest text, found without building a tree. Offsets
 * into the text; found is false where there is no such array (or the text is no JSON, which the
 * parser then says).
 */
struct cret_manifest_split {
    bool found;
    size_t first_end; /* behind the first element, or behind '[' where there is none */
    size_t end;       /* of the closing ']' */
    size_t rest;      /* number of elements after the first one */
};
void cret_manifest_split(struct cret_manifest_split *ret_split, const char *text, size_t size);

/*
 * Reads and validates the elements of files[]: those in manifest->json, then those that the split
 * left out of it, into manifest->entries and manifest->files, and takes files[] out of the tree.
 * Faults become findings. CRET_FAILED only for memory, and for an element that is no JSON
 * (err REFUSED).
 */
CRET_MUST_CHECK enum cret_status cret_manifest_read_files(struct cret_manifest *manifest,
                                                          const struct cret_manifest_split *split,
                                                          const char *text, bool valid,
                                                          struct cret_findings *findings,
                                                          struct cret_err *err);

/* manifest_rules.c: rules over the files as a set. Faults become findings; CRET_FAILED only for
 * memory. */
CRET_MUST_CHECK enum cret_status cret_manifest_check_files(struct cret_manifest *manifest,
                                                           struct cret_findings *findings,
                                                           struct cret_err *err);

/* manifest_references.c: every reference resolves. Faults become findings; CRET_FAILED only for
 * memory. */
CRET_MUST_CHECK enum cret_status
cret_manifest_check_references(const struct cret_manifest *manifest, struct cret_findings *findings,
                               struct cret_err *err);

/* manifest_documents.c: rules within documents, topics and SBOM binds. As above. */
CRET_MUST_CHECK enum cret_status cret_manifest_check_documents(const json_t *manifest,
                                                               struct cret_findings *findings,
                                                               struct cret_err *err);

/* manifest_adoption.c: `adoption` is there exactly where origin is adopted. */
void cret_manifest_check_adoption(const json_t *manifest, struct cret_findings *findings);

/* What a reference names. */
enum cret_manifest_target { CRET_TARGET_FILE, CRET_TARGET_DOCUMENT };
/* Called for each reference of a manifest; value is its JSON string, pointer "#/documents/0/file".
 */
typedef enum cret_status (*cret_manifest_visitor)(void *context, enum cret_manifest_target target,
                                                  const char *pointer, const char *pattern,
                                                  json_t *value, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_manifest_each_reference(json_t *manifest,
                                                              cret_manifest_visitor visitor,
                                                              void *context, struct cret_err *err);

/* The entry of a path in entries sorted by path; NULL where there is none. */
const struct cret_entry *cret_manifest_entry(const struct cret_entry *entries, size_t count,
                                             const char *path);

#endif
