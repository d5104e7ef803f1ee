/* SPDX-License-Identifier: Apache-2.0 */
/* Checks on what a manifest says: lifecycle, upgrades, documents, topics. No key, no payload. */
#ifndef CRET_RELEASE_CHECKS_H
#define CRET_RELEASE_CHECKS_H

#include "release/manifest/manifest.h"
#include "release/statements/profile.h"

struct cret_release_context {
    int64_t now;
    const char *hardware;               /* "MODEL" or "MODEL:REVISION" of the asset, or NULL */
    const struct cret_profile *profile; /* or NULL: no topics are required */
    enum cret_reader reader;            /* what whoever signs can mend is a fault for him alone */
};

/*
 * lifecycle.support, lifecycle.dates, lifecycle.updates, release.separate, release.upgrade,
 * release.values, release.adoption,
 * sbom.unread, document.applies, document.review, topics.answered. Faults are added as FAIL with
 * JSON pointer, expected and actual; the caller applies severities. A clean check adds one PASS;
 * what the vendor does not say is NOT_CHECKED.
 */
void cret_release_check(const struct cret_manifest *manifest,
                        const struct cret_release_context *context, struct cret_findings *findings);

#endif
