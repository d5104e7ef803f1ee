/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What advisories and VEX files say of a release: CSAF 2.0 and 2.1 (OASIS), OpenVEX, CycloneDX VEX
 * and the security profile of SPDX 3, matched by hash, package URL, CPE, and reference into the
 * SBOM. Names and version ranges are only ever a possible match, which a person confirms.
 */
#ifndef CRET_RELEASE_ADVISORY_H
#define CRET_RELEASE_ADVISORY_H

#include "release/sbom/foreign.h"
#include "release/sbom/sbom.h"

struct cret_advisory; /* a parsed document */

/* "affected", "under investigation", "fixed", "not affected": from what needs action most; ended by
 * NULL. */
extern const char *const cret_advisory_statuses[];

/*
 * Parses a CSAF or OpenVEX document, or a CycloneDX BOM or SPDX 3 document with vulnerabilities.
 * file: its name, for errors. class REFUSED, check advisory.match: no JSON, none of these, or
 * without what every document must have (CSAF: document.category, title, tracking.id,
 * publisher.name). UNDECIDED: memory.
 */
CRET_MUST_CHECK enum cret_status cret_advisory_read(struct cret_advisory **ret_advisory,
                                                    const char *text, size_t size, const char *file,
                                                    struct cret_err *err);
/* What a text is that cret_advisory_read() refuses, where it is JSON of another kind; NULL: it is a
 * CSAF or OpenVEX document, a CycloneDX BOM or SPDX 3 document with vulnerabilities, or no JSON at
 * all, which may have been one.
 */
const struct cret_foreign *cret_advisory_foreign(const char *text, size_t size);
void cret_advisory_free(struct cret_advisory **advisory);
const char *cret_advisory_id(const struct cret_advisory *advisory);
const char *cret_advisory_title(const struct cret_advisory *advisory);
/* "CSAF 2.0 csaf_security_advisory", "CycloneDX VEX". */
const char *cret_advisory_kind(const struct cret_advisory *advisory);

/* "draft" or "interim" where the document is not final; else NULL. */
const char *cret_advisory_state(const struct cret_advisory *advisory);
/* "withdrawn", "superseded": the document says that what earlier revisions of it said holds no
 * more, and nothing else; or NULL. */
const char *cret_advisory_taken_back(const struct cret_advisory *advisory);
/* {"series", "version", "date", "state", "form", "claim", "digest"} with those that are known: what
 * cret_advisory_replaces() compares. claim: which revision it claims to be, of what and in which
 * form; digest: of its content. New reference; NULL: memory. */
json_t *cret_advisory_revision(const struct cret_advisory *advisory);
/* Whether left is surely the later revision of the same document as right (same publisher and id,
 * or serial number): a higher version, not of an earlier day, and final; or the same version in a
 * newer form of CSAF. */
bool cret_advisory_replaces(const json_t *left, const json_t *right);

/*
 * What there is to match: {"vendor", "name", "version", "purl", "cpe", "models": [...],
 * "files": [{"path", "sha256"}], "sboms": [{"serial", "format", "version"}], "components": [...]}
 * with those that are known, and "gaps" (release/advisory/coverage.h). sboms may be NULL. A
 * component of another SBOM than the first has "sbom": its place in sboms. files: list every file
 * (the caller may add them itself). New reference; NULL: memory.
 */
json_t *cret_subjects(const struct cret_manifest *manifest, const struct cret_sboms *sboms,
                      bool files);

/* Subjects, taken apart once for all documents. */
struct cret_subject_index;
/* NULL: memory. The subjects are kept. */
CRET_MUST_CHECK struct cret_subject_index *cret_subject_index_new(json_t *subjects);
void cret_subject_index_free(struct cret_subject_index **index);

/* What a document was compared with and what came of it, beside the matches. */
struct cret_advisory_facts {
    size_t vulnerabilities, statements; /* a statement: one status of one product */
    size_t about_others;                /* of these: those that name nothing that we have */
    size_t components, files;           /* that there were to compare with */
    size_t other_versions;              /* statements about other versions of what we have */
    bool same_vendor;                   /* it names products of our vendor */
};

/*
 * Every vulnerability for which the document says something of the release or of a component of its
 * SBOM: an array of {"advisory", "vulnerability", "status" ("affected", "under investigation",
 * "fixed", "not affected"), "match" ("sure", "possible"), "by" ("hash", "purl", "cpe",
 * "reference", "model", "name"), "because" (a sentence), "subject" ("the product", "component
 * openssl 3.5.4", "file x"), "product" (the document's words), and where they are given
 * "justification", "impact", "remediations": [{"category", "details", "restart"}], "stated",
 * "doubt"}. stated: the document says this ("fixed", "not affected") of something that is not
 * surely ours, so that it is a question: status is "affected", match "possible". doubt: a sentence,
 * why the statement cannot be relied on: the document contradicts itself, is not final, or says
 * "not affected" and not why. What is fixed or not affected and has a doubt is never sure. Sure
 * matches first, then by status from affected to not affected. facts: filled in; or NULL. New
 * reference; NULL: memory.
 */
json_t *cret_advisory_match(const struct cret_advisory *advisory,
                            const struct cret_subject_index *index,
                            struct cret_advisory_facts *facts);

/* The bytes of a payload file, terminated; NULL where they are not there. */
typedef const char *(*cret_payload_text)(const void *context, size_t entry, size_t *ret_size);

/* Whether the bytes of this file are wanted by the following. */
bool cret_advisories_wanted(const struct cret_manifest *manifest, size_t entry);

/*
 * Advisories and VEX files that come with a release: vex.match, advisory.match, advisory.digest.
 * Faults are FAIL findings, a file that could not be looked at is NOT_CHECKED, PASS for the others.
 * *ret_said: what they say of the release (each: "file", "vulnerability", "subject", "status",
 * "match", "because", and "stated", "doubt" where they are there; as cret_advisory_match() has
 * them), in the order of files; NULL where none was read. Fails only for memory.
 */
CRET_MUST_CHECK enum cret_status cret_advisories_check(const struct cret_manifest *manifest,
                                                       const struct cret_sboms *sboms,
                                                       cret_payload_text text, const void *context,
                                                       struct cret_findings *findings,
                                                       json_t **ret_said, struct cret_err *err);

#endif
