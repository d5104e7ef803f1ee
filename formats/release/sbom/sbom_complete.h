/* SPDX-License-Identifier: Apache-2.0 */
/* Fills in what a release knows of itself: identity and hashes in its SBOM. */
#ifndef CRET_RELEASE_SBOM_COMPLETE_H
#define CRET_RELEASE_SBOM_COMPLETE_H

#include "release/sbom/sbom.h"
#include "release/sbom/sbom_nature.h"

/* One component whose file is known. */
struct cret_sbom_bound {
    const char *component; /* as a bind names it: bom-ref or SPDXID, purl, name */
    const char *file;      /* without folder */
    uint8_t sha256[CRET_SHA256_BYTES];
    uint8_t sha512[CRET_SHA512_BYTES];
    struct cret_nature nature; /* what its bytes say */
};

/* What the release says. */
struct cret_sbom_facts {
    const char *vendor, *product, *version;
    const char *purl, *cpe; /* or NULL */
    const char *date;       /* RFC 3339 */
    const char *contact;    /* of the vendor: e-mail address, URL or number; or NULL */
    const char *tool_version;
    const struct cret_sbom_bound *bound;
    size_t bound_count;
    /* Digests of the file that is the product, where no bind names the root component; or NULL. */
    const struct cret_sbom_bound *root;
};

/*
 * Changes the SBOM in place: root component (made where there is none, and above one that stands
 * for something else than the product) with name, version, purl, cpe and supplier; the hashes of
 * the root and of every bound component become exactly the SHA-256 and SHA-512 given, because
 * hashes of other algorithms would be those of an older build; serial number or namespace (made
 * from the release, the same on every machine) and time only where they are absent. What a release
 * cannot know (dependencies, licences, identifiers of components) stays. *ret_changes: an array of
 * strings, one for each change. class REFUSED where a bound component is not there, or the root has
 * no file; UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_sbom_complete(struct cret_sbom *sbom,
                                                    const struct cret_sbom_facts *facts,
                                                    json_t **ret_changes, struct cret_err *err);

/*
 * The second step, on the completed SBOM as it was read again: what the rules of cisa-2026, and of
 * CycloneDX also those of bsi, miss is filled from the release where it knows it (author, contact
 * of the manufacturer, context, tool), and else said to be unknown in the words of the format. What
 * no format has a word for stays a fault. Appends to `changes`. CRET_FAILED: class UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_sbom_declare(struct cret_sbom *sbom,
                                                   const struct cret_sbom_facts *facts,
                                                   json_t *changes, struct cret_err *err);

#endif
