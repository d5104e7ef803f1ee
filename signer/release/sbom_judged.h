/* SPDX-License-Identifier: Apache-2.0 */
/* An SBOM held to its format and to profiles, by a process that can do nothing else. */
#ifndef CRET_SIGNER_SBOM_JUDGED_H
#define CRET_SIGNER_SBOM_JUDGED_H

#include "base/system/apart.h"
#include "release/sbom/sbom_rules.h"

/* What is to be judged; borrowed. */
struct cret_sbom_question {
    const char *text; /* not looked at by whoever asks */
    size_t size;
    const char *name; /* of the file */
    const struct cret_sbom_profile *const *profiles;
    size_t profile_count; /* at most CRET_SBOM_PROFILE_COUNT */
    bool allow_unconfined;
};

/* What was found, beside findings. */
struct cret_sbom_judged {
    const char *format; /* "CycloneDX 1.6"; NULL: it was not read, and the rest is empty */
    size_t components, missing;
    const json_t *gaps; /* what no advisory will be compared with; objects with a reason */
    struct cret_sbom_faults faults[CRET_SBOM_PROFILE_COUNT];
    json_t *told; /* holds what is borrowed above */
};
void cret_sbom_judged_clear(struct cret_sbom_judged *judged);

/* findings get those of the form. class UNDECIDED as cret_apart_run; where the SBOM is not sound,
 * that is a finding and no error. */
CRET_MUST_CHECK enum cret_status cret_sbom_ask(struct cret_sbom_judged *judged,
                                               const struct cret_sbom_question *question,
                                               struct cret_findings *findings,
                                               struct cret_err *err);
/* What a reading process told, taken over in every case; class UNDECIDED where it is malformed.
 * Part of the above. */
CRET_MUST_CHECK enum cret_status cret_sbom_judged_take(struct cret_sbom_judged *judged,
                                                       const struct cret_sbom_question *question,
                                                       json_t *told, struct cret_err *err);

#endif
