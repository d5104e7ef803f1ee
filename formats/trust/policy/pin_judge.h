/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a certificate that signed in another format is of a pin; who dated that signature. */
#ifndef CRET_TRUST_PIN_JUDGE_H
#define CRET_TRUST_PIN_JUDGE_H

#include "trust/policy/policy.h"

struct cret_pin_request {
    const struct cret_policy *policy; /* its intermediates, revocation lists, authorities */
    const struct cret_certificate *signer;
    const struct cret_certificate *const *others; /* that came along */
    size_t other_count;
    const char *usage; /* EKU, dotted; NULL: any, or none */
    int64_t now;
    struct cret_optional time; /* when it was signed, as somebody trusted says */
    bool allow_example_keys;
    /* One for each of others: set where the path that was found needs it; or NULL. */
    bool *needed;
};

/*
 * By key, by certificate, or by the names that the pin gives below its CA: a path that is valid at
 * `time`, else now, and that no list of the policy revokes. RSA keys of 2048 bits count: vendors
 * sign with them today. class REFUSED with foreign.pin where it is somebody else's, with
 * certificate.* where only the path is at fault; UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_pin_judge(const struct cret_pin_request *request,
                                                const struct cret_foreign_pin *pin,
                                                struct cret_err *err);

/* Is a timestamp of request->time by request->signer one of an authority of the policy? `usage` is
 * set here. *ret_name is borrowed. class REFUSED with foreign.timestamp. */
CRET_MUST_CHECK enum cret_status cret_pin_judge_authority(const struct cret_pin_request *request,
                                                          const char **ret_name,
                                                          struct cret_err *err);

#endif
