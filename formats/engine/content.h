/* SPDX-License-Identifier: Apache-2.0 */
/* All checks on the content of a release, in one order and with one rule for severities: lint and
 * pack make them for whoever signs, check for whoever receives. */
#ifndef CRET_ENGINE_CONTENT_H
#define CRET_ENGINE_CONTENT_H

#include "engine/kept.h"
#include "release/sbom/sbom.h"
#include "release/statements/profile.h"
#include "trust/policy/policy.h"

/* What is checked, for whom, and how strictly. */
struct cret_content {
    const struct cret_manifest *manifest;
    enum cret_reader reader;              /* his hints; what he alone can mend is a fault for him */
    int64_t now;                          /* seconds */
    const char *hardware;                 /* "MODEL" or "MODEL:REVISION" of the asset, or NULL */
    const enum cret_severity *severities; /* of a policy, by check; NULL: those of the table */
    const struct cret_profile *profile;   /* required topics, raised severities; or NULL */
    const struct cret_policy *policy;     /* who may attest to a build; NULL: nobody is asked */

    /* For cret_content_check_payload: bytes whose digests are those of the manifest. */
    const struct cret_kept *kept;
    const struct cret_payload_reader *payload; /* or NULL: bytes cannot be read again (a pipe) */
    const bool *read;     /* by entry, whether it is read in this run; NULL: all are */
    bool want_subjects;   /* keep what advisories can be matched with */
    bool digests_claimed; /* some SHA-256 was not computed (--fast, --only): what rests on them is
                             NOT_CHECKED instead of PASS */
};

/* What the checks learn of the content besides their findings. */
struct cret_content_facts {
    json_t *subjects;   /* where wanted: what advisories can be matched with, without the files */
    json_t *provenance; /* of each attestation (cret_provenance_check), or NULL: none is listed */
    json_t *advice;     /* what VEX and advisories in the release say (cret_advisories_check), or
                           NULL: none were read */
    struct cret_content_sbom {
        bool read;
        size_t components;     /* where it was read */
        json_t *parts;         /* the first of them, of cret_sbom_parts_brief() */
        size_t left_out;       /* the others */
    } sboms[CRET_LIMIT_SBOMS]; /* in the manifest's order */
};
void cret_content_facts_clear(struct cret_content_facts *facts);

/* lifecycle.*, release.*, document.*, topics.answered, sbom.unread, and claims.hygiene of the
 * manifest. */
void cret_content_check_manifest(const struct cret_content *content,
                                 struct cret_findings *findings);

/* Chooses the files whose text cret_content_check_payload looks at, within fixed limits: SBOM,
 * advisories, VEX, documents. */
CRET_MUST_CHECK enum cret_status cret_content_choose(const struct cret_content *content,
                                                     struct cret_kept *kept, struct cret_err *err);

/*
 * sbom.*, provenance.*, vex.match, advisory.*, and claims.hygiene of documents; what was not kept
 * is NOT_CHECKED. The profiles of SBOM quality are looked at only where policy or profile do not
 * ignore them. ret_facts: NULL, or set (caller: cret_content_facts_clear). CRET_FAILED only where
 * the tool could not do its work.
 */
CRET_MUST_CHECK enum cret_status cret_content_check_payload(const struct cret_content *content,
                                                            struct cret_findings *findings,
                                                            struct cret_content_facts *ret_facts,
                                                            struct cret_err *err);

#endif
