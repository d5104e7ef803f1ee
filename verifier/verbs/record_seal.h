/* SPDX-License-Identifier: Apache-2.0 */
/* The seal over a record and its signature, as the time at which the signature is judged. */
#ifndef CRET_VERIFIER_RECORD_SEAL_H
#define CRET_VERIFIER_RECORD_SEAL_H

#include "base/command/options.h"
#include "trust/asn1/der.h"

struct cret_record_seal {
    bool held;
    int64_t since, until;
    char *words; /* by whom, and until when; owned */
};

/*
 * Judges the seal of --seal over both (authorities of --authority); none is named: *ret_seal is not
 * held. class REFUSED (seal.*) where it does not hold, is not over the signature too, or was dated
 * with the key that made the signature.
 */
CRET_MUST_CHECK enum cret_status
cret_record_seal_judge(struct cret_record_seal *ret_seal, const struct cret_options *options,
                       struct cret_bytes record, struct cret_bytes signature, struct cret_err *err);

#endif
