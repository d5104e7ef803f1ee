/* SPDX-License-Identifier: Apache-2.0 */
/* The site overlay (docs/spec/overlay.md): what a site asks for beyond a corporate trust policy. It
 * can only tighten. */
#ifndef CRET_TRUST_OVERLAY_H
#define CRET_TRUST_OVERLAY_H

#include "trust/policy/policy.h"

#define CRET_OVERLAY_PURPOSE "overlay/1"
extern const struct cret_file_format cret_overlay_format;

/*
 * Holds text ("cretula": "overlay/1") to its field table, then tightens *policy by it, and sets
 * policy->overlay_name and overlay_digest. What would loosen anything, name what the policy does
 * not have, or leave a role that nobody can fill, is class USAGE: err->where is origin and JSON
 * pointer. So is a policy whose end the overlay has brought before `now`, and a bare anchor. On
 * failure the policy may be tightened in part and must not be used.
 */
CRET_MUST_CHECK enum cret_status cret_overlay_apply(struct cret_policy *policy, const char *text,
                                                    size_t size, const char *origin, int64_t now,
                                                    struct cret_err *err);

#endif
