/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to `sbom complete`: what is written into an SPDX 3 document. */
#ifndef CRET_RELEASE_SBOM_COMPLETE_SPDX3_H
#define CRET_RELEASE_SBOM_COMPLETE_SPDX3_H

#include "release/sbom/sbom_complete_internal.h"
#include "release/sbom/sbom_spdx3.h"

/* The element of that name in the name space of the release; made where it is not there. `of`: the
 * id of what it belongs to, where there is one for each; or NULL. NULL: memory. */
json_t *cret_completion_element(struct cret_completion *completion, const char *type,
                                const char *name, const char *of);
/* A relationship that nobody stated before; new in the document. Non-zero: memory. */
int cret_completion_relate(struct cret_completion *completion, const char *name, const char *from,
                           const char *type, json_t *to);
/* The id of the manufacturer, who has the contact of the release; of the tool that completes. NULL:
 * memory. */
const char *cret_completion_manufacturer(struct cret_completion *completion);
const char *cret_completion_tool(struct cret_completion *completion);

/* The package that stands for the product, above the root that a tool made. NULL: memory. */
json_t *cret_completion_root_spdx3(struct cret_completion *completion);
/* What the release says of the product. */
void cret_completion_identify_spdx3(struct cret_completion *completion, json_t *root);
/* The file in which a component is delivered: its name and hashes. */
void cret_completion_file_spdx3(struct cret_completion *completion, json_t *component,
                                const struct cret_sbom_bound *bound);
/* The last change: the document has other content, and so another id. */
void cret_completion_rename_spdx3(struct cret_completion *completion);

/* sbom_declare_spdx3.c: what the rules miss. */
CRET_MUST_CHECK enum cret_status cret_completion_declare_spdx3(struct cret_completion *completion,
                                                               struct cret_err *err);

#endif
