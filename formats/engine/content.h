/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on what an authenticated manifest says, against policy and the operator's expectations. */
#ifndef CRET_ENGINE_CONTENT_H
#define CRET_ENGINE_CONTENT_H

#include "engine/inspect.h"
#include "engine/kept.h"
#include "release/sbom/sbom.h"

/* policy.review, release.*, lifecycle.*, document.*, topics.answered, claims.hygiene of the
 * manifest: findings with the severities of policy and profile. */
void cret_content_check_release(struct cret_findings *findings,
                                const struct cret_manifest *manifest,
                                const struct cret_inspect_request *request);

/* Whether the text of this file is searched for claims. */
bool cret_content_scans(const struct cret_manifest *manifest, size_t entry);

/* claims.hygiene over the documents that were kept (their digests matched); others are counted as
 * not checked. */
void cret_content_check_documents(struct cret_findings *findings,
                                  const struct cret_manifest *manifest,
                                  const struct cret_inspect_request *request,
                                  const struct cret_kept *kept);

/* What a fault of a check becomes under the policy; a profile can only raise it. NOT_CHECKED: it is
 * ignored. */
enum cret_result cret_content_result(const struct cret_inspect_request *request,
                                     enum cret_check_id check);

/* Bytes of the payload whose digests matched. */
struct cret_content_material {
    bool sbom_read;   /* the SBOM was among what was read */
    const char *sbom; /* NULL: too large to be parsed */
    size_t sbom_size;
    const struct cret_kept *kept;             /* advisories and VEX files */
    const struct cret_payload_reader *reader; /* or NULL: bytes cannot be read again (a pipe) */
    bool digests_claimed; /* some SHA-256 was not computed (--fast, --only): what rests on them is
                             NOT_CHECKED instead of PASS */
};

/*
 * sbom.*, vex.match, advisory.*: with the severities of policy and profile. The profiles of SBOM
 * quality are looked at only where policy or profile do not ignore them. ret_subjects: NULL, or
 * what advisories can be matched with, without the files (release/advisory.h; caller: json_decref).
 * CRET_FAILED only where the tool could not do its work.
 */
CRET_MUST_CHECK enum cret_status
cret_content_check_sbom(struct cret_findings *findings, const struct cret_manifest *manifest,
                        const struct cret_inspect_request *request,
                        const struct cret_content_material *material, json_t **ret_subjects,
                        struct cret_err *err);
#endif
