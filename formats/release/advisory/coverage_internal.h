/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to coverage: what each format has that no advisory is compared with. */
#ifndef CRET_RELEASE_COVERAGE_INTERNAL_H
#define CRET_RELEASE_COVERAGE_INTERNAL_H

#include "release/sbom/sbom_internal.h"
#include "release/sbom/sbom_spdx3.h"

/* Things that count once however often they are named. */
struct cret_known {
    json_t *names;
    bool failed;
};
struct cret_known cret_known_begin(void);
/* NULL is none. */
void cret_known_note(struct cret_known *known, const char *name);
/* Frees it. Never fewer than are surely there: what could not be counted is not nothing. */
size_t cret_known_count(struct cret_known *known);

/* Other documents that it refers to as parts of it. */
size_t cret_coverage_cyclonedx_missing(const struct cret_sbom *sbom);
size_t cret_coverage_spdx_missing(const struct cret_sbom *sbom);

/* Notes what the document itself says is incomplete, or of unknown parts. */
void cret_coverage_cyclonedx_open(struct cret_known *known, const json_t *bom);
void cret_coverage_spdx_open(struct cret_known *known, const json_t *document);
void cret_coverage_spdx3_open(struct cret_known *known, const struct cret_spdx3 *spdx3);

/* Whether the document says that the product has no more parts than it lists; root: its reference,
 * or NULL. */
bool cret_coverage_cyclonedx_whole(const json_t *bom, const char *root);
bool cret_coverage_spdx_whole(const json_t *document, const char *root);
bool cret_coverage_spdx3_whole(const struct cret_spdx3 *spdx3, const char *root);

/* Vulnerabilities in the document that nothing in it settles. */
size_t cret_coverage_cyclonedx_vulnerabilities(const json_t *bom);
size_t cret_coverage_spdx3_vulnerabilities(const struct cret_spdx3 *spdx3);

/* Services and those that they are made of. */
size_t cret_coverage_cyclonedx_services(const json_t *holder);
/* Elements of a class. */
size_t cret_coverage_spdx3_of_class(const struct cret_spdx3 *spdx3, const char *name);

#endif
