/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats of SBOMs, VEX files and advisories that are recognized and not read here: a refusal names
 * them and the way out, and what lies beside advisories is told by its kind.
 */
#ifndef CRET_RELEASE_FOREIGN_H
#define CRET_RELEASE_FOREIGN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/finding/err.h"

struct cret_foreign {
    const char *name; /* "SPDX 3 (JSON-LD)" */
    const char *way;  /* what to do, for people */
    /* It says nothing of vulnerabilities: an index, a key, a digest, a bare SBOM. Whatever is not
     * surely one of these may have been an advisory. */
    bool silent;
};

/* What a JSON document is that is neither of the formats that are read; never NULL. */
const struct cret_foreign *cret_foreign_json(const json_t *json);
/* The same of what should be an SBOM; NULL: it is CycloneDX, SPDX 2, SPDX 3.0.1, or not recognized.
 */
const struct cret_foreign *cret_foreign_instead(const json_t *json);
/* The same by bytes that need not be JSON; NULL: not recognized, or JSON with a fault. */
const struct cret_foreign *cret_foreign_bytes(const char *text, size_t size);
/* The same by a file's name, of what is not read for it; never NULL, never of "*.json". */
const struct cret_foreign *cret_foreign_name(const char *path);

/* Whether it says that it is SPDX 3.0.1, the one version of SPDX 3 that is read as an SBOM. */
bool cret_foreign_is_spdx3(const json_t *json);

/* Whether an object of an SPDX 3 document says something of vulnerabilities: one of the security
 * profile, or a relationship that says the same without its classes. */
bool cret_foreign_is_spdx3_statement(const json_t *object);
/* Whether it is SPDX 3.0.1 and has such an object. */
bool cret_foreign_is_spdx3_vex(const json_t *json);

/* Says in a refusal which format it is, and the way out; nothing where foreign is NULL. */
void cret_foreign_say(const struct cret_foreign *foreign, struct cret_err *err);

#endif
