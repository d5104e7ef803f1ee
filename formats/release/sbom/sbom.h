/* SPDX-License-Identifier: Apache-2.0 */
/* Software bills of materials: strict structure, and binding to the bytes that they describe. */
#ifndef CRET_RELEASE_SBOM_H
#define CRET_RELEASE_SBOM_H

#include "base/finding/limits.h"
#include "release/sbom/sbom_place.h"

struct cret_sbom; /* a parsed SBOM */

/* The SBOMs of a release in the manifest's order; NULL in the list: not read, or not readable. */
struct cret_sboms {
    struct cret_sbom *list[CRET_LIMIT_SBOMS];
    size_t count; /* of those that the manifest lists */
};
void cret_sboms_clear(struct cret_sboms *sboms);
/* How many of them could be read. */
size_t cret_sboms_read(const struct cret_sboms *sboms);
/* sbom.form: a FAIL for each that has the serial number and version of one before it. */
void cret_sboms_check_serials(const struct cret_sboms *sboms, struct cret_findings *findings);

/*
 * The payload's bytes, once more, after their digests matched: for hashes that the manifest does
 * not give, and for files inside archives. Reads up to size bytes of an entry; *ret_got < size only
 * at its end.
 */
struct cret_payload_reader {
    enum cret_status (*read)(void *context, size_t entry, uint64_t offset, void *data, size_t size,
                             size_t *ret_got, struct cret_err *err);
    void *context;
};

/*
 * Checks the SBOM (bytes whose digest matched): format as the manifest says (CycloneDX JSON 1.4 to
 * 1.7, SPDX JSON 2.2, 2.3, 3.0.1), structure (sbom.form), and binding (sbom.binding): the root
 * component's name and version are those of product and release, its hash is that of a signed file
 * (of the one that `binds` gives it, where it does), every binds[] component exists exactly once,
 * looked for by bom-ref, SPDXID or spdxId, then by purl, then by name, and has the hash of its
 * file, or of the file inside its file that `member` names (sbom.nested says whether that could be
 * read).
 *
 * The hash is a SHA-256, which the manifest vouches for; of a component that has a SHA-512 alone,
 * and of members, the bytes are hashed through `reader`. Without a reader (NULL: a pipe, or bytes
 * that are not read again) that is NOT_CHECKED. A component that has both hashes must have both
 * right wherever its bytes are read. A component with neither is a fault.
 *
 * Findings point into the SBOM: "<its path>#/metadata/component/version". Severities are applied by
 * the caller: faults are added as FAIL here, one PASS for each check that found none. text NULL:
 * too large to parse; form and binding are NOT_CHECKED. Where there is no such entry nothing is
 * added. Of several SBOMs each is checked like a single one.
 * CRET_OK where no fault was found; else err is the first one, class REFUSED, or UNDECIDED for
 * memory and I/O. ret_sbom: NULL, or the parsed SBOM where it could be parsed, faulty or not, else
 * NULL (caller: cret_sbom_free; it borrows from the manifest).
 */
CRET_MUST_CHECK enum cret_status
cret_sbom_check_payload(const struct cret_sbom_place *place, const char *text, size_t size,
                        const struct cret_payload_reader *reader, struct cret_sbom **ret_sbom,
                        struct cret_findings *findings, struct cret_err *err);

/*
 * Parses any SBOM. format: what it must be ("CycloneDX-1.6"), or NULL to take what it says. file:
 * its name for findings, borrowed. Faults of structure become FAIL findings of sbom.form (up to
 * 200), or one PASS. *ret_sbom is set where the text is JSON of a known format, faulty or not;
 * CRET_FAILED where it is not (class REFUSED, added as a finding too), or memory is exhausted
 * (UNDECIDED).
 */
CRET_MUST_CHECK enum cret_status cret_sbom_read(struct cret_sbom **ret_sbom, const char *text,
                                                size_t size, const char *file, const char *format,
                                                struct cret_findings *findings,
                                                struct cret_err *err);
void cret_sbom_free(struct cret_sbom **sbom);
/* "CycloneDX-1.6", as a manifest writes it. */
const char *cret_sbom_format(const struct cret_sbom *sbom);
/* The whole document; borrowed. */
const json_t *cret_sbom_json(const struct cret_sbom *sbom);
/* Components and packages, without the product itself and without files: as all pages count them,
 * and as many as cret_sbom_parts() lists. */
size_t cret_sbom_count(const struct cret_sbom *sbom);
/* All that it lists, the product and files too: for limits. */
size_t cret_sbom_entries(const struct cret_sbom *sbom);

/*
 * What identifies the components, for matching with advisories: an array of objects with those of
 * "ref", "name", "version", "purl", "cpe", "sha256", "sha512" (purl and cpe: arrays) that are
 * there, "root": true for the one that stands for the product, "file": true for a file. New
 * reference; NULL: memory.
 */
json_t *cret_sbom_identities(const struct cret_sbom *sbom);

#endif
