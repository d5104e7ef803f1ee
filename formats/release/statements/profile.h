/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: which topics the documentation of a product must answer, and which checks then refuse.
 */
#ifndef CRET_RELEASE_PROFILE_H
#define CRET_RELEASE_PROFILE_H

#include <jansson.h>

#include "base/digest/digest.h"
#include "base/finding/finding.h"
#include "base/schema/file_format.h"

struct cret_profile {
    json_t *json; /* validated */
    const char *name;
    uint8_t digest[CRET_SHA256_BYTES];
    bool has_severity[CRET_CHECK_COUNT];
    enum cret_severity severities[CRET_CHECK_COUNT];
};

#define CRET_PROFILE_PURPOSE "profile/1"
extern const struct cret_file_format cret_profile_format;

/* Parses "profile/1". class USAGE; `origin` names the file. What a profile says of a check
 * without an effect is refused. */
CRET_MUST_CHECK enum cret_status cret_profile_parse(struct cret_profile **ret_profile,
                                                    const char *text, size_t size,
                                                    const char *origin, struct cret_err *err);
void cret_profile_free(struct cret_profile **profile);

/* Of a profile that could not be read: adds to *err what its path may have been meant for, where it
 * is, or nearly is, the name of something else. */
void cret_profile_misnamed(struct cret_err *err, const char *path);

/* What a fault of a check becomes: by its severity among those of a policy (by check; NULL: those
 * of the table of checks), which a profile (or NULL) only raises. What its row lets nobody set
 * stays. NOT_CHECKED: it is ignored. */
enum cret_result cret_profile_result(const struct cret_profile *profile,
                                     const enum cret_severity *policy, enum cret_check_id check);

#endif
