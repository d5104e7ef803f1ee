/* SPDX-License-Identifier: Apache-2.0 */
/* What `timestamp` prints. */
#ifndef CRET_SIGNER_TIMESTAMP_REPORT_H
#define CRET_SIGNER_TIMESTAMP_REPORT_H

#include "signer/archive/amend.h"

/* Of "report" in what was told, which has its form. Returns the exit code. */
int cret_timestamp_report(const struct cret_amend *amend);

#endif
