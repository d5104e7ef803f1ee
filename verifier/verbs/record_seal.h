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

/* The seal that lies where `journal seal` puts that of a record: in seals/, beside the folder of
 * the record or in it. *ret_path NULL: there is none; the caller frees. It is judged by nobody
 * here. */
CRET_MUST_CHECK enum cret_status cret_record_seal_beside(char **ret_path, const char *record,
                                                         struct cret_err *err);
/*
 * Judges the seal of --seal over both (authorities: cret_seal_policy); none is named: *ret_seal is
 * not held. class REFUSED (seal.*) where it does not hold, is not over the signature too, or was
 * dated with the key that made the signature.
 */
CRET_MUST_CHECK enum cret_status
cret_record_seal_judge(struct cret_record_seal *ret_seal, const struct cret_options *options,
                       struct cret_bytes record, struct cret_bytes signature, struct cret_err *err);

#endif
