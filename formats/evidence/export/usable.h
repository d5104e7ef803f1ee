/* SPDX-License-Identifier: Apache-2.0 */
/* Which records are evidence for others at all. */
#ifndef CRET_EVIDENCE_USABLE_H
#define CRET_EVIDENCE_USABLE_H

#include "evidence/record/record_read.h"

/* class USAGE for a run as of another time (--at), one that is UNDECIDED or PARTIAL, and one with
 * example keys unless allowed; form: what it gives none of ("VSA"). */
CRET_MUST_CHECK enum cret_status cret_export_usable(const struct cret_record_copy *record,
                                                    bool allow_example_keys, const char *form,
                                                    struct cret_err *err);

#endif
