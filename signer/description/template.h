/* SPDX-License-Identifier: Apache-2.0 */
/* What `init` prints: a description to start from, with comments out of the field tables. */
#ifndef CRET_SIGNER_TEMPLATE_H
#define CRET_SIGNER_TEMPLATE_H

#include "base/text/text.h"
#include "release/manifest/manifest.h"

/*
 * A new description: required fields live with example values, common ones commented out ("#" right
 * before the YAML; prose has "# "). Each field's comment is its description in the field tables.
 * Appends to out, which the caller frees; out->failed where memory is exhausted.
 */
void cret_template_new(struct cret_buffer *out);

/*
 * A description that says what a manifest says, for the next release: the sequence is one higher,
 * the date is left out, what the tools generate is left out. Sources are the original names, below
 * the folder of the description. origin: name of the archive, for the comment, which says that
 * nothing of it was verified.
 */
void cret_template_from(struct cret_buffer *out, const struct cret_manifest *manifest,
                        const char *origin);

/* The row of a path such as "hardware[].model" in the manifest's tables; NULL: there is none. */
const struct cret_field *cret_template_field(const char *path);

/* The rows of the new description, for tests: path of row `index`, NULL behind the last. */
const char *cret_template_path(size_t index);

#endif
