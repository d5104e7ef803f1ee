/* SPDX-License-Identifier: Apache-2.0 */
/* The SBOMs of a release that was inspected, read once more for who compares releases. */
#ifndef CRET_ENGINE_COMPONENTS_H
#define CRET_ENGINE_COMPONENTS_H

#include <jansson.h>

#include "engine/inspect.h"

/*
 * For each SBOM that the manifest lists: {"file", "components": of cret_sbom_parts()}, or {"file",
 * "unread": a sentence}. Its bytes come from the source (or the request's payload folder), and are
 * compared with the manifest's digest before anything looks at them: verified or not, what is
 * compared is what the manifest names. inspection: with a manifest. New reference; NULL: memory.
 */
json_t *cret_inspect_components(const struct cret_source *source,
                                const struct cret_inspection *inspection,
                                const struct cret_inspect_request *request);

#endif
