/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The release description: YAML that mirrors the manifest, its includes and --set values, as one
 * JSON tree that the field tables typed, and the place of each part of it.
 */
#ifndef CRET_SIGNER_DESCRIPTION_H
#define CRET_SIGNER_DESCRIPTION_H

#include <jansson.h>
#include <stdint.h>

#include "base/finding/finding.h"
#include "signer/description/yaml.h"

#define CRET_DESCRIPTION_INCLUDE_DEPTH                                                             \
    8u                              /* a company, a product line, a product; cycles end here */
#define CRET_DESCRIPTION_FILES 100u /* files of one description */

struct cret_description {
    struct cret_node *root; /* merged */
    json_t *json;           /* the same, typed by the field table */
    char **names;           /* what marks point to: files read, --set options */
    size_t name_count;
};

/*
 * Reads a description ("-": standard input), merges `include:` (a file or a list of files, relative
 * to the file that names them; the including file wins, later ones of a list win over earlier ones;
 * lists are replaced as a whole), then applies sets ("release.version=1.2"; dotted path, numbers
 * name entries of a list; each path once). A scalar without quotes gets the kind that its field
 * has: `version: 1.10` stays the text 1.10. class USAGE with file, line and column for a form that
 * YAML or this reader refuses, and for a file that cannot be read. The fields themselves are not
 * judged here.
 */
CRET_MUST_CHECK enum cret_status cret_description_load(struct cret_description **ret_description,
                                                       const char *path, const char *const *sets,
                                                       size_t set_count, struct cret_err *err);
/* The same from a text; `name` stands for it in errors. No include, paths as in the current folder.
 */
CRET_MUST_CHECK enum cret_status cret_description_parse(struct cret_description **ret_description,
                                                        const char *text, size_t size,
                                                        const char *name, const char *const *sets,
                                                        size_t set_count, struct cret_err *err);
void cret_description_free(struct cret_description **description);

/* Holds the description to the field tables. Findings point into it ("#/release/version"). */
CRET_MUST_CHECK enum cret_status
cret_description_validate(const struct cret_description *description,
                          struct cret_findings *findings);

/* The place of a JSON pointer ("#/files/0/source"), or of the deepest part of it that is there. */
struct cret_mark cret_description_locate(const struct cret_description *description,
                                         const char *pointer);
/* "files[0].source" of "#/files/0/source". Caller frees; NULL: out of memory. */
char *cret_description_field_name(const char *pointer);

/*
 * What the manifest is written from: a copy without files[] and description-only fields, with every
 * default filled in. date: release.date in seconds where the description gives none. New reference;
 * NULL when memory is exhausted.
 */
json_t *cret_description_complete(const struct cret_description *description, int64_t date);

/* path as seen from the folder of the file that `mark` points into (from the current folder for a
 * --set or standard input), and as its folder spells it: composed or decomposed. Caller frees;
 * NULL: out of memory. */
char *cret_description_resolve(const struct cret_mark *mark, const char *path);

#endif
